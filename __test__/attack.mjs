// Calls functions with every hostile value in every place of their arguments.
import { ReceptionistError, ValidationError } from '../index.js'
import { HOSTILE } from './hostile-values.mjs'

/**
 * Replaces each argument, and each field of those that are plain objects down to `depth`, by each hostile value. Each call must be taken,
 * or refused by an error of this package with a code, after which `count()` (of what is stored) is what it was before.
 */
export async function attack(t, name, args, call, { depth = 2, count = () => 0 } = {}) {
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

/** Arguments with one place replaced: the place, and the arguments. */
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
