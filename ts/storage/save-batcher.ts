import { withoutCaller, type Caller } from '../bridge/caller-context'

/**
 * A batch of saves of one storage, called in the same run of JavaScript. They cross to the core
 * together and share one statement.
 */
export class SaveBatcher {
  readonly #send: (memories: string) => Promise<(string | null)[] | null>
  #waiting: Waiting[] = []

  /**
   * Creates the batcher. `send` takes an array of memories as JSON and resolves to null, or to each
   * one's failure as described by the core.
   */
  constructor(send: (memories: string) => Promise<(string | null)[] | null>) {
    this.#send = send
  }

  /**
   * Adds a memory as JSON. The promise settles like that of a separate native call. Saves of
   * several callers are made without a caller.
   */
  add(json: string, caller: Caller): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ json, caller, resolve, reject })
      // Runs after the current code and before everything else, so that no save waits for a timer.
      if (this.#waiting.length === 1) queueMicrotask(() => this.flush())
    })
  }

  /** Sends the pending saves. Called before any operation that must follow them. */
  flush(): void {
    const saves = this.#waiting
    if (saves.length === 0) return
    this.#waiting = []
    void this.#callNativeAsync(saves)
  }

  async #callNativeAsync(saves: Waiting[]): Promise<void> {
    try {
      const send = () => this.#send(`[${saves.map(({ json }) => json).join(',')}]`)
      const [{ caller }] = saves as [Waiting]
      const failures = await (saves.length === 1 ? caller.run(send) : withoutCaller(send))
      for (const [n, { resolve, reject }] of saves.entries()) {
        const failure = failures?.[n]
        if (failure) reject(new Error(failure))
        else resolve()
      }
    } catch (error) {
      for (const { reject } of saves) reject(error)
    }
  }
}

interface Waiting {
  json: string
  caller: Caller
  resolve: () => void
  reject: (error: unknown) => void
}
