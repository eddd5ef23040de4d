// What the product said it did, and whether the table agrees.

/** Says of each memory what became of it, and compares that with the table, past the product. */
export class Ledger {
  #database
  /** Id → whether it is there; undefined where the call for it failed or is under way, so that nobody knows. */
  #memories = new Map()
  /** What customers said and were answered. */
  #answered = new Set()

  constructor(database) {
    this.#database = database
  }

  /** A call for these is under way. */
  asked(ids) {
    for (const id of ids) this.#memories.set(id, undefined)
  }

  saved(ids) {
    for (const id of ids) this.#memories.set(id, true)
  }

  deleted(id) {
    this.#memories.set(id, false)
  }

  answered(said) {
    this.#answered.add(said)
  }

  /** `losses`, `duplicates`, `resurrected` (deleted, and there all the same), and how many `rows` there are. */
  async compare() {
    const found = await this.#database.query(
      'SELECT external_id AS id, role, content FROM ai_receptionist_memory',
    )
    const ids = count(found.map(({ id }) => id))
    const spoken = found.filter(({ role }) => role === 'user' || role === 'assistant')
    const lines = count(spoken.map(({ role, content }) => `${role}: ${content}`))
    const expected = [...this.#answered].flatMap((said) => [`user: ${said}`, `assistant: answer to ${said}`])
    const ofState = (state) => [...this.#memories].filter(([, known]) => known === state).map(([id]) => id)
    return {
      losses: [...ofState(true).filter((id) => !ids.has(id)), ...expected.filter((line) => !lines.has(line))],
      duplicates: [...ids, ...lines].filter(([, times]) => times > 1).map(([what]) => what),
      resurrected: ofState(false).filter((id) => ids.has(id)),
      rows: found.length,
    }
  }
}

function count(all) {
  const times = new Map()
  for (const one of all) times.set(one, (times.get(one) ?? 0) + 1)
  return times
}
