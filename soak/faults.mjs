// Faults during a soak, one after the other, at random moments.
import { setTimeout as wait } from 'node:timers/promises'
import { MODEL_FAULTS } from './model.mjs'

/** The duration of lasting faults, and the pause between two faults, in milliseconds at most. */
const LASTING = 4_000
const QUIET = 1_500

const random = (most) => Math.floor(Math.random() * most)

/** Breaks the connections of one database, and the model. */
export class Faults {
  /** The number of each fault. */
  counts = {}
  #kinds

  constructor({ name, database, proxy, model }) {
    const lasting = async (begin) => {
      await begin()
      await wait(random(LASTING))
      await proxy.heal()
    }
    this.#kinds = {
      'connections cut': async () => proxy.cut(),
      'cut before a statement': () => cutAt(proxy),
      'cut after a statement': () => cutAt(proxy, { answer: true }),
      'connections refused': () => lasting(() => proxy.refuse()),
      'connections turned away': () => lasting(() => proxy.turnAway()),
      'black hole': () => lasting(() => proxy.hole()),
      'sessions killed on the server': () => KILL[name](database),
      ...Object.fromEntries(MODEL_FAULTS.map((kind) => [`model: ${kind}`, async () => model.fail(kind)])),
    }
  }

  /** Injects faults until this time. */
  async run(until) {
    const kinds = Object.entries(this.#kinds)
    for (let n = 0; Date.now() < until; n++) {
      const [name, inject] = kinds[n < kinds.length ? n : random(kinds.length)]
      await inject()
      this.counts[name] = (this.counts[name] ?? 0) + 1
      await wait(random(QUIET))
    }
  }
}

/**
 * Cuts the connection at the next statement. New connections prepare their statements, so the proxy
 * sees the text.
 */
async function cutAt(proxy, when) {
  const sprung = proxy.cutAt(/INSERT|SELECT/, when)
  proxy.cut()
  await sprung
}

/** Kills sessions as an administrator does. The own session uses another database. */
const KILL = {
  PostgreSQL: ({ query, name }) =>
    query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
      [name],
    ),
  async MySQL({ query }) {
    const sessions = await query(
      `SELECT processlist_id AS id FROM performance_schema.threads
        WHERE processlist_db = DATABASE() AND processlist_id <> CONNECTION_ID()`,
    )
    // A session that has ended in between is ignored.
    await Promise.allSettled(sessions.map(({ id }) => query(`KILL ${id}`)))
  },
}
