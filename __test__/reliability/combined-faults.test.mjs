// Combined faults: webhooks are delivered twice, late, out of order and to two processes; the model
// fails or is slow; processes are killed. Each accepted message is answered once.
import { setTimeout as wait } from 'node:timers/promises'
import test from 'ava'
import { readTwiml, sid } from '../../examples/phone.mjs'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { openDatabases } from '../support/databases.mjs'
import { OFFICE, TOKEN, inbound } from '../support/channels/email-harness.mjs'
import { BASE_URL, LINE, TWILIO } from '../support/channels/phone-harness.mjs'
import { startProcesses } from '../support/processes/receptionist-processes.mjs'
import { startPostmark } from '../support/providers/postmark.mjs'
import { startTwilio } from '../support/providers/twilio.mjs'

const FAULTS = Number(process.env.FAULTS ?? 60)
const KINDS = ['twice', 'both', 'late', 'reordered', 'model down', 'model slow']
/**
 * The number of concurrent deliveries. In each batch, one process is killed before its answer and
 * one right after it.
 */
const AT_ONCE = 24
/** How long a silent process counts as alive. */
const LEASE = 31_000
const SECRET = 's3cret'

const { databases, close } = await openDatabases()
test.after.always(close)

for (const name of ['SQLite', 'PostgreSQL']) {
  if (databases[name])
    test(`${name}: each message gets one answer, whatever fails`, oneAnswer, databases[name]())
}

async function oneAnswer(t, { database, table, query }) {
  t.timeout(Math.max(600_000, FAULTS * 2_000))
  const faults = new Map()
  const twilio = await startTwilio(t)
  const postmark = await startPostmark(TOKEN)
  const model = await startScriptedModel(async ({ messages }) => {
    const said = messages.findLast(({ role }) => role === 'user').content
    const fault = faults.get(said)
    if (fault === 'model down') return { status: 500 }
    if (fault === 'model slow') await wait(300)
    if (fault === 'kill before') kill(said)
    if (fault === 'kill after') setTimeout(kill, 5, said)
    return `answer to ${said}`
  })
  t.teardown(() => {
    model.close()
    postmark.close()
  })
  const processes = await startProcesses(t, 2, {
    agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
    model: { provider: 'openai', model: 'm', baseUrl: model.url, maxRetries: 0 },
    database,
    providers: {
      communication: {
        twilio: { ...TWILIO, webhookBaseUrl: BASE_URL, baseUrl: twilio.url },
      },
      email: {
        postmark: { apiKey: TOKEN, fromEmail: OFFICE, baseUrl: postmark.url, webhookSecret: SECRET },
      },
    },
    channels: { sms: { maxPerHour: 1e6 }, voice: { maxPerHour: 1e6 } },
  })
  const killed = new Set()
  let lastKill = 0
  /**
   * Kills one of the processes in turn, once per message, because a model that is asked again
   * answers.
   */
  function kill(said) {
    if (killed.has(said)) return
    killed.add(said)
    lastKill = Date.now()
    processes.kill(killed.size % 2)
  }

  /** The text of every 200 response to a call or SMS. */
  const answers = new Map()
  /** Returns `true` if the delivery was accepted. */
  async function deliver(n, { path, form, mail, name }) {
    try {
      const response = await (mail ? processes.postMail(n, mail, SECRET) : processes.postForm(n, path, form))
      const body = await response.text()
      // A redirect to wait is not an answer yet.
      if (response.status !== 200 || body.includes('<Redirect')) return false
      if (mail) return JSON.parse(body).reason !== 'pending'
      const texts = readTwiml(body).flatMap(({ text, name, inner }) =>
        name === 'Gather' ? inner.map((say) => say.text) : [text],
      )
      if (texts.some((text) => text !== '')) answers.get(name).add(body)
      return true
    } catch {
      // The process died, and may or may not have received the message.
      return false
    }
  }
  /** Delivers until a process accepts it. */
  async function insist(n, message) {
    while (!(await deliver(n, message))) n = 1 - n
  }

  const posted = [
    (said, From) => ({
      path: '/webhooks/voice/inbound?turn=1',
      form: { CallSid: sid('CA'), From, To: LINE, CallStatus: 'in-progress', SpeechResult: said },
    }),
    (said, From) => ({
      path: '/webhooks/sms/inbound',
      form: { MessageSid: sid('SM'), From, To: LINE, Body: said },
    }),
    (said, from) => ({ mail: inbound(said, { from, subject: '' }) }),
  ]
  const messages = []
  let number = 0
  async function scene(fault) {
    const n = number++
    const said = `word ${n}`
    faults.set(said, fault)
    const from = n % 3 === 2 ? `c${n}@example.com` : `+1555${5_000_000 + n}`
    const message = { name: said, from, ...posted[n % 3](said, from) }
    messages.push(message)
    answers.set(said, new Set())
    if (fault === 'both') await Promise.all([0, 1, 0, 1].map((n) => deliver(n, message)))
    if (fault === 'twice') await Promise.all([insist(n % 2, message), insist(n % 2, message)])
    if (fault === 'reordered' && messages.length > 5) await insist(n % 2, messages.at(-5))
    await insist(n % 2, message)
    if (fault === 'late') await insist(1 - (n % 2), message)
  }
  const kinds = Array.from({ length: FAULTS }, (_, n) =>
    n % AT_ONCE === 7 ? 'kill before' : n % AT_ONCE === 19 ? 'kill after' : KINDS[n % KINDS.length],
  )
  const work = kinds.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const kind of work) await scene(kind)
    }),
  )
  // The next delivery takes over the work of a killed process, except messages that it was sending:
  // their outcome is unknown, so they are not sent again.
  const entries = () => query(`SELECT kind, customer, state FROM ${table('inbox')}`)
  const isUnsettled = ({ state }) =>
    state === 'in_progress' || (state === 'sending' && Date.now() < lastKill + LEASE)
  for (;;) {
    const unsettled = new Set((await entries()).filter(isUnsettled).map(({ customer }) => customer))
    if (unsettled.size === 0) break
    const left = messages.filter(({ from }) => unsettled.has(from))
    await Promise.all(left.map((message, n) => deliver(n % 2, message)))
  }
  for (const message of messages) await insist(1, message)

  t.deepEqual(postmark.problems, [])
  const sent = [
    ...twilio.requests.filter(({ resource }) => resource === 'Messages.json').map(({ form }) => form.To),
    ...postmark.mails.map(({ To }) => To),
  ]
  const rows = await query(`SELECT role, content FROM ${table('memory')} WHERE type = 'conversation'`)
  const unknown = new Set(
    (await entries()).filter(({ state }) => state === 'sending').map(({ customer }) => customer),
  )
  for (const { name, from } of messages) {
    const [fault, told] = [faults.get(name), answers.get(name).size]
    const bySending = sent.filter((to) => to === from).length
    const times = told + bySending
    t.true(
      times === 1 || (times === 0 && unknown.has(from)),
      `${name} (${fault}) was answered ${told} times and ${bySending} by a message of its own`,
    )
    const kept = (role, words) => rows.filter((row) => row.role === role && row.content === words).length
    t.is(kept('user', name), 1, `${name} (${fault})`)
    t.is(kept('assistant', `answer to ${name}`), fault === 'model down' ? 0 : 1, `${name} (${fault})`)
  }
  t.log(
    `${FAULTS} faults, ${killed.size} kills, ${messages.length} messages, ${sent.length} answered by messages of their own, ${unknown.size} unknown`,
  )
}
