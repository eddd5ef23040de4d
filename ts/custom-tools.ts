import { types } from 'node:util'
import { attempt } from './errors'
import { encodeArgument, encodeReturned, readable, refusal } from './json'
import type { Channel } from './memory'
import type { NativeTools } from './native'
import type { ExecutionContext, ITool, ToolDefinition, ToolHandlers } from './tools'
import type { Call, UserCode } from './user-code'
import type { Warnings } from './warnings'

const HANDLERS: Record<Channel, keyof ToolHandlers> = {
  call: 'onCall',
  sms: 'onSMS',
  email: 'onEmail',
  text: 'onText',
}

const all = new WeakMap<NativeTools, CustomTools>()

/** The user's own tools in a registry of the core. */
export class CustomTools {
  readonly #native: NativeTools
  readonly #user: UserCode
  readonly #warnings: Pick<Warnings, 'warn'>
  readonly #tools = new Map<string, ITool>()
  /** What the configuration gave. */
  readonly #configured = new Set<unknown>()
  /** Names of ours that the user took away. */
  readonly #removed = new Set<string>()

  /** Those of the configuration's `tools.custom`. */
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
      throw refusal('INVALID_CONFIG', 'tools.custom', 'must be an array of tools')
    }
    for (const [n, tool] of configured.entries()) {
      this.add(tool, `tools.custom[${n}]`)
      this.#configured.add(tool)
    }
    all.set(native, this)
  }

  /** The user's own tools in a registry of the core. */
  static of(native: NativeTools): CustomTools {
    return all.get(native) as CustomTools
  }

  /** The user's own object of that name. */
  get(name: string): ITool | undefined {
    return this.#tools.get(name)
  }

  /** Adds a tool; `option` is where the configuration has it. */
  add(tool: ToolDefinition, option: string | null): void {
    const { json, name } = readable(
      option === null ? 'INVALID_ARGUMENT' : 'INVALID_CONFIG',
      option ?? 'tool',
      () => ({
        json: encodeTool(tool, option),
        name: tool.name,
      }),
    )
    const replaced = attempt(() => this.#native.registerTool(json, option))
    if (replaced && this.#tools.has(name)) {
      this.#warnings.warn([`Tool '${name}' is registered more than once; the latest is used.`])
    }
    this.#removed.delete(name)
    this.#tools.set(name, tool as ITool)
    this.#user.add(`tool.${name}`, (argument: Argument, call) => run(name, tool, argument, call))
  }

  /** Removes a tool, of ours too; whether there was one. */
  remove(name: string): boolean {
    const own = this.#tools.delete(name)
    this.#user.remove(`tool.${name}`)
    const removed = attempt(() => this.#native.unregisterTool(name))
    if (removed && !own) this.#removed.add(name)
    return removed
  }

  /** Does here what the user did to another registry: its further tools come, what was removed goes. */
  follow(other: CustomTools): void {
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

/** What the core passes to a tool. */
interface Argument {
  parameters: any
  context: ExecutionContext
}

/** Runs a tool; its handlers are looked up at every call. */
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
  // An error that is returned is meant as one that is thrown.
  if (types.isNativeError(returned)) throw returned
  return encodeReturned(`Tool '${name}'`, returned)
}

/** A tool as the core is told of it. */
function encodeTool(tool: unknown, option: string | null): string {
  if (typeof tool !== 'object' || tool === null) throw unusable(option, '', 'must be an object')
  const { name, description, parameters, handlers } = tool as Partial<ITool>
  if (typeof handlers !== 'object' || handlers === null) {
    throw unusable(option, 'handlers', 'is missing; a tool must have a default handler, or one per channel')
  }
  const given = [...Object.values(HANDLERS), 'default' as const].filter((key) => handlers[key] != null)
  for (const key of given) {
    if (typeof handlers[key] !== 'function') throw unusable(option, `handlers.${key}`, 'must be a function')
  }
  if (given.length === 0) {
    const names = Object.values(HANDLERS).join(', ')
    throw unusable(option, 'handlers', `is empty; a tool must have a default handler, or one of ${names}`)
  }
  const channels = (Object.keys(HANDLERS) as Channel[]).filter((channel) => given.includes(HANDLERS[channel]))
  return encodeArgument('tool', {
    name,
    description,
    parameters,
    channels: given.includes('default') ? null : channels,
  })
}

function unusable(option: string | null, field: string, reason: string): Error {
  const path = [option ?? 'tool', field].filter(Boolean).join('.')
  return refusal(option === null ? 'INVALID_ARGUMENT' : 'INVALID_CONFIG', path, reason)
}
