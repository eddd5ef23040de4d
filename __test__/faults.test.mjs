// Everything goes wrong at once: messages and turns are delivered twice, late, out of order and to both of two processes, the model
// fails or dawdles, processes are killed in the middle of work. Whatever was accepted is answered once, never twice.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { readTwiml, sid, signature } from '../examples/phone.mjs'
import { readSqlite } from '../examples/read-sqlite.mjs'
import { startScriptedModel } from '../examples/scripted-model.mjs'
import { ACCOUNT, AUTH_TOKEN, BASE_URL, LINE } from './servers/line.mjs'
import { startTwilio } from './servers/twilio.mjs'

const FAULTS = Number(process.env.FAULTS ?? 60)
const KINDS = ['twice', 'both', 'late', 'reordered', 'model down', 'model slow']
/** How many are under way at once; of as many, one dies before its answer is there and one right after. */
const AT_ONCE = 24
/** How long a process that says nothing counts as alive. */
const LEASE = 31_000

test('one answer to each message, whatever fails', async (t) => {
  t.timeout(600_000)
  const folder = await mkdtemp(join(tmpdir(), 'receptionist-faults-'))
  const file = join(folder, 'faults.db')
  const faults = new Map()
  const twilio = await startTwilio(t)
  const model = await startScriptedModel(async ({ messages }) => {
    const said = messages.findLast(({ role }) => role === 'user').content
    const fault = faults.get(said)
    if (fault === 'model down') return { status: 500 }
    if (fault === 'model slow') await wait(300)
    if (fault === 'kill before') kill(said)
    if (fault === 'kill after') setTimeout(kill, 5, said)
    return `answer to ${said}`
  })
  const options = JSON.stringify({
    agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
    model: { provider: 'openai', model: 'm', baseUrl: model.url, maxRetries: 0 },
    database: { connection: `sqlite:${file}` },
    providers: {
      communication: {
        twilio: {
          accountSid: ACCOUNT,
          authToken: AUTH_TOKEN,
          phoneNumber: LINE,
          webhookBaseUrl: BASE_URL,
          baseUrl: twilio.url,
        },
      },
    },
    channels: { sms: { maxPerHour: 1e6 }, voice: { maxPerHour: 1e6 } },
  })
  const processes = [undefined, undefined]
  const killed = new Set()

  async function start(n) {
    const child = fork(fileURLToPath(new URL('servers/line-process.mjs', import.meta.url)), [options], {
      execArgv: [],
      silent: true,
    })
    const address = once(child, 'message').then(([url]) => url)
    processes[n] = { child, address }
    await address
  }
  /** Kills one of the processes, in turn, once a message: a model that is asked again answers. */
  function kill(said) {
    if (killed.has(said)) return
    killed.add(said)
    const n = killed.size % 2
    const { child } = processes[n]
    child.kill('SIGKILL')
    processes[n].address = once(child, 'exit')
      .then(() => start(n))
      .then(() => processes[n].address)
  }
  t.teardown(async () => {
    for (const { child } of processes) child.kill('SIGKILL')
    model.close()
    await rm(folder, { recursive: true, force: true })
  })
  await start(0)
  await start(1)

  /** Every text with which a message was answered in a 200. */
  const answers = new Map()
  async function deliver(n, { path, form, name }) {
    const origin = await processes[n].address
    const url = BASE_URL + path
    try {
      const response = await fetch(origin + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': signature(AUTH_TOKEN, url, form),
        },
        body: new URLSearchParams(form),
      })
      const body = await response.text()
      // Who is asked to wait has no answer yet.
      if (response.status !== 200 || body.includes('<Redirect')) return false
      const texts = readTwiml(body).flatMap(({ text, name, inner }) =>
        name === 'Gather' ? inner.map((say) => say.text) : [text],
      )
      if (texts.some((text) => text !== '')) answers.get(name).add(body)
      return true
    } catch {
      // The process died: whether it got the message, nobody knows.
      return false
    }
  }
  /** Delivers until it is accepted. */
  async function insist(n, message) {
    while (!(await deliver(n, message))) n = 1 - n
  }

  const messages = []
  let number = 0
  async function scene(fault) {
    const n = number++
    const isCall = n % 3 === 0
    const said = `word ${n}`
    faults.set(said, fault)
    const from = `+1555${5_000_000 + n}`
    const id = sid(isCall ? 'CA' : 'SM')
    const message = isCall
      ? {
          name: said,
          id: `call-${id}-1`,
          path: '/webhooks/voice/inbound?turn=1',
          form: { CallSid: id, From: from, To: LINE, CallStatus: 'in-progress', SpeechResult: said },
        }
      : {
          name: said,
          id: `sms-${id}`,
          path: '/webhooks/sms/inbound',
          form: { MessageSid: id, From: from, To: LINE, Body: said },
        }
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
  // Whatever a killed process left behind is taken over by who is asked for it, but for what it was sending: whether that went
  // out, nobody knows, and nobody sends it again.
  const entries = () =>
    readSqlite(file, 'SELECT kind, customer, state, touched_at FROM ai_receptionist_inbox')
  const isUnsettled = ({ state, touched_at }) =>
    state === 'claimed' || (state === 'sending' && touched_at > Date.now() - LEASE)
  while ((await entries()).some(isUnsettled)) {
    await Promise.all(messages.slice(-200).map((message, n) => deliver(n % 2, message)))
  }
  for (const message of messages) await insist(1, message)

  const sent = twilio.requests.filter(({ resource }) => resource === 'Messages.json')
  const rows = await readSqlite(
    file,
    "SELECT external_id AS id, role, content FROM ai_receptionist_memory WHERE type = 'conversation'",
  )
  const unknown = new Set(
    (await entries())
      .filter(({ kind, state }) => kind === 'sms' && state === 'sending')
      .map(({ customer }) => customer),
  )
  for (const { name, id, form } of messages) {
    const byRest = sent.filter((message) => message.form.To === form.From).length
    const times = answers.get(name).size + byRest
    t.true(
      times === 1 || (times === 0 && unknown.has(form.From)),
      `${name} (${faults.get(name)}) was answered ${answers.get(name).size} times and ${byRest} by REST`,
    )
    t.is(rows.filter((row) => row.id === id && row.role === 'user').length, 1, name)
    const answersKept = rows.filter((row) => row.id === `${id}-answer`)
    t.is(answersKept.length, faults.get(name) === 'model down' ? 0 : 1, name)
    t.is(rows.filter(({ content }) => content === (form.Body ?? form.SpeechResult)).length, 1, name)
  }
  t.log(
    `${FAULTS} faults, ${killed.size} kills, ${messages.length} messages, ${sent.length} answered by REST, ${unknown.size} unknown`,
  )
})
