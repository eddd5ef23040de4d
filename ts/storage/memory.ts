import type { ErrorCode } from '../errors'

/** Communication channel. */
export type Channel = 'call' | 'sms' | 'email' | 'text'

/** A tool call of the model. */
export interface AgentToolCall {
  /** Provider's id of the tool call. */
  id: string
  /** Name of the tool. */
  name: string
  /** Arguments. */
  parameters: any
}

/** Result of a tool call. */
export interface AgentToolResult {
  /** `true` if the tool succeeded. */
  success: boolean
  /** Data that the tool returned. */
  data?: any
  /** Error message. */
  error?: string
  /** Response to the customer, per channel. */
  response?: any
}

/** Metadata of the session that a memory belongs to. Custom fields are stored and searchable. */
export interface SessionMetadata {
  /** Conversation id, at most 512 characters. */
  conversationId?: string
  /** Twilio SID of the call. */
  callSid?: string
  /** Twilio SID of the message. */
  messageSid?: string
  /** `Message-ID` of the e-mail. */
  emailId?: string
  /** `Message-ID` of the e-mail that it answers. */
  inReplyTo?: string
  /** Sender. */
  from?: string
  /** Recipient. */
  to?: string
  /** Subject of the e-mail. */
  subject?: string
  /** Status of the session. */
  status?: string
  /** Duration in seconds. */
  duration?: number
  /** Participants. */
  participants?: string[]
  [field: string]: any
}

/**
 * A memory: one message, decision or event.
 *
 * Text and JSON must not contain NUL characters or lone surrogates, and JSON may nest 31 levels.
 * Every storage refuses values that some supported database could not store.
 */
export interface Memory {
  /** Id, 1 to 512 characters, compared exactly. Saving a memory with the same id replaces it. */
  id: string
  /** Text of the memory. */
  content: string
  /** Time of the event, stored with millisecond precision, years 1000 to 9999. */
  timestamp: Date
  /** Type of the memory. */
  type: 'conversation' | 'decision' | 'error' | 'tool_execution' | 'system'
  /** Importance, 1 (trivial) to 10 (critical). */
  importance?: number
  /** Channel. */
  channel?: Channel
  /** Session metadata. */
  sessionMetadata?: SessionMetadata
  /** Role of the speaker. */
  role?: 'system' | 'user' | 'assistant' | 'tool'
  /** Tool call, for `tool_execution`. */
  toolCall?: AgentToolCall
  /** Tool result, for `tool_execution`. */
  toolResult?: AgentToolResult
  /** Custom fields. */
  metadata?: Record<string, unknown>
  /** `true` if a goal was achieved; such memories are always persisted. */
  goalAchieved?: boolean
}

/**
 * A memory search query. All given filters must match. A query returns the same rows on every
 * storage.
 */
export interface MemorySearchQuery {
  /**
   * Keywords, of which any must occur in `content`. They match literally (including `%`, `_` and
   * `*`), ignoring case but not accents. At most 100 keywords of 1,000 characters.
   */
  keywords?: string[]
  /** Memory type, or any of several. */
  type?: Memory['type'] | Memory['type'][]
  /** Channel, matched exactly. */
  channel?: Channel
  /** Conversation id, matched exactly. */
  conversationId?: string
  /** Values of `sessionMetadata` fields: strings, numbers, booleans or null. */
  sessionMetadata?: Record<string, any>
  /** Earliest timestamp, inclusive. */
  startDate?: Date
  /** Latest timestamp, inclusive. */
  endDate?: Date
  /** Minimum importance. Memories without importance do not match. */
  minImportance?: number
  /** Role of the speaker, matched exactly. */
  role?: 'system' | 'user' | 'assistant' | 'tool'
  /** Maximum number of results, a non-negative integer. @defaultValue 100 */
  limit?: number
  /** Number of results to skip, a non-negative integer. @defaultValue 0 */
  offset?: number
  /**
   * Sort field. Ties are ordered by time, then by order of saving. Memories without importance come
   * last in either direction.
   * @defaultValue 'timestamp'
   */
  orderBy?: 'timestamp' | 'importance'
  /** Sort direction. @defaultValue 'desc' */
  orderDirection?: 'asc' | 'desc'
}

/**
 * A memory storage, built-in or custom. Methods may also return a value instead of a promise.
 * Errors they throw are rethrown as the same object. A promise that does not settle within 30 s
 * fails the call.
 */
export interface IStorage {
  /** Saves a memory. An existing memory with the same id is replaced and keeps its position. */
  save(memory: Memory): Promise<void>
  /**
   * Saves all memories or none. If several have the same id, the last one wins.
   * @defaultValue one `save` after another
   */
  saveBatch?(memories: Memory[]): Promise<void>
  /** Returns the memory with that id, or null. */
  get(id: string): Promise<Memory | null>
  /** Returns the memories that match a query, in its order. */
  search(query: MemorySearchQuery): Promise<Memory[]>
  /** Deletes the memory with that id, if it exists. */
  delete(id: string): Promise<void>
  /** Returns `true` if the storage responds. */
  healthCheck(): Promise<boolean>
}

/** Memory statistics. */
export interface MemoryStats {
  /** Memories in the short-term memory of all conversations. */
  shortTermCount: number
  /** Memories that this receptionist has persisted, as known without a database query. */
  longTermCount: number
  /** Statistics of semantic memory, if enabled. */
  vectors?: VectorStats
}

/** Statistics of semantic memory. */
export interface VectorStats {
  /** Name of the embedding model. */
  model: string
  /** Number of dimensions; absent before the first response of the embedder. */
  dimensions?: number
  /** Memories embedded since the start. */
  embedded: number
  /** Memories waiting to be embedded. */
  waiting: number
  /** `true` while the storage is scanned for memories without a vector. */
  catchingUp: boolean
  /** Memories that the embedder rejected. */
  skipped: number
  /** Code of the current problem; absent if there is none. */
  problem?: ErrorCode
}
