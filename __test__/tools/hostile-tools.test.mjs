// Misbehaving tools and callbacks: a clear error each time, the turn goes on, and nothing leaks.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { AIReceptionist, UserCodeError } from '../../index.js'
import { startModel } from '../support/models/strict-model.mjs'

const none = { type: 'object', properties: {} }
const context = { channel: 'text', conversationId: 'conv_1' }
const tool = (name, handler) => ({
  name,
  description: `Does ${name}`,
  parameters: none,
  handlers: { default: handler },
})

/** A receptionist whose model calls the tool `act` once per turn. */
async function open(t, config = {}) {
  const server = await startModel(t, (body) =>
    body.messages.at(-1).role === 'tool' ? 'Done.' : { toolCalls: [{ name: 'act', parameters: {} }] },
  )
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
    model: server.config,
    database: { connection: 'sqlite::memory:' },
    ...config,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { receptionist, registry: receptionist.getToolRegistry(), requests: server.requests }
}

const thrown = new TypeError('no table left')
const cyclic = { data: {} }
cyclic.data.self = cyclic
const unreadable = Object.defineProperty({}, 'message', {
  get() {
    throw thrown
  },
})
const fails = (value) => () => {
  throw value
}

/**
 * Each row: the tool, the message that the model gets, and the `cause` that the developer gets
 * (`undefined` included).
 */
const MISBEHAVIOUR = {
  'throws at once': [fails(thrown), /^no table left$/, (t, cause) => t.is(cause, thrown)],
  rejects: [() => Promise.reject(thrown), /^no table left$/, (t, cause) => t.is(cause, thrown)],
  'rejects with a string': [() => Promise.reject('full'), /^full$/, (t, cause) => t.is(cause, 'full')],
  'rejects with undefined': [() => Promise.reject(), /^undefined$/, (t, cause) => t.is(cause, undefined)],
  'throws null': [fails(null), /^null$/, (t, cause) => t.is(cause, null)],
  'throws an unreadable object': [fails(unreadable), /cannot be read/, (t, cause) => t.is(cause, unreadable)],
  'throws a lone surrogate': [
    fails(new Error('\ud800!')),
    /^\ufffd!$/,
    (t, cause) => t.is(cause.message, '\ud800!'),
  ],
  'returns an error': [() => thrown, /^no table left$/, (t, cause) => t.is(cause, thrown)],
  'returns a cyclic object': [() => cyclic, /contains itself/, isInvalid],
  'returns a BigInt': [() => ({ data: { total: 1n } }), /`data.total` is a BigInt/, isInvalid],
  'returns a function': [() => () => {}, /is a function/, isInvalid],
  'returns a symbol': [() => Symbol('x'), /is a symbol/, isInvalid],
  'returns an object that throws when it is read': [
    () => ({
      get data() {
        throw thrown
      },
    }),
    /^no table left$/,
    (t, cause) => t.is(cause, thrown),
  ],
  'returns an invalid result': [() => ({ success: 'yes' }), /`success` must be true or false/, isInvalid],
  'returns invalid text': [() => ({ success: true, response: 7 }), /`response` must be an object/, isInvalid],
  'returns an object that is nested too deep': [
    () => JSON.parse('['.repeat(500) + ']'.repeat(500)),
    /nested too deep/,
    isInvalid,
  ],
  'returns a thenable that throws': [
    () => ({
      then() {
        throw thrown
      },
    }),
    /^no table left$/,
    (t, cause) => t.is(cause, thrown),
  ],
  'never settles': [
    () => new Promise(() => {}),
    /timeout after 50ms/,
    (t, cause) => t.is(cause.code, 'TOOL_TIMEOUT'),
  ],
}

function isInvalid(t, cause) {
  t.true(cause instanceof UserCodeError)
  t.is(cause.code, 'USER_CODE_INVALID')
}

for (const [name, [handler, told, isCause]] of Object.entries(MISBEHAVIOUR)) {
  test(`a tool ${name}`, async (t) => {
    const errors = []
    const { receptionist, registry, requests } = await open(t, {
      tools: { custom: [tool('act', handler)], ...(name === 'never settles' && { timeout: 50 }) },
      onToolError: (event) => errors.push(event),
    })
    const reply = await receptionist.text.generate({ prompt: 'Act', conversationId: 'c' })
    t.is(reply.text, 'Done.')
    const result = JSON.parse(requests[1].messages.at(-1).content)
    t.false(result.success)
    t.regex(result.error, told)
    t.is(errors.length, 1)
    isCause(t, errors[0].error)
    const executed = await registry.execute('act', {}, context)
    t.false(executed.success)
    t.true('cause' in executed)
    isCause(t, executed.cause)
  })
}

const REENTRY = {
  'unregisters itself': ({ registry }) => String(registry.unregister('act')),
  'removes all tools': ({ registry }) => registry.clear(),
  'registers itself again': ({ registry }) => registry.register(tool('act', () => 'new')),
  'registers another': ({ registry }) => registry.register(tool('other', () => 'new')),
  'answers in another conversation': async ({ receptionist }) =>
    (await receptionist.text.generate({ prompt: 'Hi', conversationId: 'other' })).text,
}

for (const [name, act] of Object.entries(REENTRY)) {
  test(`a tool ${name}, and the turn goes on`, async (t) => {
    let depth = 0
    const opened = await open(t)
    opened.registry.register(tool('act', () => (depth++ === 0 ? act(opened) : 'inner')))
    const reply = await opened.receptionist.text.generate({ prompt: 'Act', conversationId: 'c' })
    t.is(reply.text, 'Done.')
    t.true(reply.metadata.toolResults[0].success)
  })
}

test('a tool that calls generate() in its own conversation is refused, also through other conversations', async (t) => {
  const errors = []
  const opened = await open(t, { onToolError: ({ error }) => errors.push(error) })
  const { receptionist, registry } = opened
  const hop = { c: 'd', d: 'c' }
  registry.register(
    tool('act', async (_, { conversationId }) => {
      await null
      const inner = await receptionist.text.generate({ prompt: 'Hi', conversationId: hop[conversationId] })
      return inner.text
    }),
  )
  t.is((await receptionist.text.generate({ prompt: 'Act', conversationId: 'c' })).text, 'Done.')
  t.deepEqual(
    errors.map(({ code }) => code),
    ['CONVERSATION_DEADLOCK'],
  )
  hop.c = 'c'
  t.is((await receptionist.text.generate({ prompt: 'Act', conversationId: 'c' })).text, 'Done.')
  t.is(errors.length, 2)
  t.true(errors[1] instanceof UserCodeError)
  registry.register(tool('act', () => 'fine'))
  const [first, second] = await Promise.all(
    ['One', 'Two'].map((prompt) => receptionist.text.generate({ prompt, conversationId: 'c' })),
  )
  t.is(first.text + second.text, 'Done.Done.')
})

test('a tool that disposes of the receptionist ends the turn with a clear error', async (t) => {
  const { receptionist, registry } = await open(t)
  registry.register(
    tool('act', () => {
      void receptionist.dispose()
      return 'gone'
    }),
  )
  const ended = await receptionist.text.generate({ prompt: 'Act' }).catch((error) => error)
  t.true(['Done.', undefined].includes(ended.text))
  if (ended instanceof Error) t.regex(ended.code, /DISPOSED|DATABASE|NOT_INITIALIZED/)
  await receptionist.dispose()
  await receptionist.initialize()
  t.is(receptionist.getToolRegistry().count(), 6)
})

const CALLBACKS = {
  'throws at once': fails(thrown),
  rejects: () => Promise.reject(thrown),
  'rejects with undefined': () => Promise.reject(),
  'throws an unreadable object': fails(unreadable),
  'never settles': () => new Promise(() => {}),
  'returns a thenable that throws': () => ({
    then() {
      throw thrown
    },
  }),
}

for (const [name, callback] of Object.entries(CALLBACKS)) {
  test.serial(`a callback that ${name} is reported, and the turn goes on`, async (t) => {
    const warnings = []
    const listen = ({ message }) => warnings.push(message)
    process.on('warning', listen)
    t.teardown(() => process.off('warning', listen))
    const { receptionist } = await open(t, {
      tools: { custom: [tool('act', () => 'ok')] },
      onToolExecute: callback,
      onConversationStart: callback,
    })
    t.is((await receptionist.text.generate({ prompt: 'Act', conversationId: 'c' })).text, 'Done.')
    await receptionist.dispose()
    await new Promise(setImmediate)
    const told = warnings.filter((warning) => /^on(ToolExecute|ConversationStart) failed: /.test(warning))
    t.is(told.length, name === 'never settles' ? 0 : 2)
  })
}

test('thousands of rounds leak no memory, and the process exits', async (t) => {
  t.timeout(300_000)
  const program = fileURLToPath(new URL('../support/processes/hostile-tools-rounds.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program])
  const { heap, rss } = JSON.parse(stdout)
  t.true(heap < 2, `the heap grew by ${heap} MB`)
  t.true(rss < 24, `the process grew by ${rss} MB`)
})
