/**
 * Registry of values thrown by user code, so that the original object can be rethrown, or become a
 * `cause`, after the error crosses Rust. Rust sees a reference and a description.
 */

/** Maximum number of entries. A failure is reported to its callers immediately. */
const MAX_ENTRIES = 1024
const entries = new Map<number, unknown>()
let lastReference = 0

/** Registers a value and returns its reference. */
export function registerError(value: unknown): number {
  entries.set(++lastReference, value)
  entries.delete(lastReference - MAX_ENTRIES)
  return lastReference
}

/**
 * Returns the value of a reference, unless it is gone. Afterwards it is only held weakly, for other
 * callers that receive the same failure, because an error's stack retains the objects that threw
 * it.
 */
export function takeError(reference: number): { value: unknown } | undefined {
  if (!entries.has(reference)) return undefined
  const found = entries.get(reference)
  const value = found instanceof WeakEntry ? found.ref.deref() : found
  if (found instanceof WeakEntry) return value === undefined ? undefined : { value }
  if (isObject(value)) entries.set(reference, new WeakEntry(new WeakRef(value)))
  return { value }
}

/** A weak entry for a value that was already returned once. */
class WeakEntry {
  constructor(readonly ref: WeakRef<object>) {}
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

/** Pattern of a stack frame: a function and its location. Lines of the message do not match. */
const FRAME = /^at .*(?::\d+:\d+|<anonymous>|native|index \d+)\)?$/
/** Maximum number of stack frames. */
const MAX_FRAMES = 10
/** Maximum number of characters of a stack frame. */
const MAX_FRAME_CHARS = 200

/**
 * Returns the newest ten frames of an error's stack, or `undefined` if there are none. The message
 * before them is left out, because it may contain customer data.
 */
export function stackOf(thrown: unknown): string | undefined {
  try {
    const { stack } = (thrown ?? {}) as { stack?: unknown }
    if (typeof stack !== 'string') return undefined
    const message = messageOf(thrown)
    const start = stack.indexOf(message)
    const below = start < 0 ? stack : stack.slice(start + message.length)
    const frames = below.split('\n').map((line) => line.trim())
    const frameLines = frames.filter((line) => FRAME.test(line) && !line.includes('data:'))
    const newest = frameLines.slice(0, MAX_FRAMES).map((line) => line.slice(0, MAX_FRAME_CHARS))
    return newest.length > 0 ? newest.join('\n').replace(/\p{Surrogate}/gu, '\ufffd') : undefined
  } catch {
    return undefined
  }
}

/**
 * Pattern of an OpenSSL error: thread, code, library, function, message, and location in its
 * source.
 */
const OPENSSL = /(?:\b[0-9A-F]{4,}:)?error:[0-9A-F]{8}:[^:\n]*:[^:\n]*:([^:\n]+)(?::[^:\n]+:\d+:[^\n]*)?\n?/g
/** Pattern of a location in the source of a native library. */
const SOURCE_LOCATION = / ?\(?(?:[\w.-]*\/)*[\w-]+\.(?:c|cc|cpp|cxx|h|hpp|rs):\d+(?::\d+)?:?\)?/g

/**
 * Removes locations in the sources of native libraries from a message, because users do not have
 * those sources. OpenSSL's messages are kept.
 */
export function stripSourceLocations(message: string): string {
  return message.replace(OPENSSL, '$1').replace(SOURCE_LOCATION, '')
}

/** Returns a description of a thrown value, which may itself be unreadable. */
export function describeError(thrown: unknown): string {
  try {
    // Lone surrogates are not valid JSON.
    return stripSourceLocations(messageOf(thrown)).replace(/\p{Surrogate}/gu, '\ufffd')
  } catch {
    return 'a value that cannot be read'
  }
}

function messageOf(thrown: unknown): string {
  const { message } = (thrown ?? {}) as { message?: unknown }
  return typeof message === 'string' ? message : String(thrown)
}
