// Every storage there is, by name: `openStorages()` opens one of each, empty.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseStorage, InMemoryStorage } from '../index.js'
import { createDatabase as createMysql } from './servers/mysql.mjs'
import { createDatabase } from './servers/postgres.mjs'

/** Functions that each open a new, empty storage, and `close` to clean up after all of them. */
export async function storageFactories() {
  const folder = mkdtempSync(join(tmpdir(), 'receptionist-storage-'))
  const postgres = await createDatabase({ timezone: 'America/New_York' })
  const mysql = await createMysql('MySQL')
  const mariadb = await createMysql('MariaDB')
  let count = 0
  const database = (connectionString) => () =>
    new DatabaseStorage({ connectionString, tablePrefix: `s${++count}_`, pool: { max: 4 } })
  return {
    factories: {
      InMemoryStorage: () => new InMemoryStorage(),
      'SQLite file': () => database(`sqlite:${join(folder, `${++count}.db`)}`)(),
      'SQLite :memory:': database('sqlite::memory:'),
      ...(postgres && { PostgreSQL: database(postgres.url) }),
      // Sessions of another zone than UTC.
      ...(mysql && { MySQL: database(`${mysql.url}?timezone=-05:00`) }),
      ...(mariadb && { MariaDB: database(`${mariadb.url}?timezone=-05:00`) }),
    },
    async close() {
      for (const server of [postgres, mysql, mariadb]) await server?.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One of each. */
export async function openStorages() {
  const { factories, close } = await storageFactories()
  const storages = Object.fromEntries(Object.entries(factories).map(([name, open]) => [name, open()]))
  return {
    storages,
    async close() {
      await Promise.all(Object.values(storages).map((storage) => storage.dispose?.()))
      await close()
    },
  }
}
