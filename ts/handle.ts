import type { AnswerJson } from './native'

/**
 * An object's native counterpart lives in a symbol property: unlike a private field it is found through a
 * `Proxy`, and being non-enumerable it shows up in no comparison, no `inspect` and no JSON.
 */
const HANDLE = Symbol('native')

/** Where the owners of one native object find it. */
interface Place {
  native: object
}

const places = new WeakMap<object, Place>()

/** Gives `owner` its native counterpart. */
export function hold(owner: object, native: object): void {
  let place = places.get(native)
  if (place === undefined) places.set(native, (place = { native }))
  Object.defineProperty(owner, HANDLE, { value: place })
}

/** The native counterpart of `owner`. */
export function held<Native>(owner: object): Native {
  return (owner as { [HANDLE]: Place })[HANDLE].native as Native
}

/** Lets all owners of a native object have another one instead. */
export function replace(native: object, by: object): void {
  const place = places.get(native)
  if (place === undefined) return
  place.native = by
  places.set(by, place)
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
