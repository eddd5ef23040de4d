import { AsyncLocalStorage } from 'node:async_hooks'

/** Numbers of the core's turns that wait for the current code, outermost first. */
const turnStorage = new AsyncLocalStorage<number[]>()

/** Runs user code that these turns wait for. */
export function runInTurns<Result>(turns: number[], code: () => Result): Result {
  return turns.length > 0 || turnStorage.getStore() !== undefined ? turnStorage.run(turns, code) : code()
}

/**
 * Returns the turns that wait for the current code. The core refuses to start a turn that would
 * wait for one of them.
 */
export function currentTurns(): number[] {
  return turnStorage.getStore() ?? []
}
