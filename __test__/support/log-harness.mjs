// A receptionist on which everything can fail, and the log entries that it makes.
import { EventEmitter, once } from 'node:events'
import BetterSqlite from 'better-sqlite3'
import { drizzle as sqliteDrizzle } from 'drizzle-orm/better-sqlite3'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { AIReceptionist } from '../../index.js'
import { SECRET } from './channels/entry-points.mjs'
import { BASE_URL, TWILIO } from './channels/phone-harness.mjs'
import { createDatabase } from './databases/postgres.mjs'
import { identity } from './fixtures.mjs'
import { documentedEntries } from './log-table.mjs'
import { startPostmark } from './providers/postmark.mjs'
import { startTwilio } from './providers/twilio.mjs'

export const DOCUMENTED = documentedEntries()
export const CUSTOMER = 'the words of a customer'
const TOOL_WORDS = 'the words of a tool'

/** The database of the test file, which drops it. */
export const database = await createDatabase()
/** Messages of the entries that were checked. */
export const seen = new Set()
let prefixes = 0
let sentinels = 0

/** Opens a receptionist on which everything can fail, and collects its log entries. */
export async function open(t, via, more = {}) {
  t.timeout(60_000)
  const entries = []
  const bus = new EventEmitter()
  /** Resolves when a matching entry exists. */
  const arrival = async (isIt, from = 0) => {
    while (!entries.slice(from).some(isIt)) await once(bus, 'entry')
  }
  const state = { model: 'plain', faults: [], postmark: {}, twilio: {}, gate: undefined }
  const slowly = async function* () {
    yield 'One '
    await state.gate
    yield 'moment.'
  }
  const answers = { plain: () => 'Fine.', slow: () => ({ text: slowly() }) }
  const first = await startScriptedModel(() =>
    state.model in answers
      ? answers[state.model]()
      : { status: 500, headers: { 'retry-after': '0' }, body: { error: { message: 'no' } } },
  )
  const second = await startScriptedModel(async ({ messages }) => {
    await state.gate
    if (state.model === 'down') return { status: 401, body: { error: { message: 'no' } } }
    if (messages.at(-1).role === 'tool') return 'Done.'
    const names = ['breaks', 'works', 'is_not_there']
    return { toolCalls: names.map((name) => ({ name, parameters: { words: CUSTOMER } })) }
  })
  const twilio = await startTwilio(t, () => state.twilio)
  const postmark = await startPostmark('token', () => state.postmark)
  const pool = new pg.Pool({ connectionString: database.url, max: 4 })
  pool.on('error', () => {})
  const sqlite = new BetterSqlite(':memory:')
  /** Makes a method fail with the codes in `state.faults` first. */
  const breakable = (object, name, fail) => {
    const works = object[name].bind(object)
    object[name] = (...args) => {
      const code = state.faults.shift()
      return code === undefined ? works(...args) : fail(Object.assign(new Error('broken'), { code }))
    }
  }
  breakable(pool, 'query', (error) => Promise.reject(error))
  breakable(sqlite, 'prepare', (error) => {
    throw error
  })
  const tool = (name, run) => ({
    name,
    description: 'A tool',
    parameters: { type: 'object', properties: {} },
    handlers: { default: run },
  })
  const prefix = `l${++prefixes}_`
  const connections = {
    native: database.url,
    client: drizzle(pool),
    'SQLite client': sqliteDrizzle(sqlite),
  }
  const connection = connections[via]
  const receptionist = new AIReceptionist({
    agent: { identity },
    model: {
      provider: 'openai',
      model: 'm',
      baseUrl: first.url,
      maxRetries: 1,
      fallbacks: [{ provider: 'openai', model: 'n', baseUrl: second.url, maxRetries: 0 }],
    },
    database: { connection, tablePrefix: prefix, ...(via !== 'native' && { via: 'client' }) },
    providers: {
      communication: { twilio: { ...TWILIO, baseUrl: twilio.url, webhookBaseUrl: BASE_URL } },
      email: {
        postmark: {
          apiKey: 'token',
          fromEmail: 'sarah@acme.example',
          baseUrl: postmark.url,
          webhookSecret: SECRET,
        },
      },
    },
    channels: { blocked: ['+15550009999'], voice: { maxPerHour: 2 }, sms: { maxPerHour: 2 } },
    tools: {
      custom: [
        tool('breaks', function breaksHere() {
          throw new Error(`Key sk-123456 refused\n${TOOL_WORDS}`)
        }),
        tool('works', () => ({ success: true, response: { text: 'It worked.' } })),
      ],
    },
    debug: true,
    logger: (entry) => {
      entries.push(entry)
      bus.emit('entry')
    },
    ...more,
  })
  t.teardown(async () => {
    await receptionist.dispose()
    await pool.end()
    for (const server of [first, second, postmark]) server.close()
  })
  /** Returns the entries that `act` logged, after a check of each. */
  const logged = async (act) => {
    const before = entries.length
    const result = await act()
    await delivered(receptionist, entries, arrival)
    const told = entries.slice(before)
    told.forEach((entry) => check(t, entry))
    return { told, result }
  }
  return { receptionist, entries, state, prefix, logged, arrival }
}

/**
 * Resolves when all entries so far were delivered: entries arrive in order, and this one is the
 * last.
 */
async function delivered(receptionist, entries, arrival) {
  const path = `/last-${++sentinels}`
  const { status } = await receptionist.webhooks.fetch(new Request(BASE_URL + path))
  // `dispose()` has delivered everything.
  if (status !== 404) return
  const isLast = ({ context }) => context.path === path
  await arrival(isLast)
  entries.splice(entries.findIndex(isLast), 1)
}

/** Asserts that an entry matches the docs, and contains neither secrets nor message text. */
function check(t, { level, tag, message, context }) {
  const text = JSON.stringify([message, context])
  for (const secret of [CUSTOMER, TOOL_WORDS, TWILIO.authToken, SECRET, 'sk-123456', '+1555123']) {
    t.false(text.includes(secret), `${message} tells ${secret}`)
  }
  const documented = DOCUMENTED.get(message)
  // Configuration warnings have texts of their own.
  if (documented === undefined && tag === 'receptionist' && level === 'WARN') return
  t.truthy(documented, `not documented: ${message}`)
  t.like({ level, tag }, { level: documented.level, tag: documented.tag }, message)
  const { fields, optional } = documented
  for (const field of fields) t.true(field in context, `${message} lacks ${field}`)
  const known = [...fields, ...optional, 'conversationId', 'channel']
  for (const field of Object.keys(context)) t.true(known.includes(field), `${message} has ${field}`)
  seen.add(message)
}
