import { receptionistError } from './errors'
import type { Memory } from './memory'
import { unusable } from './returned'

/** What a value is given as, which decides the code and the wording of its refusal. */
type Subject = 'INVALID_MEMORY' | 'INVALID_QUERY' | 'INVALID_ARGUMENT' | 'INVALID_CONFIG'

/** The JSON of one memory. */
export function encodeMemory(memory: unknown): string {
  return encode('INVALID_MEMORY', 'memory', memory)
}

/** The JSON of a list of memories. */
export function encodeMemories(memories: unknown): string {
  if (!Array.isArray(memories)) throw refusal('INVALID_ARGUMENT', 'memories', 'must be an array')
  return stringify('INVALID_MEMORY', 'memories', memories)
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
  if (!Array.isArray(value)) throw refusal('INVALID_ARGUMENT', name, 'must be an array')
  return stringify('INVALID_ARGUMENT', name, value)
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
    const fault = findFault(root)
    // A getter or `toJSON` of the user's that throws: the error is theirs.
    if (fault === undefined) throw error
    const path = pathOf('INVALID_MEMORY', 'it', fault.path.slice(1))
    throw unusable(what, `\`${path}\` ${fault.reason}`)
  }
}

/** A string argument called `name`, as it is. */
export function requireString(name: string, value: unknown): string {
  if (typeof value !== 'string') throw refusal('INVALID_ARGUMENT', name, 'must be a string')
  return value
}

/** An object argument called `name`, as it is. */
export function requireObject<Given>(name: string, value: Given): Given & object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw refusal('INVALID_ARGUMENT', name, 'must be an object')
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
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusal(subject, name, 'must be an object')
  }
  return stringify(subject, name, value)
}

function stringify(subject: Subject, name: string, value: object): string {
  let json: string | undefined
  try {
    json = JSON.stringify(value)
  } catch (error) {
    const fault = findFault(value)
    // A getter or `toJSON` of the user's that throws: the error is theirs.
    if (fault === undefined) throw error
    throw refusal(subject, pathOf(subject, name, fault.path), fault.reason, error)
  }
  if (json === undefined) throw refusal(subject, name, 'must be an object')
  // JSON writes NaN, Infinity and invalid dates as null without a word. Most values contain no null at all.
  const fault = json.includes('null') ? findFault(value) : undefined
  if (fault !== undefined) throw refusal(subject, pathOf(subject, name, fault.path), fault.reason)
  return json
}

interface Fault {
  path: (string | number)[]
  reason: string
}

/** The first value, in the order of JSON, that JSON cannot express. */
function findFault(root: object): Fault | undefined {
  let fault: Fault | undefined
  const holders: unknown[] = []
  const keys: (string | number)[] = []
  const visit = function (this: unknown, key: string, value: unknown): unknown {
    if (fault !== undefined) return undefined
    while (holders.length > 0 && holders[holders.length - 1] !== this) {
      holders.pop()
      keys.pop()
    }
    const path = [...keys.slice(1), Array.isArray(this) ? Number(key) : key]
    const reason = faultOf((this as Record<string, unknown>)[key], value, holders)
    if (reason !== undefined) {
      fault = { path: holders.length === 0 ? [] : path, reason }
      return undefined
    }
    if (typeof value === 'object' && value !== null) {
      holders.push(value)
      keys.push(Array.isArray(this) ? Number(key) : key)
    }
    return value
  }
  try {
    JSON.stringify(root, visit)
  } catch {
    // The user's own getter threw, after the fault if there is one.
  }
  return fault
}

function faultOf(raw: unknown, value: unknown, ancestors: unknown[]): string | undefined {
  if (typeof value === 'bigint')
    return 'is a BigInt, which JSON cannot hold; convert it to a number or string'
  if (typeof value === 'number' && !Number.isFinite(value)) return `is ${value}; it must be a finite number`
  if (value === null && raw !== null && Number.isNaN((raw as Partial<Date>)?.getTime?.())) {
    return 'is an invalid Date; it must be a valid Date'
  }
  if (typeof value === 'object' && value !== null && ancestors.includes(value)) {
    return 'contains itself, which JSON cannot express'
  }
  return undefined
}

/** `sessionMetadata.scores[2]`; arguments start with their name, other values are known by what they are. */
function pathOf(subject: Subject, name: string, path: (string | number)[]): string {
  const start = subject === 'INVALID_ARGUMENT' || path.length === 0 ? name : ''
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? key : `${text}.${key}`
  }, start)
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
