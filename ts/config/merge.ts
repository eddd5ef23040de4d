import { isDeepStrictEqual } from 'node:util'
import { isPlain, redact } from './redact'

/** Sections of which another kind is another thing: nothing of the old one, such as its key, is kept. */
const KINDS: Record<string, string> = { model: 'provider', storage: 'type' }

/** What is one thing: an object written in braces may be a logger. */
const WHOLE = new Set(['logger'])

/**
 * Options with changes: plain objects are merged, everything else (lists, storages, Drizzle objects, functions) replaces what
 * was there. `undefined` changes nothing, `null` takes away. What {@link redact} made of a value, passed back, means that value.
 */
export function merge<Options extends object>(options: Options, changes: object): Options {
  return merged(options, changes) as Options
}

/** The very object that was given, where nothing changes. */
function merged(options: object, changes: object): object {
  const result: Record<string, unknown> = { ...options }
  let differs = false
  for (const [key, change] of Object.entries(changes)) {
    const value = change === undefined ? result[key] : valueOf(key, result[key], change)
    differs ||= value !== result[key]
    result[key] = value
  }
  return differs ? result : options
}

function valueOf(key: string, current: unknown, change: unknown): unknown {
  if (WHOLE.has(key) || !isPlain(current) || !isPlain(change))
    return isDeepStrictEqual(change, redact(current, key)) ? current : change
  return isOther(key, current, change) ? change : merged(current, change)
}

function isOther(
  section: string,
  current: Record<string, unknown>,
  change: Record<string, unknown>,
): boolean {
  const kind = KINDS[section]
  return kind !== undefined && change[kind] !== undefined && change[kind] !== current[kind]
}
