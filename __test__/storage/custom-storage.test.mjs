// Custom storages: which methods the receptionist calls, and with which values. The conformance scenarios for custom storages are in
// `storage.test.mjs`.
import test from 'ava'
import { DatabaseStorage, InMemoryStorage } from '../../index.js'
import { mapStorage } from '../support/storage/map-storage.mjs'
import { memory as sample } from '../support/fixtures.mjs'
import { startModel } from '../support/models/strict-model.mjs'
import { open, storageWith, rejection } from '../support/storage/custom-storage-harness.mjs'

/** Kinds of custom storages. Each adds the id of a saved memory to `saved`. */
const WAYS = {
  'an instance of a class'(saved) {
    class Mine {
      #inner = mapStorage()
      save(memory) {
        saved.push(memory.id)
        this.#inner.save(memory)
      }
      get = (id) => this.#inner.get(id)
      search = (query) => this.#inner.search(query)
      delete = (id) => this.#inner.delete(id)
      healthCheck = () => true
    }
    return new Mine()
  },
  'a plain object with asynchronous methods'(saved) {
    const inner = mapStorage()
    return {
      async save(memory) {
        saved.push(memory.id)
        await null
        inner.save(memory)
      },
      get: async (id) => inner.get(id),
      search: async (query) => inner.search(query),
      delete: async (id) => inner.delete(id),
      healthCheck: async () => true,
    }
  },
  'a thenable instead of a promise'(saved) {
    const inner = mapStorage()
    const save = (memory) => ({
      then(resolve) {
        saved.push(memory.id)
        resolve(inner.save(memory))
      },
    })
    return { ...inner, save }
  },
  'a proxy of a built-in storage'(saved) {
    return new Proxy(new InMemoryStorage(), {
      get(storage, key) {
        const value = Reflect.get(storage, key, storage)
        if (key !== 'save') return value
        return (memory) => {
          saved.push(memory.id)
          return storage.save(memory)
        }
      },
    })
  },
  'a subclass of a built-in storage'(saved) {
    class Mine extends DatabaseStorage {
      async save(memory) {
        saved.push(memory.id)
        await super.save(memory)
      }
    }
    return new Mine({ connectionString: 'sqlite::memory:' })
  },
  'a built-in storage with a replaced method'(saved) {
    const storage = new InMemoryStorage()
    storage.save = async function (memory) {
      saved.push(memory.id)
      await InMemoryStorage.prototype.save.call(this, memory)
    }
    return storage
  },
}

for (const [way, make] of Object.entries(WAYS)) {
  test(`${way} is used, with its overridden methods`, async (t) => {
    const saved = []
    const { memory } = await open(t, make(saved))
    await memory.store(sample('a'))
    t.deepEqual(saved, ['a'])
    t.deepEqual(await memory.get('a'), sample('a'))
    t.deepEqual(await memory.search(), [sample('a')])
    await memory.delete('a')
    t.is(await memory.get('a'), null)
  })
}

test.serial('a spy on the prototype of a built-in storage is called', async (t) => {
  const { save } = InMemoryStorage.prototype
  t.teardown(() => (InMemoryStorage.prototype.save = save))
  let calls = 0
  InMemoryStorage.prototype.save = async function (memory) {
    calls++
    await save.call(this, memory)
  }
  const { memory } = await open(t, new InMemoryStorage())
  await memory.store(sample('a'))
  t.is(calls, 1)
})

test('storage methods are looked up at each call', async (t) => {
  const storage = mapStorage()
  const { memory } = await open(t, storage)
  let self
  storage.save = function () {
    self = this
  }
  await memory.store(sample('a'))
  t.is(self, storage)
  t.is(await memory.get('a'), null)
})

test('a storage receives memories and queries with Date values, and without absent fields', async (t) => {
  const got = []
  const storage = storageWith({
    save: (memory) => void got.push(memory),
    search: (query) => void got.push(query) ?? [],
  })
  const { memory } = await open(t, storage)
  const given = sample('a', { sessionMetadata: { conversationId: 'c' }, importance: 3 })
  await memory.store(given)
  const startDate = new Date(0)
  await memory.search({ type: 'decision', startDate, keywords: ['x'] })
  await memory.getConversationHistory('c')
  t.deepEqual(got, [
    given,
    {
      keywords: ['x'],
      type: ['decision'],
      startDate,
      limit: 100,
      offset: 0,
      orderBy: 'timestamp',
      orderDirection: 'desc',
    },
    {
      conversationId: 'c',
      limit: 2 ** 31 - 1,
      offset: 0,
      orderBy: 'timestamp',
      orderDirection: 'asc',
    },
  ])
})

test('timestamps can be returned as ISO strings', async (t) => {
  const at = new Date(1_700_000_000_123)
  const storage = storageWith({
    search: () => [
      { ...sample('a'), timestamp: at.toISOString() },
      { ...sample('b'), timestamp: at.getTime() },
    ],
  })
  const { memory } = await open(t, storage)
  t.deepEqual(
    (await memory.search()).map(({ timestamp }) => timestamp),
    [at, at],
  )
})

test('text, tools and migrateConversations use the custom storage', async (t) => {
  const server = await startModel(t, (body) =>
    body.messages.at(-1).role === 'tool'
      ? 'Noted.'
      : { toolCalls: [{ name: 'remember_preference', parameters: { key: 'time', value: 'morning' } }] },
  )
  const storage = mapStorage()
  const { receptionist } = await open(t, storage, { model: server.config })
  await receptionist.text.generate({ prompt: 'Mornings, please.', conversationId: 'c' })
  const contents = storage.search({ limit: 100, offset: 0 }).map(({ content }) => content)
  for (const content of ['Mornings, please.', 'Noted.', 'Customer preference: time = morning']) {
    t.true(contents.includes(content), content)
  }
  const registry = receptionist.getToolRegistry()
  const context = { channel: 'text', conversationId: 'c' }
  const recalled = await registry.execute('recall_preference', { key: 'time' }, context)
  t.regex(JSON.stringify(recalled), /morning/)
  await registry.execute('save_customer_info', { name: 'Anna', email: 'anna@example.com' }, context)
  const found = await registry.execute('find_customer', { email: 'anna@example.com' }, context)
  t.regex(JSON.stringify(found), /Anna/)
  await registry.execute('log_call_outcome', { outcome: 'info_provided', summary: 'Told her.' }, context)
  t.true(storage.search({ limit: 100, offset: 0 }).some(({ content }) => /Told her/.test(content)))
})

test('a subclass of DatabaseStorage inherits the prefix, and leads stay in its database', async (t) => {
  const audited = []
  class Audited extends DatabaseStorage {
    async save(memory) {
      audited.push(memory.id)
      await super.save(memory)
    }
  }
  const { createClient } = await import('@libsql/client')
  const { drizzle } = await import('drizzle-orm/libsql')
  const client = createClient({ url: ':memory:' })
  const db = drizzle(client)
  for (const [prefix, config] of [
    ['mine_', { database: { connection: db, tablePrefix: 'mine_' } }],
    ['ai_receptionist_', {}],
  ]) {
    const { receptionist, memory } = await open(t, new Audited({ db }), config)
    await memory.store(sample(prefix))
    await receptionist
      .getToolRegistry()
      .execute(
        'save_customer_info',
        { name: 'Anna', email: 'anna@example.com' },
        { channel: 'text', conversationId: 'c' },
      )
    const { rows } = await client.execute(`SELECT external_id FROM ${prefix}memory`)
    t.true(
      rows.some(({ external_id }) => external_id === prefix),
      prefix,
    )
    t.is((await client.execute(`SELECT 1 FROM ${prefix}leads`)).rows.length, 1, prefix)
    t.true(audited.includes(prefix))
  }
})

for (const batches of [true, false]) {
  test(`legacy conversations are migrated into it, ${batches ? 'in batches' : 'one by one'}`, async (t) => {
    const { createClient } = await import('@libsql/client')
    const { drizzle } = await import('drizzle-orm/libsql')
    const client = createClient({ url: ':memory:' })
    await client.execute('CREATE TABLE ai_receptionist_conversations (id TEXT PRIMARY KEY, messages TEXT)')
    const said = (content) => ({ role: 'user', content, timestamp: '2024-03-10T07:00:00.000Z' })
    for (const id of ['c1', 'c2']) {
      const messages = JSON.stringify([said(`one in ${id}`), said(`two in ${id}`)])
      await client.execute({
        sql: 'INSERT INTO ai_receptionist_conversations VALUES (?, ?)',
        args: [id, messages],
      })
    }
    const storage = mapStorage()
    const sizes = []
    if (batches) {
      storage.saveBatch = async (memories) => {
        sizes.push(memories.length)
        for (const memory of memories) storage.save(memory)
      }
    }
    const { receptionist } = await open(t, storage, { database: { connection: drizzle(client) } })
    const report = await receptionist.database.migrateConversations({ batchSize: 1 })
    t.deepEqual([report.conversations, report.messages], [2, 4])
    t.deepEqual(sizes, batches ? [2, 2] : [])
    t.deepEqual(
      (await receptionist.agent.memory.getConversationHistory('c2')).map(({ content }) => content),
      ['one in c2', 'two in c2'],
    )
    const full = new Error('no more room')
    storage.save = () => {
      throw full
    }
    t.is(await rejection(t, receptionist.database.migrateConversations()), full)
  })
}
