import type { JsonCallback } from './native'

/**
 * Symbol of the property that holds an object's native counterpart. Unlike a private field, it is
 * found through a `Proxy`. It is not enumerable, so comparisons, `inspect` and JSON ignore it.
 */
const HANDLE = Symbol('native')

/** A mutable reference to a native object, shared by all of its owners. */
interface NativeRef {
  native: object
}

const refs = new WeakMap<object, NativeRef>()

/** Attaches a native counterpart to `owner`. */
export function attachNative(owner: object, native: object): void {
  let ref = refs.get(native)
  if (ref === undefined) refs.set(native, (ref = { native }))
  Object.defineProperty(owner, HANDLE, { value: ref })
}

/** Returns the native counterpart of `owner`. */
export function nativeOf<Native>(owner: object): Native {
  return (owner as { [HANDLE]: NativeRef })[HANDLE].native as Native
}

/** Replaces a native object by another one for all of its owners. */
export function swapNative(native: object, by: object): void {
  const ref = refs.get(native)
  if (ref === undefined) return
  ref.native = by
  refs.set(by, ref)
}

/** Query runners by native object. A native object releases its runner when it is disposed. */
const queryRunners = new WeakMap<object, JsonCallback>()

/** Stores the query runner of a native object, for when it is reopened. */
export function attachQueryRunner<Native extends object>(native: Native, run: JsonCallback): Native {
  queryRunners.set(native, run)
  return native
}

/** Returns the query runner of a native object, if any. */
export function queryRunnerOf(native: object): JsonCallback | null {
  return queryRunners.get(native) ?? null
}

/**
 * Returns `true` if `value` has no own property besides its native counterpart: no spies, no
 * replaced methods.
 */
export function isUnpatched(value: object): boolean {
  const keys = Reflect.ownKeys(value)
  return keys.length === 1 && keys[0] === HANDLE
}
