import type { AnswerJson } from './native'
import { keep } from './thrown'

/** What the core asks for: a function by name, with one argument. */
interface Request {
  name: string
  argument: any
}

/** A function of the user's; what it returns is awaited and must be JSON. */
type Handler = (argument: any) => unknown

/**
 * The user's own code, by name (`storage.save`, `tool.book`, …), as the core calls it. Methods are looked up when they are called, so
 * that what the user replaces later is seen.
 */
export class UserCode {
  readonly #handlers = new Map<string, Handler>()

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
    try {
      const { name, argument }: Request = JSON.parse(json)
      const handler = this.#handlers.get(name)
      if (handler === undefined) throw new Error(`${name} is not there any more`)
      return JSON.stringify({ value: await handler(argument) })
    } catch (thrown) {
      return JSON.stringify({ error: { message: describe(thrown), reference: keep(thrown) } })
    }
  }
}

/** A thrown value in words; throwing is no promise that it can be read. */
function describe(thrown: unknown): string {
  try {
    const { message } = (thrown ?? {}) as { message?: unknown }
    // Halves of surrogate pairs are no valid JSON.
    return (typeof message === 'string' ? message : String(thrown)).replace(/\p{Surrogate}/gu, '\ufffd')
  } catch {
    return 'a value that cannot be read'
  }
}
