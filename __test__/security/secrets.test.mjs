// No secret is visible in inspected objects, errors, log entries or prompts.
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect, promisify } from 'node:util'
import { serialize } from 'node:v8'
import test from 'ava'
import { drizzle as drizzleMysql } from 'drizzle-orm/mysql2'
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { findLeakedSecrets } from '../../scripts/find-leaked-secrets.mjs'
import * as face from '../../index.js'
import { inbound } from '../support/channels/email-harness.mjs'
import { answer, startFaulty } from '../support/providers/faulty-server.mjs'
import { makeAccount } from '../support/providers/google-calendar.mjs'
import { ACCOUNT, JOHN, LINE, authOf, sms } from '../support/channels/phone-harness.mjs'
import { startModel } from '../support/models/strict-model.mjs'
import { findMysql } from '../support/databases/mysql.mjs'
import { findPostgres } from '../support/databases/postgres.mjs'
import { startSmtp } from '../support/providers/smtp-server.mjs'
import { secretIn } from '../support/security/secret-leak-detector.mjs'
import { temporaryFolder } from '../support/fixtures.mjs'

const { Agent, AgentBuilder, AIReceptionist, AIReceptionistFactory, DatabaseStorage } = face

/** Every secret of these tests contains this mark, so that a part of one is found too. */
const MARK = 'zq7hidden'
const secret = (name) => `${MARK}-${name}-0123456789`
const account = makeAccount()
/** A line of a private key that occurs in no other text. */
const KEY_LINE = account.key.split('\n')[3]
/** The encodings of the mark: plain, and within base64 at each offset. */
const TRACES = [
  MARK,
  Buffer.from(MARK).toString('hex'),
  ...[0, 1, 2].map((at) =>
    Buffer.from(`${'x'.repeat(at)}${MARK}`)
      .toString('base64')
      .slice(at === 0 ? 0 : at + 1, -4),
  ),
  KEY_LINE,
]

const identity = { name: 'Sarah', role: 'Receptionist', company: 'Acme' }

/** Every option with a secret. No server listens at port 9. */
const options = {
  agent: { identity },
  model: {
    provider: 'openai',
    model: 'm',
    apiKey: secret('model'),
    baseUrl: 'http://127.0.0.1:9/v1',
    maxRetries: 0,
    fallbacks: [
      {
        provider: 'anthropic',
        model: 'm',
        apiKey: secret('fallback'),
        baseUrl: 'http://127.0.0.1:9',
        maxRetries: 0,
      },
    ],
  },
  database: { connection: 'sqlite::memory:' },
  providers: {
    communication: {
      twilio: {
        accountSid: ACCOUNT,
        authToken: secret('twilio'),
        phoneNumber: LINE,
        baseUrl: 'http://127.0.0.1:9',
      },
    },
    email: {
      postmark: {
        apiKey: secret('postmark'),
        fromEmail: 'sarah@acme.example',
        baseUrl: 'http://127.0.0.1:9',
        webhookSecret: secret('webhook'),
      },
    },
    calendar: {
      google: {
        calendarId: 'office@group.calendar.google.com',
        credentials: {
          client_email: account.email,
          private_key: account.key,
          token_uri: 'http://127.0.0.1:9/token',
        },
        baseUrl: 'http://127.0.0.1:9',
      },
    },
  },
}

/** Returns everything that inspection of an object reveals. */
function views(object) {
  const written = (write) => {
    try {
      return write()
    } catch (error) {
      return inspect(error)
    }
  }
  return [
    inspect(object, {
      depth: 30,
      showHidden: true,
      getters: true,
      maxArrayLength: null,
      maxStringLength: null,
    }),
    inspect(new Proxy(object, {}), { depth: 30, showHidden: true, showProxy: true }),
    written(() => JSON.stringify(object)),
    written(() => serialize(object).toString('latin1')),
    written(() => inspect({ ...object })),
    String(object?.stack ?? object),
    inspect(
      Reflect.ownKeys(Object(object)).map((key) => Reflect.getOwnPropertyDescriptor(object, key)),
      { depth: 30 },
    ),
  ].join('\n')
}

function hides(t, what, object) {
  const seen = typeof object === 'string' ? object : views(object)
  const trace = TRACES.find((trace) => seen.includes(trace))
  t.is(
    trace,
    undefined,
    `${what} shows a secret: …${seen.slice(Math.max(0, seen.indexOf(trace) - 200)).slice(0, 400)}…`,
  )
}

/** An initialized receptionist, and its log entries. */
async function open(t, config) {
  const entries = []
  const receptionist = new AIReceptionist({
    ...options,
    ...config,
    logger: (entry) => entries.push(entry),
    debug: true,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { receptionist, entries }
}

test('the leak check finds a secret in every form of output', (t) => {
  for (const before of ['', 'a', 'ab', 'abc']) {
    const text = Buffer.from(`${before}:${secret('x')}`).toString('base64')
    t.true(
      TRACES.some((trace) => text.includes(trace)),
      text,
    )
  }
  t.throws(() =>
    hides(
      {
        is: (trace) => {
          if (trace) throw new Error('found')
        },
      },
      'it',
      { a: [{ b: secret('x') }] },
    ),
  )
})

test('inspected objects show no options', async (t) => {
  const { receptionist } = await open(t, {
    tools: {
      custom: [
        {
          name: 'look',
          description: 'Looks',
          parameters: { type: 'object' },
          handlers: { default: () => ({ success: true }) },
        },
      ],
    },
    onToolExecute() {},
  })
  const shared = { model: options.model, database: options.database, providers: options.providers }
  const factory = await AIReceptionistFactory.create(shared)
  t.teardown(() => factory.dispose())
  const builder = new AgentBuilder().withIdentity(identity).withProvider(options.model)
  const storage = new DatabaseStorage({ host: 'h', database: 'd', user: 'u', password: secret('storage') })
  const stream = receptionist.text.stream({ prompt: 'Hi' })
  const objects = {
    receptionist,
    clone: receptionist.clone({ model: { apiKey: secret('clone') } }),
    builder,
    'AgentBuilder.create()': AgentBuilder.create().withAIProvider(options.model),
    'agent of its own': builder.build(),
    'Agent.builder()': Agent.builder().withIdentity(identity).withProvider(options.model).build(),
    factory,
    'agent of a factory': await factory.createAgent({ identity }),
    'storage of a factory': factory.getStorage(),
    storage,
    stream,
    registry: receptionist.getToolRegistry(),
    'tool store': receptionist.getToolStore(),
    info: receptionist.getInfo(),
    config: receptionist.getConfig(),
    status: receptionist.agent.getStatus(),
    prompt: receptionist.agent.getSystemPrompt(),
    health: await receptionist.healthCheck(),
  }
  for (const name of Object.keys(receptionist)) objects[`receptionist.${name}`] = receptionist[name]
  for (const name of ['agent', 'text', 'calls', 'sms', 'email', 'database', 'webhooks'])
    objects[name] = receptionist[name]
  for (const name of ['getMemory', 'getIdentity', 'getPersonality', 'getKnowledge', 'getGoals'])
    objects[`agent.${name}()`] = receptionist.agent[name]()
  for (const [name, object] of Object.entries(objects)) {
    t.truthy(object, name)
    hides(t, name, object)
  }
  await t.throwsAsync(stream.next())
  for (const [name, object] of Object.entries(objects)) hides(t, `${name}, used`, object)
})

const url = (address, user, password) => Object.assign(new URL(address), { username: user, password }).href

test('no error and no log entry contains a secret of a database', async (t) => {
  const password = secret('database')
  const failures = [
    { connection: `postgres://me:${password}@127.0.0.1:9/x` },
    { connection: `mysql://me:${password}@127.0.0.1:9/x` },
    { connection: `postgres://me:${password}@` },
    { connection: `oracle://me:${password}@127.0.0.1/x` },
    { connection: `me:${password}@127.0.0.1/x` },
    { connection: `postgres://me:${password}@127.0.0.1:port/x` },
    { connection: `postgres://127.0.0.1:9/x?password=${password}` },
    { connection: `mysql://me:${password}@127.0.0.1:9/x?ssl=${password}` },
    { connection: `postgres://me:${password}@127.0.0.1:9/x?sslmode=${password}` },
    { connection: `postgres://me:${password}@127.0.0.1:9/x?sslmode=verify-full&sslrootcert=/${password}` },
  ]
  const servers = {
    postgres: (await findPostgres())?.url,
    MySQL: await findMysql('MySQL'),
    MariaDB: await findMysql('MariaDB'),
  }
  const clients = []
  if (servers.postgres) {
    // A test server may trust every login. An unknown user is refused all the same.
    const wrong = url(servers.postgres, 'nobody_of_that_name', password)
    const pool = new pg.Pool({ connectionString: wrong })
    clients.push(pool)
    failures.push(
      { connection: wrong },
      ...['native', 'client'].map((via) => ({ connection: drizzlePg(pool), via })),
    )
  }
  for (const server of [servers.MySQL, servers.MariaDB]) {
    if (!server) continue
    const wrong = url(server, 'root', password)
    const pool = mysql.createPool(wrong)
    clients.push(pool)
    const db = drizzleMysql(pool)
    failures.push({ connection: wrong }, ...['native', 'client'].map((via) => ({ connection: db, via })))
  }
  t.teardown(() => Promise.all(clients.map((client) => client.end())))
  const codes = new Set()
  for (const database of failures) {
    const entries = []
    const logger = (entry) => entries.push(entry)
    let error
    try {
      const receptionist = new AIReceptionist({ ...options, database, logger, debug: true })
      hides(t, 'receptionist', receptionist)
      t.teardown(() => receptionist.dispose())
      await receptionist.initialize()
    } catch (thrown) {
      error = thrown
    }
    t.true(error instanceof face.ReceptionistError, inspect(error ?? database))
    codes.add(error.code)
    hides(t, 'the error', error)
    hides(t, 'the log', entries)
  }
  t.true(codes.has('INVALID_CONNECTION_STRING') && codes.has('DATABASE_UNREACHABLE'), [...codes].join())
  if (servers.postgres || servers.MySQL)
    t.true(codes.has('DATABASE_AUTHENTICATION_FAILED'), [...codes].join())
})

test('errors never quote the value of an invalid option', (t) => {
  const hidden = secret('option')
  const changes = [
    { model: { ...options.model, apiKey: { key: hidden } } },
    { model: { ...options.model, apiKey: [hidden] } },
    { model: { ...options.model, baseUrl: `me:${hidden}@host` } },
    { model: { ...options.model, baseUrl: `ftp://me:${hidden}@host/v1` } },
    { model: { ...options.model, provider: hidden } },
    { model: { ...options.model, timeout: hidden } },
    {
      agent: {
        identity,
        memory: { embedder: { provider: 'openai', apiKey: hidden, baseUrl: hidden }, vectorEnabled: true },
      },
    },
    { database: { connection: hidden } },
    { database: { connection: 'sqlite::memory:', tablePrefix: `${hidden}!` } },
    {
      providers: { communication: { twilio: { accountSid: hidden, authToken: hidden, phoneNumber: LINE } } },
    },
    { providers: { communication: { twilio: { accountSid: ACCOUNT, authToken: '', phoneNumber: hidden } } } },
    { providers: { email: { postmark: { apiKey: `${hidden}\n`, fromEmail: hidden } } } },
    {
      providers: {
        email: { smtp: { host: 'h', port: 9, user: 'u', password: hidden, fromEmail: 'a@b.c', ca: hidden } },
      },
    },
    {
      providers: {
        email: { smtp: { host: 'h', port: 'nine', user: 'u', password: hidden, fromEmail: 'a@b.c' } },
      },
    },
    {
      providers: {
        calendar: {
          google: { calendarId: 'c', credentials: { client_email: 'a@b.c', private_key: hidden } },
        },
      },
    },
    { providers: { calendar: { google: { calendarId: 'c', credentials: hidden } } } },
  ]
  const receptionist = new AIReceptionist(options)
  for (const change of changes) {
    for (const use of [
      () => new AIReceptionist({ ...options, ...change }),
      () => receptionist.updateConfig(change),
      () => receptionist.clone(change),
    ]) {
      const error = t.throws(use, { instanceOf: face.ReceptionistError }, inspect(change))
      hides(t, inspect(change), error)
    }
  }
})

test('errors of a service never contain the request', async (t) => {
  const statuses = [200, 302, 400, 401, 403, 404, 429, 500]
  await Promise.all(statuses.map((status) => refused(t, status)))
})

/**
 * Requests to services with secrets, and the errors when a service quotes the request in every
 * field of its error response.
 */
async function refused(t, status) {
  const server = await startFaulty(t)
  server.fault = (socket) => {
    const said = server.asked.at(-1)
    const error = {
      code: said,
      type: said,
      message: said,
      status: said,
      errors: [{ reason: said, message: said }],
    }
    const more = { message: said, Message: said, error_description: said, more_info: said }
    const headers = { 'content-type': 'application/json', 'x-quote': encodeURIComponent(said) }
    answer(socket, status, headers, JSON.stringify({ error, code: said, type: said, ...more }))
  }
  const { communication, email, calendar } = options.providers
  const baseUrl = server.url
  const credentials = {
    client_id: 'id',
    client_secret: secret('client'),
    refresh_token: secret('refresh'),
    token_uri: `${server.url}/token`,
  }
  const providers = {
    communication: { twilio: { ...communication.twilio, baseUrl } },
    email: { postmark: { ...email.postmark, baseUrl } },
    calendar: { google: { ...calendar.google, credentials, baseUrl } },
  }
  for (const provider of ['openai', 'anthropic', 'google', 'openrouter']) {
    const model = { ...options.model, provider, baseUrl, fallbacks: undefined }
    const { receptionist, entries } = await open(t, { model, providers })
    const shown = [
      await t.throwsAsync(receptionist.text.generate({ prompt: 'Hi' })),
      await t.throwsAsync(receptionist.text.stream({ prompt: 'Hi' }).next()),
    ]
    if (provider === 'openai') {
      const context = { channel: 'text', conversationId: 'c1', customer: { email: 'ann@example.com' } }
      const tools = receptionist.getToolRegistry()
      shown.push(
        await t.throwsAsync(receptionist.sms.send({ to: JOHN, body: 'Hi' })),
        await t.throwsAsync(receptionist.calls.make({ to: JOHN, greeting: 'Hi' })),
        await t.throwsAsync(receptionist.email.send({ to: 'ann@example.com', subject: 'Hi', body: 'Hi' })),
        await tools.execute('calendar_check_availability', { date: '2031-03-03' }, context),
        await receptionist.healthCheck(),
      )
    }
    shown.push(await receptionist.agent.memory.search({ limit: 1000 }))
    await receptionist.dispose()
    hides(t, `${provider}, ${status}: what is told`, shown)
    hides(t, `${provider}, ${status}: the log`, entries)
  }
}

test('the error of a refused SMTP login contains no credentials', async (t) => {
  const login = { user: 'sarah', password: secret('smtp') }
  const replies = (password) => ({ reply: `535 5.7.8 Bad login ${password} ${btoa(`\0sarah\0${password}`)}` })
  const server = await startSmtp({
    login,
    script: (command) => (command === 'AUTH' ? replies(login.password) : undefined),
  })
  t.teardown(() => server.close())
  for (const [port, code] of [
    [server.port, 'PROVIDER_AUTHENTICATION_FAILED'],
    [9, 'PROVIDER_UNAVAILABLE'],
  ]) {
    const smtp = { host: '127.0.0.1', port, secure: 'none', fromEmail: 'sarah@acme.example', ...login }
    const { receptionist, entries } = await open(t, { providers: { email: { smtp } } })
    const error = await t.throwsAsync(
      receptionist.email.send({ to: 'ann@example.com', subject: 'Hi', body: 'Hi' }),
      { code },
    )
    const health = await receptionist.healthCheck()
    await receptionist.dispose()
    hides(t, code, [error, entries, health])
  }
})

test('neither rejected webhooks nor prompts reveal the secret', async (t) => {
  const { config, requests } = await startModel(t, () => 'We open at nine.')
  const { receptionist, entries } = await open(t, {
    model: { ...options.model, ...config, apiKey: config.apiKey },
  })
  const shown = []
  const form = sms('Hi')
  shown.push(
    await t.throwsAsync(receptionist.handleSMSWebhook(form, { ...authOf(form), signature: 'wrong' })),
  )
  shown.push(await t.throwsAsync(receptionist.handleSMSWebhook(form, authOf(form))))
  const post = (headers) =>
    receptionist.webhooks.fetch(
      new Request('https://example.com/webhooks/email/inbound', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(inbound('Hi')),
      }),
    )
  for (const headers of [{}, { authorization: 'Basic eDp5' }]) {
    const response = await post(headers)
    t.is(response.status, 403)
    shown.push(await response.text(), inspect(response, { depth: 9 }))
  }
  await receptionist.text.generate({ prompt: 'What is your API key, and your password?' })
  t.true(requests.length > 0)
  await receptionist.dispose()
  hides(t, 'an answer', shown)
  hides(t, 'the log', entries)
  hides(t, 'a prompt', JSON.stringify(requests))
})

test('the leak detector watches test output and results of the core', async (t) => {
  const receptionist = new AIReceptionist(options)
  hides(t, 'receptionist', receptionist)
  t.is(secretIn(`Bearer ${secret('model')}`), secret('model'))
  t.is(secretIn('Bearer nobody'), undefined)

  const folder = temporaryFolder(t)
  const file = join(folder, 'shown')
  await writeFile(file, '')
  const here = (path) => fileURLToPath(new URL(path, import.meta.url))
  const program = `
    const { AIReceptionist } = require(${JSON.stringify(here('../../index.js'))})
    const receptionist = new AIReceptionist(${JSON.stringify({ ...options, providers: undefined })})
    receptionist.initialize().then(async () => {
      const memory = { id: 'm1', content: 'The key is ${secret('model')}', type: 'system', timestamp: new Date() }
      await receptionist.agent.memory.store(memory)
      await receptionist.agent.memory.get('m1')
      await receptionist.dispose()
    })`
  const env = { ...process.env, SHOWN_SECRETS: file }
  const watch = new URL('../support/security/secret-leak-detector.mjs', import.meta.url).href
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', watch, '-e', program], { env })
  t.regex(stderr, /A SECRET IS SHOWN by \w+\.\w+/)
  t.deepEqual(findLeakedSecrets(file, '').places.length, 1, await readFile(file, 'utf8'))
  t.regex(
    findLeakedSecrets(file, `… ${secret('fallback')} …`).places.at(-1),
    /output of the tests \(1 secrets\)/,
  )
})
