import { describeError } from '../bridge/error-registry'

/** Warnings about a suboptimal setup. Each warning is emitted once. */
export class Warnings {
  readonly #shown = new Set<string>()
  readonly #emit: (warning: string) => void

  constructor(emit: (warning: string) => void) {
    this.#emit = emit
  }

  /** Emits the warnings that were not emitted before. */
  readonly warn = (warnings: string[]): void => {
    for (const warning of warnings) {
      if (this.#shown.has(warning)) continue
      this.#shown.add(warning)
      this.#emit(warning)
    }
  }

  /** Emits an error of user code that no caller can catch, each time. */
  readonly report = (what: string, thrown: unknown): void => {
    this.#emit(`${what} failed: ${describeError(thrown)}`)
  }
}

/** Process-wide warnings, each emitted once as a Node.js process warning. */
export const { warn, report } = new Warnings((warning) => {
  process.emitWarning(warning, { type: 'ReceptionistWarning' })
})
