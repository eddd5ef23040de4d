// `npm run bench`: how long saving, getting and reading a history take. Ratios are what counts.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { DatabaseStorage, InMemoryStorage } from '../index.js'

const COUNT = 2_000
const folder = mkdtempSync(join(tmpdir(), 'receptionist-bench-'))
const storages = {
  InMemoryStorage: new InMemoryStorage(),
  SQLite: new DatabaseStorage({ connectionString: `sqlite:${join(folder, 'bench.db')}` }),
  ...(process.env.POSTGRES_URL && {
    PostgreSQL: new DatabaseStorage({ connectionString: process.env.POSTGRES_URL, tablePrefix: 'bench_' }),
  }),
}

const memory = (i) => ({
  id: `m${i}`,
  content: `Message number ${i} of a conversation about appointments and mornings.`,
  timestamp: new Date(1_700_000_000_000 + i),
  type: 'conversation',
  role: i % 2 ? 'assistant' : 'user',
  channel: 'text',
  importance: 5,
  sessionMetadata: { conversationId: 'bench' },
})

/** Microseconds per operation. */
async function time(operations, run) {
  const start = performance.now()
  await run()
  return Math.round(((performance.now() - start) * 1_000 * 10) / operations) / 10
}

const numbers = Array.from({ length: COUNT }, (_, i) => i)
const results = {}
for (const [name, storage] of Object.entries(storages)) {
  await storage.clear()
  results[name] = {
    'save, one by one': await time(COUNT, async () => {
      for (const i of numbers) await storage.save(memory(i))
    }),
    'save, all at once': await time(COUNT, () =>
      Promise.all(numbers.map((i) => storage.save(memory(COUNT + i)))),
    ),
    get: await time(COUNT, async () => {
      for (const i of numbers) await storage.get(`m${i}`)
    }),
    'history, per message': await time(2 * COUNT, () =>
      storage.search({ conversationId: 'bench', orderDirection: 'asc', limit: 2 * COUNT }),
    ),
  }
  await storage.clear()
  await storage.dispose?.()
}
console.log('microseconds')
console.table(results)
rmSync(folder, { recursive: true, force: true })
