import { serializeDates } from './dates'
import { receptionistError } from '../errors'
import { formatPath } from './invalid-input'
import { checkSerializable } from './serialization'

/**
 * Returns a value of user code if JSON can express it. Otherwise the error names the code (`what`),
 * the field and the reason. `name` names the value.
 */
export function assertSerializable<Value>(what: string, name: string, value: Value): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidResult(what, `\`${name}\` must be an object`)
  }
  const { issue, hasCustomDates } = checkSerializable(value, false)
  if (issue === undefined) return hasCustomDates ? (serializeDates(value) as Value) : value
  // A getter of the user's object threw: rethrow the user's error.
  if (issue.thrown !== undefined) throw issue.thrown.value
  throw invalidResult(what, `\`${issue.path.length === 0 ? name : formatPath(issue.path)}\` ${issue.reason}`)
}

/**
 * Returns the result of user code in a form that JSON can express. `what` names the code. Functions
 * and the like are left out, as `JSON.stringify` does.
 */
export function encodeReturned(what: string, value: unknown): unknown {
  const root = { value }
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw invalidResult(what, `it is a ${typeof value}`)
  }
  try {
    const json = JSON.stringify(serializeDates(root))
    // Only half of a surrogate pair is written as such an escape.
    return JSON.parse(
      json.replace(/\\(ud[89a-f][0-9a-f]{2}|.)/g, (all) => (all.length > 2 ? '\\ufffd' : all)),
    ).value
  } catch (error) {
    const { issue } = checkSerializable(root, false)
    // A getter or `toJSON` of the user's object threw: rethrow the user's error.
    if (issue === undefined || issue.thrown !== undefined) throw error
    const path = issue.path.slice(1)
    throw invalidResult(what, `\`${path.length === 0 ? 'it' : formatPath(path)}\` ${issue.reason}`)
  }
}

/** Creates the error for an unusable value of user code. */
export function invalidResult(what: string, reason: string): Error {
  return receptionistError('USER_CODE_INVALID', `${what} returned a value that cannot be used: ${reason}`)
}
