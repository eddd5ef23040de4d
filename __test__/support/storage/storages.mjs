// All storages, by name. `openStorages()` opens an empty one of each.
import { join } from 'node:path'
import { RedisStorage } from '../../../examples/redis-storage.mjs'
import { AIReceptionist, DatabaseStorage, InMemoryStorage } from '../../../index.js'
import { mapStorage } from './map-storage.mjs'
import { createKeyspace } from '../databases/redis.mjs'
import { temporaryFolder, offlineModel } from '../fixtures.mjs'
import { createDatabases, dropDatabases } from '../databases.mjs'

/**
 * Returns functions that each open a new, empty storage, and `close` to clean up after all of them.
 */
export async function storageFactories() {
  const folder = temporaryFolder()
  const databases = await createDatabases({ timezone: 'America/New_York' })
  const { PostgreSQL: postgres, MySQL: mysql, MariaDB: mariadb } = databases
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
      // Sessions with another time zone than UTC.
      ...(mysql && { MySQL: database(`${mysql.url}?timezone=-05:00`) }),
      ...(mariadb && { MariaDB: database(`${mariadb.url}?timezone=-05:00`) }),
      'a plain object': () => throughReceptionist(mapStorage()),
      'a proxy of a built-in storage': () => throughReceptionist(new Proxy(new InMemoryStorage(), {})),
      'a subclass of a built-in storage': () =>
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
      await dropDatabases({ ...databases, redis })
    },
  }
}

/** Opens one storage of each kind. */
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

/** Closes a storage that a factory opened. */
export async function closeStorage(storage) {
  await (storage.dispose ?? storage.close)?.call(storage)
}

class Overriding extends DatabaseStorage {
  async save(memory) {
    await super.save(memory)
  }
}

/** A custom storage as a receptionist calls it: arguments and results pass through the core. */
async function throughReceptionist(longTermStorage) {
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'Sales Rep' }, memory: { longTermStorage } },
    model: offlineModel,
  })
  await receptionist.initialize()
  const { memory } = receptionist.agent
  return {
    save: (one) => memory.store(one),
    saveBatch: (many) => memory.storeBatch(many),
    get: (id) => memory.get(id),
    search: (query) => memory.search(query),
    delete: (id) => memory.delete(id),
    // The core calls none of these.
    healthCheck: async () => await longTermStorage.healthCheck(),
    count: async () => await longTermStorage.count(),
    clear: async () => await longTermStorage.clear(),
    async close() {
      await receptionist.dispose()
      await longTermStorage.dispose?.()
    },
  }
}
