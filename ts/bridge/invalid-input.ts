import { ReceptionistError, receptionistError } from '../errors'

/** Kind of an input value, which determines the error code and the wording of the message. */
export type InputKind = 'INVALID_MEMORY' | 'INVALID_QUERY' | 'INVALID_ARGUMENT' | 'INVALID_CONFIG'

/** Reason for a value that throws when it is read. */
export const UNREADABLE = 'cannot be read: its getter, toJSON() or proxy threw'

/** Creates the error for an invalid value. */
export function invalidInput(subject: InputKind, field: string, reason: string, cause?: unknown): Error {
  const messages = {
    INVALID_MEMORY: `Invalid memory: \`${field}\` ${reason}`,
    INVALID_QUERY: `Invalid query: \`${field}\` ${reason}`,
    INVALID_ARGUMENT: `Invalid argument \`${field}\`: ${reason}`,
    INVALID_CONFIG: `Invalid option \`${field}\`: ${reason}`,
  }
  const options = { details: { field, reason } }
  return receptionistError(subject, messages[subject], cause === undefined ? options : { ...options, cause })
}

/**
 * Returns the result of reading a caller's value. An error thrown by its getters or proxies becomes
 * the cause of the refusal.
 */
export function guardRead<Read>(subject: InputKind, name: string, read: () => Read): Read {
  try {
    return read()
  } catch (error) {
    if (error instanceof ReceptionistError) throw error
    throw invalidInput(subject, name, UNREADABLE, error)
  }
}

/**
 * Returns the path for the message. Arguments start with their name; other values are identified by
 * the error code.
 */
export function pathOf(subject: InputKind, name: string, path: (string | number)[]): string {
  return formatPath(path, subject === 'INVALID_ARGUMENT' || path.length === 0 ? name : '')
}

/**
 * Returns a path in the format of error messages, `sessionMetadata.scores[2]`, after `start` if
 * given.
 */
export function formatPath(path: (string | number)[], start = ''): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? key : `${text}.${key}`
  }, start)
}
