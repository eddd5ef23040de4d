import { types } from 'node:util'

/** A value that JSON cannot express. */
export interface Fault {
  /** The keys that lead to it. */
  path: (string | number)[]
  /** What is wrong with it, and what is accepted. */
  reason: string
  /** What was thrown when it was read. */
  thrown?: { value: unknown }
  /** Whether it is nested too deep to be looked into. */
  isTooDeep?: boolean
}

/** How deep values are looked into; what is stored may nest 31 levels. */
const MAX_DEPTH = 250

/** What is wrong with a value that throws when it is read. */
export const UNREADABLE = 'cannot be read: its getter, toJSON() or proxy threw'

const INVALID_DATE = 'is an invalid Date; it must be a valid Date'

/**
 * The first value, in the order of JSON, that JSON cannot express. What `JSON.stringify` leaves out without a word (functions, symbols, the
 * contents of a Map) is a fault only if nothing may be lost.
 */
export function findFault(root: object, nothingLost: boolean): Fault | undefined {
  const walk = new Walk(nothingLost)
  try {
    const reason = walk.reasonOf(root, '')
    return reason === undefined ? undefined : { path: walk.path, reason, isTooDeep: walk.isTooDeep }
  } catch (thrown) {
    return { path: walk.path, reason: UNREADABLE, thrown: { value: thrown } }
  }
}

/** A path as errors have it, `sessionMetadata.scores[2]`, after `start` if there is one. */
export function writePath(path: Fault['path'], start = ''): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? key : `${text}.${key}`
  }, start)
}

class Walk {
  /** Where it is; when it stops, where the fault is. */
  readonly path: (string | number)[] = []
  isTooDeep = false
  readonly #ancestors: object[] = []
  readonly #nothingLost: boolean

  constructor(nothingLost: boolean) {
    this.#nothingLost = nothingLost
  }

  /** What is wrong with a value, or with one inside of it. */
  reasonOf(raw: unknown, key: string): string | undefined {
    if (raw === null || typeof raw === 'string' || typeof raw === 'boolean' || raw === undefined)
      return undefined
    if (typeof raw === 'number') return ofNumber(raw)
    // Written out, as its toJSON() would, only to be thrown away: that took longer than all the rest.
    if (isPlainDate(raw)) return Number.isNaN(raw.getTime()) ? INVALID_DATE : undefined
    const given = raw as { toJSON?: unknown; getTime?: unknown }
    const value: unknown = typeof given.toJSON === 'function' ? given.toJSON(key) : raw
    switch (typeof value) {
      case 'number':
        return ofNumber(value)
      case 'bigint':
        return 'is a BigInt, which JSON cannot hold; convert it to a number or string'
      case 'function':
      case 'symbol':
        return this.#nothingLost ? `is a ${typeof value}, which JSON cannot hold` : undefined
      case 'object':
        if (value !== null) return this.#ofObject(value, value === raw)
        return typeof given.getTime === 'function' ? INVALID_DATE : 'is written as null by its toJSON()'
      default:
        return undefined
    }
  }

  #ofObject(value: object, asItIs: boolean): string | undefined {
    if (this.#ancestors.includes(value)) return 'contains itself, which JSON cannot express'
    if (this.#ancestors.length >= MAX_DEPTH) {
      this.isTooDeep = true
      return 'is nested too deep'
    }
    if (this.#nothingLost && asItIs && hasHiddenContent(value)) {
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
        item === undefined && this.#nothingLost
          ? 'is undefined, which JSON cannot hold in an array'
          : this.reasonOf(item, String(n))
      if (reason !== undefined) return reason
      this.path.pop()
    }
    return undefined
  }

  #ofFields(fields: object): string | undefined {
    for (const key of Object.keys(fields)) {
      this.path.push(key)
      const reason = this.reasonOf((fields as Record<string, unknown>)[key], key)
      if (reason !== undefined) return reason
      this.path.pop()
    }
    return undefined
  }
}

function ofNumber(value: number): string | undefined {
  return Number.isFinite(value) ? undefined : `is ${value}; it must be a finite number`
}

/** Whether it is a Date whose toJSON() is what it says it is. */
function isPlainDate(value: unknown): value is Date {
  return (
    types.isDate(value) &&
    Object.getPrototypeOf(value) === Date.prototype &&
    Reflect.ownKeys(value).length === 0
  )
}

/** Whether an object is more than its fields. */
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
