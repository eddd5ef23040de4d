import { receptionistError } from './errors'
import { findFault, writePath } from './fault'

/**
 * What the user's own code returned, if JSON can express it: else the error names the code, the field and the reason. `name` is what it is.
 */
export function usable<Value>(what: string, name: string, value: Value): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unusable(what, `\`${name}\` must be an object`)
  }
  const fault = findFault(value, false)
  if (fault === undefined) return value
  // A getter of the user's own that throws: the error is theirs.
  if (fault.thrown !== undefined) throw fault.thrown.value
  throw unusable(what, `\`${fault.path.length === 0 ? name : writePath(fault.path)}\` ${fault.reason}`)
}

/** The refusal of a value that the user's own code returned. */
export function unusable(what: string, reason: string): Error {
  return receptionistError('USER_CODE_INVALID', `${what} returned a value that cannot be used: ${reason}`)
}
