import { AsyncLocalStorage } from 'node:async_hooks'

/** Numbers of the core's turns that wait for the code which runs here, outermost first. */
const waiting = new AsyncLocalStorage<number[]>()

/** Runs code of the user's that these turns wait for. */
export function duringTurns<Result>(turns: number[], code: () => Result): Result {
  return turns.length > 0 || waiting.getStore() !== undefined ? waiting.run(turns, code) : code()
}

/** The turns that wait for the code which runs here: the core starts none that would wait for one of them. */
export function turnsWaiting(): number[] {
  return waiting.getStore() ?? []
}
