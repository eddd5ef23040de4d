// Helpers of the storage scenarios.
import { ReceptionistError, ValidationError } from '../../../index.js'

export const idsOf = (memories) => memories.map((found) => found.id)

/** Asserts that a call rejects with this code, as a `ReceptionistError`. Returns the error. */
export async function rejectsWith(t, code, call, about) {
  const error = await t.throwsAsync(call, { instanceOf: ReceptionistError, code }, about)
  if (['INVALID_MEMORY', 'INVALID_QUERY', 'UNSUPPORTED_TEXT', 'JSON_TOO_DEEP'].includes(code)) {
    t.true(error instanceof ValidationError)
  }
  return error
}

/** `depth` objects, each inside the one before. */
export function nested(depth) {
  let value = {}
  for (let level = 1; level < depth; level++) value = { in: value }
  return value
}
