// Channels in several processes on one database, for every database: rate limits hold, and e-mails
// are answered once whichever process crashes.
import test from 'ava'
import { readTwiml, sid } from '../../examples/phone.mjs'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { openDatabases } from '../support/databases.mjs'
import { OFFICE, TOKEN, inbound } from '../support/channels/email-harness.mjs'
import { BASE_URL, LINE, TWILIO, sms } from '../support/channels/phone-harness.mjs'
import { startProcesses } from '../support/processes/receptionist-processes.mjs'
import { startPostmark } from '../support/providers/postmark.mjs'

const { databases, close } = await openDatabases()
test.after.always(close)

const SECRET = 's3cret'

/** The options of every process. */
const options = (model, database, more) => ({
  agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
  model: { provider: 'openai', model: 'm', baseUrl: model.url, maxRetries: 0 },
  database,
  ...more,
})

/** The answer to a message, if any. */
async function answerTo(response) {
  const verbs = readTwiml(await response.text())
  return verbs.find(({ name }) => name === 'Message' || name === 'Gather')
}

for (const [name, open] of Object.entries(databases)) {
  test(`${name}: concurrent messages and calls are answered exactly up to the rate limits`, async (t) => {
    const customers = Array.from({ length: 12 }, (_, n) => `+1555${6_000_000 + n}`)
    const model = await startScriptedModel(() => 'ok')
    t.teardown(() => model.close())
    const twilio = { ...TWILIO, webhookBaseUrl: BASE_URL }
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

for (const [name, open] of Object.entries(databases)) {
  test(`${name}: an e-mail that reaches several processes, or that a process crashes on, is answered at most once`, async (t) => {
    t.timeout(180_000)
    const scene = open()
    const held = { working: signal(), sending: signal() }
    let dead = false
    const model = await startScriptedModel(async ({ messages }) => {
      const said = messages.at(-1).content
      if (said.endsWith('working') && !dead) await held.working.reach()
      return `answer to ${said}`
    })
    const postmark = await startPostmark(TOKEN, async (mail) => {
      if (mail.To.includes('sending')) await held.sending.reach()
    })
    t.teardown(() => {
      model.close()
      postmark.close()
    })
    const provider = { apiKey: TOKEN, fromEmail: OFFICE, baseUrl: postmark.url, webhookSecret: SECRET }
    const processes = await startProcesses(
      t,
      2,
      options(model, scene.database, { providers: { email: { postmark: provider } } }),
    )
    const mail = (word) => inbound(word, { from: `${word}@example.com`, subject: '' })
    const deliver = async (n, payload) => {
      const response = await processes.postMail(n, payload, SECRET)
      t.is(response.status, 200)
      return response.json()
    }
    const mails = ['together', 'working', 'sending', 'sent'].map(mail)
    const [together, working, sending, sent] = mails
    const receipts = await Promise.all([0, 1, 0, 1].map((n) => deliver(n, together)))
    for (const receipt of receipts) t.deepEqual(receipt, receipts[0])
    t.true(receipts[0].autoReplied)
    const sentReceipt = await deliver(0, sent)

    const lost = [working, sending].map((payload) => t.throwsAsync(deliver(0, payload)))
    await Promise.all([held.working.reached, held.sending.reached])
    dead = true
    processes.kill(0)
    await Promise.all(lost)
    const again = (payload) => Promise.all([0, 1, 0, 1].map((n) => deliver(n, payload)))
    const [answered, unknown, known] = await Promise.all([working, sending, sent].map(again))
    for (const receipt of answered) t.like(receipt, { autoReplied: true, reason: undefined })
    for (const receipt of unknown) t.like(receipt, { autoReplied: true, reason: 'unknown' })
    for (const receipt of known) t.deepEqual(receipt, sentReceipt)

    t.deepEqual(postmark.problems, [])
    t.deepEqual(postmark.mails.map(({ To }) => To).sort(), mails.map(({ From }) => From).sort())
    const rows = await scene.query(
      `SELECT role, content FROM ${scene.table('memory')} WHERE type = 'conversation'`,
    )
    t.deepEqual(
      rows.map(({ role, content }) => `${role}: ${content}`).sort(),
      mails.flatMap(({ TextBody: said }) => [`assistant: answer to ${said}`, `user: ${said}`]).sort(),
    )
  })
}

/** A promise that never settles after `reach()` is called. `reached` resolves then. */
function signal() {
  let reach
  const reached = new Promise((resolve) => (reach = resolve))
  return {
    reached,
    reach() {
      reach()
      return new Promise(() => {})
    },
  }
}
