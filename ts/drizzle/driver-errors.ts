import { registerError, stripSourceLocations } from '../bridge/error-registry'

/** Errors of a user's database driver, described for the core, which classifies them. */

/**
 * Description of a driver error for the core. The error itself becomes the `cause` of the error
 * thrown to the user.
 */
export interface DriverFailure {
  code: string
  message: string
  /** MySQL's error number. */
  number?: number
  reference: number
}

/** Registers the error and returns its description. */
export function describeFailure(thrown: unknown): DriverFailure {
  const error = stripData(driverError(thrown)) as
    { code?: unknown; sqlState?: unknown; errno?: unknown; message?: unknown } | undefined
  const code = text(error?.code) || text(error?.sqlState)
  const failure: DriverFailure = {
    code,
    message: stripSourceLocations(text(error?.message)) || code || String(error),
    reference: registerError(error),
  }
  const { errno } = error ?? {}
  if (code.startsWith('ER_') && typeof errno === 'number' && errno > 0) failure.number = errno
  return failure
}

const WRAPPED = /^Failed (query|to run the query)/

/**
 * Returns the driver's error. Drizzle's wrapper quotes statement and parameters, which contain
 * customer data, so its cause is used.
 */
function driverError(thrown: unknown): unknown {
  const { message, cause } = (thrown ?? {}) as { message?: unknown; cause?: unknown }
  return cause !== undefined && WRAPPED.test(text(message)) ? cause : thrown
}

/** Fields in which drivers quote parameters and rows. */
const DATA_FIELDS = ['params', 'parameters', 'args', 'detail', 'query', 'queryOptions', 'sql']

/**
 * Removes customer data from an error. Nobody else holds the error, because it belongs to a
 * statement of this package.
 */
function stripData(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) {
    for (const name of DATA_FIELDS) Reflect.deleteProperty(error, name)
  }
  return error
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
