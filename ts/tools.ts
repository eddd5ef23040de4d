import type { Customer } from './customer'
import { attempt, settle } from './errors'
import { held, hold } from './handle'
import { encodeArgument, requireString } from './json'
import type { Channel } from './memory'
import type { NativeReceptionist } from './native'

/** A JSON Schema. */
export interface JSONSchema {
  type: string
  properties?: Record<string, any>
  required?: string[]
  [keyword: string]: any
}

/** A tool as the model sees it. */
export interface ITool {
  /** Unique name. */
  name: string
  /** When to use it. */
  description: string
  /** JSON Schema of its arguments. */
  parameters: JSONSchema
}

/** On whose behalf a tool runs. */
export interface ExecutionContext {
  /** The line of the conversation. */
  channel: Channel
  /** The conversation. */
  conversationId: string
  /** Who it is with, where you know it. */
  customer?: Customer
  /** Twilio's id of the call. */
  callSid?: string
  /** Twilio's id of the text message. */
  messageSid?: string
  /** Anything else. */
  metadata?: Record<string, any>
}

/** Words for the customer, per channel. */
export interface ChannelResponse {
  /** To be spoken. */
  speak?: string
  /** To be sent as a message. */
  message?: string
  /** To be shown as text. */
  text?: string
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
}

/** `receptionist.getToolRegistry()`: the tools the agent can use. */
export class ToolRegistry {
  private constructor() {}

  /** @internal */
  static of(native: NativeReceptionist): ToolRegistry {
    const made = new ToolRegistry()
    hold(made, native)
    return made
  }

  /** The tools available on a channel, or all of them. */
  listAvailable(channel?: Channel): ITool[] {
    if (channel != null) requireString('channel', channel)
    return JSON.parse(attempt(() => native(this).listTools(channel ?? null)))
  }

  /** All tools. */
  list(): ITool[] {
    return this.listAvailable()
  }

  /** The tool of that name. */
  get(name: string): ITool | undefined {
    return this.list().find((tool) => tool.name === name)
  }

  /** Whether there is a tool of that name. */
  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  /** How many tools there are. */
  count(): number {
    return this.list().length
  }

  /**
   * Runs a tool as the model would, and remembers the execution.
   * @param timeoutMs - milliseconds it may take
   * @throws {@link ToolError} if there is no such tool, its parameters are invalid, or it took too long.
   *   A tool that ran and failed resolves with `success: false`.
   *
   * @example
   * ```ts
   * await registry.execute('remember_preference', { key: 'preferred_time', value: 'morning' }, {
   *   channel: 'text',
   *   conversationId: 'conv_123',
   * })
   * ```
   */
  async execute<T = any>(
    name: string,
    parameters: Record<string, any>,
    context: ExecutionContext,
    timeoutMs?: number,
  ): Promise<ToolResult<T>> {
    requireString('name', name)
    const parametersJson = encodeArgument('parameters', parameters)
    const contextJson = encodeArgument('context', context)
    return JSON.parse(
      await settle(() => native(this).executeTool(name, parametersJson, contextJson, timeoutMs ?? null)),
    )
  }
}

function native(registry: ToolRegistry): NativeReceptionist {
  return held(registry)
}
