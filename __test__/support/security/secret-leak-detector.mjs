// Detects secrets in the output of the core. Every test file loads this first (`ava.require`): it
// collects the secrets that a test passes to the core, and checks results, errors, log entries and
// calls of user code. A leak is written to stderr and to the file that `SHOWN_SECRETS` names,
// beside the secrets themselves, which `npm test` then searches in the output of the tests.
import { appendFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { inspect } from 'node:util'

const binding = createRequire(import.meta.url)('../../../binding.js')

/** Names of options that hold secrets. */
const SECRET = /key$|token$|password$|passphrase$|secret$/i
/** Well-known words that are not secrets. */
const WORDS = new Set(['password', 'postgres', 'undefined'])
const secrets = new Set()
let learning = true

/** Returns the secret that a text contains, if any. */
export function secretIn(text) {
  for (const secret of secrets) if (text.includes(secret)) return secret
  return undefined
}

/** A check for scripted models: refuses a request that contains a secret. */
export const secretsInPrompt = (_request, body) =>
  secretIn(JSON.stringify(body)) && 'the prompt shows a secret'

/** Stops collecting secrets, for tests that pass the same odd values as keys and as names. */
export function ignoreSecrets() {
  learning = false
}

function record(line) {
  if (process.env.SHOWN_SECRETS) appendFileSync(process.env.SHOWN_SECRETS, `${JSON.stringify(line)}\n`)
}

function learn(secret) {
  if (!learning) return
  if (typeof secret !== 'string' || secret.length < 8 || WORDS.has(secret) || secrets.has(secret)) return
  secrets.add(secret)
  record({ secret })
}

function learnFrom(value, name = '') {
  if (typeof value === 'string') {
    if (SECRET.test(name)) learn(value)
    const password = /^[a-z0-9+]+:\/\/[^/?#@:]*:([^/?#]*)@/i.exec(value)?.[1]
    if (password) [password, decoded(password)].forEach(learn)
  } else if (typeof value === 'object' && value !== null) {
    for (const [field, item] of Object.entries(value)) learnFrom(item, field)
  }
}

function decoded(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Records a secret in a value that came out of the core. */
function watch(where, value) {
  const text = typeof value === 'string' ? value : inspect(value, { depth: 9, maxStringLength: Infinity })
  const secret = secretIn(text)
  if (secret === undefined) return
  record({ shown: where })
  console.error(
    `A SECRET IS SHOWN by ${where}: ${text.slice(Math.max(0, text.indexOf(secret) - 200)).slice(0, 400)}`,
  )
}

/** The core holds functions weakly, so a wrapper must live as long as its function. */
const watched = new WeakMap()

function watchedFunction(where, original) {
  if (!watched.has(original)) {
    watched.set(original, (...args) => {
      for (const arg of args) if (typeof arg === 'string') watch(`a call of ${where}`, arg)
      return original(...args)
    })
  }
  return watched.get(original)
}

/** Watches the functions among the arguments, and in an object of arguments. */
function watchedArguments(where, args) {
  const watched = (value) => (typeof value === 'function' ? watchedFunction(where, value) : value)
  return args.map((arg) => {
    if (!isArguments(arg)) return watched(arg)
    return Object.fromEntries(Object.entries(arg).map(([name, value]) => [name, watched(value)]))
  })
}

const isArguments = (arg) => typeof arg === 'object' && Object.getPrototypeOf(arg ?? []) === Object.prototype

function watchMethod(prototype, className, name) {
  const { value: original, ...descriptor } = Object.getOwnPropertyDescriptor(prototype, name)
  if (name === 'constructor' || typeof original !== 'function') return
  const where = `${className}.${name}`
  Object.defineProperty(prototype, name, {
    ...descriptor,
    value(...args) {
      let outcome
      try {
        outcome = original.apply(this, watchedArguments(where, args))
      } catch (error) {
        watch(where, error)
        throw error
      }
      if (typeof outcome?.then === 'function')
        outcome.then(
          (value) => watch(where, value),
          (error) => watch(where, error),
        )
      else if (typeof outcome === 'string') watch(where, outcome)
      return outcome
    },
  })
}

const classes = Object.entries(binding).filter(([, value]) => typeof value === 'function' && value.prototype)
for (const [className, Class] of classes) {
  for (const name of Object.getOwnPropertyNames(Class.prototype))
    watchMethod(Class.prototype, className, name)
  binding[className] = new Proxy(Class, {
    construct(target, args, newTarget) {
      for (const arg of args.flatMap((arg) => (isArguments(arg) ? Object.values(arg) : [arg]))) {
        if (typeof arg !== 'string') continue
        try {
          learnFrom(JSON.parse(arg))
        } catch {
          // Not JSON: a name or a text.
        }
      }
      try {
        return Reflect.construct(target, watchedArguments(className, args), newTarget)
      } catch (error) {
        watch(`new ${className}`, error)
        throw error
      }
    },
  })
}
