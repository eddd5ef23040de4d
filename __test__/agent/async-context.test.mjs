// User code runs in the AsyncLocalStorage context of its caller, for every entry point and kind of
// user code.
import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import test from 'ava'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { AIReceptionist, DatabaseStorage, InMemoryStorage, InMemoryVectorStore } from '../../index.js'
import { Sqlite } from '../support/databases/better-sqlite3.mjs'
import { inbound, OFFICE } from '../support/channels/email-harness.mjs'
import { wordVectors } from '../support/models/embeddings.mjs'
import { TWILIO, sms } from '../support/channels/phone-harness.mjs'
import { startPostmark } from '../support/providers/postmark.mjs'
import { startTwilio } from '../support/providers/twilio.mjs'

const callers = new AsyncLocalStorage()
/** Emits the id of each conversation whose values are extracted. */
const extracted = new EventEmitter()
const NAMED = /caller-\w+/
const TOKEN = 'postmark-server-token'

/**
 * Every kind of user code. Records the context that it runs in, and the caller that it concerns.
 */
function watch() {
  const seen = []
  const note = (part, about) => {
    const named = NAMED.exec(typeof about === 'string' ? about : JSON.stringify(about ?? ''))?.[0]
    seen.push({ part, context: callers.getStore(), named })
  }
  /** Records each method call of an object, before and after a wait. */
  const noted = (name, object, methods) =>
    Object.fromEntries(
      methods.map((method) => [
        method,
        async (...given) => {
          note(`${name}.${method}`, given)
          await setImmediate()
          note(`${name}.${method}`, given)
          return await object[method](...given)
        },
      ]),
    )
  return { seen, note, noted, parts: () => [...new Set(seen.map(({ part }) => part))].sort() }
}

async function open(t, config = {}) {
  const { seen, note, noted, parts } = watch()
  const twilio = await startTwilio(t)
  const postmark = await startPostmark(TOKEN)
  const newest = (messages) => messages.findLast(({ role }) => role === 'user')?.content ?? ''
  const answer = (request, part) => {
    note(part, newest(request.messages))
    if (request.messages[0].content.startsWith('Fill in a form')) return { content: '{}' }
    const used = request.messages.at(-1).role === 'tool'
    const parameters = { about: newest(request.messages) }
    return used
      ? { content: 'Done.' }
      : {
          toolCalls: [
            { name: 'look', parameters },
            { name: 'fail', parameters },
          ],
        }
  }
  const receptionist = new AIReceptionist({
    agent: {
      identity: { name: 'Sarah', role: 'Receptionist' },
      extract: {
        schema: {
          '~standard': {
            version: 1,
            vendor: 'test',
            jsonSchema: { input: () => ({ type: 'object', properties: {} }) },
            async validate(value) {
              note('extract.validate')
              await setImmediate()
              note('extract.validate')
              return { value }
            },
          },
        },
      },
      memory: {
        longTermStorage: noted('storage', new InMemoryStorage(), [
          ...['save', 'saveBatch', 'get', 'search', 'delete'],
          'healthCheck',
        ]),
        autoPersist: { persistAll: true },
        vectorEnabled: true,
        vectorStore: noted('vectorStore', new InMemoryVectorStore(), ['upsert', 'search', 'delete', 'has']),
        embedder: (texts) => {
          note('embedder')
          return wordVectors(texts)
        },
      },
    },
    model: {
      provider: 'custom',
      chat: async (request) => answer(request, 'model.chat'),
      async *stream(request) {
        const whole = answer(request, 'model.stream')
        await setImmediate()
        note('model.stream.next', newest(request.messages))
        yield whole
      },
    },
    providers: {
      communication: { twilio: { ...TWILIO, baseUrl: twilio.url, webhookBaseUrl: 'https://example.com' } },
      email: {
        postmark: { apiKey: TOKEN, fromEmail: OFFICE, baseUrl: postmark.url, webhookSecret: 'hook' },
      },
    },
    tools: {
      custom: ['look', 'fail'].map((name) => ({
        name,
        description: name,
        handlers: {
          async default({ about }) {
            note(`tool.${name}`, about)
            await setImmediate()
            note(`tool.${name}`, about)
            if (name === 'fail') throw new Error('no')
            return { toJSON: () => (note('toJSON', about), { found: about }) }
          },
        },
      })),
    },
    onToolExecute: ({ parameters }) => note('onToolExecute', parameters),
    onToolError: ({ parameters }) => note('onToolError', parameters),
    onConversationStart: ({ conversationId }) => note('onConversationStart', conversationId),
    onConversationEnd: ({ conversationId }) => note('onConversationEnd', conversationId),
    onExtract({ conversationId }) {
      note('onExtract', conversationId)
      extracted.emit(conversationId)
    },
    logger: {
      level: 'debug',
      ...Object.fromEntries(
        ['debug', 'info', 'warn', 'error'].map((level) => [level, (_, context) => note('logger', context)]),
      ),
    },
    ...config,
  })
  t.teardown(async () => {
    await receptionist.dispose()
    postmark.close()
  })
  return { receptionist, seen, parts }
}

const payload = (name) => sms(`I am ${name}`, { From: `+1555123${String(number(name)).padStart(4, '0')}` })
const number = (name) => [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 10_000, 7)
const customer = (name) => ({ email: `${name}@example.com` })

/** The entry points of the core, each with the user code that must run behind it. */
const ENTRIES = {
  'text.generate': [
    (r, name) => r.text.generate({ prompt: name, conversationId: name, customer: customer(name) }),
    [
      'model.chat',
      'tool.look',
      'tool.fail',
      'onToolExecute',
      'onToolError',
      'onConversationStart',
      'storage.save',
    ],
  ],
  'text.stream': [
    async (r, name) => {
      const stream = r.text.stream({ prompt: name, conversationId: name })
      // The context is that of the request, no matter which caller reads the stream.
      await callers.run('the reader', async () => {
        for await (const _ of stream);
      })
    },
    ['model.stream', 'model.stream.next', 'tool.look', 'toJSON'],
  ],
  'agent.process': [
    (r, name) =>
      r.agent.process({ id: name, input: name, channel: 'text', context: { conversationId: name } }),
    ['model.chat', 'tool.look', 'tool.fail', 'storage.save'],
  ],
  'tools.execute': [
    (r, name) =>
      r.getToolRegistry().execute('look', { about: name }, { channel: 'text', conversationId: name }),
    ['tool.look', 'onToolExecute', 'toJSON'],
  ],
  'memory.store': [
    (r, name) => r.agent.memory.store({ id: name, content: name, timestamp: new Date(), type: 'system' }),
    ['storage.save'],
  ],
  'memory.search': [(r, name) => r.agent.memory.search({ conversationId: name }), ['storage.search']],
  'memory.get': [(r, name) => r.agent.memory.get(name), ['storage.get']],
  'memory.delete': [(r, name) => r.agent.memory.delete(name), ['storage.delete']],
  'memory.retrieve': [(r, name) => r.agent.memory.retrieve(name), ['embedder', 'vectorStore.search']],
  'memory.endSession': [(r, name) => r.agent.memory.endSession(name, 'over'), ['onConversationEnd']],
  'agent.extract': [
    async (r, name) => {
      await r.text.generate({ prompt: name, conversationId: name })
      await r.agent.extract(name)
    },
    ['extract.validate', 'onExtract', 'storage.save'],
  ],
  'an extraction in the background': [
    async (r, name) => {
      // No other test has this conversation.
      const conversationId = `${name} ended`
      await r.text.generate({ prompt: name, conversationId })
      const heard = once(extracted, conversationId)
      await r.agent.memory.endSession(conversationId, 'over')
      await heard
    },
    ['extract.validate', 'onExtract'],
  ],
  healthCheck: [(r) => r.healthCheck(), ['storage.healthCheck'], { providers: {} }],
  handleSMSWebhook: [(r, name) => r.handleSMSWebhook(payload(name)), ['model.chat', 'tool.look']],
  handleVoiceWebhook: [
    (r, name) => {
      const call = {
        ...payload(name),
        CallSid: `CA-${name}`,
        CallStatus: 'in-progress',
        Direction: 'inbound',
      }
      return r.handleVoiceWebhook(call)
    },
    ['storage.save'],
  ],
  handleEmailWebhook: [
    (r, name) => {
      const mail = inbound(`I am ${name}`, { from: `Ann <${name}@example.com>` })
      return r.handleEmailWebhook(mail, { authorization: basic('hook') })
    },
    ['model.chat', 'tool.look', 'storage.save'],
  ],
  'sms.send': [(r, name) => r.sms.send({ to: payload(name).From, body: name }), ['storage.save']],
  'email.send': [
    (r, name) => r.email.send({ to: `${name}@example.com`, subject: 'Hi', body: name }),
    ['storage.save'],
  ],
  'calls.make': [(r, name) => r.calls.make({ to: payload(name).From, greeting: name }), ['storage.save']],
  'webhooks.fetch': [
    (r, name) => r.webhooks.fetch(new Request('http://localhost/webhooks/email/inbound', posted(name))),
    ['model.chat', 'tool.look', 'storage.save'],
  ],
}

const basic = (secret) => `Basic ${Buffer.from(`postmark:${secret}`).toString('base64')}`
const posted = (name) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: basic('hook') },
  body: JSON.stringify(inbound(`I am ${name}`, { from: `Ann <${name}@example.com>` })),
})

/** Vectors are created and removed in the background, for several callers at once. */
const BEHIND = ['embedder', 'vectorStore.upsert', 'vectorStore.has', 'vectorStore.delete']

for (const [entry, [enter, expected, config]] of Object.entries(ENTRIES)) {
  test(`${entry}: all code that it calls runs in the context of the caller`, async (t) => {
    const { receptionist, seen, parts } = await open(t, config)
    await receptionist.initialize()
    seen.length = 0
    const names = ['caller-a', 'caller-b', 'caller-c']
    await Promise.all(names.map((name) => callers.run(name, () => enter(receptionist, name))))
    for (const part of expected) t.true(parts().includes(part), `${part} of ${parts()}`)
    const isOf = ({ context, named }) => names.includes(context) && (named ?? context) === context
    t.deepEqual(
      seen.filter((one) => !isOf(one) && !(one.context === undefined && isBehind(one))),
      [],
    )
  })
}

/** Background work without a caller, and its log entries. */
const isBehind = ({ part }) => BEHIND.includes(part) || part === 'logger' || part === 'storage.search'

test('receptionist.webhooks on Node: all code runs in the context of the request', async (t) => {
  const { receptionist, seen } = await open(t)
  await receptionist.initialize()
  seen.length = 0
  const server = createServer((request, response) =>
    callers.run(request.headers['x-caller'], () => receptionist.webhooks(request, response)),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const url = `http://127.0.0.1:${server.address().port}/webhooks/email/inbound`
  const names = ['caller-a', 'caller-b']
  const statuses = names.map(async (name) => {
    const { headers, ...rest } = posted(name)
    return (await fetch(url, { ...rest, headers: { ...headers, 'x-caller': name } })).status
  })
  t.deepEqual(await Promise.all(statuses), [200, 200])
  const models = seen.filter(({ part }) => part === 'model.chat' || part === 'tool.look')
  t.true(models.length > 0)
  for (const { context, named } of models) t.is(context, named)
})

test('initialize() and dispose() run user code in the context of their caller, and keep no context', async (t) => {
  const { receptionist, seen } = await callers.run('the maker', () => open(t))
  await callers.run('the opener', () => receptionist.initialize())
  const ofCallers = () => [...new Set(seen.map(({ context }) => context))].filter(Boolean)
  // Log entries are delivered when the event loop is free.
  while (ofCallers().length === 0) await setImmediate()
  t.deepEqual(ofCallers(), ['the opener'])
  seen.length = 0
  await receptionist.agent.memory.store({ id: 'm', content: 'x', timestamp: new Date(), type: 'system' })
  await receptionist.agent.memory.reindex()
  t.true(seen.length > 0)
  t.true(seen.every(({ context }) => context === undefined))
  seen.length = 0
  await callers.run('the closer', () => receptionist.dispose())
  t.true(seen.every(({ context }) => context === 'the closer'))
})

test('a tool that calls the receptionist passes its context on', async (t) => {
  const inner = []
  const { receptionist } = await open(t, {
    tools: {
      custom: [
        {
          name: 'look',
          description: 'x',
          handlers: {
            default: ({ about }, { conversationId }) =>
              callers.run('inside', async () => {
                if (conversationId === 'inner') inner.push(callers.getStore())
                else await receptionist.text.generate({ prompt: about, conversationId: 'inner' })
              }),
          },
        },
      ],
    },
  })
  await receptionist.initialize()
  await callers.run('outside', () => receptionist.text.generate({ prompt: 'Hi', conversationId: 'outer' }))
  t.deepEqual(inner, ['inside'])
})

test('an abandoned call aborts its signal in the context of the caller', async (t) => {
  let told
  const aborted = new Promise((resolve) => (told = resolve))
  const { receptionist } = await open(t, {
    model: {
      provider: 'custom',
      timeout: 20,
      chat: (_, { signal }) =>
        new Promise(() => signal.addEventListener('abort', () => told(callers.getStore()))),
    },
  })
  await receptionist.initialize()
  const asked = callers.run('caller-a', () => receptionist.text.generate({ prompt: 'Hi' }))
  await t.throwsAsync(asked)
  t.is(await aborted, 'caller-a')
})

test("statements through a user's client run in the context of the save, and batched statements in none", async (t) => {
  const contexts = []
  const logger = { logQuery: (sql) => /insert into|select/i.test(sql) && contexts.push(callers.getStore()) }
  const storage = new DatabaseStorage({ db: drizzle(new Sqlite(':memory:'), { logger }) })
  t.teardown(() => storage.dispose())
  const save = (name) =>
    callers.run(name, () => storage.save({ id: name, content: name, timestamp: new Date(), type: 'system' }))
  await callers.run('the opener', () => storage.initialize())
  t.deepEqual([...new Set(contexts)], ['the opener'])
  contexts.length = 0
  await save('caller-a')
  t.deepEqual([...new Set(contexts)], ['caller-a'])
  contexts.length = 0
  await Promise.all(['caller-b', 'caller-c'].map(save))
  t.deepEqual([...new Set(contexts)], [undefined])
  contexts.length = 0
  await callers.run('caller-d', () => storage.get('caller-b'))
  t.deepEqual([...new Set(contexts)], ['caller-d'])
})

test('no context is kept after its call', async (t) => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  const { receptionist, seen } = await open(t, { providers: {} })
  await receptionist.initialize()
  const entries = [
    'text.generate',
    'text.stream',
    'agent.process',
    'tools.execute',
    'memory.store',
    'memory.search',
    'memory.retrieve',
    'healthCheck',
  ]
  const contexts = []
  const run = async (entry) => {
    const context = { toString: () => 'a context' }
    contexts.push(new WeakRef(context))
    await callers.run(context, () => ENTRIES[entry][0](receptionist, 'caller-a'))
  }
  const unread = receptionist.text.stream({ prompt: 'Never read' })
  for (const entry of entries) await run(entry)
  // The last log entries and background work release the context a little later.
  for (let n = 0; n < 200 && contexts.some((context) => context.deref() !== undefined); n++) {
    await setImmediate()
    seen.length = 0
    collect()
  }
  const kept = entries.filter((_, n) => contexts[n].deref() !== undefined)
  t.deepEqual(kept, [])
  t.truthy(unread)
})
