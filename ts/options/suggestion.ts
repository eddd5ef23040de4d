import type { ShapeRef } from './shape'
import { shapeAt } from './shapes'
import { synonymsOf } from './synonyms'
import type { OptionTypes } from './types'

/** An option with its path and shape. */
interface Option {
  path: string[]
  name: string
}

/**
 * Returns a suggestion for an unknown key: the nearest option in the same place, else the option of
 * that name elsewhere.
 */
export function suggestion(
  key: string,
  place: ShapeRef,
  type: keyof OptionTypes,
  path: readonly (string | number)[],
): string {
  const here = Object.keys(shapeAt(place)?.fields ?? {})
  const same = sameAs(key, here)
  if (same !== undefined) return write(same.split('.'))
  // List items are not options that were written at the wrong level.
  const isItem = path.some((part) => typeof part === 'number')
  const everywhere = isItem ? [] : optionsOf(type).filter(({ path: found }) => found.join() !== path.join())
  // A merely similar word means something else in other parts of the options.
  const isNearby = ({ path: [first] }: Option) => path.length === 0 || first === path[0]
  const exact = everywhere.find(({ name }) => plain(name) === plain(key))
  const synonym = everywhere.find((option) => synonymsOf(key).includes(option.name) && isNearby(option))
  // A name deep inside a section means a detail of that section.
  const isDetail = exact !== undefined && synonym !== undefined && exact.path.length > synonym.path.length
  const moved = isDetail ? synonym : (exact ?? synonym)
  const near = nearest(key, here)
  if (near !== undefined && (moved === undefined || distance(plain(key), plain(near)) === 1))
    return write([near])
  if (moved !== undefined) return write([...moved.path, moved.name])
  const far = nearest(
    key,
    everywhere.filter(isNearby).map(({ name }) => name),
  )
  const found = everywhere.find((option) => option.name === far && isNearby(option))
  if (found !== undefined) return write([...found.path, found.name])
  return here.length === 0 ? 'leave it out' : `the options here are ${list(here)}`
}

/**
 * Returns `true` if a key is an alternative spelling of one of the names, or differs little from
 * one.
 */
export function isNear(key: string, names: string[]): boolean {
  return sameAs(key, names) !== undefined || nearest(key, names) !== undefined
}

/** Returns the name that a key is an alternative spelling or a synonym of, if any. */
function sameAs(key: string, names: string[]): string | undefined {
  return (
    names.find((name) => plain(name) === plain(key)) ??
    synonymsOf(key).find((name) => names.includes(name.split('.')[0]!))
  )
}

/** Returns the instruction to write an option at the end of a path. */
function write(path: string[]): string {
  const line = path.reduceRight((inner, key) => (inner === '' ? `${key}: …` : `${key}: { ${inner} }`), '')
  return `write \`${line}\``
}

/** Formats options as a list in a sentence. */
export function list(names: string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}

/** Returns all options of a type, least nested first. Options inside lists are left out. */
function optionsOf(type: keyof OptionTypes): Option[] {
  const found: Option[] = []
  const level: { path: string[]; place: ShapeRef }[] = [{ path: [], place: type }]
  const seen = new Set<unknown>()
  for (let next = level.shift(); next !== undefined; next = level.shift()) {
    const { fields = {}, open } = shapeAt(next.place) ?? {}
    if (seen.has(fields) || open) continue
    seen.add(fields)
    for (const [name, place] of Object.entries(fields)) {
      found.push({ path: next.path, name })
      level.push({ path: [...next.path, name], place })
    }
  }
  return found
}

/** Returns the name with the smallest edit distance to a key, if it is small. */
function nearest(key: string, names: string[]): string | undefined {
  const given = plain(key)
  const most = given.length < 5 ? 1 : given.length < 9 ? 2 : 3
  const ranked = names
    .map((name) => ({ name, away: distance(given, plain(name)) }))
    .filter(({ away, name }) => away <= most && away < plain(name).length / 2)
    .sort((a, b) => a.away - b.away)
  return ranked[0]?.name
}

/** Returns a name without the characters in which only spellings differ. */
function plain(name: string): string {
  return name.replace(/[_\-\s.]/g, '').toLowerCase()
}

/**
 * Returns the edit distance: insertions, deletions, replacements and transpositions (restricted
 * Damerau–Levenshtein).
 */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, n) => n)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, rows[i - 2]![j - 2]! + 1)
      }
      row.push(least)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
