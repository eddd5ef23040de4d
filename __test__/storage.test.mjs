// Every storage passes every scenario of `scenarios.mjs`. A new storage is one more line in STORAGES.
process.env.TZ = 'America/New_York'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { DatabaseStorage, InMemoryStorage } from '../index.js'
import { scenarios } from './scenarios.mjs'
import { createDatabase } from './servers/postgres.mjs'

const folder = mkdtempSync(join(tmpdir(), 'receptionist-storage-'))
const postgres = await createDatabase({ timezone: 'America/New_York' })
let count = 0

const database = (connectionString) => () =>
  new DatabaseStorage({ connectionString, tablePrefix: `s${++count}_`, pool: { max: 4 } })

const STORAGES = {
  InMemoryStorage: () => new InMemoryStorage(),
  'SQLite file': () => database(`sqlite:${join(folder, `${++count}.db`)}`)(),
  'SQLite :memory:': database('sqlite::memory:'),
  ...(postgres && { PostgreSQL: database(postgres.url) }),
}

for (const [name, open] of Object.entries(STORAGES)) {
  for (const [title, run] of Object.entries(scenarios)) {
    test.serial(`${name}: ${title}`, async (t) => {
      const storage = open()
      try {
        await run(t, storage)
      } finally {
        await storage.dispose?.()
      }
    })
  }
}

test.after.always(async () => {
  await postgres?.drop()
  rmSync(folder, { recursive: true, force: true })
})
