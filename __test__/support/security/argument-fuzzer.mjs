// Calls functions with every hostile value at every place of their arguments.
import { ReceptionistError, ValidationError } from '../../../index.js'
import { HOSTILE } from './hostile-values.mjs'

/** Terms of Rust and its libraries, which do not help a JavaScript developer. */
const FOREIGN =
  /line \d+ column|\b(?:sequence|map|struct|newtype|variant|untagged|enum|tuple|serde|bool|wrong type|[iu](?:8|16|32|64)|[iu]size|f32|f64)\b|\b(?:Option|Vec|Box|HashMap|BTreeMap|Result)<|\w\.(?:rs|cc?|cpp|h)\b(?!\.)/

/**
 * Replaces each argument, and each field of plain objects down to `depth`, by each hostile value.
 * Each call must succeed, or reject with an error of this package that has a code and leaves
 * `count()` (the stored rows) unchanged.
 */
export async function fuzzArguments(t, name, args, call, { depth = 2, count = () => 0 } = {}) {
  const problems = []
  for (const [kind, make] of HOSTILE) {
    for (const [place, given] of replaced(args, make(), depth)) {
      const problem = await problemOf(() => call(...given), count)
      if (problem) problems.push(`${name}(${place}: ${kind}): ${problem}`)
    }
  }
  t.is(problems.length, 0, problems.slice(0, 20).join('\n'))
  t.is({}.polluted, undefined)
}

async function problemOf(call, count) {
  const before = count()
  try {
    await call()
    return undefined
  } catch (error) {
    const ours = error instanceof ReceptionistError && FOREIGN.exec(error.message)
    if (ours) return `${error.code}, in words that are none of JavaScript's, \`${ours[0]}\`: ${error.message}`
    if (error instanceof ReceptionistError && error.code !== 'INTERNAL') {
      const wrote = error instanceof ValidationError && count() !== before
      return wrote ? `${error.code}, and something was written` : undefined
    }
    return told(error)
  }
}

function told(error) {
  try {
    const [message, where] = String(error.stack).split('\n')
    return `${message} ${where}`
  } catch {
    return 'something that cannot be read'
  }
}

/** Yields arguments with one place replaced: the place and the arguments. */
function* replaced(args, value, depth) {
  for (const [n, argument] of args.entries()) {
    for (const [path, changed] of variants(argument, value, depth)) {
      yield [`${n}${path}`, Object.assign([...args], { [n]: changed })]
    }
  }
}

function* variants(original, value, depth) {
  yield ['', value]
  if (depth === 0 || !isPlain(original)) return
  for (const [key, item] of Object.entries(original)) {
    for (const [path, changed] of variants(item, value, depth - 1)) {
      yield [`.${key}${path}`, { ...original, [key]: changed }]
    }
  }
}

function isPlain(value) {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
