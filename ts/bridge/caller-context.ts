import { AsyncResource } from 'node:async_hooks'
import { binding } from './native'

/**
 * Async contexts (the values of `AsyncLocalStorage`) of the callers that the core works for, by
 * number.
 */
const contexts = new Map<number, AsyncResource>()

const registry = new binding.AsyncContexts((number) => void contexts.delete(number))

/** Context used without a caller: the one in which this package was loaded. */
const rootContext = new AsyncResource('AIReceptionist')

let lastNumber = 0

/**
 * A caller of the core: the code that creates this object. User code that the core calls on its
 * behalf runs in its async context.
 */
export class Caller {
  readonly #number = (lastNumber % 0xffff_ffff) + 1

  constructor() {
    lastNumber = this.#number
    contexts.set(this.#number, new AsyncResource('AIReceptionist'))
  }

  /** Makes a native call on behalf of this caller. */
  run<Result>(call: () => Result): Result {
    registry.enter(this.#number)
    return call()
  }

  /** Releases the context as soon as no work for this caller is left. */
  release(): void {
    if (!registry.exit(this.#number)) contexts.delete(this.#number)
  }
}

/**
 * Makes a synchronous native call on behalf of the current code. `callNativeAsync` does the same
 * for promises.
 */
export function withCaller<Result>(call: () => Result): Result {
  const caller = new Caller()
  try {
    return caller.run(call)
  } finally {
    caller.release()
  }
}

/** Makes a native call without a caller. */
export function withoutCaller<Result>(call: () => Result): Result {
  registry.clear()
  return call()
}

/**
 * Runs code in the async context of the numbered caller, or in the root context. Objects created in
 * the root context do not retain the current context.
 */
export function runInContextOf<Result>(caller: number | null, code: () => Result): Result {
  const context = caller === null ? undefined : contexts.get(caller)
  return (context ?? rootContext).runInAsyncScope(code)
}
