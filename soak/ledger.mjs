// Compares the acknowledged operations with the table. Everything is numbered, so that the records
// of an hour fit in a few megabytes.

const UNKNOWN = 1
const THERE = 2
const GONE = 3

/** Names for numbers: a memory, a customer's message, a model's answer. */
export const memoryId = (number) => `soak-${number}`
export const words = (number) => `word ${number}`
export const answer = (said) => `answer to ${said}`

/** Records the outcome of each memory, and compares it with the table, read without the package. */
export class Ledger {
  #database
  /** The known states of a memory. The outcome of a failed or running call is unknown. */
  #memories = new Bytes()
  /** The outcome of a customer's message. */
  #answered = new Bytes()

  constructor(database) {
    this.#database = database
  }

  /** Records that a call for these memories is running. */
  asked(numbers) {
    for (const number of numbers) this.#memories.set(number, UNKNOWN)
  }

  saved(numbers) {
    for (const number of numbers) this.#memories.set(number, THERE)
  }

  deleted(number) {
    this.#memories.set(number, GONE)
  }

  answered(number) {
    this.#answered.set(number, 1)
  }

  /**
   * Returns `losses`, `duplicates`, `resurrected` (deleted, but present), and the number of `rows`.
   */
  async compare() {
    const rows = await this.#database.query(
      'SELECT external_id AS id, role, content FROM ai_receptionist_memory',
    )
    const [ids, asked, answers] = [new Bytes(), new Bytes(), new Bytes()]
    for (const { id, role, content } of rows) {
      count(ids, /^soak-(\d+)$/, id)
      if (role === 'user') count(asked, /^word (\d+)$/, content)
      if (role === 'assistant') count(answers, /^answer to word (\d+)$/, content)
    }
    const losses = []
    const resurrected = []
    for (const [number, known] of this.#memories.entries()) {
      if (known === THERE && ids.get(number) === 0) losses.push(memoryId(number))
      if (known === GONE && ids.get(number) > 0) resurrected.push(memoryId(number))
    }
    for (const [number] of this.#answered.entries()) {
      if (asked.get(number) === 0) losses.push(words(number))
      if (answers.get(number) === 0) losses.push(answer(words(number)))
    }
    const twice = (counts, name) => [...counts.entries()].filter(([, n]) => n > 1).map(([n]) => name(n))
    const duplicates = [
      ...twice(ids, memoryId),
      ...twice(asked, words),
      ...twice(answers, (number) => answer(words(number))),
    ]
    return { losses, duplicates, resurrected, rows: rows.length }
  }
}

/** A byte per number, initially 0. */
class Bytes {
  #bytes = new Uint8Array(1 << 16)

  get(number) {
    return this.#bytes[number] ?? 0
  }

  set(number, byte) {
    while (number >= this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes[number] = byte
  }

  /** Yields number and byte of each entry that is not 0. */
  *entries() {
    for (const [number, byte] of this.#bytes.entries()) if (byte > 0) yield [number, byte]
  }
}

function count(counts, pattern, text) {
  const number = Number(pattern.exec(text)?.[1] ?? -1)
  if (number >= 0) counts.set(number, Math.min(255, counts.get(number) + 1))
}
