// Error messages of Twilio and Postmark reach the developer, without numbers, addresses and message
// text.
import { inspect } from 'node:util'
import test from 'ava'
import { AIReceptionist } from '../../index.js'
import { startRawModel } from '../support/models/raw-model.mjs'

const TO = '+436609876543'

async function open(t, reply) {
  const { url } = await startRawModel(t, () => reply)
  const logged = []
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'Agent' } },
    model: { provider: 'openai', apiKey: 'k', model: 'm' },
    providers: {
      communication: {
        twilio: {
          accountSid: `AC${'0'.repeat(32)}`,
          authToken: 'twilio-secret',
          phoneNumber: '+15550001111',
          webhookBaseUrl: 'https://example.com',
          baseUrl: url,
        },
      },
      email: {
        postmark: {
          apiKey: 'pm-secret',
          fromEmail: 'sarah@acme.example',
          webhookSecret: 'hook',
          baseUrl: url,
        },
      },
    },
    database: { connection: 'sqlite::memory:' },
    logger: (entry) => logged.push(entry),
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { receptionist, logged }
}

const sms = (receptionist) => receptionist.sms.send({ to: TO, body: 'Your table is ready, Zoë' })
const mail = (receptionist) =>
  receptionist.email.send({ to: 'zoe@example.com', subject: 'Table', body: 'Your table is ready, Zoë' })

/** Each row: source, request, status and body, code and message. */
const WORDS = [
  [
    'Twilio 21211',
    sms,
    400,
    { code: 21211, message: `The 'To' number ${TO} is not a valid phone number.`, status: 400 },
    'PROVIDER_REJECTED',
    "The provider says: The 'To' number […] is not a valid phone number.",
  ],
  [
    'Twilio 21610',
    sms,
    400,
    { code: 21610, message: 'Attempt to send to unsubscribed recipient', status: 400 },
    'PROVIDER_REJECTED',
    'Attempt to send to unsubscribed recipient',
  ],
  [
    'Twilio 20003',
    sms,
    401,
    { code: 20003, message: 'Authenticate', status: 401 },
    'PROVIDER_AUTHENTICATION_FAILED',
    'The provider says: Authenticate',
  ],
  [
    'Postmark 406',
    mail,
    422,
    {
      ErrorCode: 406,
      Message: 'You tried to send to recipients that have been marked as inactive: zoe@example.com.',
    },
    'PROVIDER_REJECTED',
    'marked as inactive: […]',
  ],
  [
    'Postmark 300',
    mail,
    422,
    { ErrorCode: 300, Message: "Invalid body 'Your table is ready, Zoë'" },
    'PROVIDER_REJECTED',
    "Invalid body '[…]'",
  ],
  [
    'Postmark 10',
    mail,
    401,
    {
      ErrorCode: 10,
      Message: 'The Server Token you provided in the X-Postmark-Server-Token request header was invalid.',
    },
    'PROVIDER_AUTHENTICATION_FAILED',
    'The Server Token you provided',
  ],
]

for (const [source, send, status, body, code, words] of WORDS) {
  test(`the reason of the provider reaches the developer: ${source}`, async (t) => {
    const { receptionist, logged } = await open(t, { status, body })
    const error = await t.throwsAsync(send(receptionist), { code })
    t.true(error.message.includes(words), error.message)
    await receptionist.dispose()
    t.notRegex(inspect([error, logged], { depth: 9 }), /9876543|zoe@|Zoë|pm-secret|twilio-secret/)
  })
}
