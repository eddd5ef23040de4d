import type { AnswerJson } from './native'

/**
 * An object's native counterpart lives in a symbol property: unlike a private field it is found through a
 * `Proxy`, and being non-enumerable it shows up in no comparison, no `inspect` and no JSON.
 */
const HANDLE = Symbol('native')

/** Gives `owner` its native counterpart. */
export function hold(owner: object, native: object): void {
  Object.defineProperty(owner, HANDLE, { value: native })
}

/** The native counterpart of `owner`. */
export function held<Native>(owner: object): Native {
  return (owner as { [HANDLE]: Native })[HANDLE]
}

/** The function that runs a native object's statements, which it lets go of when disposed. */
const clients = new WeakMap<object, AnswerJson>()

/** Remembers the client of a native object, for when it opens again. */
export function withClient<Native extends object>(native: Native, run: AnswerJson): Native {
  clients.set(native, run)
  return native
}

/** The client of a native object, if it has one. */
export function clientOf(native: object): AnswerJson | null {
  return clients.get(native) ?? null
}

/** Whether `value` has nothing of its own beside its native counterpart: no spies, no replaced methods. */
export function isBare(value: object): boolean {
  const keys = Reflect.ownKeys(value)
  return keys.length === 1 && keys[0] === HANDLE
}
