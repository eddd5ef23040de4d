/** Saves of one storage that are called in the same run of JavaScript: they cross to the core together, and share its statement. */
export class SaveQueue {
  readonly #send: (memories: string) => Promise<(string | null)[] | null>
  #waiting: Waiting[] = []

  /** `send` takes an array of memories as JSON; it resolves to null, or to each one's failure as the core describes it. */
  constructor(send: (memories: string) => Promise<(string | null)[] | null>) {
    this.#send = send
  }

  /** Takes a memory as JSON; settles as a native call of its own would. */
  add(json: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ json, resolve, reject })
      // After the code that runs now, before anything else: nobody waits for a timer.
      if (this.#waiting.length === 1) queueMicrotask(() => this.flush())
    })
  }

  /** Sends what waits: called before whatever must come after it. */
  flush(): void {
    const saves = this.#waiting
    if (saves.length === 0) return
    this.#waiting = []
    void this.#settle(saves)
  }

  async #settle(saves: Waiting[]): Promise<void> {
    try {
      const failures = await this.#send(`[${saves.map(({ json }) => json).join(',')}]`)
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
  resolve: () => void
  reject: (error: unknown) => void
}
