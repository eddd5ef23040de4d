// Clones, changed options, getInfo() and healthCheck().
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { inspect } from 'node:util'
import test from 'ava'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import {
  AIReceptionist,
  ConfigurationError,
  DatabaseStorage,
  InMemoryStorage,
  LifecycleError,
  ValidationError,
} from '../../index.js'
import { createDatabase } from '../support/databases/postgres.mjs'
import { API_KEY, startModel } from '../support/models/strict-model.mjs'

const postgres = await createDatabase()
test.after.always(() => postgres?.drop())

const identity = { name: 'Sarah', role: 'Sales Representative' }
const model = { provider: 'openai', apiKey: API_KEY, model: 'gpt-4o-mini', baseUrl: 'http://127.0.0.1:9/v1' }
const memoryOf = (id) => ({ id, content: id, timestamp: new Date(), type: 'system' })
const fresh = (path) => {
  const client = new Database(path)
  return { client, db: drizzle(client) }
}

function receptionist(t, config) {
  const made = new AIReceptionist({ agent: { identity }, model: { ...model, maxRetries: 0 }, ...config })
  t.teardown(() => made.dispose())
  return made
}

test('a clone has the options of the original, with overrides', async (t) => {
  const prompts = []
  const server = await startModel(t, (body) => {
    prompts.push(body.messages[0].content)
    return 'Hello.'
  })
  const agent = {
    identity: { ...identity, backstory: 'Ten years at sea.' },
    goals: { primary: 'Sell boats' },
  }
  const sarah = receptionist(t, { agent, model: server.config })
  const bob = sarah.clone({
    agent: { identity: { name: 'Bob', role: 'Mechanic' } },
    model: { model: 'gpt-4o' },
  })
  t.teardown(() => bob.dispose())
  await bob.initialize()
  await bob.text.generate({ prompt: 'Hi' })
  t.regex(prompts[0], /You are Bob, Mechanic[^]*Ten years at sea[^]*Sell boats/)
  t.is(server.requests[0].model, 'gpt-4o')
  t.is(bob.getInfo().agentName, 'Bob')
  t.is(sarah.getInfo().agentName, 'Sarah')
  t.throws(() => sarah.agent, { instanceOf: LifecycleError })
  t.throws(() => sarah.clone('bob'), { instanceOf: ValidationError, message: /overrides/ })
  t.throws(() => sarah.clone({ agent: { identity: { name: ' ' } } }), { instanceOf: ConfigurationError })
})

test('a model of another provider inherits no option, in particular not the key', (t) => {
  const sarah = receptionist(t, {})
  const bob = sarah.clone({ model: { provider: 'openrouter', model: 'meta/llama' } })
  t.deepEqual(bob.getConfig().model, { provider: 'openrouter', model: 'meta/llama' })
})

const onPostgres = postgres ? test : test.skip

onPostgres('clones share one pool, and the last clone closes it', async (t) => {
  const url = new URL(postgres.url)
  url.searchParams.set('application_name', 'clones')
  const connections = async () => {
    const rows = await postgres.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'clones'",
    )
    return rows[0].n
  }
  const sarah = receptionist(t, { database: { connection: url.href, pool: { max: 1 } } })
  const bob = sarah.clone({ agent: { identity: { name: 'Bob', role: 'Mechanic' } } })
  const ann = bob.clone({ agent: { identity: { name: 'Ann', role: 'Manager' } } })
  const all = [sarah, bob, ann]
  await Promise.all(all.map((one) => one.initialize()))
  await Promise.all(all.map((one, n) => one.agent.memory.store(memoryOf(`pool-${n}`))))
  t.is(await connections(), 1)

  await sarah.dispose()
  await sarah.dispose()
  await t.throwsAsync(sarah.database.migrate(), { code: 'DISPOSED' })
  t.throws(() => sarah.agent, { instanceOf: LifecycleError, code: 'DISPOSED' })
  await t.throwsAsync(sarah.text.generate({ prompt: 'Hi' }), { code: 'DISPOSED' })
  t.is((await bob.agent.memory.search({ type: 'system' })).length, 3)
  await bob.dispose()
  t.is((await ann.agent.memory.search({ type: 'system' })).length, 3)
  await ann.dispose()
  t.is(await connections(), 0)

  await bob.initialize()
  t.is((await bob.agent.memory.search({ type: 'system' })).length, 3)
  await bob.dispose()
  t.is(await connections(), 0)
})

test('clones share a client of the user, and never close it', async (t) => {
  const { client, db } = fresh(':memory:')
  t.teardown(() => client.close())
  const sarah = receptionist(t, { database: { connection: db } })
  const bob = sarah.clone({ agent: { identity: { name: 'Bob', role: 'Mechanic' } } })
  await bob.initialize()
  await bob.agent.memory.store(memoryOf('a'))
  await bob.dispose()
  await sarah.initialize()
  t.is((await sarah.agent.memory.search()).length, 1)
  await sarah.dispose()
  t.is(client.prepare('SELECT count(*) AS n FROM ai_receptionist_memory').get().n, 1)
})

test('a clone can have another database', async (t) => {
  const sarah = receptionist(t, { database: { connection: 'sqlite::memory:' } })
  await sarah.initialize()
  await sarah.agent.memory.store(memoryOf('a'))
  // An override that changes nothing has no effect.
  for (const [override, found] of [
    [{ connection: 'sqlite::memory:' }, 1],
    [{ connection: 'sqlite::memory:', tablePrefix: 'ann_' }, 0],
  ]) {
    const clone = sarah.clone({ database: override })
    t.teardown(() => clone.dispose())
    await clone.initialize()
    t.is((await clone.agent.memory.search()).length, found)
  }
})

test('short-term memory is not shared between clones', async (t) => {
  const sarah = receptionist(t, { agent: { identity, memory: { contextWindow: 5 } } })
  const bob = sarah.clone({ agent: { memory: { contextWindow: 7 } } })
  t.teardown(() => bob.dispose())
  await Promise.all([sarah.initialize(), bob.initialize()])
  await sarah.agent.memory.store({ ...memoryOf('a'), sessionMetadata: { conversationId: 'c' } })
  t.is(sarah.agent.memory.getStats().shortTermCount, 1)
  t.is(bob.agent.memory.getStats().shortTermCount, 0)
  t.deepEqual(await bob.agent.memory.getConversationHistory('c'), [])
})

test('the storage option of the TypeScript SDK works', async (t) => {
  const { client, db } = fresh(':memory:')
  t.teardown(() => client.close())
  const kept = receptionist(t, { storage: { type: 'database', database: { db, autoMigrate: true } } })
  await kept.initialize()
  await kept.agent.memory.store(memoryOf('a'))
  t.is(client.prepare('SELECT count(*) AS n FROM ai_receptionist_memory').get().n, 1)
  t.true(kept.getToolRegistry().has('save_customer_info'))

  const forgotten = receptionist(t, { storage: { type: 'memory' } })
  await forgotten.initialize()
  await forgotten.agent.memory.store(memoryOf('a'))
  await forgotten.reinitialize()
  t.is((await forgotten.agent.memory.search()).length, 1)

  const refused = (storage, message) =>
    t.throws(() => new AIReceptionist({ agent: { identity }, model, ...storage }), {
      instanceOf: ConfigurationError,
      message,
    })
  refused({ storage: { type: 'database' } }, /storage\.database/)
  refused({ storage: { type: 'redis' } }, /storage\.type/)
  refused({ storage: { type: 'database', database: { db: {} } } }, /storage\.database\.db/)
  const both = { type: 'database', database: { connectionString: 'sqlite:a' } }
  refused({ storage: both, database: { connection: 'sqlite:b' } }, /give only one of them/)
})

test('getConfig() redacts every secret', (t) => {
  const { client, db } = fresh(':memory:')
  t.teardown(() => client.close())
  const shown = (config) => new AIReceptionist({ agent: { identity }, model, ...config }).getConfig()
  const secret = 'hunter2'
  const config = {
    agent: { identity, memory: { longTermStorage: new InMemoryStorage() } },
    model: { ...model, apiKey: secret },
    database: { connection: `postgres://me:${secret}@h/d?password=${secret}&application_name=a` },
    providers: {
      communication: { twilio: { accountSid: 'x', authToken: secret, phoneNumber: '+15550001111' } },
    },
    channels: { webhookAuth: 'required' },
  }
  config.providers.communication.twilio.accountSid = `AC${'0'.repeat(32)}`
  const seen = shown(config)
  t.false(inspect(seen, { depth: 9, showHidden: true }).includes(secret))
  t.is(seen.model.apiKey, '[redacted]')
  t.is(seen.model.model, model.model)
  t.is(seen.database.connection, 'postgres://me:***@h/d?password=***&application_name=a')
  t.is(seen.providers.communication.twilio.authToken, '[redacted]')
  t.is(seen.channels.webhookAuth, 'required')
  t.deepEqual(seen.agent.memory, {})
  t.deepEqual(shown({ database: { connection: db, tablePrefix: 'x_' } }).database, { tablePrefix: 'x_' })
  const parts = { host: 'h', database: 'd', user: 'u', password: secret }
  const { storage } = shown({ storage: { type: 'database', database: parts } })
  t.deepEqual(storage.database, { ...parts, password: '[redacted]' })

  seen.agent.identity.name = 'Changed'
  t.is(config.agent.identity.name, 'Sarah')
})

test('changed options apply at reinitialize(), and redacted values keep the secret', async (t) => {
  const server = await startModel(t, (body) => `I am ${body.model}.`)
  const { client, db } = fresh(':memory:')
  t.teardown(() => client.close())
  const one = receptionist(t, { model: server.config, database: { connection: db } })
  await one.initialize()
  const { agent, text, database } = one
  const { memory } = agent
  const tools = one.getToolRegistry()
  await memory.store(memoryOf('kept'))

  one.updateConfig({ ...one.getConfig(), model: { ...one.getConfig().model, model: 'gpt-4o' } })
  t.is(one.getConfig().model.model, 'gpt-4o')
  t.is((await text.generate({ prompt: 'Who?' })).text, 'I am gpt-4o-mini.')
  await one.reinitialize()
  // The scripted model refuses any other key than the one that getConfig() redacted.
  t.is((await text.generate({ prompt: 'Who?' })).text, 'I am gpt-4o.')
  t.is(one.agent, agent)
  t.is(one.getToolRegistry(), tools)
  t.is((await memory.search({ type: 'system', keywords: ['kept'] })).length, 1)
  t.true(tools.count() > 0)
  t.deepEqual(await database.migrate(), [])

  t.throws(() => one.updateConfig({ model: { temperature: 'hot' } }), { instanceOf: ConfigurationError })
  t.throws(() => one.updateConfig(), { instanceOf: ValidationError, message: /updates/ })
  await one.reinitialize()
  t.is((await text.generate({ prompt: 'Who?' })).text, 'I am gpt-4o.')

  one.updateConfig({ database: { connection: drizzle(new Database(':memory:')) } })
  await one.reinitialize()
  t.is((await memory.search({ type: 'system', keywords: ['kept'] })).length, 0)
})

test('mounted webhooks use changed options', async (t) => {
  const twilio = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'secret', phoneNumber: '+15550001111' }
  const one = receptionist(t, { providers: { communication: { twilio } } })
  await one.initialize()
  const { webhooks } = one
  const form = { From: '+15551234567', To: twilio.phoneNumber, Body: 'Hi', NumMedia: '0' }
  const post = async () => {
    const body = new URLSearchParams({
      MessageSid: `SM${'1'.repeat(32)}`,
      AccountSid: twilio.accountSid,
      ...form,
    })
    const request = new Request('https://example.com/webhooks/sms/inbound', { method: 'POST', body })
    return (await webhooks.fetch(request)).status
  }
  const before = await post()
  one.updateConfig({ agent: { identity: { name: 'Ann', role: 'Manager' } } })
  await one.reinitialize()
  t.is(await post(), before)
  await one.dispose()
  t.not(await post(), before)
})

test('changes before initialize() apply', async (t) => {
  const one = receptionist(t, { database: { connection: 'sqlite::memory:' } })
  await one.database.migrate()
  one.updateConfig({ agent: { identity: { name: 'Ann', role: 'Manager' } } })
  await one.initialize()
  t.is(one.getInfo().agentName, 'Ann')
  await one.dispose()
  await t.throwsAsync(one.database.migrate(), { code: 'DISPOSED' })
})

test('getInfo() describes the receptionist', async (t) => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const one = receptionist(t, { database: { connection: 'sqlite::memory:' } })
  t.deepEqual(one.getInfo(), {
    version,
    agentName: 'Sarah',
    initialized: false,
    channels: [],
    providers: [],
    tools: 0,
  })
  await one.initialize()
  t.deepEqual(one.getInfo(), {
    version,
    agentName: 'Sarah',
    initialized: true,
    channels: ['text'],
    providers: ['openai'],
    tools: one.getToolRegistry().count(),
  })
  const nameless = receptionist(t, { agent: { customSystemPrompt: 'Be brief.' } })
  t.is(nameless.getInfo().agentName, 'Custom Agent')
})

/** A server that answers every request with a status, or never. */
async function service(t, status, body = {}) {
  const requests = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization?.split(' ')[0]}`)
    if (status !== undefined) {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${server.address().port}`, requests }
}

test('healthCheck() checks every service, and names those that fail', async (t) => {
  const [openai, twilio] = [await service(t, 200), await service(t, 200)]
  const account = `AC${'0'.repeat(32)}`
  const config = (baseUrl) => ({
    model: { ...model, baseUrl: `${openai.url}/v1` },
    database: { connection: 'sqlite::memory:' },
    providers: {
      communication: {
        twilio: { accountSid: account, authToken: 'secret-token', phoneNumber: '+15550001111', baseUrl },
      },
    },
  })
  const one = receptionist(t, config(twilio.url))
  await t.throwsAsync(one.healthCheck(), { instanceOf: LifecycleError, code: 'NOT_INITIALIZED' })
  await one.initialize()
  t.deepEqual(one.getInfo().channels, ['voice', 'sms', 'text'])
  t.deepEqual(await one.healthCheck(), {
    healthy: true,
    agent: true,
    database: true,
    providers: { openai: true, twilio: true },
    errors: [],
  })
  t.deepEqual(openai.requests, ['GET /v1/models Bearer'])
  t.deepEqual(twilio.requests, [`GET /2010-04-01/Accounts/${account}.json Basic`])

  const [refusing, gone] = [await service(t, 401), 'http://127.0.0.1:9']
  one.updateConfig({ ...config(refusing.url), model: { ...model, baseUrl: `${gone}/v1` } })
  await one.reinitialize()
  const health = await one.healthCheck()
  t.deepEqual(
    { ...health, errors: health.errors.length },
    {
      healthy: false,
      agent: true,
      database: true,
      providers: { openai: false, twilio: false },
      errors: 2,
    },
  )
  t.regex(health.errors[0], /openai.*127\.0\.0\.1:9/)
  t.regex(health.errors[1], /twilio.*authToken/)
  t.false(JSON.stringify(health).includes('secret-token'))
})

test('healthCheck() checks the e-mail and calendar services too', async (t) => {
  const openai = await service(t, 200)
  const google = await service(t, 200, { access_token: 't', expires_in: 3600, timeZone: 'Europe/Berlin' })
  const config = (postmark, calendar) => ({
    model: { ...model, baseUrl: `${openai.url}/v1` },
    providers: {
      email: { postmark: { apiKey: 'server-token', fromEmail: 'sarah@acme.com', baseUrl: postmark.url } },
      calendar: {
        google: {
          calendarId: 'acme@group.calendar.google.com',
          credentials: {
            client_id: 'c',
            client_secret: 's',
            refresh_token: 'r',
            token_uri: `${calendar.url}/token`,
          },
          baseUrl: calendar.url,
        },
      },
    },
  })
  const postmark = await service(t, 200)
  const one = receptionist(t, config(postmark, google))
  await one.initialize()
  t.deepEqual(one.getInfo().providers, ['openai', 'postmark', 'google'])
  t.like(await one.healthCheck(), {
    healthy: true,
    providers: { openai: true, postmark: true, google: true },
  })
  t.deepEqual(
    postmark.requests.map((request) => request.split(' ').slice(0, 2).join(' ')),
    ['GET /server'],
  )
  const refusing = await service(t, 401)
  one.updateConfig(config(refusing, refusing))
  await one.reinitialize()
  const health = await one.healthCheck()
  t.like(health, { healthy: false, providers: { openai: true, postmark: false, google: false } })
  t.false(JSON.stringify(health).includes('server-token'))
})

test('a model server without a model list is healthy, and one that never answers is not', async (t) => {
  const [bare, silent] = [await service(t, 404), await service(t)]
  const one = receptionist(t, { model: { ...model, baseUrl: `${bare.url}/v1` } })
  await one.initialize()
  t.deepEqual(await one.healthCheck(), {
    healthy: true,
    agent: true,
    providers: { openai: true },
    errors: [],
  })
  one.updateConfig({ model: { baseUrl: `${silent.url}/v1`, timeout: 200 } })
  await one.reinitialize()
  t.like(await one.healthCheck(), { healthy: false, providers: { openai: false } })
})

test('healthCheck() reports a lost database, and a storage that is not healthy', async (t) => {
  const openai = await service(t, 200)
  const answering = { ...model, baseUrl: `${openai.url}/v1` }
  const { client, db } = fresh(':memory:')
  const one = receptionist(t, { model: answering, database: { connection: db } })
  await one.initialize()
  t.like(await one.healthCheck(), { healthy: true, database: true })
  client.close()
  t.like(await one.healthCheck(), { healthy: false, database: false, agent: true })

  for (const healthCheck of [async () => false, () => Promise.reject(new Error('down'))]) {
    const longTermStorage = Object.assign(new InMemoryStorage(), { healthCheck })
    const two = receptionist(t, { model: answering, agent: { identity, memory: { longTermStorage } } })
    await two.initialize()
    t.like(await two.healthCheck(), { healthy: false, database: false, providers: { openai: true } })
  }

  const storage = new DatabaseStorage({ connectionString: 'sqlite::memory:' })
  const three = receptionist(t, {
    model: answering,
    agent: { identity, memory: { longTermStorage: storage } },
  })
  await three.initialize()
  t.like(await three.healthCheck(), { healthy: true, database: true })
  await storage.dispose()
  t.like(await three.healthCheck(), { healthy: false, database: false })
})
