import type { AgentToolCall, AgentToolResult } from '../storage/memory'

/** A tool call of the model. */
export type ToolCall = AgentToolCall

/** A message of a conversation. */
export interface Message {
  /** Role of the speaker. */
  role: 'user' | 'assistant' | 'system' | 'tool'
  /** Text of the message. */
  content: string
  /** Time of the message. */
  timestamp?: Date
  /** Tool call. */
  toolCall?: AgentToolCall
  /** Result of the tool call. */
  toolResult?: AgentToolResult
}

/** A conversation as messages. */
export interface ConversationHistory {
  /** Messages, oldest first. */
  messages: Message[]
  /** Additional context messages. */
  contextMessages?: Message[]
  /** Metadata of the conversation. */
  metadata: ConversationHistoryMetadata
}

/** Metadata of a conversation. */
export interface ConversationHistoryMetadata {
  /** Conversation id. */
  conversationId?: string
  /** Number of messages. */
  messageCount: number
  /** Time of the oldest message. */
  oldestMessageTimestamp?: Date
  /** Time of the newest message. */
  newestMessageTimestamp?: Date
  /** `true` if memories of other conversations are included. */
  hasLongTermContext: boolean
}
