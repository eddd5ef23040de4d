import type { Customer } from './customer'
import type { Channel } from './memory'

/** A JSON Schema. */
export interface JSONSchema {
  type: string
  properties?: Record<string, any>
  required?: string[]
  [keyword: string]: any
}

/** Something the agent can do. */
export interface ITool {
  /** Unique: at most 64 letters, digits, underscores and dashes, beginning with a letter or underscore. */
  name: string
  /** When to use it, for the model. */
  description: string
  /** JSON Schema of its arguments, of `type: 'object'`. */
  parameters: JSONSchema
  /** What it does, per channel. */
  handlers: ToolHandlers
  /** Yours to use. */
  version?: string
}

/**
 * What a tool does: the handler of the channel, else `default`. A tool that has neither is not offered on that channel.
 * Handlers are looked up when they are called; `this` is the object that holds them.
 */
export interface ToolHandlers {
  /** During a call. */
  onCall?: ToolHandler
  /** In an SMS conversation. */
  onSMS?: ToolHandler
  /** In an e-mail thread. */
  onEmail?: ToolHandler
  /** In text. */
  onText?: ToolHandler
  /** On every other channel. */
  default: ToolHandler
}

/** Does what a tool is for. `params` satisfy the tool's JSON Schema. */
export type ToolHandler = (params: any, context: ExecutionContext) => Promise<ToolResult>

/**
 * A handler as it may be given: with or without a promise, of a {@link ToolResult} or anything that stands for one. Text is
 * what to say, and `data`; any other value is `data`; nothing means that it was done. What it throws is a failure.
 */
export type ToolFunction = (params: any, context: ExecutionContext) => unknown

/** A tool as it may be given: with any of the handlers. */
export interface ToolDefinition extends Omit<ITool, 'handlers' | 'parameters'> {
  /** JSON Schema of its arguments, of `type: 'object'`. @defaultValue none */
  parameters?: JSONSchema
  /** At least one. */
  handlers: { [Handler in keyof ToolHandlers]?: ToolFunction }
}

/** Where and for whom a tool runs. Nothing of it comes from the model. */
export interface ExecutionContext {
  /** The line of the conversation. */
  channel: Channel
  /** The conversation. */
  conversationId: string
  /** Who it is with, where that is known. */
  customer?: Customer
  /** Twilio's id of the call. */
  callSid?: string
  /** Twilio's id of the text message. */
  messageSid?: string
  /** What was passed along with the message. */
  metadata?: Record<string, any>
  /** The agent, where several share tools. */
  agentId?: string
  /** Aborted when the tool has taken too long. Handlers are given one. */
  signal?: AbortSignal
}

/** Words for the customer, per channel. */
export interface ChannelResponse {
  /** To be spoken. */
  speak?: string
  /** To be sent as a message. */
  message?: string
  /** To be sent as HTML. */
  html?: string
  /** To be shown as text. */
  text?: string
  /** To go with it. */
  attachments?: any[]
}

/** What a tool returns. */
export interface ToolResult<T = any> {
  /** Whether it did what was asked. */
  success: boolean
  /** What it found or wrote. */
  data?: T
  /** What went wrong. */
  error?: string
  /** Words for the customer, per channel. */
  response: ChannelResponse
  /** What the tool threw, or the error that stopped it; not enumerable. Only `execute()` tells. */
  cause?: unknown
}
