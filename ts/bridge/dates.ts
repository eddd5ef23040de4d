import { types } from 'node:util'
import { runInNewContext } from 'node:vm'

/**
 * Methods by which `JSON.stringify` serializes a Date. Programs replace them, for example to write
 * local time.
 */
const SERIALIZERS = ['toJSON', 'toISOString', 'valueOf'] as const

type Method = (typeof SERIALIZERS)[number] | 'getTime'

/** Built-in methods of Date that were already verified. */
const builtins = new Map<Method, unknown>()

let cleanPrototype: Date | undefined

/**
 * Returns `true` if `JSON.stringify` writes this Date in the standard format: it is not an instance
 * of a subclass, and none of its methods was replaced.
 */
export function isPlainDate(value: unknown): value is Date {
  return (
    types.isDate(value) &&
    Object.getPrototypeOf(value) === Date.prototype &&
    Reflect.ownKeys(value).length === 0 &&
    SERIALIZERS.every(isBuiltin)
  )
}

/** Returns the time of a Date of any class and realm; NaN if it is invalid. */
export function timeOf(date: Date): number {
  return datePrototype().getTime.call(date)
}

/**
 * Returns a copy of the value as `JSON.stringify` would write it, with each Date in the standard
 * format, or null if it is invalid.
 */
export function serializeDates(value: unknown, key = ''): unknown {
  if (types.isDate(value)) return Number.isNaN(timeOf(value)) ? null : datePrototype().toISOString.call(value)
  const { toJSON } = (value ?? {}) as { toJSON?: unknown }
  const written: unknown = typeof toJSON === 'function' ? toJSON.call(value, key) : value
  if (Array.isArray(written)) return written.map((item, n) => serializeDates(item, String(n)))
  if (typeof written !== 'object' || written === null || types.isBoxedPrimitive(written)) return written
  const fields = Object.keys(written).map((name) => {
    const field: unknown = (written as Record<string, unknown>)[name]
    return [name, serializeDates(field, name)] as const
  })
  return Object.fromEntries(fields)
}

function isBuiltin(name: Method): boolean {
  const method: unknown = Date.prototype[name]
  if (builtins.get(name) === method) return true
  const isOwn =
    typeof method === 'function' &&
    Function.prototype.toString.call(method) === `function ${name}() { [native code] }`
  if (isOwn) builtins.set(name, method)
  return isOwn
}

/** Returns Date's methods from a realm that no program has modified. */
function datePrototype(): Date {
  const isClean = [...SERIALIZERS, 'getTime' as const].every(isBuiltin)
  return isClean ? Date.prototype : (cleanPrototype ??= runInNewContext('Date.prototype') as Date)
}
