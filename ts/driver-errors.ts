/**
 * Errors of a user's driver on their way through Rust: what the core needs to know travels as text, the object
 * itself waits here and becomes the `cause` of the error that is thrown.
 */

/** What the core is told. */
export interface DriverFailure {
  code: string
  message: string
  reference: number
}

/** Errors kept at most; one failure is told to its callers at once. */
const KEPT = 256
const kept = new Map<number, unknown>()
let last = 0

/** Keeps the error and describes it. */
export function describeFailure(thrown: unknown): DriverFailure {
  const error = withoutData(driverError(thrown)) as
    { code?: unknown; sqlState?: unknown; message?: unknown } | undefined
  kept.set(++last, error)
  kept.delete(last - KEPT)
  const code = text(error?.code) || text(error?.sqlState)
  return { code, message: text(error?.message) || code || String(error), reference: last }
}

/** The error described under that reference. */
export function failureOf(reference: number): unknown {
  return kept.get(reference)
}

const WRAPPED = /^Failed (query|to run the query)/

/** Drizzle's own wrapper quotes statement and parameters, that is, what customers said: beneath it is the driver's. */
function driverError(thrown: unknown): unknown {
  const { message, cause } = (thrown ?? {}) as { message?: unknown; cause?: unknown }
  return cause !== undefined && WRAPPED.test(text(message)) ? cause : thrown
}

/** Where drivers quote parameters and rows. */
const QUOTES = ['params', 'parameters', 'args', 'detail', 'query', 'queryOptions', 'sql']

/** Forgets what customers said; the error is of a statement of ours, so nobody else has it. */
function withoutData(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) {
    for (const name of QUOTES) Reflect.deleteProperty(error, name)
  }
  return error
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
