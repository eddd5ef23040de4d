import { receptionistError } from '../errors'
import type { Memory } from '../storage/memory'
import { findProblem } from '../options/check'
import type { OptionTypes } from '../options/types'
import { guardRead, invalidInput, pathOf, type InputKind } from './invalid-input'
import { serialize } from './serialization'

/** Returns the JSON of one memory. */
export function encodeMemory(memory: unknown): string {
  return encode('INVALID_MEMORY', 'memory', memory, 'Memory')
}

/** Returns the JSON of a list of memories. */
export function encodeMemories(memories: unknown): string {
  const list = requireList('INVALID_ARGUMENT', 'memories', memories)
  return serialize('INVALID_MEMORY', 'memories', requireKnown('INVALID_MEMORY', 'memories', list, 'Memories'))
}

/** Returns the JSON of a search query. */
export function encodeQuery(query: unknown): string {
  return encode('INVALID_QUERY', 'query', query, 'MemorySearchQuery')
}

/**
 * Returns the JSON of the object argument `name`. `type` is the option type to check, or `null` if
 * its fields are free or already checked.
 */
export function encodeArgument(name: string, value: unknown, type: keyof OptionTypes | null): string {
  return encode('INVALID_ARGUMENT', name, value, type)
}

/**
 * Returns the JSON of the list argument `name`. `type` is the option type to check, or `null` if
 * its items are free.
 */
export function encodeList(name: string, value: unknown, type: keyof OptionTypes | null): string {
  const list = requireList('INVALID_ARGUMENT', name, value)
  if (type !== null) requireKnown('INVALID_ARGUMENT', name, list, type)
  return serialize('INVALID_ARGUMENT', name, list)
}

/**
 * Returns the JSON of a configuration. `type` is the option type to check, or `null` if it is
 * already checked.
 */
export function encodeConfig(name: string, config: unknown, type: keyof OptionTypes | null): string {
  return encode('INVALID_CONFIG', name, config, type)
}

/**
 * Returns the options unchanged if their type knows all of them, including nested objects and
 * lists.
 */
export function requireKnown<Given>(
  subject: InputKind,
  name: string,
  value: Given,
  type: keyof OptionTypes,
): Given {
  const problem = guardRead(subject, name, () => findProblem(type, value))
  if (problem !== undefined) throw invalidInput(subject, pathOf(subject, name, problem.path), problem.reason)
  return value
}

/**
 * Returns the text argument `name`, which a model or a person reads. The core replaces lone
 * surrogates by U+FFFD.
 */
export function requireText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw invalidInput('INVALID_ARGUMENT', name, 'must be a string')
  return value
}

/**
 * Returns the string argument `name`, which identifies something. Lone surrogates are refused,
 * because replacing them would identify something else.
 */
export function requireString(name: string, value: unknown): string {
  const text = requireText(name, value)
  if (!/\p{Surrogate}/u.test(text)) return text
  const what = 'half of a surrogate pair (a lone \\uD800 to \\uDFFF)'
  const message = `\`${name}\` holds ${what}, which databases cannot store. Remove it before saving.`
  throw receptionistError('UNSUPPORTED_TEXT', message, { details: { field: name } })
}

/** Returns the number argument `name`. */
export function requireNumber(name: string, value: unknown): number {
  if (typeof value !== 'number') throw invalidInput('INVALID_ARGUMENT', name, 'must be a number')
  return value
}

/** Returns the count argument `name`: a whole number, capped at 32 bits. */
export function requireCount(name: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && (Number.isInteger(value) || value === Infinity)) {
    return Math.min(value, 2 ** 32 - 1)
  }
  throw invalidInput('INVALID_ARGUMENT', name, 'must be a whole number, 0 or more')
}

/** Returns a shallow copy of the options argument `name`, in which each field was read once. */
export function copyOf<Given extends object>(
  name: string,
  value: Given,
  type: keyof OptionTypes | null,
): Given {
  return guardRead('INVALID_ARGUMENT', name, () => ({ ...requireObject(name, value, type) }))
}

/**
 * Returns the object argument `name` unchanged. `type` is the option type to check, or `null` if
 * its fields are free or checked later.
 */
export function requireObject<Given>(
  name: string,
  value: Given,
  type: keyof OptionTypes | null,
): Given & object {
  return requireFields('INVALID_ARGUMENT', name, value, type)
}

/** Decodes a memory from the core, where times are milliseconds. */
export function decodeMemory(json: string): Memory {
  return reviveMemory(JSON.parse(json))
}

/** Decodes a list of memories from the core. */
export function decodeMemories(json: string): Memory[] {
  const memories = JSON.parse(json)
  for (const memory of memories) reviveMemory(memory)
  return memories
}

/** Converts a memory decoded from JSON, in place. */
export function reviveMemory(memory: { timestamp: number | Date }): Memory {
  memory.timestamp = new Date(memory.timestamp)
  return memory as Memory
}

function encode(subject: InputKind, name: string, value: unknown, type: keyof OptionTypes | null): string {
  return serialize(subject, name, requireFields(subject, name, value, type))
}

function requireFields<Given>(
  subject: InputKind,
  name: string,
  value: Given,
  type: keyof OptionTypes | null,
): Given & object {
  if (type !== null) requireKnown(subject, name, value, type)
  const isList = guardRead(subject, name, () => Array.isArray(value))
  if (typeof value === 'object' && value !== null && !isList) return value
  throw invalidInput(subject, name, 'must be an object')
}

function requireList(subject: InputKind, name: string, value: unknown): unknown[] {
  if (guardRead(subject, name, () => Array.isArray(value))) return value as unknown[]
  throw invalidInput(subject, name, 'must be an array')
}
