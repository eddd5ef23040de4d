import { keep } from './thrown'

/** Errors of a user's driver on their way through Rust, which decides what they mean. */

/** What the core is told. The error itself becomes the `cause` of the error that is thrown. */
export interface DriverFailure {
  code: string
  message: string
  /** MySQL's own number of it. */
  number?: number
  reference: number
}

/** Keeps the error and describes it. */
export function describeFailure(thrown: unknown): DriverFailure {
  const error = withoutData(driverError(thrown)) as
    { code?: unknown; sqlState?: unknown; errno?: unknown; message?: unknown } | undefined
  const code = text(error?.code) || text(error?.sqlState)
  const failure: DriverFailure = {
    code,
    message: text(error?.message) || code || String(error),
    reference: keep(error),
  }
  const { errno } = error ?? {}
  if (code.startsWith('ER_') && typeof errno === 'number' && errno > 0) failure.number = errno
  return failure
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
