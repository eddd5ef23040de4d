import { types } from 'node:util'
import { receptionistError } from '../errors'
import { isPlainDate, serializeDates, timeOf } from './dates'
import { invalidInput, pathOf, UNREADABLE, type InputKind } from './invalid-input'

/** A value that JSON cannot express. */
export interface SerializationIssue {
  /** Path of the value: object keys and array indexes. */
  path: (string | number)[]
  /** Description of the problem, with what is accepted instead. */
  reason: string
  /** Value that was thrown when the property was read. */
  thrown?: { value: unknown }
  /** `true` if the value is nested too deep to be checked. */
  isTooDeep?: boolean
}

/** Maximum nesting depth that is checked. Stored values may nest 31 levels. */
const MAX_DEPTH = 250

const INVALID_DATE = 'is an invalid Date; it must be a valid Date'

/**
 * Returns the JSON of a value, with its Dates in the standard format. Otherwise the error names the
 * field and the reason.
 */
export function serialize(subject: InputKind, name: string, value: object): string {
  // Options contain functions and class instances, which are passed separately.
  const { issue, hasCustomDates } = checkSerializable(value, subject !== 'INVALID_CONFIG')
  if (issue !== undefined) throw serializationError(subject, name, issue)
  let json: string | undefined
  try {
    json = JSON.stringify(hasCustomDates ? serializeDates(value) : value)
  } catch (error) {
    throw invalidInput(subject, name, 'cannot be written as JSON', error)
  }
  if (json === undefined) throw invalidInput(subject, name, 'must be an object')
  return json
}

/** Creates the error for a value that JSON cannot express. */
function serializationError(
  subject: InputKind,
  name: string,
  { path, reason, thrown, isTooDeep }: SerializationIssue,
): Error {
  if (isTooDeep) {
    const field = pathOf(subject, name, path.slice(0, 1))
    const options = { details: { field, reason } }
    return receptionistError('JSON_TOO_DEEP', `\`${field}\` ${reason}. Flatten it.`, options)
  }
  return invalidInput(subject, pathOf(subject, name, path), reason, thrown?.value)
}

/** Result of checking a value before it is written as JSON. */
export interface SerializationCheck {
  /** First value, in the order of JSON, that JSON cannot express. */
  issue: SerializationIssue | undefined
  /**
   * `true` if the value contains Dates that `JSON.stringify` would not write in the standard
   * format.
   */
  hasCustomDates: boolean
}

/**
 * Checks a value that is to be written as JSON. With `strict`, values that `JSON.stringify`
 * silently leaves out are problems too: functions, symbols, the contents of a Map.
 */
export function checkSerializable(root: object, strict: boolean): SerializationCheck {
  const walker = new Walker(strict)
  try {
    const reason = walker.issueOf(root, '')
    const { path, isTooDeep, hasCustomDates } = walker
    return { issue: reason === undefined ? undefined : { path, reason, isTooDeep }, hasCustomDates }
  } catch (thrown) {
    const issue = { path: walker.path, reason: UNREADABLE, thrown: { value: thrown } }
    return { issue, hasCustomDates: walker.hasCustomDates }
  }
}

class Walker {
  /** Current path; when the walk stops, the path of the problem. */
  readonly path: (string | number)[] = []
  isTooDeep = false
  hasCustomDates = false
  readonly #ancestors: object[] = []
  readonly #strict: boolean

  constructor(strict: boolean) {
    this.#strict = strict
  }

  /** Returns the problem of a value or of a nested value, if any. */
  issueOf(raw: unknown, key: string): string | undefined {
    if (raw === null || typeof raw === 'string' || typeof raw === 'boolean' || raw === undefined)
      return undefined
    if (typeof raw === 'number') return numberIssue(raw)
    // Not serialized by calling toJSON(), only to discard the text: that took longer than the rest.
    if (types.isDate(raw)) {
      this.hasCustomDates ||= !isPlainDate(raw)
      return Number.isNaN(timeOf(raw)) ? INVALID_DATE : undefined
    }
    const given = raw as { toJSON?: unknown; getTime?: unknown }
    const value: unknown = typeof given.toJSON === 'function' ? given.toJSON(key) : raw
    switch (typeof value) {
      case 'number':
        return numberIssue(value)
      case 'bigint':
        return 'is a BigInt, which JSON cannot hold; convert it to a number or string'
      case 'function':
      case 'symbol':
        return this.#strict ? `is a ${typeof value}, which JSON cannot hold` : undefined
      case 'object':
        if (value !== null) return this.#ofObject(value, value === raw)
        return typeof given.getTime === 'function' ? INVALID_DATE : 'is written as null by its toJSON()'
      default:
        return undefined
    }
  }

  #ofObject(value: object, isRaw: boolean): string | undefined {
    if (this.#ancestors.includes(value)) return 'contains itself, which JSON cannot express'
    if (this.#ancestors.length >= MAX_DEPTH) {
      this.isTooDeep = true
      return 'is nested too deep'
    }
    if (this.#strict && isRaw && hasHiddenContent(value)) {
      return 'is of a kind that JSON cannot hold; convert it to an object, array or string'
    }
    this.#ancestors.push(value)
    const reason = Array.isArray(value) ? this.#ofItems(value) : this.#ofFields(value)
    this.#ancestors.pop()
    return reason
  }

  #ofItems(items: unknown[]): string | undefined {
    for (let n = 0; n < items.length; n++) {
      this.path.push(n)
      const item = items[n]
      const reason =
        item === undefined && this.#strict
          ? 'is undefined, which JSON cannot hold in an array'
          : this.issueOf(item, String(n))
      if (reason !== undefined) return reason
      this.path.pop()
    }
    return undefined
  }

  #ofFields(fields: object): string | undefined {
    for (const key of Object.keys(fields)) {
      this.path.push(key)
      const reason = this.issueOf((fields as Record<string, unknown>)[key], key)
      if (reason !== undefined) return reason
      this.path.pop()
    }
    return undefined
  }
}

function numberIssue(value: number): string | undefined {
  return Number.isFinite(value) ? undefined : `is ${value}; it must be a finite number`
}

/** Returns `true` if an object has content besides its enumerable fields. */
function hasHiddenContent(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null || Array.isArray(value)) return false
  return (
    types.isMap(value) ||
    types.isSet(value) ||
    types.isRegExp(value) ||
    types.isNativeError(value) ||
    types.isPromise(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    types.isAnyArrayBuffer(value) ||
    ArrayBuffer.isView(value)
  )
}
