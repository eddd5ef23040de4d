import type { Agent } from '../agent/agent'
import { invalidInput } from './invalid-input'
import { nativeOf, attachNative } from './native-handle'
import type { NativeReceptionist } from './native'

/**
 * Returns the native receptionist of the agent that a resource is created for.
 * @throws {@link ValidationError} if `agent` is not an agent of this package
 */
export function nativeOfAgent(agent: Agent): NativeReceptionist {
  const native = isObject(agent) ? findNative(agent) : undefined
  if (typeof native?.process === 'function') return native
  const reason = 'must be an agent of this package: `receptionist.agent`, or what `Agent.builder()` builds'
  throw invalidInput('INVALID_ARGUMENT', 'agent', reason)
}

/**
 * Creates an object that represents the agent of a native receptionist in a resource's constructor.
 */
export function agentHandle(native: NativeReceptionist): Agent {
  const agent = {}
  attachNative(agent, native)
  return agent as Agent
}

/**
 * Refuses options of the TypeScript SDK that now belong to the receptionist. `write` names the
 * replacement of each.
 * @throws {@link ValidationError} for the first given option
 */
export function refuseOptions(config: object | null | undefined, write: Record<string, string>): void {
  const given = Object.entries(config ?? {}).find(([, value]) => value != null)
  if (given === undefined) return
  const reason =
    write[given[0]] ?? 'is not an option; configure channels in `new AIReceptionist({ channels })`'
  throw invalidInput('INVALID_ARGUMENT', `config.${given[0]}`, reason)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function findNative(agent: object): NativeReceptionist | undefined {
  try {
    return nativeOf<NativeReceptionist>(agent)
  } catch {
    return undefined
  }
}
