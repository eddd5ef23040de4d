// Incomplete configurations: the constructor refuses what can never work; `initialize()` and the
// health check report what is missing.
import { once } from 'node:events'
import test from 'ava'
import { AIReceptionist } from '../../index.js'
import { posts, SECRET, webhookEntryPoints } from '../support/channels/entry-points.mjs'
import { BASE_URL, TWILIO } from '../support/channels/phone-harness.mjs'
import { createDatabase } from '../support/databases/postgres.mjs'
import { openProxy } from '../support/databases/tcp-proxy.mjs'
import { identity } from '../support/fixtures.mjs'

const agent = { identity }
const own = { provider: 'custom', chat: () => ({ content: 'Hello.' }) }
const withTwilio = (more) => ({ providers: { communication: { twilio: { ...TWILIO, ...more } } } })

/** Configurations that can never work, and the option that the error names. */
const REFUSED = [
  ...['call me', 'none', 'Sarah', '+1-800-FLOWERS', '+', '12'].map((phoneNumber) => [
    withTwilio({ phoneNumber }),
    'phoneNumber',
  ]),
  ...[
    'example.com',
    'ftp://example.com',
    'http://example.com',
    'http://example.com:8080/',
    'http://127.0.0.1:3000',
    'https://example.com/webhooks/sms',
    'https://example.com/webhooks/sms/inbound',
    'https://example.com/webhooks/voice/inbound/',
    'https://example.com/api/voice',
    'https://example.com?token=x',
    'https://example.com/#x',
  ].map((webhookBaseUrl) => [withTwilio({ webhookBaseUrl }), 'webhookBaseUrl']),
  [withTwilio({ authToken: 'your_auth_token' }), 'authToken'],
  [withTwilio({ accountSid: 'ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' }), 'accountSid'],
  ...['your-api-key', 'sk-...', '<API_KEY>', 'undefined', '${OPENAI_API_KEY}', 'YOUR_API_KEY'].map(
    (apiKey) => [{ model: { provider: 'openai', model: 'm', apiKey } }, 'model.apiKey'],
  ),
  [
    { providers: { email: { postmark: { apiKey: 'your-server-token', fromEmail: 'a@b.example' } } } },
    'apiKey',
  ],
]

test('options that can never work are refused by the constructor', (t) => {
  for (const [config, option] of REFUSED) {
    const make = () => new AIReceptionist({ agent, model: own, ...config })
    const error = t.throws(make, { code: 'INVALID_CONFIG' }, JSON.stringify(config))
    t.true(error?.message.includes(`${option}\``), error?.message)
    t.false(error.message.includes('call me'))
  }
})

test('valid URLs and numbers are accepted', (t) => {
  for (const webhookBaseUrl of [
    'https://example.com',
    'https://example.com/',
    'https://example.com/hooks',
    ' ',
    '',
  ]) {
    t.notThrows(() => new AIReceptionist({ agent, model: own, ...withTwilio({ webhookBaseUrl }) }))
  }
  for (const phoneNumber of ['+1 (555) 000-1111', '5550001111', 'whatsapp:+15550001111', '12345']) {
    t.notThrows(() => new AIReceptionist({ agent, model: own, ...withTwilio({ phoneNumber }) }))
  }
  const model = { provider: 'openai', model: 'm', apiKey: 'your-api-key', baseUrl: 'http://127.0.0.1:9/v1' }
  t.notThrows(() => new AIReceptionist({ agent, model }))
})

/**
 * Configurations that are likely mistakes, the option that the warning names, and the service that
 * is unhealthy.
 */
const GAPS = [
  [{ model: { provider: 'openai', model: 'm' } }, 'OPENAI_API_KEY', 'openai'],
  [{ model: { provider: 'openai', model: 'm', apiKey: '' } }, 'OPENAI_API_KEY', 'openai'],
  [
    { model: { provider: 'anthropic', model: 'm', apiKey: process.env.NOT_SET } },
    'ANTHROPIC_API_KEY',
    'anthropic',
  ],
  [{ model: { provider: 'openrouter', model: 'm' } }, 'OPENROUTER_API_KEY', 'openrouter'],
  [{ model: { provider: 'google', model: 'm' } }, 'GEMINI_API_KEY', 'google'],
  [withTwilio({ authToken: undefined }), 'TWILIO_AUTH_TOKEN', 'twilio'],
  [withTwilio({ accountSid: '' }), 'TWILIO_ACCOUNT_SID', 'twilio'],
  [withTwilio({ phoneNumber: undefined, baseUrl: 'http://127.0.0.1:9' }), 'TWILIO_PHONE_NUMBER', 'twilio'],
  [
    { providers: { email: { postmark: { apiKey: undefined, fromEmail: 'a@b.example' } } } },
    'POSTMARK_API_KEY',
    'postmark',
  ],
  [{ providers: { email: { smtp: { host: undefined, fromEmail: 'a@b.example' } } } }, 'SMTP_HOST', 'smtp'],
  [{ providers: { calendar: { google: { calendarId: 'c' } } } }, 'GOOGLE_PRIVATE_KEY', 'google'],
]

/** Replaces a configured auth token: titles are printed, and no secret may be. */
const hideToken = (name, value) => (name === 'authToken' && value ? 'set' : value)

for (const [config, variable, service] of GAPS) {
  test(`${variable}: ${JSON.stringify(config, hideToken)}`, async (t) => {
    const entries = []
    const receptionist = new AIReceptionist({
      agent,
      model: own,
      ...config,
      logger: (entry) => entries.push(entry),
    })
    t.teardown(() => receptionist.dispose())
    await receptionist.initialize()
    const health = await receptionist.healthCheck()
    t.false(health.healthy)
    t.is(health.providers[service], false)
    t.true(
      health.errors.some((error) => error.includes(variable)),
      health.errors.join('\n'),
    )
    await receptionist.dispose()
    const warnings = entries.filter(({ level, message }) => level === 'WARN' && message.includes(variable))
    t.is(warnings.length, 1, JSON.stringify(entries))
  })
}

test('a configuration with a database alone is complete', async (t) => {
  const receptionist = new AIReceptionist({ database: { connection: 'sqlite::memory:' } })
  t.teardown(() => receptionist.dispose())
  t.true((await receptionist.database.migrate()).length > 0)
})

test('unused options of the TypeScript SDK are a warning', async (t) => {
  const entries = []
  const receptionist = new AIReceptionist({
    agent: { identity, memory: { sharedLongTermMemory: {} } },
    model: own,
    providers: { custom: [{}] },
    logger: (entry) => entries.push(entry),
  })
  await receptionist.dispose()
  const told = entries.filter(({ level }) => level === 'WARN').map(({ message }) => message)
  t.is(told.length, 2, told.join('\n'))
  t.true(told[0].includes('`longTermStorage: storage`'))
  t.true(told[1].includes('`tools: { custom: [tool] }`'))
})

/** Providers with webhooks. */
const reachable = {
  communication: { twilio: { ...TWILIO, webhookBaseUrl: BASE_URL } },
  email: { postmark: { apiKey: 'token', fromEmail: 'sarah@acme.example', webhookSecret: SECRET } },
}

/**
 * A receptionist whose database is unresponsive until `heal()`, and a function that posts to it.
 * `timeout` is its connection timeout.
 */
async function heldBack(t, door, { timeout = 30_000 } = {}) {
  const database = await createDatabase()
  const proxy = await openProxy(database.url)
  const receptionist = new AIReceptionist({
    agent,
    model: own,
    providers: reachable,
    database: { connection: proxy.url, pool: { connectionTimeoutMillis: timeout } },
    channels: { email: { autoReply: false } },
    logger: { level: 'NONE' },
  })
  const post = door.open(t, receptionist)
  t.teardown(async () => {
    await receptionist.dispose()
    await proxy.close()
    await database.drop()
  })
  return {
    receptionist,
    proxy,
    post: () => post(posts[door.channel](door.channel === 'call' ? undefined : 'Hi')),
  }
}

for (const door of webhookEntryPoints) {
  test(`a webhook before initialize() is refused at once: ${door.name}`, async (t) => {
    const { post } = await heldBack(t, door)
    t.like(await post(), door.isHandle ? { code: 'NOT_INITIALIZED' } : { status: 503 })
  })

  test(`a webhook during initialize() waits for it: ${door.name}`, async (t) => {
    const { receptionist, proxy, post } = await heldBack(t, door)
    // Starts the handler, too.
    await post()
    proxy.hole()
    const initializing = receptionist.initialize()
    await once(proxy, 'held')
    const answers = [post(), post()]
    await proxy.heal()
    await initializing
    for (const answer of await Promise.all(answers)) t.is(answer.status, 200)
  })

  test(`a webhook during a failing initialize() gets a retryable status: ${door.name}`, async (t) => {
    const { receptionist, proxy, post } = await heldBack(t, door, { timeout: 500 })
    await post()
    proxy.hole()
    const initializing = receptionist.initialize()
    await once(proxy, 'held')
    const answer = post()
    proxy.turnAway()
    const { code } = await t.throwsAsync(initializing)
    t.like(await answer, door.isHandle ? { code } : { status: 503 })
  })
}
