import type { Customer } from '../agent/customer'
import type { Channel } from '../storage/memory'

/** A JSON Schema. */
export interface JSONSchema {
  type: string
  properties?: Record<string, any>
  required?: string[]
  [keyword: string]: any
}

/** A tool of the agent. */
export interface ITool {
  /**
   * Unique name: at most 64 letters, digits, underscores and dashes, starting with a letter or
   * underscore.
   */
  name: string
  /** Description, which tells the model when to use the tool. */
  description: string
  /** JSON Schema of the arguments, with `type: 'object'`. */
  parameters: JSONSchema
  /** Handlers per channel. */
  handlers: ToolHandlers
  /** Version, for your own use. */
  version?: string
}

/**
 * Handlers of a tool: the channel's handler is used, else `default`. Without either, the tool is
 * not offered on that channel. Handlers are looked up at every call; `this` is the object that
 * holds them.
 */
export interface ToolHandlers {
  /** Handler for calls. */
  onCall?: ToolHandler
  /** Handler for SMS conversations. */
  onSMS?: ToolHandler
  /** Handler for e-mail threads. */
  onEmail?: ToolHandler
  /** Handler for text conversations. */
  onText?: ToolHandler
  /** Handler for all other channels. */
  default: ToolHandler
}

/** A tool handler. `params` satisfy the tool's JSON Schema. */
export type ToolHandler = (params: any, context: ExecutionContext) => Promise<ToolResult>

/**
 * A tool handler as accepted by the API: synchronous or asynchronous, returning a
 * {@link ToolResult} or a shorthand. Text becomes the response and `data`; any other value becomes
 * `data`; no value means success. An error it throws is a failure.
 */
export type ToolFunction = (params: any, context: ExecutionContext) => unknown

/** A tool definition as accepted by the API, with any of the handlers. */
export interface ToolDefinition extends Omit<ITool, 'handlers' | 'parameters'> {
  /** JSON Schema of the arguments, with `type: 'object'`. @defaultValue no arguments */
  parameters?: JSONSchema
  /** Handlers, at least one. */
  handlers: { [Handler in keyof ToolHandlers]?: ToolFunction }
}

/** Context of a tool execution. None of it comes from the model. */
export interface ExecutionContext {
  /** Channel of the conversation. */
  channel: Channel
  /** Conversation id. */
  conversationId: string
  /** The customer, if known. */
  customer?: Customer
  /** Twilio SID of the call. */
  callSid?: string
  /** Twilio SID of the message. */
  messageSid?: string
  /** Custom fields passed along with the message. */
  metadata?: Record<string, any>
  /** Agent id, to distinguish agents that share tools. */
  agentId?: string
  /** Signal that is aborted when the tool times out. Always passed to handlers. */
  signal?: AbortSignal
  /** Additional fields that you passed to `process` or `execute`. */
  [key: string]: any
}

/** Response to the customer, per channel. */
export interface ChannelResponse {
  /** Text to speak. */
  speak?: string
  /** Text message to send. */
  message?: string
  /** HTML to send. */
  html?: string
  /** Text to show. */
  text?: string
  /** Attachments. */
  attachments?: any[]
}

/** Result of a tool. */
export interface ToolResult<T = any> {
  /** `true` if the tool succeeded. */
  success: boolean
  /** Data that the tool returned. */
  data?: T
  /** Error message. */
  error?: string
  /** Response to the customer, per channel. */
  response: ChannelResponse
  /** Error that the tool threw, or that stopped it; not enumerable. Only set by `execute()`. */
  cause?: unknown
}
