import { isDeepStrictEqual } from 'node:util'
import { isPlain, redact } from './redact'

/**
 * Discriminator field of each section. If it changes, the section is replaced, so that no old value
 * such as an API key remains.
 */
const DISCRIMINATORS: Record<string, string> = { model: 'provider', storage: 'type' }

/**
 * Sections that are replaced as a whole: an object literal may be a logger, and two schemas cannot be
 * merged.
 */
const ATOMIC_OPTIONS = new Set(['logger', 'schema'])

/**
 * Returns options with changes applied. Plain objects are merged; all other values (lists,
 * storages, Drizzle objects, functions) are replaced. `undefined` changes nothing, `null` removes
 * an option. A value returned by {@link redact} stands for the original value.
 */
export function merge<Options extends object>(options: Options, changes: object): Options {
  return mergeObjects(options, changes) as Options
}

/** Returns the merged object, or the same object if nothing changes. */
function mergeObjects(options: object, changes: object): object {
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
  if (ATOMIC_OPTIONS.has(key) || !isPlain(current) || !isPlain(change))
    return isDeepStrictEqual(change, redact(current, key)) ? current : change
  return hasOtherKind(key, current, change) ? change : mergeObjects(current, change)
}

function hasOtherKind(
  section: string,
  current: Record<string, unknown>,
  change: Record<string, unknown>,
): boolean {
  const kind = DISCRIMINATORS[section]
  return kind !== undefined && change[kind] !== undefined && change[kind] !== current[kind]
}
