// The log entries that docs/logging.md lists, and those in the source code.
import { readdirSync, readFileSync } from 'node:fs'

const root = new URL('../..', import.meta.url)
const read = (path) => readFileSync(new URL(path, root), 'utf8')

/** The table in the docs, by message: `{ level, tag, fields, optional }`. */
export function documentedEntries() {
  const rows = read('docs/logging.md').matchAll(
    /^\| (ERROR|WARN|INFO|DEBUG) \| (\w+) \| `([^`]+)` \| ([^|]*) \|/gm,
  )
  const entries = new Map()
  for (const [, level, tag, message, context] of rows) {
    if (entries.has(message)) throw new Error(`docs/logging.md lists twice: ${message}`)
    const names = Array.from(context.matchAll(/`(\w+)(\??)`/g))
    const optional = names.filter(([, , mark]) => mark).map(([, name]) => name)
    const fields = names.filter(([, , mark]) => !mark).map(([, name]) => name)
    entries.set(message, { level, tag, fields: fields.sort(), optional: optional.sort() })
  }
  return entries
}

/** The same of the log macros in the code. A field is optional if some macro does not give it. */
export function entriesInCode() {
  const entries = new Map()
  for (const path of readdirSync(new URL('src', root), { recursive: true })) {
    if (!path.endsWith('.rs')) continue
    const source = read(`src/${path}`).replaceAll(/^\s*\/\/.*$/gm, '')
    const macros = /\b(error|warn|info|debug|trace)!\(([^;]*?)"([^"]*)"\s*,?\s*\)/g
    for (const [, level, before, message] of source.matchAll(macros)) {
      // The warnings of the TypeScript code, which have texts of their own.
      if (message === '{warning}') continue
      const names = split(before).map((field) => camelCase(/^[%?]?(\w+)/.exec(field)[1]))
      const tag = path.split(/[/.\\]/)[0]
      const place = { level: level.toUpperCase(), tag, fields: names.sort() }
      entries.set(message, [...(entries.get(message) ?? []), place])
    }
  }
  return new Map(Array.from(entries, ([message, places]) => [message, merge(message, places)]))
}

function merge(message, places) {
  const [{ level, tag }] = places
  if (places.some((place) => place.level !== level || place.tag !== tag)) {
    throw new Error(`not always of one level and tag: ${message}`)
  }
  const all = new Set(places.flatMap(({ fields }) => fields))
  const always = (name) => places.every(({ fields }) => fields.includes(name))
  const fields = [...all].filter(always).sort()
  return { level, tag, fields, optional: [...all].filter((name) => !always(name)).sort() }
}

/** Splits the arguments of a macro at the top-level commas. */
function split(source) {
  let depth = 0
  const fields = ['']
  for (const letter of source) {
    if ('([{'.includes(letter)) depth++
    if (')]}'.includes(letter)) depth--
    if (letter === ',' && depth === 0) fields.push('')
    else fields[fields.length - 1] += letter
  }
  return fields.map((field) => field.trim()).filter(Boolean)
}

const camelCase = (name) => name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase())
