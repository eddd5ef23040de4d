import { AsyncResource } from 'node:async_hooks'
import { runInContextOf } from './caller-context'
import type { JsonCallback } from './native'
import { describeError, registerError, stackOf } from './error-registry'
import { runInTurns } from './turn-context'

/** A request of the core: a function by name, with one argument. */
interface UserCodeCall {
  /** Id of the call. */
  call: number
  name: string
  argument: any
  /** The core's turns that wait for the call. */
  waitingTurns: number[]
  /** Caller on whose behalf the function is called. */
  caller: number | null
}

/** Cancellation of a call whose result is not needed any more. */
interface Cancellation {
  abandoned: number
}

/** A function of user code. Its result is awaited and must be JSON. */
type Handler = (argument: any, call: Call) => unknown

/**
 * User code by name (`storage.save`, `tool.book`, …), as called by the core. Methods are looked up
 * at every call, so that later replacements take effect.
 */
export class UserCode {
  readonly #handlers = new Map<string, Handler>()
  readonly #calls = new Map<number, Call>()

  /** Registers a function; an existing one of that name is replaced. */
  add(name: string, handler: Handler): void {
    this.#handlers.set(name, handler)
  }

  /** Removes a function. */
  remove(name: string): void {
    this.#handlers.delete(name)
  }

  /**
   * Calls the function that the core names. Never rejects or throws; failures are part of the
   * result.
   */
  readonly answer: JsonCallback = async (json) => {
    const request: UserCodeCall | Cancellation = JSON.parse(json)
    if ('abandoned' in request) {
      this.#calls.get(request.abandoned)?.abandon()
      return ''
    }
    const { call: number, caller } = request
    try {
      return await runInContextOf(caller, () => this.#call(request))
    } catch (thrown) {
      const error = {
        message: describeError(thrown),
        stack: stackOf(thrown),
        reference: registerError(thrown),
      }
      return JSON.stringify({ error })
    } finally {
      this.#calls.delete(number)
    }
  }

  async #call({ call: number, name, argument, waitingTurns }: UserCodeCall): Promise<string> {
    const call = new Call()
    this.#calls.set(number, call)
    const handler = this.#handlers.get(name)
    if (handler === undefined) throw new Error(`${name} is not registered any more`)
    // Raced, so that a promise that never settles is released when the core cancels the call.
    const value = await Promise.race([
      runInTurns(waitingTurns, () => handler(argument, call)),
      call.abandoned,
    ])
    return JSON.stringify({ value })
  }
}

/** A running call of user code. */
export class Call {
  readonly #controller = new AbortController()
  /** Promise that rejects when the core cancels the call. */
  readonly abandoned = new Promise<never>((_, reject) => {
    this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true })
  })

  /**
   * Signal that is aborted when the core cancels the call: it timed out, or its result is not
   * needed any more.
   */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /**
   * Cancels the call, in the async context in which it was made, because user code listens to the
   * signal.
   */
  readonly abandon = AsyncResource.bind(() => this.#controller.abort())
}
