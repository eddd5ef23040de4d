import { receptionistError } from './errors'

/**
 * What the user's own code returned, if JSON can express it: else the error names the code, the field and the reason.
 * @param encode - the encoder that finds the field at fault
 */
export function usable<Value>(what: string, value: Value, encode: (value: Value) => unknown): Value {
  try {
    encode(value)
  } catch (error) {
    const details = (error as { details?: { reason?: unknown; field?: unknown } }).details
    // A getter of the user's own that throws: the error is theirs.
    if (details?.reason === undefined) throw error
    throw unusable(what, `\`${details.field}\` ${details.reason}`)
  }
  return value
}

/** The refusal of a value that the user's own code returned. */
export function unusable(what: string, reason: string): Error {
  return receptionistError('USER_CODE_INVALID', `${what} returned a value that cannot be used: ${reason}`)
}
