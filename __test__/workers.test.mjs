// Worker threads that end in the middle of whatever they do: the process lives on, what was saved is there, and nothing is left open.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import test from 'ava'
import { DatabaseStorage } from '../index.js'
import { createDatabase } from './servers/postgres.mjs'

const ROUNDS = Number(process.env.WORKER_ROUNDS ?? 25)
/** How many live at once, and how long at most, in milliseconds. */
const AT_ONCE = 4
const LIFE = 150

const folder = mkdtempSync(join(tmpdir(), 'receptionist-workers-'))
const postgres = await createDatabase()
test.after.always(async () => {
  await postgres?.drop()
  rmSync(folder, { recursive: true, force: true })
})

const DATABASES = {
  SQLite: `sqlite:${join(folder, 'workers.db')}`,
  ...(postgres && { PostgreSQL: postgres.url }),
}

for (const [name, connectionString] of Object.entries(DATABASES)) {
  test(`${name}: workers are terminated while they save, search, talk and are called back`, async (t) => {
    t.timeout(60_000 + ROUNDS * 5_000)
    const storage = new DatabaseStorage({ connectionString })
    t.teardown(() => storage.dispose())
    await storage.initialize()
    const saved = new Set()
    let began = 0
    const live = async (round) => {
      const worker = new Worker(new URL('./servers/busy-worker.mjs', import.meta.url), {
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
