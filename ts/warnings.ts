import { describe } from './thrown'

/** What works, but not as well as it could. Each warning is told once. */
export class Warnings {
  readonly #told = new Set<string>()
  readonly #tell: (warning: string) => void

  constructor(tell: (warning: string) => void) {
    this.#tell = tell
  }

  /** Tells what has not been told. */
  readonly warn = (warnings: string[]): void => {
    for (const warning of warnings) {
      if (this.#told.has(warning)) continue
      this.#told.add(warning)
      this.#tell(warning)
    }
  }

  /** Tells what the user's own code threw where nobody can catch it, each time. */
  readonly report = (what: string, thrown: unknown): void => {
    this.#tell(`${what} failed: ${describe(thrown)}`)
  }
}

/** Tells the developer once per process, as Node tells its own warnings. */
export const { warn, report } = new Warnings((warning) => {
  process.emitWarning(warning, { type: 'ReceptionistWarning' })
})
