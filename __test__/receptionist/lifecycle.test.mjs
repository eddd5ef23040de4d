// Construction, initialize() and dispose() of a receptionist, and the errors that each stage throws.
import { join } from 'node:path'
import { inspect } from 'node:util'
import test from 'ava'
import {
  AIReceptionist,
  ConfigurationError,
  DatabaseError,
  InMemoryStorage,
  LifecycleError,
  ReceptionistError,
  ValidationError,
} from '../../index.js'
import { model, open, context } from '../support/receptionist-harness.mjs'
import { temporaryFolder, salesIdentity as identity } from '../support/fixtures.mjs'

test('a missing or invalid option is named', (t) => {
  const missing = (config, message, code) =>
    t.throws(() => new AIReceptionist(config), { instanceOf: ConfigurationError, message, code })
  missing({ model }, 'Agent identity configuration is required', 'AGENT_IDENTITY_REQUIRED')
  missing({ agent: {}, model }, 'Agent identity configuration is required', 'AGENT_IDENTITY_REQUIRED')
  missing({ agent: { identity } }, 'Model configuration is required', 'MODEL_REQUIRED')
  missing({}, 'Agent identity configuration is required', 'AGENT_IDENTITY_REQUIRED')
  missing({ agent: { identity: { name: 'Sarah' } }, model }, /role/, 'INVALID_CONFIG')
  missing(
    { agent: { identity, memory: { contextWindow: NaN } }, model },
    /agent\.memory\.contextWindow/,
    'INVALID_CONFIG',
  )
  missing(
    { agent: { identity, memory: { longTermEnabled: true } }, model },
    /longTermStorage/,
    'INVALID_CONFIG',
  )
  missing(
    { agent: { identity }, model, database: { connection: 'oracle://x' } },
    /oracle/,
    'INVALID_CONNECTION_STRING',
  )
  missing(
    { agent: { identity }, model, database: { connection: {} } },
    /database\.connection.*Drizzle/,
    'INVALID_CONFIG',
  )
  missing(undefined, /config/, 'INVALID_CONFIG')
  missing({ agent: { identity }, model, conversationStore: {} }, /longTermStorage/, 'INVALID_CONFIG')
})

test('a storage without the storage methods is refused', (t) => {
  for (const longTermStorage of [{}, 'redis', { save() {}, get() {}, delete() {}, healthCheck() {} }]) {
    t.throws(() => new AIReceptionist({ agent: { identity, memory: { longTermStorage } }, model }), {
      instanceOf: ConfigurationError,
      code: 'INVALID_CONFIG',
      message: /agent\.memory\.longTermStorage.*search\(\)/,
    })
  }
})

test('a custom storage is called at the first use, and its errors reach the caller unchanged', async (t) => {
  const refused = new Error('the disk is full')
  class Mine extends InMemoryStorage {
    async save(memory) {
      if (memory.content === 'no') throw refused
      await super.save(memory)
    }
  }
  const receptionist = new AIReceptionist({
    agent: { identity, memory: { longTermStorage: new Mine() } },
    model,
  })
  await receptionist.initialize()
  const { memory } = receptionist.agent
  const kept = { id: 'a', content: 'yes', timestamp: new Date(), type: 'system' }
  await memory.store(kept)
  t.deepEqual(await memory.search(), [kept])
  const error = await t.throwsAsync(memory.store({ ...kept, id: 'b', content: 'no' }))
  t.is(error, refused)
  await receptionist.dispose()
})

test('before initialize() every method throws NOT_INITIALIZED', async (t) => {
  const receptionist = new AIReceptionist({
    agent: { identity },
    model,
    database: { connection: 'sqlite::memory:' },
  })
  const expected = {
    instanceOf: LifecycleError,
    code: 'NOT_INITIALIZED',
    message: 'AIReceptionist not initialized. Call initialize() first.',
  }
  t.throws(() => receptionist.agent, expected)
  t.throws(() => receptionist.getAgent(), expected)
  t.throws(() => receptionist.getToolRegistry(), expected)
  await t.throwsAsync(receptionist.text.generate({ prompt: 'Hello' }), expected)
  await t.throwsAsync(receptionist.text.createConversation(), expected)
  await receptionist.dispose()
})

test('properties return the same objects each time, also through a Proxy', async (t) => {
  const { receptionist } = await open(t, () => 'Hello!')
  t.is(receptionist.agent, receptionist.getAgent())
  t.is(receptionist.agent.memory, receptionist.getAgent().getMemory())
  t.is(receptionist.getToolRegistry(), receptionist.getToolRegistry())
  const proxy = new Proxy(receptionist, {})
  t.is(proxy.agent, receptionist.agent)
  t.is((await proxy.text.generate({ prompt: 'Hi' })).text, 'Hello!')
})

test('initialize() and dispose() can be called twice; after dispose() every method rejects', async (t) => {
  const { receptionist } = await open(t, () => 'Hello!')
  const { memory } = receptionist.agent
  await Promise.all([receptionist.initialize(), receptionist.initialize()])
  await receptionist.dispose()
  await receptionist.dispose()
  await t.throwsAsync(receptionist.text.generate({ prompt: 'Hello' }), { instanceOf: ReceptionistError })
  await t.throwsAsync(memory.search({}), { instanceOf: ReceptionistError })
})

test('invalid arguments reject the promise, and never throw synchronously', async (t) => {
  const { receptionist, memory } = await open(t, () => 'Hello!')
  const refused = async (call) => {
    let promise
    t.notThrows(() => (promise = call()))
    const error = await t.throwsAsync(promise, { instanceOf: ValidationError })
    t.regex(error?.code, /^INVALID_/)
  }
  for (const bad of [undefined, null, 7, 'text', { prompt: 7 }, { prompt: 'x', conversationId: 7 }]) {
    await refused(() => receptionist.text.generate(bad))
  }
  await refused(() => receptionist.text.generate({ prompt: 'x', metadata: { n: NaN } }))
  await refused(() => receptionist.text.createConversation('x'))
  await refused(() => memory.store())
  await refused(() => memory.search('x'))
  await refused(() => memory.getConversationHistory(7))
  await refused(() => memory.getChannelHistory('fax'))
  await refused(() => memory.getChannelHistory('text', { limit: -1 }))
  await refused(() => memory.startSession({}))
  await refused(() => memory.endSession())
  await refused(() => memory.retrieve(7))
  await refused(() => receptionist.getToolRegistry().execute('find_customer', 7, context))
  await refused(() => receptionist.getToolRegistry().execute('find_customer', {}, undefined))
  await refused(() => receptionist.database.migrate('x'))
})

test('a receptionist with only a database can create its tables', async (t) => {
  const receptionist = new AIReceptionist({
    database: { connection: `sqlite:${join(temporaryFolder(t), 'tables.db')}` },
  })
  t.true((await receptionist.database.migrate({ dryRun: true })).length > 0)
  await receptionist.database.migrate()
  await t.throwsAsync(receptionist.initialize(), {
    instanceOf: ConfigurationError,
    code: 'AGENT_IDENTITY_REQUIRED',
  })
  await receptionist.dispose()
})

test('errors and inspected objects contain no secret', async (t) => {
  const secret = 'pa55-W0rd'
  const connection = `postgres://someone:${secret}@127.0.0.1:1/nowhere`
  const receptionist = new AIReceptionist({
    agent: { identity },
    model: { ...model, apiKey: secret },
    database: { connection },
  })
  const error = await t.throwsAsync(receptionist.initialize(), { instanceOf: DatabaseError })
  for (const thing of [error, receptionist])
    t.false(inspect(thing, { depth: 9, showHidden: true }).includes(secret))
  t.false(JSON.stringify(receptionist).includes(secret))
})
