/**
 * What JavaScript threw while Rust was calling it: a description travels, the value itself waits here until it is
 * thrown again, or becomes the `cause` of what is thrown.
 */

/** Values kept at most; one failure is told to its callers at once. */
const KEPT = 1024
const kept = new Map<number, unknown>()
let last = 0

/** Keeps a value; the reference to it. */
export function keep(value: unknown): number {
  kept.set(++last, value)
  kept.delete(last - KEPT)
  return last
}

/**
 * The value of that reference, unless it is gone. From now on it is kept only for as long as somebody else holds it, for others who
 * are told of the same failure: an error's stack refers to whatever threw it.
 */
export function tell(reference: number): { value: unknown } | undefined {
  if (!kept.has(reference)) return undefined
  const found = kept.get(reference)
  const value = found instanceof Told ? found.ref.deref() : found
  if (found instanceof Told) return value === undefined ? undefined : { value }
  if (isObject(value)) kept.set(reference, new Told(new WeakRef(value)))
  return { value }
}

/** What was told once. */
class Told {
  constructor(readonly ref: WeakRef<object>) {}
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

/** A thrown value in words; throwing is no promise that it can be read. */
export function describe(thrown: unknown): string {
  try {
    const { message } = (thrown ?? {}) as { message?: unknown }
    // Halves of surrogate pairs are no valid JSON.
    return (typeof message === 'string' ? message : String(thrown)).replace(/\p{Surrogate}/gu, '\ufffd')
  } catch {
    return 'a value that cannot be read'
  }
}
