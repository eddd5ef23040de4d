import { CustomTools } from './custom-tools'
import { attempt, rebuilt, settle } from './errors'
import { held, hold } from './handle'
import { encodeArgument, requireNumber, requireString } from './json'
import type { Channel } from './memory'
import type { NativeTools } from './native'
import type { ExecutionContext, ITool, ToolDefinition, ToolResult } from './tools'

/** `receptionist.getToolRegistry()`: the tools the agent can use, ours and yours. */
export class ToolRegistry {
  private constructor() {}

  /** @internal */
  static of(native: NativeTools): ToolRegistry {
    const made = new ToolRegistry()
    hold(made, native)
    return made
  }

  /**
   * Adds a tool. One of the same name is replaced, with a warning; of ours, too, without one. It can be used from the model's next
   * request on, and stays through `dispose()` and `initialize()`.
   * @throws {@link ValidationError} `INVALID_ARGUMENT` if models would not accept it: its name, description or JSON Schema, or
   *   if it has no handler
   *
   * @example
   * ```ts
   * receptionist.getToolRegistry().register({
   *   name: 'book_table',
   *   description: 'Books a table',
   *   parameters: { type: 'object', properties: { guests: { type: 'integer' } }, required: ['guests'] },
   *   handlers: { default: async ({ guests }, { customer }) => tables.book(guests, customer) },
   * })
   * ```
   */
  register(tool: ToolDefinition): void {
    CustomTools.of(native(this)).add(tool, null)
  }

  /** Removes a tool; whether there was one. A call that is under way is finished. */
  unregister(toolName: string): boolean {
    requireString('toolName', toolName)
    return CustomTools.of(native(this)).remove(toolName)
  }

  /** Removes all tools, ours too. */
  clear(): void {
    for (const { name } of this.list()) this.unregister(name)
  }

  /** The tools available on a channel, or all of them: your own objects, and ours with handlers that run them. */
  listAvailable(channel?: Channel): ITool[] {
    if (channel != null) requireString('channel', channel)
    const own = CustomTools.of(native(this))
    const tools: Omit<ITool, 'handlers'>[] = JSON.parse(
      attempt(() => native(this).listTools(channel ?? null)),
    )
    return tools.map((tool) => own.get(tool.name) ?? { ...tool, handlers: handlersOf(this, tool.name) })
  }

  /** All tools. */
  list(): ITool[] {
    return this.listAvailable()
  }

  /** The tool of that name: your own object, or ours. */
  get(toolName: string): ITool | undefined {
    return this.list().find((tool) => tool.name === toolName)
  }

  /** Whether there is a tool of that name. */
  has(toolName: string): boolean {
    return this.get(toolName) !== undefined
  }

  /** How many tools there are. */
  count(): number {
    return this.list().length
  }

  /**
   * Runs a tool as the model would, and remembers the execution. A tool that ran and failed, or took too long, resolves with
   * `success: false`; `cause` is then what it threw, the same object.
   * @param timeoutMs - milliseconds it may take. `@defaultValue` `tools.timeout`, else 30000
   * @throws {@link ToolError} if there is no such tool on the channel, or its parameters are invalid
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
    toolName: string,
    parameters: any,
    context: ExecutionContext,
    timeoutMs?: number,
  ): Promise<ToolResult<T>> {
    requireString('toolName', toolName)
    const parametersJson = encodeArgument('parameters', parameters)
    const contextJson = encodeArgument('context', context)
    const limit = timeoutMs == null ? null : requireNumber('timeoutMs', timeoutMs)
    const { result, failure } = JSON.parse(
      await settle(() => native(this).executeTool(toolName, parametersJson, contextJson, limit)),
    )
    if (failure) Object.defineProperty(result, 'cause', { value: rebuilt(failure) })
    return result
  }
}

/** Handlers that run a tool of ours. */
function handlersOf(registry: ToolRegistry, name: string): ITool['handlers'] {
  return { default: (params, context) => registry.execute(name, params, context) }
}

function native(registry: ToolRegistry): NativeTools {
  return held(registry)
}
