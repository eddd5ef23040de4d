import type { AnswerJson } from './native'
import { describe, keep } from './thrown'
import { duringTurns } from './turns'

/** What the core asks for: a function by name, with one argument. */
interface Request {
  /** Number of the call. */
  call: number
  name: string
  argument: any
  /** The core's turns that wait for it. */
  within: number[]
}

/** The number of a call whose answer nobody waits for any more. */
interface Abandoned {
  abandoned: number
}

/** A function of the user's; what it returns is awaited and must be JSON. */
type Handler = (argument: any, call: Call) => unknown

/**
 * The user's own code, by name (`storage.save`, `tool.book`, …), as the core calls it. Methods are looked up when they are called, so
 * that what the user replaces later is seen.
 */
export class UserCode {
  readonly #handlers = new Map<string, Handler>()
  readonly #calls = new Map<number, Call>()

  /** Makes a function known; one of the same name is replaced. */
  add(name: string, handler: Handler): void {
    this.#handlers.set(name, handler)
  }

  /** Forgets a function. */
  remove(name: string): void {
    this.#handlers.delete(name)
  }

  /** Calls what the core names; never rejects and never throws, failures are part of the answer. */
  readonly answer: AnswerJson = async (json) => {
    const request: Request | Abandoned = JSON.parse(json)
    if ('abandoned' in request) {
      this.#calls.get(request.abandoned)?.abandon()
      return ''
    }
    const { call: number, name, argument, within } = request
    const call = new Call()
    this.#calls.set(number, call)
    try {
      const handler = this.#handlers.get(name)
      if (handler === undefined) throw new Error(`${name} is not there any more`)
      // Raced, so that what never settles is let go of when the core gives it up.
      const value = await Promise.race([duringTurns(within, () => handler(argument, call)), call.abandoned])
      return JSON.stringify({ value })
    } catch (thrown) {
      return JSON.stringify({ error: { message: describe(thrown), reference: keep(thrown) } })
    } finally {
      this.#calls.delete(number)
    }
  }
}

/** A call of the user's code that is under way. */
export class Call {
  readonly #controller = new AbortController()
  /** Rejects when the core gives the call up. */
  readonly abandoned = new Promise<never>((_, reject) => {
    this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true })
  })

  /** Aborted when the core gives the call up: it took too long, or nobody waits for it any more. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Gives the call up. */
  abandon(): void {
    this.#controller.abort()
  }
}
