import type { ErrorCode } from './errors'

/** The line a message came in on or goes out on. */
export type Channel = 'call' | 'sms' | 'email' | 'text'

/** A tool the model asked for. */
export interface AgentToolCall {
  /** The provider's id of this call. */
  id: string
  /** Name of the tool. */
  name: string
  /** Its arguments. */
  parameters: any
}

/** What a tool execution came to. */
export interface AgentToolResult {
  /** Whether the tool did what was asked. */
  success: boolean
  /** What it found or wrote. */
  data?: any
  /** What went wrong. */
  error?: string
  /** Words for the customer, per channel. */
  response?: any
}

/** What is known about the session a memory belongs to; further fields of your own are kept and searchable. */
export interface SessionMetadata {
  /** The conversation: at most 512 characters. */
  conversationId?: string
  /** Twilio's id of the call. */
  callSid?: string
  /** Twilio's id of the text message. */
  messageSid?: string
  /** Id of the e-mail. */
  emailId?: string
  /** Id of the e-mail answered. */
  inReplyTo?: string
  /** Sender. */
  from?: string
  /** Recipient. */
  to?: string
  /** Subject of the e-mail. */
  subject?: string
  /** State of the session. */
  status?: string
  /** Length in seconds. */
  duration?: number
  /** Who takes part. */
  participants?: string[]
  [field: string]: any
}

/**
 * One thing the agent remembers. All text and JSON must be free of NUL characters and lone surrogates, and
 * JSON may nest 31 levels deep: what some supported database could not hold is refused by every storage.
 */
export interface Memory {
  /** 1 to 512 characters, compared exactly. Saving the same id again replaces the memory. */
  id: string
  /** What was said or decided. */
  content: string
  /** When it happened; kept to the millisecond, years 1000 to 9999. */
  timestamp: Date
  /** What kind of memory. */
  type: 'conversation' | 'decision' | 'error' | 'tool_execution' | 'system'
  /** 1 (trivial) to 10 (never forget). */
  importance?: number
  /** The line it belongs to. */
  channel?: Channel
  /** The session it belongs to. */
  sessionMetadata?: SessionMetadata
  /** Who spoke. */
  role?: 'system' | 'user' | 'assistant' | 'tool'
  /** The call, of a `tool_execution`. */
  toolCall?: AgentToolCall
  /** The result, of a `tool_execution`. */
  toolResult?: AgentToolResult
  /** Anything else. */
  metadata?: Record<string, unknown>
  /** Whether a goal was reached; such memories are always persisted. */
  goalAchieved?: boolean
}

/** Which memories to find. Every filter given must hold; the same query gives the same rows on every storage. */
export interface MemorySearchQuery {
  /**
   * Any of these in `content`: literally (`%`, `_` and `*` match themselves), ignoring case, minding accents.
   * At most 100 of 1,000 characters.
   */
  keywords?: string[]
  /** This kind, or any of these. */
  type?: Memory['type'] | Memory['type'][]
  /** Exactly this channel. */
  channel?: Channel
  /** Exactly this conversation. */
  conversationId?: string
  /** These fields of `sessionMetadata` have these values: strings, numbers, booleans or null. */
  sessionMetadata?: Record<string, any>
  /** Not before this time. */
  startDate?: Date
  /** Not after this time. */
  endDate?: Date
  /** At least this important; memories without importance never are. */
  minImportance?: number
  /** Exactly this speaker. */
  role?: 'system' | 'user' | 'assistant' | 'tool'
  /** At most so many; a non-negative integer. @defaultValue 100 */
  limit?: number
  /** Skip so many first; a non-negative integer. @defaultValue 0 */
  offset?: number
  /**
   * What to order by; ties are in the order of time, then of saving. Memories without importance come last
   * in either direction. @defaultValue 'timestamp'
   */
  orderBy?: 'timestamp' | 'importance'
  /** @defaultValue 'desc' */
  orderDirection?: 'asc' | 'desc'
}

/**
 * A place that keeps memories: one of ours, or your own over whatever you have. Methods may also return without a promise;
 * what they throw reaches you as the same object; a promise that does not settle within 30 s fails the call.
 */
export interface IStorage {
  /** Saves a memory; the same id again replaces it and keeps its place in the order. */
  save(memory: Memory): Promise<void>
  /** Saves all or none; of several with the same id the last one wins. @defaultValue one `save` after the other */
  saveBatch?(memories: Memory[]): Promise<void>
  /** The memory of that id, or null. */
  get(id: string): Promise<Memory | null>
  /** The memories a query asks for, in its order. */
  search(query: MemorySearchQuery): Promise<Memory[]>
  /** Removes the memory of that id, if there is one. */
  delete(id: string): Promise<void>
  /** Whether the storage answers. */
  healthCheck(): Promise<boolean>
}

/** How much is remembered. */
export interface MemoryStats {
  /** Memories in the windows of all conversations. */
  shortTermCount: number
  /** Memories this receptionist has persisted, as far as it knows without asking the database. */
  longTermCount: number
  /** How the embedding of memories goes, with vectors. */
  vectors?: VectorStats
}

/** How the embedding of memories goes. */
export interface VectorStats {
  /** The embedder's model. */
  model: string
  /** Numbers of a vector; absent until the embedder has answered. */
  dimensions?: number
  /** Memories embedded since the start. */
  embedded: number
  /** Memories that wait for it. */
  waiting: number
  /** Whether the storage is being looked through for memories without a vector. */
  catchingUp: boolean
  /** Memories that the embedder refused. */
  skipped: number
  /** Code of what is wrong now; absent when all is well. */
  problem?: ErrorCode
}
