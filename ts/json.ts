import { ReceptionistError, receptionistError } from './errors'
import { findFault, UNREADABLE, writePath, type Fault } from './fault'
import type { Memory } from './memory'
import { unusable } from './returned'

/** What a value is given as, which decides the code and the wording of its refusal. */
export type Subject = 'INVALID_MEMORY' | 'INVALID_QUERY' | 'INVALID_ARGUMENT' | 'INVALID_CONFIG'

/** The JSON of one memory. */
export function encodeMemory(memory: unknown): string {
  return encode('INVALID_MEMORY', 'memory', memory)
}

/** The JSON of a list of memories. */
export function encodeMemories(memories: unknown): string {
  return stringify('INVALID_MEMORY', 'memories', requireList('INVALID_ARGUMENT', 'memories', memories))
}

/** The JSON of a search query. */
export function encodeQuery(query: unknown): string {
  return encode('INVALID_QUERY', 'query', query)
}

/** The JSON of an object argument called `name`. */
export function encodeArgument(name: string, value: unknown): string {
  return encode('INVALID_ARGUMENT', name, value)
}

/** The JSON of a list given as an argument called `name`. */
export function encodeList(name: string, value: unknown): string {
  return stringify('INVALID_ARGUMENT', name, requireList('INVALID_ARGUMENT', name, value))
}

/** The JSON of a configuration. */
export function encodeConfig(name: string, config: unknown): string {
  return encode('INVALID_CONFIG', name, config)
}

/** What code of the user's returned, as JSON can hold it; `what` is the code. Functions and the like are left out as `JSON.stringify` does. */
export function encodeReturned(what: string, value: unknown): unknown {
  const root = { value }
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw unusable(what, `it is a ${typeof value}`)
  }
  try {
    const json = JSON.stringify(root)
    // Half of a surrogate pair is the only thing that is written as such an escape.
    return JSON.parse(
      json.replace(/\\(ud[89a-f][0-9a-f]{2}|.)/g, (all) => (all.length > 2 ? '\\ufffd' : all)),
    ).value
  } catch (error) {
    const fault = findFault(root, false)
    // A getter or `toJSON` of the user's that throws: the error is theirs.
    if (fault === undefined || fault.thrown !== undefined) throw error
    const path = fault.path.slice(1)
    throw unusable(what, `\`${path.length === 0 ? 'it' : writePath(path)}\` ${fault.reason}`)
  }
}

/** A text called `name`, for a model or a person to read: the core puts U+FFFD for what is no character. */
export function requireText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw refusal('INVALID_ARGUMENT', name, 'must be a string')
  return value
}

/** A string argument called `name` that names something: another string must not be taken for it. */
export function requireString(name: string, value: unknown): string {
  const text = requireText(name, value)
  if (!/\p{Surrogate}/u.test(text)) return text
  const what = 'half of a surrogate pair (a lone \\uD800 to \\uDFFF)'
  const message = `\`${name}\` holds ${what}, which databases cannot store. Remove it before saving.`
  throw receptionistError('UNSUPPORTED_TEXT', message, { details: { field: name } })
}

/** A number called `name`, as it is. */
export function requireNumber(name: string, value: unknown): number {
  if (typeof value !== 'number') throw refusal('INVALID_ARGUMENT', name, 'must be a number')
  return value
}

/** A count called `name`: a whole number that 32 bits hold, or more than there can be of anything. */
export function requireCount(name: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && (Number.isInteger(value) || value === Infinity)) {
    return Math.min(value, 2 ** 32 - 1)
  }
  throw refusal('INVALID_ARGUMENT', name, 'must be a whole number, 0 or more')
}

/** The fields of an object argument called `name`, each read once. */
export function copyOf<Given extends object>(name: string, value: Given): Given {
  return readable('INVALID_ARGUMENT', name, () => ({ ...requireObject(name, value) }))
}

/** An object argument called `name`, as it is. */
export function requireObject<Given>(name: string, value: Given): Given & object {
  return requireFields('INVALID_ARGUMENT', name, value)
}

/** A memory as it came out of the core, where times are milliseconds. */
export function decodeMemory(json: string): Memory {
  return reviveMemory(JSON.parse(json))
}

/** A list of memories as it came out of the core. */
export function decodeMemories(json: string): Memory[] {
  const memories = JSON.parse(json)
  for (const memory of memories) reviveMemory(memory)
  return memories
}

/** Makes a memory of what the core wrote as JSON, in place. */
export function reviveMemory(memory: { timestamp: number | Date }): Memory {
  memory.timestamp = new Date(memory.timestamp)
  return memory as Memory
}

function encode(subject: Subject, name: string, value: unknown): string {
  return stringify(subject, name, requireFields(subject, name, value))
}

/** What reading something of the caller's gives; what its getters and proxies throw is the cause of the refusal. */
export function readable<Read>(subject: Subject, name: string, read: () => Read): Read {
  try {
    return read()
  } catch (error) {
    if (error instanceof ReceptionistError) throw error
    throw refusal(subject, name, UNREADABLE, error)
  }
}

function requireFields<Given>(subject: Subject, name: string, value: Given): Given & object {
  const isList = readable(subject, name, () => Array.isArray(value))
  if (typeof value === 'object' && value !== null && !isList) return value
  throw refusal(subject, name, 'must be an object')
}

function requireList(subject: Subject, name: string, value: unknown): unknown[] {
  if (readable(subject, name, () => Array.isArray(value))) return value as unknown[]
  throw refusal(subject, name, 'must be an array')
}

function stringify(subject: Subject, name: string, value: object): string {
  // Options hold functions and objects of classes, which go another way.
  const fault = findFault(value, subject !== 'INVALID_CONFIG')
  if (fault !== undefined) throw refusalOf(subject, name, fault)
  let json: string | undefined
  try {
    json = JSON.stringify(value)
  } catch (error) {
    throw refusal(subject, name, 'cannot be written as JSON', error)
  }
  if (json === undefined) throw refusal(subject, name, 'must be an object')
  return json
}

/** The error that refuses a value for what is wrong with it. */
function refusalOf(subject: Subject, name: string, { path, reason, thrown, isTooDeep }: Fault): Error {
  if (isTooDeep) {
    const field = pathOf(subject, name, path.slice(0, 1))
    const options = { details: { field, reason } }
    return receptionistError('JSON_TOO_DEEP', `\`${field}\` ${reason}. Flatten it.`, options)
  }
  return refusal(subject, pathOf(subject, name, path), reason, thrown?.value)
}

/** Arguments start with their name, other values are known by what they are. */
function pathOf(subject: Subject, name: string, path: Fault['path']): string {
  return writePath(path, subject === 'INVALID_ARGUMENT' || path.length === 0 ? name : '')
}

/** The error that refuses a value given as `subject`. */
export function refusal(subject: Subject, field: string, reason: string, cause?: unknown): Error {
  const messages = {
    INVALID_MEMORY: `Invalid memory: \`${field}\` ${reason}`,
    INVALID_QUERY: `Invalid query: \`${field}\` ${reason}`,
    INVALID_ARGUMENT: `Invalid argument \`${field}\`: ${reason}`,
    INVALID_CONFIG: `Invalid option \`${field}\`: ${reason}`,
  }
  const options = { details: { field, reason } }
  return receptionistError(subject, messages[subject], cause === undefined ? options : { ...options, cause })
}
