// Twilio, Postmark and Google fail or send garbage: the error has a code, nothing is sent twice, no
// secret leaks, and the customer's message is stored.
import { inspect } from 'node:util'
import test from 'ava'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { AIReceptionist } from '../../index.js'
import { OFFICE, TOKEN, inbound } from '../support/channels/email-harness.mjs'
import { startFaulty } from '../support/providers/faulty-server.mjs'
import { makeAccount, startGoogle } from '../support/providers/google-calendar.mjs'
import { AUTH_TOKEN, JOHN, TWILIO } from '../support/channels/phone-harness.mjs'
import { startPostmark } from '../support/providers/postmark.mjs'
import { startTwilio } from '../support/providers/twilio.mjs'
import { FAULTS } from '../support/providers/service-faults.mjs'

const account = makeAccount()
const CALENDAR = 'office@group.calendar.google.com'
const ANN = { channel: 'text', conversationId: 'c-ann', customer: { email: 'ann@example.com' } }
const letter = { to: 'ann@example.com', subject: 'Hello', body: 'How are you?' }

/**
 * A receptionist with Twilio, Postmark and Google Calendar, each at a server that fails on demand,
 * and its log entries.
 */
async function open(t) {
  const [logged, failures] = [[], []]
  const model = await startScriptedModel(() => 'We open at nine.')
  const office = await startPostmark(TOKEN)
  const calendar = await startGoogle(account, { calendarId: CALENDAR })
  const servers = {
    twilio: await startFaulty(t, (await startTwilio(t)).url),
    postmark: await startFaulty(t, office.url),
    google: await startFaulty(t, calendar.baseUrl),
  }
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
    model: { provider: 'openai', model: 'm', baseUrl: model.url },
    database: { connection: 'sqlite::memory:' },
    providers: {
      communication: { twilio: { ...TWILIO, baseUrl: servers.twilio.url } },
      email: {
        postmark: {
          apiKey: TOKEN,
          fromEmail: OFFICE,
          baseUrl: servers.postmark.url,
          webhookSecret: 's3cret',
        },
      },
      calendar: {
        google: {
          calendarId: CALENDAR,
          credentials: {
            client_email: account.email,
            private_key: account.key,
            token_uri: calendar.tokenUri,
          },
          baseUrl: servers.google.url,
        },
      },
    },
    logger: (entry) => logged.push(entry),
    debug: true,
    onToolError: (event) => failures.push(event.error),
  })
  t.teardown(async () => {
    await receptionist.dispose()
    for (const server of [model, office, calendar]) server.close()
  })
  await receptionist.initialize()
  return { receptionist, servers, logged, failures }
}

/**
 * Requests by service. Queries are sent up to three times, and to Google again with a new token
 * after a 401. Tools report their failures as they happen.
 */
const REQUESTS = {
  'a message': ['twilio', 'order', ({ receptionist }) => receptionist.sms.send({ to: JOHN, body: 'Hello' })],
  'a call': [
    'twilio',
    'order',
    ({ receptionist }) => receptionist.calls.make({ to: JOHN, greeting: 'Hello' }),
  ],
  'a list of calls': ['twilio', 'question', ({ receptionist }) => receptionist.calls.list({ limit: 1 })],
  'an e-mail': ['postmark', 'order', ({ receptionist }) => receptionist.email.send(letter)],
  'free times': [
    'google',
    'question',
    async ({ receptionist, failures }) => {
      const range = { from: '2031-03-03', to: '2031-03-04' }
      const tools = receptionist.getToolRegistry()
      const { success } = await tools.execute('calendar_check_availability', range, ANN)
      if (!success) throw failures.at(-1)
    },
  ],
}

for (const [name, [expected, fault]] of Object.entries(FAULTS)) {
  if (expected.slow) continue
  test(`providers: ${name}`, async (t) => {
    const scene = await open(t)
    const { receptionist, servers, logged } = scene
    const elsewhere = await startFaulty(t)
    const errors = []
    for (const [what, [service, kind, ask]] of Object.entries(REQUESTS)) {
      const server = servers[service]
      server.fault = (socket, type) => fault(socket, type, elsewhere, server.asked.at(-1))
      const before = server.asked.length
      const error = await t.throwsAsync(ask(scene), undefined, what)
      errors.push(error)
      t.is(error.code, expected[kind], `${what}: ${inspect(error)}`)
      const times =
        error.code === 'PROVIDER_UNAVAILABLE'
          ? 3
          : service === 'google' && error.code === 'PROVIDER_AUTHENTICATION_FAILED'
            ? 2
            : 1
      t.is(server.asked.length - before, times, what)
      server.fault = undefined
      await t.notThrowsAsync(ask(scene), what)
    }
    servers.postmark.fault = (socket, type) => fault(socket, type, elsewhere, servers.postmark.asked.at(-1))
    const before = servers.postmark.asked.length
    const authorization = `Basic ${Buffer.from('postmark:s3cret').toString('base64')}`
    await receptionist
      .handleEmailWebhook(inbound('When do you open?'), { authorization })
      .catch((error) => errors.push(error))
    t.is(servers.postmark.asked.length - before, 1)
    const [mail] = await receptionist.agent.memory.search({
      keywords: ['When do you open?'],
      channel: 'email',
    })
    t.is(mail?.role, 'user')
    t.deepEqual(elsewhere.asked, [])
    await receptionist.dispose()
    const shown = inspect([errors, logged], {
      depth: 30,
      showHidden: true,
      maxStringLength: null,
      maxArrayLength: null,
    })
    for (const secret of [
      AUTH_TOKEN,
      TOKEN,
      account.key,
      's3cret',
      btoa(`${TWILIO.accountSid}:${AUTH_TOKEN}`),
    ])
      t.false(shown.includes(secret), 'a secret is shown')
  })
}
