import type { AIReceptionistConfig } from '../config/receptionist'
import type { Customer } from '../agent/customer'
import { errorFromNative } from '../errors'
import { invalidInput } from '../bridge/invalid-input'
import type { Channel } from '../storage/memory'
import type { ToolResult } from '../tools/types'
import type { UserCode } from '../bridge/user-code'
import type { Warnings } from '../logging/warnings'

/** Event of a tool execution, by the model or by your own code. */
export interface ToolExecuteEvent {
  /** Name of the tool. */
  toolName: string
  /** Arguments of the call. */
  parameters: any
  /** Result that the model received. */
  result: ToolResult
  /** Duration in milliseconds. */
  duration: number
  /** Channel of the conversation. */
  channel: Channel
  /** Conversation id. */
  conversationId: string
  /** The customer; empty if unknown. */
  customer: Customer
  /** Custom fields passed along with the message. */
  metadata: Record<string, any>
  /** Twilio SID of the call. */
  callSid?: string
  /** Twilio SID of the message. */
  messageSid?: string
  /** Time of the execution. */
  timestamp: Date
}

/** Event of a failed tool execution: the tool threw, timed out, or could not run. */
export interface ToolErrorEvent extends ToolExecuteEvent {
  /**
   * Error that the tool threw, as the same object; otherwise a {@link ToolError} or
   * {@link UserCodeError}.
   */
  error: unknown
}

/**
 * Event of a new conversation: its first message, or the first `startSession` or
 * `createConversation`.
 */
export interface ConversationStartEvent {
  /** Conversation id. */
  conversationId: string
  /** Channel of the conversation. */
  channel: Channel
  /** Custom fields passed along. */
  metadata?: Record<string, any>
  /** Start time. */
  timestamp: Date
}

/** Event of an ended conversation: the call ended, or `endSession` was called. */
export interface ConversationEndEvent {
  /** Conversation id. */
  conversationId: string
  /** Channel, if the start of the conversation is known. */
  channel?: Channel
  /** Summary of the conversation. */
  summary: string
  /** End time. */
  timestamp: Date
}

/** Event of values that were extracted from a conversation, as `agent.extract` describes them. */
export interface ExtractEvent {
  /** Conversation id. */
  conversationId: string
  /** Channel of the customer's last message. */
  channel: Channel
  /** Customer to whom the whole conversation belongs, if any. */
  customer?: Customer
  /** Valid values, as they are stored. */
  extracted: Record<string, any>
  /** Time of the extraction. */
  timestamp: Date
}

/**
 * Event callbacks. A callback starts before the turn continues, in the order of the events, and is
 * not awaited. Errors it throws or rejects with are reported as a warning and have no other effect.
 */
export interface EventCallbacks {
  /** Called after a tool returned a result, including `success: false`. */
  onToolExecute?: (event: ToolExecuteEvent) => unknown
  /** Called after a tool failed to return a result. */
  onToolError?: (event: ToolErrorEvent) => unknown
  /** Called at the start of a conversation. */
  onConversationStart?: (event: ConversationStartEvent) => unknown
  /** Called at the end of a conversation. */
  onConversationEnd?: (event: ConversationEndEvent) => unknown
  /** Called after values were extracted from a conversation and stored. */
  onExtract?: (event: ExtractEvent) => unknown
}

const NAMES = [
  'onToolExecute',
  'onToolError',
  'onConversationStart',
  'onConversationEnd',
  'onExtract',
] as const

/** Returns the names of the configured callbacks. */
export function callbackNames(config: AIReceptionistConfig): (keyof EventCallbacks)[] {
  const given = NAMES.filter((name) => config?.[name] != null)
  for (const name of given) {
    if (typeof config[name] !== 'function') throw invalidInput('INVALID_CONFIG', name, 'must be a function')
  }
  return given
}

/** Registers the user's callbacks. They are looked up at every event. */
export function addCallbacks(
  user: UserCode,
  config: AIReceptionistConfig,
  warnings: Pick<Warnings, 'report'>,
): void {
  for (const name of callbackNames(config)) {
    user.add(name, (event) => {
      event.timestamp = new Date(event.timestamp)
      if (event.error !== undefined) event.error = errorFromNative(event.error)
      runCallback(name, () => config[name]?.(event), warnings)
    })
  }
}

/** Starts a callback and reports its failure, synchronous or asynchronous. */
function runCallback(name: string, callback: () => unknown, warnings: Pick<Warnings, 'report'>): void {
  const report = (thrown: unknown): void => warnings.report(name, thrown)
  try {
    // Resolved even if it is not a promise: Drizzle queries only run when they are awaited.
    Promise.resolve(callback()).catch(report)
  } catch (thrown) {
    report(thrown)
  }
}
