import type { AIReceptionistConfig } from './config/receptionist'
import type { Customer } from './customer'
import { rebuilt } from './errors'
import { refusal } from './json'
import type { Channel } from './memory'
import type { ToolResult } from './tools'
import type { UserCode } from './user-code'
import type { Warnings } from './warnings'

/** A tool that was run, by the model or by your own code. */
export interface ToolExecuteEvent {
  /** Name of the tool. */
  toolName: string
  /** What it was called with. */
  parameters: any
  /** What the model was told. */
  result: ToolResult
  /** How long it took, in milliseconds. */
  duration: number
  /** The line. */
  channel: Channel
  /** The conversation. */
  conversationId: string
  /** Who it is with; empty where nobody knows. */
  customer: Customer
  /** What was passed along with the message. */
  metadata: Record<string, any>
  /** Twilio's id of the call. */
  callSid?: string
  /** Twilio's id of the text message. */
  messageSid?: string
  /** When. */
  timestamp: Date
}

/** A tool that gave no result: it threw, took too long, or could not be run. */
export interface ToolErrorEvent extends ToolExecuteEvent {
  /** What it threw, the same object; else a {@link ToolError} or {@link UserCodeError}. */
  error: unknown
}

/** A conversation that begins: its first message, or the first `startSession` or `createConversation`. */
export interface ConversationStartEvent {
  /** The conversation. */
  conversationId: string
  /** The line. */
  channel: Channel
  /** What was passed along. */
  metadata?: Record<string, any>
  /** When. */
  timestamp: Date
}

/** A conversation that ended: a call that was hung up, or `endSession`. */
export interface ConversationEndEvent {
  /** The conversation. */
  conversationId: string
  /** The line, where its beginning is remembered. */
  channel?: Channel
  /** What came of it. */
  summary: string
  /** When. */
  timestamp: Date
}

/**
 * What you want to know as it happens. A callback is started before the turn goes on, in the order of what happened, and not
 * waited for; what it throws or rejects with is reported as a warning and changes nothing.
 */
export interface EventCallbacks {
  /** A tool gave a result, `success: false` included. */
  onToolExecute?: (event: ToolExecuteEvent) => unknown
  /** A tool gave none. */
  onToolError?: (event: ToolErrorEvent) => unknown
  /** A conversation begins. */
  onConversationStart?: (event: ConversationStartEvent) => unknown
  /** A conversation ended. */
  onConversationEnd?: (event: ConversationEndEvent) => unknown
}

const NAMES = ['onToolExecute', 'onToolError', 'onConversationStart', 'onConversationEnd'] as const

/** The names of the callbacks there are. */
export function callbacksOf(config: AIReceptionistConfig): (keyof EventCallbacks)[] {
  const given = NAMES.filter((name) => config?.[name] != null)
  for (const name of given) {
    if (typeof config[name] !== 'function') throw refusal('INVALID_CONFIG', name, 'must be a function')
  }
  return given
}

/** Lets the core call the user's callbacks, which are looked up when they are. */
export function addCallbacks(
  user: UserCode,
  config: AIReceptionistConfig,
  warnings: Pick<Warnings, 'report'>,
): void {
  for (const name of callbacksOf(config)) {
    user.add(name, (event) => {
      event.timestamp = new Date(event.timestamp)
      if (event.error !== undefined) event.error = rebuilt(event.error)
      start(name, () => config[name]?.(event), warnings)
    })
  }
}

/** Starts a callback and reports what goes wrong with it, then or later. */
function start(name: string, callback: () => unknown, warnings: Pick<Warnings, 'report'>): void {
  const report = (thrown: unknown): void => warnings.report(name, thrown)
  try {
    // Awaited whatever it is: queries of Drizzle run only when somebody does.
    Promise.resolve(callback()).catch(report)
  } catch (thrown) {
    report(thrown)
  }
}
