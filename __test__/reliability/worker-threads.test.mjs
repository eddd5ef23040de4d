// Worker threads that are terminated during work: the process survives, acknowledged saves exist,
// and no handle stays open.
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import test from 'ava'
import { DatabaseStorage } from '../../index.js'
import { createDatabase } from '../support/databases/postgres.mjs'
import { temporaryFolder } from '../support/fixtures.mjs'

const ROUNDS = Number(process.env.WORKER_ROUNDS ?? 25)
/** The number of concurrent workers, and their lifetime in milliseconds at most. */
const AT_ONCE = 4
const LIFE = 150

const folder = temporaryFolder()
const postgres = await createDatabase()
test.after.always(async () => {
  await postgres?.drop()
})

const DATABASES = {
  SQLite: `sqlite:${join(folder, 'workers.db')}`,
  ...(postgres && { PostgreSQL: postgres.url }),
}

for (const [name, connectionString] of Object.entries(DATABASES)) {
  test(`${name}: workers are terminated while they save, search, generate and run callbacks`, async (t) => {
    t.timeout(60_000 + ROUNDS * 5_000)
    const storage = new DatabaseStorage({ connectionString })
    t.teardown(() => storage.dispose())
    await storage.initialize()
    const saved = new Set()
    let began = 0
    const live = async (round) => {
      const worker = new Worker(new URL('../support/processes/busy-worker.mjs', import.meta.url), {
        workerData: { connectionString, round },
      })
      worker.on('message', (id) => saved.add(id))
      const failed = once(worker, 'error').then(([error]) => t.fail(`the worker failed: ${error.stack}`))
      await Promise.race([once(worker, 'message'), once(worker, 'exit'), failed])
      began++
      await wait(Math.random() * LIFE)
      await worker.terminate()
    }
    let next = 0
    const rounds = async () => {
      while (next < ROUNDS) await live(next++)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, rounds))
    t.is(began, ROUNDS)
    t.true(saved.size >= ROUNDS)
    for (const id of saved) t.is((await storage.get(id))?.content, `what ${id} says`)
    await storage.save({ id: 'after', content: 'fine', timestamp: new Date(), type: 'system' })
    t.is((await storage.get('after')).content, 'fine')
  })
}
