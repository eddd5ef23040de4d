// Every storage there is, by name: `openStorages()` opens one of each, empty.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RedisStorage } from '../examples/redis-storage.mjs'
import { AIReceptionist, DatabaseStorage, InMemoryStorage } from '../index.js'
import { mapStorage } from './map-storage.mjs'
import { createDatabase as createMysql } from './servers/mysql.mjs'
import { createDatabase } from './servers/postgres.mjs'
import { createKeyspace } from './servers/redis.mjs'

/** Functions that each open a new, empty storage, and `close` to clean up after all of them. */
export async function storageFactories() {
  const folder = mkdtempSync(join(tmpdir(), 'receptionist-storage-'))
  const postgres = await createDatabase({ timezone: 'America/New_York' })
  const mysql = await createMysql('MySQL')
  const mariadb = await createMysql('MariaDB')
  const redis = await createKeyspace()
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
      'a plain object': () => throughReceptionist(mapStorage()),
      'a proxy of ours': () => throughReceptionist(new Proxy(new InMemoryStorage(), {})),
      'a subclass of ours': () =>
        throughReceptionist(
          new Overriding({ connectionString: 'sqlite::memory:', tablePrefix: `s${++count}_` }),
        ),
      ...(redis && {
        'the RedisStorage of the examples': () => {
          const storage = new RedisStorage(redis.client, { prefix: `${redis.prefix}${++count}:` })
          return throughReceptionist(
            Object.assign(storage, {
              count: () => redis.client.hLen(storage.memories),
              clear: () => redis.client.del([storage.memories, storage.places]),
            }),
          )
        },
      }),
    },
    async close() {
      for (const server of [postgres, mysql, mariadb, redis]) await server?.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One of each. */
export async function openStorages() {
  const { factories, close } = await storageFactories()
  const opened = Object.entries(factories).map(async ([name, open]) => [name, await open()])
  const storages = Object.fromEntries(await Promise.all(opened))
  return {
    storages,
    async close() {
      await Promise.all(Object.values(storages).map(closeStorage))
      await close()
    },
  }
}

/** Ends what a factory opened. */
export async function closeStorage(storage) {
  await (storage.dispose ?? storage.close)?.call(storage)
}

class Overriding extends DatabaseStorage {
  async save(memory) {
    await super.save(memory)
  }
}

/** A storage of the user's own as a receptionist calls it: what goes in and comes out passes the core. */
async function throughReceptionist(longTermStorage) {
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'Sales Rep' }, memory: { longTermStorage } },
    model: { provider: 'openai', apiKey: 'unused', model: 'unused', baseUrl: 'http://127.0.0.1:9/v1' },
  })
  await receptionist.initialize()
  const { memory } = receptionist.agent
  return {
    save: (one) => memory.store(one),
    saveBatch: (many) => memory.storeBatch(many),
    get: (id) => memory.get(id),
    search: (query) => memory.search(query),
    delete: (id) => memory.delete(id),
    // The core asks for none of these.
    healthCheck: async () => await longTermStorage.healthCheck(),
    count: async () => await longTermStorage.count(),
    clear: async () => await longTermStorage.clear(),
    async close() {
      await receptionist.dispose()
      await longTermStorage.dispose?.()
    },
  }
}
