import { types } from 'node:util'

/** What stands where a secret was. */
const REDACTED = '[redacted]'

/** Names of options that hold secrets, in any section. */
const SECRET = /key$|token$|password$|passphrase$|secret$|^credentials$|^authorization$/i

/** `user:password@` of a URL, and parameters that hold secrets. */
const IN_URLS: [RegExp, string][] = [
  [/^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*):.*@/i, '$1:***@'],
  [/([?&](?:password|sslpassword|sslkey|key|token|secret)=)[^&#]*/gi, '$1***'],
]

/**
 * A copy of options that may be shown to anybody: secrets are replaced, and what is not plain data (storages, Drizzle objects,
 * functions) is left out.
 */
export function redact(value: unknown, key = ''): unknown {
  try {
    return redacted(value, key, [])
  } catch {
    // Its getters throw, or it has no bottom: nothing that the core was given.
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
  return IN_URLS.reduce((shown, [secret, by]) => shown.replace(secret, by), text)
}

/** Whether a value is an object written in braces, and not of a class. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  // Objects of another realm have another `Object.prototype`, which has no prototype either.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
