// What the product said it did, and whether the table agrees. Everything is numbered, so that an hour of it fits into a few megabytes.

const UNKNOWN = 1
const THERE = 2
const GONE = 3

/** The names of what is numbered: a memory, what a customer says, what the model answers. */
export const memoryId = (number) => `soak-${number}`
export const words = (number) => `word ${number}`
export const answer = (said) => `answer to ${said}`

/** Says of each memory what became of it, and compares that with the table, past the product. */
export class Ledger {
  #database
  /** What is known of a memory: where the call for it failed, or is under way, nobody knows. */
  #memories = new Bytes()
  /** Whether a customer was answered. */
  #answered = new Bytes()

  constructor(database) {
    this.#database = database
  }

  /** A call for these is under way. */
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

  /** `losses`, `duplicates`, `resurrected` (deleted, and there all the same), and how many `rows` there are. */
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

/** A byte for each number, 0 at first. */
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

  /** Number and byte of what is not 0. */
  *entries() {
    for (const [number, byte] of this.#bytes.entries()) if (byte > 0) yield [number, byte]
  }
}

function count(counts, pattern, text) {
  const number = Number(pattern.exec(text)?.[1] ?? -1)
  if (number >= 0) counts.set(number, Math.min(255, counts.get(number) + 1))
}
