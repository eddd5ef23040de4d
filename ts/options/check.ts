import { isUserObject, typeMismatchReason } from './examples'
import { isNear, suggestion } from './suggestion'
import type { ShapeRef } from './shape'
import { shapeAt } from './shapes'
import type { OptionTypes } from './types'

/** A problem in an options object, with its path. */
export interface Problem {
  /** Path of the problem: object keys and array indexes. */
  path: (string | number)[]
  /** Description of the problem, with the fix. */
  reason: string
}

/** Maximum nesting depth that is checked. No option type nests as deep. */
const MAX_DEPTH = 32

/**
 * Returns the first unknown option, or the first value that is not an object or list where one is
 * required.
 *
 * A name is checked even if its value is `undefined`: a misspelt option that is `undefined` on one
 * machine has a value on another.
 */
export function findProblem(type: keyof OptionTypes, value: unknown): Problem | undefined {
  return new Check(type).problemOf(type, value)
}

class Check {
  readonly #path: (string | number)[] = []

  readonly #type: keyof OptionTypes

  constructor(type: keyof OptionTypes) {
    this.#type = type
  }

  problemOf(place: ShapeRef, value: unknown): Problem | undefined {
    const shape = shapeAt(place)
    if (shape === undefined || value === undefined || value === null || this.#path.length > MAX_DEPTH) {
      return undefined
    }
    if (Array.isArray(value)) {
      if (shape.items !== undefined) return this.#ofItems(shape.items, value)
      return shape.other ? undefined : this.#ofKind(place, value)
    }
    if (typeof value !== 'object') return shape.other ? undefined : this.#ofKind(place, value)
    if (shape.fields === undefined)
      return shape.other || !isPlain(value) ? undefined : this.#ofKind(place, value)
    const isOwn = shape.own?.some(
      (method) => typeof (value as Record<string, unknown>)[method] === 'function',
    )
    if (isOwn || (shape.classes && !isPlain(value))) return undefined
    if (!isPlain(value) && isUserObject(value)) return this.#ofKind(place, value)
    return this.#ofFields(place, value)
  }

  #ofItems(place: ShapeRef, items: unknown[]): Problem | undefined {
    if (place === null) return undefined
    for (const [n, item] of items.entries()) {
      this.#path.push(n)
      const problem = this.problemOf(place, item)
      if (problem !== undefined) return problem
      this.#path.pop()
    }
    return undefined
  }

  #ofFields(place: ShapeRef, value: object): Problem | undefined {
    const { fields = {}, open } = shapeAt(place)!
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(fields, key)) {
        if (open === 'to all' || (open === 'to others' && !isNear(key, Object.keys(fields)))) continue
        if (isUserObject(value)) return this.#ofKind(place, value)
        const reason = `is not known; ${suggestion(key, place, this.#type, this.#path)}`
        return { path: [...this.#path, shorten(key)], reason }
      }
      const inner = fields[key]!
      if (inner === null) continue
      this.#path.push(key)
      const problem = this.problemOf(inner, (value as Record<string, unknown>)[key])
      if (problem !== undefined) return problem
      this.#path.pop()
    }
    return undefined
  }

  /** Returns the problem of a value that is not an object or list where one is required. */
  #ofKind(place: ShapeRef, value: unknown): Problem {
    return { path: [...this.#path], reason: typeMismatchReason(place, value, this.#path) }
  }
}

/** Returns `true` if a value is a plain object and not an instance of a class. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Returns a key in the form shown in errors; a key may be any string. */
function shorten(key: string): string {
  return key.length > 64 ? `${key.slice(0, 64)}…` : key
}
