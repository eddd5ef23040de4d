import type { Agent } from '../agent/agent'
import { CustomTools } from './custom-tools'
import { callNative, errorFromNative, callNativeAsync } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import { invalidInput } from '../bridge/invalid-input'
import { copyOf, encodeArgument, requireNumber, requireString } from '../bridge/json'
import { initialize, createNative } from '../bridge/create-receptionist'
import type { Channel } from '../storage/memory'
import type { NativeReceptionist, NativeTools } from '../bridge/native'
import type { ExecutionContext, ITool, ToolDefinition, ToolResult } from './types'

/** Options of a standalone registry. */
export interface ToolRegistryConfig {
  /** Timeout of a tool in milliseconds. @defaultValue 30000 */
  defaultTimeout?: number
  /**
   * Always `true`: parameters are validated. For free parameters, use a JSON Schema that allows
   * them.
   */
  validateParameters?: boolean
}

/** Agents that a registry is attached to. */
const attachedAgents = new WeakMap<ToolRegistry, Set<Agent>>()
/**
 * Native receptionists that run the tools of standalone registries, which are not attached to an
 * agent yet.
 */
const standalone = new WeakMap<ToolRegistry, NativeReceptionist>()

/**
 * A tool registry of an agent, with built-in and custom tools: `receptionist.getToolRegistry()`. A
 * standalone registry has custom tools only; attach it to agents with `withToolRegistry`.
 */
export class ToolRegistry {
  /**
   * Creates a standalone registry.
   * @throws {@link ValidationError} if an option is invalid
   */
  constructor(config: ToolRegistryConfig = {}) {
    const { defaultTimeout, validateParameters } = copyOf('config', config, 'ToolRegistryConfig')
    if (validateParameters === false) {
      const reason =
        "cannot be false: parameters are always checked; write parameters: { type: 'object' } for a tool that takes any"
      throw invalidInput('INVALID_ARGUMENT', 'config.validateParameters', reason)
    }
    const { native } = createNative({
      agent: { customSystemPrompt: 'None: nobody speaks here.' },
      model: { provider: 'custom', chat: () => ({ content: '' }) },
      logger: { level: 'NONE' },
      ...(defaultTimeout != null && { tools: { timeout: defaultTimeout } }),
    })
    attachNative(this, native)
    standalone.set(this, native)
  }

  /** Creates the tool registry of a native receptionist. @internal */
  static of(native: NativeTools): ToolRegistry {
    const instance: ToolRegistry = Object.create(ToolRegistry.prototype)
    attachNative(instance, native)
    return instance
  }

  /**
   * Adds a tool. An existing tool of the same name is replaced: a custom tool with a warning, a
   * built-in tool without one.
   *
   * The tool is available from the model's next request on, and stays through `dispose()` and
   * `initialize()`.
   * @throws {@link ValidationError} `INVALID_ARGUMENT` if models would not accept its name,
   *   description or JSON Schema, or if it has no handler
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
    for (const tools of customTools(this)) tools.add(tool, null)
  }

  /** Removes a tool. Returns `true` if it existed. A running call is finished. */
  unregister(toolName: string): boolean {
    requireString('toolName', toolName)
    const [first, ...others] = customTools(this).map((tools) => tools.remove(toolName))
    return [first, ...others].includes(true)
  }

  /** Removes all tools, including the built-in ones. */
  clear(): void {
    for (const { name } of this.list()) this.unregister(name)
  }

  /**
   * Returns the tools available on a channel, or all tools. Custom tools are your own objects;
   * built-in tools have handlers that execute them.
   */
  listAvailable(channel?: Channel): ITool[] {
    if (channel != null) requireString('channel', channel)
    const own = CustomTools.of(native(this))
    const tools: Omit<ITool, 'handlers'>[] = JSON.parse(
      callNative(() => native(this).listTools(channel ?? null)),
    )
    return tools.map((tool) => own.get(tool.name) ?? { ...tool, handlers: handlersOf(this, tool.name) })
  }

  /** Returns all tools. */
  list(): ITool[] {
    return this.listAvailable()
  }

  /** Returns the tool of that name, if any: your own object, or a built-in tool. */
  get(toolName: string): ITool | undefined {
    return this.list().find((tool) => tool.name === toolName)
  }

  /** Returns `true` if a tool of that name exists. */
  has(toolName: string): boolean {
    return this.get(toolName) !== undefined
  }

  /** Returns the number of tools. */
  count(): number {
    return this.list().length
  }

  /**
   * Executes a tool like the model would, and stores the execution in memory. A tool that fails or
   * times out resolves with `success: false`; `cause` is then the error that it threw, as the same
   * object.
   * @param timeoutMs - timeout in milliseconds; by default `tools.timeout`, else 30000
   * @throws {@link ToolError} if the tool does not exist on the channel, or its parameters are
   *   invalid
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
    const parametersJson = encodeArgument('parameters', parameters, null)
    const contextJson = encodeArgument('context', context, null)
    const limit = timeoutMs == null ? null : requireNumber('timeoutMs', timeoutMs)
    const alone = standalone.get(this)
    if (alone !== undefined) await initialize(alone)
    const { result, failure } = JSON.parse(
      await callNativeAsync(() => native(this).executeTool(toolName, parametersJson, contextJson, limit)),
    )
    if (failure) Object.defineProperty(result, 'cause', { value: errorFromNative(failure) })
    return result
  }
}

/** Adds the tools of a registry to an agent, including tools registered later. */
export function attachRegistry(registry: ToolRegistry, agent: Agent): void {
  if (!(registry instanceof ToolRegistry)) {
    throw invalidInput('INVALID_ARGUMENT', 'registry', 'must be a ToolRegistry of this package')
  }
  const tools = CustomTools.of(nativeOf<NativeTools>(agent))
  for (const tool of CustomTools.of(native(registry)).list()) tools.add(tool, null)
  const known = attachedAgents.get(registry) ?? new Set()
  attachedAgents.set(registry, known.add(agent))
}

/** Returns the custom tools of a registry and of the agents that it is attached to. */
function customTools(registry: ToolRegistry): CustomTools[] {
  const agents = [...(attachedAgents.get(registry) ?? [])]
  return [native(registry), ...agents.map((agent) => nativeOf<NativeTools>(agent))].map((native) =>
    CustomTools.of(native),
  )
}

/** Creates handlers that execute a built-in tool. */
function handlersOf(registry: ToolRegistry, name: string): ITool['handlers'] {
  return { default: (params, context) => registry.execute(name, params, context) }
}

function native(registry: ToolRegistry): NativeTools {
  return nativeOf(registry)
}
