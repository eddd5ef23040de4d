import type { AgentToolCall, AgentToolResult } from './memory'

/** A tool the model asked for. */
export type ToolCall = AgentToolCall

/** One thing that was said. */
export interface Message {
  /** Who said it. */
  role: 'user' | 'assistant' | 'system' | 'tool'
  /** The words. */
  content: string
  /** When. */
  timestamp?: Date
  /** The tool that was asked for. */
  toolCall?: AgentToolCall
  /** What came of it. */
  toolResult?: AgentToolResult
}

/** A conversation as messages. */
export interface ConversationHistory {
  /** What was said, oldest first. */
  messages: Message[]
  /** What else is worth knowing. */
  contextMessages?: Message[]
  /** About the conversation. */
  metadata: ConversationHistoryMetadata
}

/** About a conversation. */
export interface ConversationHistoryMetadata {
  /** Which it is. */
  conversationId?: string
  /** How many messages it has. */
  messageCount: number
  /** When it began. */
  oldestMessageTimestamp?: Date
  /** When something was said last. */
  newestMessageTimestamp?: Date
  /** Whether there are memories of other conversations among it. */
  hasLongTermContext: boolean
}
