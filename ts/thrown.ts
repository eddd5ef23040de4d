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

/** Whether the value of that reference is still kept. */
export function isKept(reference: number): boolean {
  return kept.has(reference)
}

/** The value of that reference. */
export function keptValue(reference: number): unknown {
  return kept.get(reference)
}
