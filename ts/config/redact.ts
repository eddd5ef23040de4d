import { types } from 'node:util'

/** Replacement for secrets. */
const REDACTED = '[redacted]'

/** Pattern of the names of options that contain secrets, in any section. */
const SECRET = /key$|token$|password$|passphrase$|secret$|^credentials$|^authorization$/i

/** Patterns of secrets in URLs: `user:password@`, and query parameters. */
const URL_SECRETS: [RegExp, string][] = [
  [/^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*):.*@/i, '$1:***@'],
  [/([?&](?:password|sslpassword|sslkey|key|token|secret)=)[^&#]*/gi, '$1***'],
]

/**
 * Returns a copy of options that is safe to show. Secrets are replaced; everything except plain
 * data (storages, Drizzle objects, functions) is left out.
 */
export function redact(value: unknown, key = ''): unknown {
  try {
    return redacted(value, key, [])
  } catch {
    // Its getters throw, or its nesting is infinite: the core never received such a value.
    return undefined
  }
}

function redacted(value: unknown, key: string, ancestors: object[]): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value
  if (typeof value === 'string' || typeof value === 'number') {
    if (SECRET.test(key)) return REDACTED
    return typeof value === 'number' ? value : withoutPasswords(value)
  }
  if (types.isRegExp(value) || types.isDate(value)) return value
  if (typeof value !== 'object' || ancestors.includes(value)) return undefined
  const within = [...ancestors, value]
  if (Array.isArray(value)) {
    return value.map((item) => redacted(item, '', within)).filter((item) => item !== undefined)
  }
  if (!isPlain(value)) return undefined
  const entries = Object.entries(value).map(([name, item]) => [name, redacted(item, name, within)] as const)
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined))
}

function withoutPasswords(text: string): string {
  return URL_SECRETS.reduce((shown, [secret, by]) => shown.replace(secret, by), text)
}

/** Returns `true` if a value is a plain object and not an instance of a class. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  // Objects of another realm have another `Object.prototype`, whose prototype is null too.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
