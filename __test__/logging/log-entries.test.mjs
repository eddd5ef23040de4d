// Every log entry that docs/logging.md lists: each entry point makes it, over a native connection and through a client.
import test from 'ava'
import { sid } from '../../examples/phone.mjs'
import { entriesInCode } from '../support/log-table.mjs'
import { posts, textEntryPoints, webhookEntryPoints } from '../support/channels/entry-points.mjs'
import { LINE } from '../support/channels/phone-harness.mjs'
import { CUSTOMER, DOCUMENTED, database, open, seen } from '../support/log-harness.mjs'

/** Entries that other tests cause. Each needs a server of its own, or thousands of entries. */
const DRIVEN_ELSEWHERE = {
  'Entries were dropped: the logger did not keep up': 'logging.test.mjs',
  'Model does not support a part of the request, retrying without it': 'rejected-parameters.test.mjs',
  // The constructor logs it, before any entry point exists.
  'A parameter of the connection URL is not known and has no effect': 'the constructor',
  'Lexical index being filled': 'lexical-index.test.mjs',
  'Lexical index complete': 'lexical-index.test.mjs',
  'Lexical index not maintained': 'lexical-index.test.mjs',
  'Lexical index not used: the role may not': 'lexical-index.test.mjs',
  'Customers and opt-outs of the TypeScript SDK imported': 'sdk-data.test.mjs',
  'Memories could not be retrieved': 'retrieval.test.mjs',
  'Conversation not consolidated': 'silence.test.mjs',
  'Conversations of earlier processes not found': 'silence.test.mjs',
  // They need a socket.
  'Line refused: no call waits for it': 'live-sockets.test.mjs',
  'Line refused: it is of another call': 'live-sockets.test.mjs',
  'Line lost: the call goes on turn by turn': 'live-calls.test.mjs',
  'A frame of the line was rejected': 'live-sockets.test.mjs',
  'Call answered turn by turn: the public URL is not known': 'live-sockets.test.mjs',
  'Heard text not stored': 'live-calls.test.mjs',
  'Line closed': 'live-calls.test.mjs',
  'Line opened': 'live-calls.test.mjs',
  'Values extracted': 'extraction.test.mjs',
  'Values not extracted': 'extraction.test.mjs',
  // They need functions of the developer, or a storage that cannot be read.
  "The customer's facts were left out of a turn": 'known-customers.test.mjs',
  "The developer's context was left out of a turn": 'known-customers.test.mjs',
  "The developer's context was cut": 'known-customers.test.mjs',
  'A caller heard the plain greeting: the greeting function failed': 'known-customers.test.mjs',
}

test.after.always(async () => {
  await database?.drop()
})

test('docs/logging.md lists every log entry of the code: message, level, tag and fields', (t) => {
  const code = entriesInCode()
  for (const [message, entry] of code) {
    const documented = DOCUMENTED.get(message)
    t.truthy(documented, `not documented: ${message}`)
    const all = ({ fields, optional }) => [...fields, ...optional].sort()
    t.like(documented, { level: entry.level, tag: entry.tag }, message)
    t.deepEqual(all(documented), all(entry), message)
    for (const field of entry.optional) t.true(documented.optional.includes(field), `${message}: ${field}?`)
  }
  // One entry has no macro, because it is about the log itself.
  const [dropped] = Object.keys(DRIVEN_ELSEWHERE)
  for (const message of DOCUMENTED.keys()) t.true(code.has(message) || message === dropped, message)
})

/** The entries of one message. */
const of = (told, message) => told.filter((entry) => entry.message === message)
const serious = (told) =>
  told
    .filter(({ level, tag }) => level !== 'DEBUG' && tag !== 'receptionist')
    .map(({ message, context: { code, reason, status } }) =>
      [message, code ?? reason, status].filter((part) => part !== undefined).join(' '),
    )

/** Error codes of drivers, and the message that is logged. */
const FAULTS = {
  native: {},
  client: {
    ECONNRESET: 'Database connection lost, trying again',
    '40P01': 'Another transaction won, trying again',
  },
  'SQLite client': { SQLITE_BUSY: 'Database busy, trying again' },
}
const CONNECTIONS = database ? Object.keys(FAULTS) : []

/** One turn with every recoverable failure, and one turn that fails. */
async function turns(t, { state, prefix, logged }, via, say, apology) {
  state.model = 'tools'
  state.faults = Object.keys(FAULTS[via])
  if (via === 'native') await breakConnections()
  const { told } = await logged(() => say(CUSTOMER))
  for (const [message, count] of Object.entries({
    'Turn started': 1,
    'History read': 1,
    'Request failed, trying again': 2,
    'Model failed, trying the next one': 2,
    'Model answered': 2,
    'Tool failed': 1,
    'Tool ran': 2,
    'Tool call refused': 1,
    'Turn answered': 1,
    ...Object.fromEntries(Object.values(FAULTS[via]).map((message) => [message, 1])),
  })) {
    t.is(of(told, message).length, count, `${prefix}: ${message}`)
  }
  if (via === 'native') t.true(of(told, 'Database connection lost, trying again').length > 0)
  t.true(of(told, 'Memory saved').length > 0)
  const [{ context }] = of(told, 'Tool failed')
  t.like(context, {
    tool: 'breaks',
    code: 'USER_CODE_FAILED',
    error: 'tool.breaks failed: Key [redacted] refused',
  })
  t.regex(context.stack, /^at .*breaksHere.*log-harness\.mjs:\d+:\d+/)

  state.model = 'down'
  const failed = await logged(() => say(CUSTOMER))
  t.deepEqual(serious(failed.told), [
    'Request failed, trying again HTTP 500',
    'Model failed, trying the next one MODEL_UNAVAILABLE',
    'Turn failed MODEL_UNAVAILABLE',
    ...(apology ? [`${apology}: the model failed MODEL_UNAVAILABLE`] : []),
  ])
  state.model = 'plain'
}

const breakConnections = () =>
  database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  )

for (const via of CONNECTIONS) {
  for (const [name, say] of Object.entries(textEntryPoints)) {
    test.serial(`${name}, ${via}: entries of a turn`, async (t) => {
      const scene = await open(t, via)
      const { told } = await scene.logged(() => scene.receptionist.initialize())
      const messages = ['Database connected', 'Missing tables, columns and indexes created', 'Initialized']
      for (const message of messages) t.is(of(told, message).length, 1, message)
      const ask = (words) => say(scene.receptionist, words).catch(() => {})
      await turns(t, scene, via, ask)
      if (name === 'text.stream') {
        // The first answer of a model is buffered until it is known whether it starts with
        // reasoning.
        scene.state.model = 'plain'
        await ask('Hi')
        let goOn
        scene.state.gate = new Promise((resolve) => (goOn = resolve))
        scene.state.model = 'slow'
        const left = await scene.logged(async () => {
          for await (const _ of scene.receptionist.text.stream({ prompt: CUSTOMER })) break
        })
        goOn()
        t.is(of(left.told, 'Turn aborted by its reader').length, 1)
      }
      const forgotten = await scene.logged(() =>
        scene.receptionist.database.forget({ phone: '+15551234567' }),
      )
      t.deepEqual(serious(forgotten.told), ['Person erased'])
      const ended = await scene.logged(() => scene.receptionist.dispose())
      t.is(of(ended.told, 'Disposed').length, 1)
    })
  }

  for (const door of webhookEntryPoints) {
    test.serial(`${door.name}, ${via}: entries of a turn`, async (t) => {
      const scene = await open(t, via)
      const post = door.open(t, scene.receptionist)
      const early = await scene.logged(async () => {
        const answer = await post(posts[door.channel]('Hi'))
        await scene.receptionist.dispose()
        return answer
      })
      t.deepEqual(serious(early.told), ['Webhook refused NOT_INITIALIZED 503'])
      t.is(early.result.status ?? early.result.code, door.isHandle ? 'NOT_INITIALIZED' : 503)
      await scene.receptionist.initialize()
      const apology = door.channel === 'call' ? 'A caller heard an apology' : 'A customer read an apology'
      await turns(t, scene, via, (words) => post(posts[door.channel](words)), apology)
    })

    // The rest needs the tables of PostgreSQL.
    if (via === 'SQLite client') continue

    test.serial(`${door.name}, ${via}: entries of refused webhooks`, async (t) => {
      const scene = await open(t, via)
      await scene.receptionist.initialize()
      const post = door.open(t, scene.receptionist)
      const good = () => posts[door.channel](CUSTOMER)
      const refused = async (posted, status, code) => {
        const { told, result } = await scene.logged(() => post(posted))
        t.deepEqual(serious(told), [`Webhook refused${code ? ` ${code}` : ''} ${status}`])
        t.is(of(told, 'Webhook refused')[0].context.channel, door.channel)
        if (door.isHandle) t.is(result.code, code)
        else t.is(result.status, status)
      }
      await refused({ ...good(), isForged: true }, 403, 'WEBHOOK_SIGNATURE_INVALID')
      await refused({ ...good(), payload: { Body: CUSTOMER } }, 400, 'INVALID_WEBHOOK')
      await rename(scene.prefix, 'inbox', 'gone')
      if (door.channel === 'call') {
        const { told, result } = await scene.logged(() => post(good()))
        t.is(result.status, 200)
        t.deepEqual(serious(told), [
          'A caller heard an apology: the conversation cannot be stored DATABASE_QUERY_FAILED',
        ])
        const over = posts.call(undefined, { CallStatus: 'completed', CallDuration: '9' })
        await refused(over, 503, 'DATABASE_QUERY_FAILED')
      } else {
        await refused(good(), 503, 'DATABASE_QUERY_FAILED')
      }
      await rename(scene.prefix, 'gone', 'inbox')
      if (!door.isHandle) {
        await refused({ ...good(), type: 'text/csv' }, 415)
        const long = 'x'.repeat((door.channel === 'email' ? 64 : 1) * 1024 * 1024 + 1)
        await refused({ ...good(), body: long }, 413)
        for (const [change, status] of [
          [{ path: '/elsewhere' }, 404],
          [{ method: 'GET' }, 405],
        ]) {
          const { told } = await scene.logged(() => post({ ...good(), ...change }))
          t.deepEqual(serious(told), [])
          t.like(of(told, 'Request refused: not a webhook')[0].context, { status })
        }
      }
      if (door.isNode) {
        const next = await scene.logged(
          () =>
            new Promise((resolve) => scene.receptionist.webhooks({ url: '/x', headers: {} }, {}, resolve)),
        )
        t.deepEqual(next.told, [])
      }
    })

    test.serial(`${door.name}, ${via}: entries of webhooks without an answer`, async (t) => {
      const scene = await open(t, via)
      await scene.receptionist.initialize()
      const post = door.open(t, scene.receptionist)
      await others[door.channel](t, scene, post, door)
      await forgetting(t, scene, () =>
        post(posts[door.channel]('Hi', { from: numberOrAddress(door.channel) })),
      )
    })
  }
}

let numbers = 0
const numberOrAddress = (channel) =>
  channel === 'email' ? `x${++numbers}@example.com` : `+1555200${1000 + ++numbers}`

const rename = (prefix, from, to) => database.query(`ALTER TABLE ${prefix}${from} RENAME TO ${prefix}${to}`)

/** Other outcomes of calls, messages and e-mails. */
const others = {
  async call(t, { state, logged }, post) {
    const told = async (...args) => serious((await logged(() => post(posts.call(...args)))).told)
    const from = '+15550001234'
    t.deepEqual(await told(undefined, { from: '+15550009999' }), [
      'Call rejected: the number is blocked, hidden or false',
    ])
    t.deepEqual(await told(undefined, { from }), [])
    t.deepEqual(await told(undefined, { from }), [])
    t.deepEqual(await told(undefined, { from }), ['Call refused: rate limit reached'])
    const callSid = sid('CA')
    await told(undefined, { callSid })
    await told('Hi', { callSid })
    state.model = 'down'
    const over = {
      callSid,
      CallStatus: 'completed',
      CallDuration: '9',
      CallbackSource: 'call-progress-events',
    }
    const [, , summarized] = await told(undefined, over)
    t.is(summarized, 'Conversation not summarized by the model MODEL_UNAVAILABLE')
    state.model = 'plain'
  },
  async sms(t, { receptionist, state, logged }, post, door) {
    const told = async (...args) => serious((await logged(() => post(posts.sms(...args)))).told)
    const [not, why] = ['SMS not answered', 'a keyword, opted out, or automatic replies are off']
    t.deepEqual(await told('STOP'), [`${not}: ${why} keyword`])
    t.deepEqual(await told('Hi'), [`${not}: ${why} opted_out`])
    t.deepEqual(await told('Hi', { from: LINE }), [
      `${not}: the number is blocked, hidden or our own own_number`,
    ])
    t.deepEqual(await told('Hi', { from: '+15550009999' }), [
      `${not}: the number is blocked, hidden or our own blocked`,
    ])
    t.deepEqual(await told('Your parcel is here', { from: 'Amazon' }), [
      `${not}: the sender cannot receive messages`,
    ])
    const from = '+15550001234'
    for (const n of [0, 1]) t.deepEqual(await told(`Hi ${n}`, { from }), [])
    t.deepEqual(await told('Hi 2', { from }), [`${not}: rate limit reached rate_limited`])
    if (door.isHandle) return
    const sent = await receptionist.sms.send({ to: from, body: 'Hello' })
    const status = { MessageSid: sent.messageSid, MessageStatus: 'undelivered', ErrorCode: '30003' }
    const path = '/webhooks/sms/inbound/status'
    const undelivered = await logged(() => post({ channel: 'sms', path, payload: status }))
    t.like(undelivered.told.find(({ message }) => message === 'Message not delivered').context, {
      messageSid: sent.messageSid,
      errorCode: 30003,
    })
    t.is(state.model, 'plain')
  },
  async email(t, { state, logged }, post, door) {
    const automatic = await logged(() =>
      post(posts.email('Hi', { headers: { 'Auto-Submitted': 'auto-replied' } })),
    )
    t.deepEqual(serious(automatic.told), ['E-mail not answered automatic'])
    state.postmark = { status: 401, body: { ErrorCode: 10, Message: 'Bad token' } }
    const { told, result } = await logged(() => post(posts.email('Hi')))
    const code = 'PROVIDER_AUTHENTICATION_FAILED'
    t.deepEqual(serious(told), [`Answer not sent ${code}`, `Webhook refused ${code} 500`])
    t.is(result.status ?? result.code, door.isHandle ? code : 500)
    state.postmark = {}
  },
}

/** The inbox is pruned after an answer; the first attempt fails. */
async function forgetting(t, { receptionist, prefix, entries, logged, arrival }, answer) {
  await receptionist.dispose()
  const table = `${prefix}inbox`
  await database.query(
    `UPDATE ${table} SET touched_at = touched_at - interval '2 years', created_at = created_at - interval '2 years'`,
  )
  const count = async (n) => {
    await receptionist.initialize()
    const from = entries.length
    const { told } = await logged(async () => {
      await answer()
      await arrival(({ message }) => message.startsWith('Old entries'), from)
    })
    await receptionist.dispose()
    const messages = ['Old entries of the inbox not deleted', 'Old entries of the inbox deleted']
    t.deepEqual(
      messages.map((message) => of(told, message).length),
      n,
    )
  }
  await database.query(
    `CREATE FUNCTION ${prefix}refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END'`,
  )
  await database.query(
    `CREATE TRIGGER refuse BEFORE DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${prefix}refuse()`,
  )
  await count([1, 0])
  await database.query(`DROP TRIGGER refuse ON ${table}`)
  await count([0, 1])
}

for (const via of CONNECTIONS) {
  // Twilio waits 15 seconds. The entry points are tested concurrently.
  test.serial(`${via}: entries of answers that are late or rejected`, async (t) => {
    const scene = await open(t, via)
    await scene.receptionist.initialize()
    scene.state.model = 'tools'
    scene.state.twilio = { status: 400, body: { code: 21610, message: 'no', status: 400 } }
    let release
    scene.state.gate = new Promise((resolve) => (release = resolve))
    const doors = webhookEntryPoints.filter(({ channel }) => channel !== 'email')
    const { told } = await scene.logged(async () => {
      const posted = doors.map((door, n) => {
        const waited = door.channel === 'call' && { query: 'turn=1&waited=5' }
        const post = posts[door.channel]('Hi', { from: `+1555300100${n}`, ...waited })
        return door.open(t, scene.receptionist)(post)
      })
      t.deepEqual(
        new Set((await Promise.all(posted)).map(({ status, code }) => status ?? code)),
        new Set([200]),
      )
      release()
      await scene.receptionist.dispose()
    })
    t.is(of(told, 'A caller heard an apology: the answer took too long').length, 3)
    t.is(of(told, 'Answer not sent').length, 3)
  })
}

const onPostgres = database ? test.serial : test.serial.skip

onPostgres('every documented entry was logged', (t) => {
  const missing = [...DOCUMENTED.keys()].filter((message) => !seen.has(message))
  t.deepEqual(missing.sort(), Object.keys(DRIVEN_ELSEWHERE).sort())
})
