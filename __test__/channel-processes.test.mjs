// The channels in several processes on one database, on every database.
import test from 'ava'
import { readTwiml, sid } from '../examples/phone.mjs'
import { startScriptedModel } from '../examples/scripted-model.mjs'
import { openDatabases } from './servers/databases.mjs'
import { ACCOUNT, AUTH_TOKEN, BASE_URL, LINE, sms } from './servers/line.mjs'
import { startProcesses } from './servers/line-processes.mjs'

const { databases, close } = await openDatabases()
test.after.always(close)

/** What every process is told. */
const options = (model, database, more) => ({
  agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
  model: { provider: 'openai', model: 'm', baseUrl: model.url, maxRetries: 0 },
  database,
  ...more,
})

/** What a message was answered, or undefined. */
async function answerTo(response) {
  const verbs = readTwiml(await response.text())
  return verbs.find(({ name }) => name === 'Message' || name === 'Gather')
}

for (const [name, open] of Object.entries(databases)) {
  test(`${name}: of messages and calls that come at once, exactly as many are answered as the limits say`, async (t) => {
    const customers = Array.from({ length: 12 }, (_, n) => `+1555${6_000_000 + n}`)
    const model = await startScriptedModel(() => 'ok')
    t.teardown(() => model.close())
    const twilio = { accountSid: ACCOUNT, authToken: AUTH_TOKEN, phoneNumber: LINE, webhookBaseUrl: BASE_URL }
    const processes = await startProcesses(
      t,
      3,
      options(model, open().database, {
        providers: { communication: { twilio } },
        channels: { sms: { maxPerHour: 2 }, voice: { maxPerHour: 2 } },
      }),
    )
    const post = {
      sms: (n, From) => processes.postForm(n, '/webhooks/sms/inbound', sms('hello', { From })),
      call: (n, From) =>
        processes.postForm(n, '/webhooks/voice/inbound', {
          CallSid: sid('CA'),
          From,
          To: LINE,
          CallStatus: 'ringing',
        }),
    }
    for (const [kind, deliver] of Object.entries(post)) {
      for (const customer of customers) {
        const responses = await Promise.all(Array.from({ length: 6 }, (_, n) => deliver(n % 3, customer)))
        const answers = await Promise.all(responses.map(answerTo))
        t.is(answers.filter(Boolean).length, 2, `${kind} of ${customer}`)
        t.is(await answerTo(await deliver(0, customer)), undefined, `a later ${kind} of ${customer}`)
      }
    }
    t.is(model.requests.length, 2 * customers.length)
  })
}
