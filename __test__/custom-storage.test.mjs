// Storages of the user's own, well-behaved and hostile, as the receptionist calls them. That they pass the table every
// storage passes is in `storage.test.mjs`.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import {
  AIReceptionist,
  DatabaseStorage,
  InMemoryStorage,
  ReceptionistError,
  UserCodeError,
} from '../index.js'
import { mapStorage } from './map-storage.mjs'
import { memory as sample } from './scenarios.mjs'
import { startModel } from './servers/model.mjs'

const identity = { name: 'Sarah', role: 'Sales Rep' }
const model = { provider: 'openai', apiKey: 'unused', model: 'unused', baseUrl: 'http://127.0.0.1:9/v1' }

/** An initialized receptionist over that storage, which ends with the test. */
async function open(t, longTermStorage, config = {}) {
  const receptionist = new AIReceptionist({
    agent: { identity, memory: { longTermStorage } },
    model,
    ...config,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { receptionist, memory: receptionist.agent.memory }
}

/** What a promise rejects with, which need not be an `Error`. */
const rejection = (t, promise) =>
  promise.then(
    () => t.fail('it resolved'),
    (thrown) => thrown,
  )

/** A storage that works, but for some methods. */
const storageWith = (methods) => ({ ...mapStorage(), ...methods })

// Who is called

/** Ways to give a storage whose saves are counted in `saved`. */
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
  'a proxy of ours'(saved) {
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
  'a subclass of ours'(saved) {
    class Mine extends DatabaseStorage {
      async save(memory) {
        saved.push(memory.id)
        await super.save(memory)
      }
    }
    return new Mine({ connectionString: 'sqlite::memory:' })
  },
  'one of ours with a method replaced'(saved) {
    const storage = new InMemoryStorage()
    storage.save = async function (memory) {
      saved.push(memory.id)
      await InMemoryStorage.prototype.save.call(this, memory)
    }
    return storage
  },
}

for (const [way, make] of Object.entries(WAYS)) {
  test(`${way} is used, and what it overrides wins`, async (t) => {
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

test.serial('a spy on the prototype of one of ours is called', async (t) => {
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

test('methods are looked up when they are called, on the storage', async (t) => {
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

test('it gets real memories and queries, with dates, and without what was not asked for', async (t) => {
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

test('timestamps may come back as JSON has them', async (t) => {
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

// What uses it

test('text, tools and migrateConversations all use it', async (t) => {
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
  test(`old conversations move into it, ${batches ? 'in batches' : 'one by one'}`, async (t) => {
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

// Hostile

const hostile = {
  get message() {
    throw new Error('not even this')
  },
}
const THROWN = {
  'an error': new RangeError('mine'),
  'a frozen error': Object.freeze(new TypeError('mine')),
  'a string': 'mine',
  undefined: undefined,
  null: null,
  'a number': 0,
  'a symbol': Symbol('mine'),
  'an object that cannot be read': hostile,
  'half a surrogate pair': '\ud800',
}

for (const [what, value] of Object.entries(THROWN)) {
  test(`${what}, thrown or rejected with, is what the user catches`, async (t) => {
    for (const fail of [
      () => {
        throw value
      },
      () => Promise.reject(value),
    ]) {
      const { receptionist, memory } = await open(
        t,
        storageWith({ save: fail, search: fail, get: fail, delete: fail }),
      )
      for (const call of [
        () => memory.store(sample('a')),
        () => memory.storeBatch([sample('a')]),
        () => memory.search(),
        () => memory.getConversationHistory('c'),
        () => memory.get('a'),
        () => memory.delete('a'),
        () => receptionist.text.generate({ prompt: 'Hello' }),
      ]) {
        t.is(await rejection(t, call()), value)
      }
      t.is(memory.getStats().shortTermCount, 0, 'what could not be saved is not remembered either')
    }
  })
}

test('an error thrown in a turn, or by a getter of what is returned, is what the user catches', async (t) => {
  const server = await startModel(t, () => 'Hello!')
  const own = new Error('mine')
  const saved = []
  const storage = storageWith({
    save(memory) {
      if (memory.role === 'assistant') throw own
      saved.push(memory)
    },
    search: () => saved,
    get: () => ({
      ...sample('a'),
      get metadata() {
        throw own
      },
    }),
  })
  const { receptionist, memory } = await open(t, storage, { model: server.config })
  t.is(await rejection(t, receptionist.text.generate({ prompt: 'Hello', conversationId: 'c' })), own)
  t.is(await rejection(t, memory.get('a')), own)
})

const cyclic = { ...sample('a'), metadata: {} }
cyclic.metadata.self = cyclic
const nested = JSON.parse(`${'{"in":'.repeat(200)}1${'}'.repeat(200)}`)
const secret = 'what the customer said'
const WRONG = {
  'without an id': [{ ...sample('a'), id: undefined }, /id/],
  'with an invalid Date': [{ ...sample('a'), timestamp: new Date(NaN) }, /timestamp.*Date/],
  'with a date that is none': [{ ...sample('a'), timestamp: secret }, /timestamp/],
  'of an unknown type': [{ ...sample('a'), importance: secret }, /importance/],
  'that contains itself': [cyclic, /metadata\.self.*contains itself/],
  'with a BigInt': [{ ...sample('a'), metadata: { n: 1n } }, /metadata\.n.*BigInt/],
  'with half a surrogate pair': [{ ...sample('a'), content: '\ud800' }, /content.*surrogate/],
  'nested too deep': [{ ...sample('a'), metadata: nested }, /metadata.*nested/],
  'that is a number': [7, /object/],
  'that is a string': [secret, /object/],
  'that is a list': [[], /object/],
  'that is a function': [() => {}, /object/],
}

for (const [what, [value, message]] of Object.entries(WRONG)) {
  test(`a memory ${what} is no answer`, async (t) => {
    const { memory } = await open(t, storageWith({ search: () => [sample('ok'), value], get: () => value }))
    for (const [name, call] of [
      ['storage.search', () => memory.search()],
      ['storage.get', () => memory.get('a')],
    ]) {
      const error = await t.throwsAsync(call, {
        instanceOf: UserCodeError,
        code: 'USER_CODE_INVALID',
        message,
      })
      t.true(error.message.includes(name), error.message)
      t.false(error.message.includes(secret))
    }
  })
}

test('a search that returns no list is no answer', async (t) => {
  for (const value of [undefined, null, 7, 'text', {}, new Map([[1, 2]]), [null], [undefined]]) {
    const { memory } = await open(t, storageWith({ search: () => value }))
    await t.throwsAsync(memory.search(), {
      instanceOf: UserCodeError,
      code: 'USER_CODE_INVALID',
      message: /storage\.search/,
    })
  }
})

test('a promise that never settles is bounded, and the receptionist goes on', async (t) => {
  const pending = []
  const never = () => new Promise((resolve) => pending.push(resolve))
  const storage = storageWith({ save: never, search: never, get: never, delete: never })
  const { memory } = await open(t, storage)
  const expected = { instanceOf: UserCodeError, code: 'USER_CODE_TIMEOUT', message: /storage\.\w+.*30000/s }
  await Promise.all([
    t.throwsAsync(memory.store(sample('a')), expected),
    t.throwsAsync(memory.storeBatch([sample('a')]), expected),
    t.throwsAsync(memory.search(), expected),
    t.throwsAsync(memory.get('a'), expected),
    t.throwsAsync(memory.delete('a'), expected),
  ])
  Object.assign(storage, mapStorage())
  for (const resolve of pending) resolve([sample('late')])
  await memory.store(sample('b'))
  t.deepEqual(await memory.get('b'), sample('b'))
})

test('a storage that takes itself apart in mid-call fails later calls, no more', async (t) => {
  const storage = storageWith({
    save() {
      for (const method of Object.keys(storage)) delete storage[method]
    },
  })
  const { memory } = await open(t, storage)
  await memory.store(sample('a'))
  for (const call of [() => memory.store(sample('b')), () => memory.search(), () => memory.get('a')]) {
    await t.throwsAsync(call, { instanceOf: TypeError, message: /is not a function/ })
  }
})

test('it may use the receptionist that is using it', async (t) => {
  const storage = mapStorage()
  let receptionist
  const { save } = storage
  storage.save = async (memory) => {
    const { memory: manager } = receptionist.agent
    if (memory.type !== 'system') {
      const known = await manager.search({ type: 'conversation' })
      await manager.store(sample(`audit of ${memory.id}`, { type: 'system', content: `${known.length}` }))
      await manager.getConversationHistory('c')
    }
    save(memory)
  }
  receptionist = (await open(t, storage)).receptionist
  const { memory } = receptionist.agent
  for (const id of ['a', 'b']) await memory.store(sample(id))
  t.is((await memory.get('audit of b')).content, '1')
  await Promise.all(Array.from({ length: 50 }, (_, n) => memory.store(sample(`m${n}`))))
  t.is(storage.count(), 104)
})

test('it may dispose of the receptionist that is using it', async (t) => {
  const storage = mapStorage()
  const { receptionist, memory } = await open(t, storage)
  const { save } = storage
  storage.save = async (memory) => {
    await receptionist.dispose()
    save(memory)
  }
  await memory.store(sample('a'))
  t.is(storage.count(), 1)
  await t.throwsAsync(memory.search(), { instanceOf: ReceptionistError })
  await receptionist.initialize()
  storage.save = save
  t.deepEqual(await receptionist.agent.memory.search(), [sample('a')])
})

test('a hundred thousand memories and messages of megabytes come through', async (t) => {
  const many = Array.from({ length: 100_000 }, (_, n) => sample(`m${n}`))
  const content = '👋🏽 äöü '.repeat(500_000)
  const { memory } = await open(t, storageWith({ search: () => many, get: () => sample('big', { content }) }))
  const found = await memory.search({ limit: 1 })
  t.is(found.length, 100_000)
  t.deepEqual(found.at(-1), sample('m99999'))
  t.is((await memory.get('big')).content, content)
})

// Memory and processes

const entry = fileURLToPath(new URL('../index.js', import.meta.url))

/** Runs code in a Node process of its own; what it prints, once it ends by itself. */
async function run(code) {
  const program = `const sdk = require(${JSON.stringify(entry)})
    const config = ${JSON.stringify({ agent: { identity }, model })}
    const sample = (id, content = 'hello') => ({ id, content, timestamp: new Date(), type: 'system' })
    const over = (longTermStorage) => new sdk.AIReceptionist({ ...config, agent: { ...config.agent, memory: { longTermStorage } } })
    const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve))
    class Mine {
      memories = new Map()
      save(memory) { if (memory.content === 'no') throw new Error('refused'); this.memories.set(memory.id, memory) }
      get(id) { return this.memories.get(id) }
      search() { return [...this.memories.values()] }
      delete(id) { this.memories.delete(id) }
      healthCheck() { return true }
    }
    ;(async () => { ${code} })()`
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '-e', program], {
    timeout: 100_000,
  })
  return stdout
}

test('receptionists and storages that know each other are freed after dispose()', async (t) => {
  const output = await run(`
    const alive = new Set()
    const freed = new FinalizationRegistry((id) => alive.delete(id))
    async function round(id, initialize) {
      const storage = new Mine()
      const receptionist = storage.receptionist = over(storage)
      alive.add(id)
      freed.register(storage, id)
      if (initialize) {
        await receptionist.initialize()
        await receptionist.agent.memory.store(sample('a'))
        await receptionist.agent.memory.store(sample('b', 'no')).catch(() => {})
        await receptionist.agent.memory.search()
      }
      await receptionist.dispose()
    }
    for (let id = 0; id < 200; id++) await round(id, id % 2 === 0)
    // A collection takes a turn of the loop or two to be noticed.
    for (let turn = 0; turn < 50 && alive.size > 0; turn++) { gc(); await turnOfTheLoop() }
    console.log(alive.size)`)
  t.is(output, '0\n')
})

test('many calls, failing ones among them, leave nothing behind', async (t) => {
  const output = await run(`
    const storage = new Mine()
    const receptionist = over(storage)
    await receptionist.initialize()
    const { memory } = receptionist.agent
    const rounds = async (count) => {
      for (let n = 0; n < count; n++) {
        await memory.store(sample('a', 'x'.repeat(10_000)))
        await memory.store(sample('b', 'no')).catch(() => {})
        await memory.search()
        await memory.get('a')
      }
      gc()
      await turnOfTheLoop()
      gc()
      return process.memoryUsage()
    }
    // Enough for all that is bounded to be full: thrown values wait to be told, the window, the allocator.
    const before = await rounds(4_000)
    const after = await rounds(8_000)
    console.log(JSON.stringify({ heap: after.heapUsed - before.heapUsed, rss: after.rss - before.rss }))
    await receptionist.dispose()`)
  const { heap, rss } = JSON.parse(output)
  t.log(`after 32,000 more calls: heap ${heap} bytes, RSS ${rss} bytes`)
  // 8,000 rounds of a lost byte per character said would be 80 MB.
  t.true(heap < 2_000_000, `heap grew by ${heap}`)
  t.true(rss < 20_000_000, `RSS grew by ${rss}`)
})

test('a process ends by itself, with and without dispose()', async (t) => {
  for (const end of ['await receptionist.dispose()', '']) {
    const output = await run(`
      const receptionist = over(new Mine())
      await receptionist.initialize()
      await receptionist.agent.memory.store(sample('a'))
      console.log((await receptionist.agent.memory.search()).length)
      ${end}`)
    t.is(output, '1\n')
  }
})
