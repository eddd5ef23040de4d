import { types } from 'node:util'
import { callNative } from '../errors'
import { guardRead, invalidInput } from '../bridge/invalid-input'
import { encodeArgument, requireKnown } from '../bridge/json'
import { encodeReturned } from '../bridge/returned-values'
import type { Channel } from '../storage/memory'
import type { NativeTools } from '../bridge/native'
import type { ExecutionContext, ITool, ToolDefinition, ToolHandlers } from './types'
import type { Call, UserCode } from '../bridge/user-code'
import type { Warnings } from '../logging/warnings'

const HANDLERS: Record<Channel, keyof ToolHandlers> = {
  call: 'onCall',
  sms: 'onSMS',
  email: 'onEmail',
  text: 'onText',
}

const registries = new WeakMap<NativeTools, CustomTools>()

/** The custom tools of a native tool registry. */
export class CustomTools {
  readonly #native: NativeTools
  readonly #user: UserCode
  readonly #warnings: Pick<Warnings, 'warn'>
  readonly #tools = new Map<string, ITool>()
  /** Tools of the option `tools.custom`. */
  readonly #configured = new Set<unknown>()
  /** Names of built-in tools that the user removed. */
  readonly #removed = new Set<string>()

  /** Creates the registry of custom tools and adds those of the option `tools.custom`. */
  constructor(
    native: NativeTools,
    user: UserCode,
    warnings: Pick<Warnings, 'warn'>,
    configured: unknown = [],
  ) {
    this.#native = native
    this.#user = user
    this.#warnings = warnings
    if (!Array.isArray(configured)) {
      throw invalidInput('INVALID_CONFIG', 'tools.custom', 'must be an array of tools')
    }
    for (const [n, tool] of configured.entries()) {
      this.add(tool, `tools.custom[${n}]`)
      this.#configured.add(tool)
    }
    registries.set(native, this)
  }

  /** Returns the custom tools of a native registry. */
  static of(native: NativeTools): CustomTools {
    return registries.get(native) as CustomTools
  }

  /** Returns the user's own tool object of that name, if any. */
  get(name: string): ITool | undefined {
    return this.#tools.get(name)
  }

  /** Returns the user's own tool objects. */
  list(): ITool[] {
    return [...this.#tools.values()]
  }

  /**
   * Adds a tool. `option` is its path in the configuration, or null for a tool registered later.
   */
  add(tool: ToolDefinition, option: string | null): void {
    if (option === null) requireKnown('INVALID_ARGUMENT', 'tool', tool, 'ToolDefinition')
    const { json, name } = guardRead(
      option === null ? 'INVALID_ARGUMENT' : 'INVALID_CONFIG',
      option ?? 'tool',
      () => ({
        json: encodeTool(tool, option),
        name: tool.name,
      }),
    )
    const replaced = callNative(() => this.#native.registerTool(json, option))
    if (replaced && this.#tools.has(name)) {
      this.#warnings.warn([`Tool '${name}' is registered more than once; the latest is used.`])
    }
    this.#removed.delete(name)
    this.#tools.set(name, tool as ITool)
    this.#user.add(`tool.${name}`, (argument: Argument, call) => run(name, tool, argument, call))
  }

  /** Removes a custom or built-in tool. Returns `true` if it existed. */
  remove(name: string): boolean {
    const own = this.#tools.delete(name)
    this.#user.remove(`tool.${name}`)
    const removed = callNative(() => this.#native.unregisterTool(name))
    if (removed && !own) this.#removed.add(name)
    return removed
  }

  /**
   * Applies the user's changes to another registry: adds the tools registered there, removes the
   * tools removed there.
   */
  copyChangesFrom(other: CustomTools): void {
    for (const name of other.#removed) {
      if (this.#tools.has(name)) continue
      this.#removed.add(name)
      this.#native.unregisterTool(name)
    }
    for (const [name, tool] of other.#tools) {
      if (!other.#configured.has(tool) && !this.#tools.has(name)) this.add(tool, null)
    }
  }
}

/** Arguments that the core passes to a tool. */
interface Argument {
  parameters: any
  context: ExecutionContext
}

/** Runs a tool. Its handlers are looked up at every call. */
async function run(
  name: string,
  { handlers }: ToolDefinition,
  { parameters, context }: Argument,
  { signal }: Call,
): Promise<unknown> {
  const ofChannel = HANDLERS[context.channel]
  const key = handlers[ofChannel] ? ofChannel : 'default'
  if (!handlers[key])
    throw new Error(`Tool '${name}' has no handler for channel '${context.channel}' any more`)
  const returned = await handlers[key](parameters, { ...context, signal })
  // A returned error means the same as a thrown one.
  if (types.isNativeError(returned)) throw returned
  return encodeReturned(`Tool '${name}'`, returned)
}

/** Returns the JSON that describes a tool to the core. */
function encodeTool(tool: unknown, option: string | null): string {
  if (typeof tool !== 'object' || tool === null) throw invalidTool(option, '', 'must be an object')
  const { name, description, parameters, handlers } = tool as Partial<ITool>
  if (typeof handlers !== 'object' || handlers === null) {
    throw invalidTool(
      option,
      'handlers',
      'is missing; a tool must have a default handler, or one per channel',
    )
  }
  const given = [...Object.values(HANDLERS), 'default' as const].filter((key) => handlers[key] != null)
  for (const key of given) {
    if (typeof handlers[key] !== 'function')
      throw invalidTool(option, `handlers.${key}`, 'must be a function')
  }
  if (given.length === 0) {
    const names = Object.values(HANDLERS).join(', ')
    throw invalidTool(option, 'handlers', `is empty; a tool must have a default handler, or one of ${names}`)
  }
  const channels = (Object.keys(HANDLERS) as Channel[]).filter((channel) => given.includes(HANDLERS[channel]))
  return encodeArgument(
    'tool',
    {
      name,
      description,
      parameters,
      channels: given.includes('default') ? null : channels,
    },
    null,
  )
}

function invalidTool(option: string | null, field: string, reason: string): Error {
  const path = [option ?? 'tool', field].filter(Boolean).join('.')
  return invalidInput(option === null ? 'INVALID_ARGUMENT' : 'INVALID_CONFIG', path, reason)
}
