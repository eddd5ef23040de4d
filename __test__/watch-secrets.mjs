// Every test file loads this first (`ava.require`): whatever secret a test gives, nothing that the core hands to JavaScript may show it:
// results, errors, log entries, calls of the user's code. What is shown all the same is written to stderr, and to the file that
// `SHOWN_SECRETS` names, beside the secrets themselves, which `npm test` then searches in all that the tests print.
import { appendFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { inspect } from 'node:util'

const binding = createRequire(import.meta.url)('../binding.js')

/** Names of options that hold secrets. */
const SECRET = /key$|token$|password$|passphrase$|secret$/i
/** Secrets so short that they are words, or well known. */
const WORDS = new Set(['password', 'postgres'])
const secrets = new Set()
let learning = true

/** The secret of a test that a text shows, if any. */
export function secretIn(text) {
  for (const secret of secrets) if (text.includes(secret)) return secret
  return undefined
}

/** What a model must refuse to be sent: the secrets are none of its business. */
export const secretsInPrompt = (_request, body) =>
  secretIn(JSON.stringify(body)) && 'the prompt shows a secret'

/** For tests that give the same odd values everywhere, as keys and as names: what they give is no secret. */
export function giveNoSecrets() {
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

/** Notes a secret in what came out of the core. */
function watch(where, value) {
  const text = typeof value === 'string' ? value : inspect(value, { depth: 9, maxStringLength: Infinity })
  const secret = secretIn(text)
  if (secret === undefined) return
  record({ shown: where })
  console.error(
    `A SECRET IS SHOWN by ${where}: ${text.slice(Math.max(0, text.indexOf(secret) - 200)).slice(0, 400)}`,
  )
}

/** The core holds functions weakly: what stands for one lives as long as it does. */
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

function watchedArguments(where, args) {
  return args.map((arg) => (typeof arg === 'function' ? watchedFunction(where, arg) : arg))
}

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
      for (const arg of args) {
        if (typeof arg !== 'string') continue
        try {
          learnFrom(JSON.parse(arg))
        } catch {
          // No JSON: a name or text.
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
