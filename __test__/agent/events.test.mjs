// Event callbacks: which events they get and in which order; and the executions that the tool store
// finds.
import test from 'ava'
import { AIReceptionist, InMemoryStorage, ToolError } from '../../index.js'
import { startModel } from '../support/models/strict-model.mjs'

const none = { type: 'object', properties: {} }
const context = { channel: 'text', conversationId: 'conv_1' }
const tool = (name, handler) => ({
  name,
  description: `Does ${name}`,
  parameters: none,
  handlers: { default: handler },
})

/** A receptionist whose callbacks record their events. */
async function open(t, script, custom, config = {}) {
  const server = await startModel(t, script)
  const heard = []
  const write = (name) => (event) => heard.push([name, event])
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
    model: server.config,
    database: { connection: 'sqlite::memory:' },
    tools: { custom },
    onToolExecute: write('execute'),
    onToolError: write('error'),
    onConversationStart: write('start'),
    onConversationEnd: write('end'),
    ...config,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { receptionist, heard, names: () => heard.map(([name]) => name) }
}

const calls =
  (...toolCalls) =>
  (body) =>
    body.messages.at(-1).role === 'tool' ? 'Done.' : { toolCalls }

test('events of a conversation arrive in order, before generate() resolves', async (t) => {
  const refused = new RangeError('full')
  const { receptionist, heard, names } = await open(
    t,
    calls({ name: 'look', parameters: { day: 'Monday' } }, { name: 'gone', parameters: {} }),
    [tool('look', () => ({ slots: 2 }))],
  )
  const say = { prompt: 'Hi', conversationId: 'c', metadata: { page: 1 }, customer: { email: 'a@b.c' } }
  await receptionist.text.generate(say)
  t.deepEqual(names().sort(), ['error', 'execute', 'start'])
  t.is(heard[0][0], 'start')
  const { timestamp, ...start } = heard[0][1]
  t.true(timestamp instanceof Date)
  t.deepEqual(start, { conversationId: 'c', channel: 'text', metadata: { page: 1 } })
  const { duration, timestamp: at, ...execute } = heard.find(([name]) => name === 'execute')[1]
  t.true(at instanceof Date && duration >= 0)
  t.deepEqual(execute, {
    toolName: 'look',
    parameters: { day: 'Monday' },
    result: { success: true, data: { slots: 2 }, response: {} },
    channel: 'text',
    conversationId: 'c',
    customer: { email: 'a@b.c' },
    metadata: { page: 1 },
  })
  const { error, toolName } = heard.find(([name]) => name === 'error')[1]
  t.is(toolName, 'gone')
  t.true(error instanceof ToolError)
  t.is(error.code, 'TOOL_NOT_FOUND')

  heard.length = 0
  receptionist.getToolRegistry().register(
    tool('look', () => {
      throw refused
    }),
  )
  await receptionist.text.generate(say)
  t.deepEqual(names(), ['error', 'error'])
  t.is(heard.find(([, event]) => event.toolName === 'look')[1].error, refused)

  heard.length = 0
  await receptionist.agent.memory.endSession('c', 'Booked')
  t.deepEqual(names(), ['end'])
  t.like(heard[0][1], { conversationId: 'c', summary: 'Booked' })
})

test('an opened conversation emits one start event, and its end event names the channel', async (t) => {
  const { receptionist, heard, names } = await open(t, () => 'Hello!', [])
  const { id } = await receptionist.text.createConversation({ metadata: { page: 2 } })
  await receptionist.text.generate({ prompt: 'Hi', conversationId: id })
  await receptionist.agent.memory.startSession({ conversationId: id, channel: 'text' })
  await receptionist.agent.memory.endSession(id)
  await receptionist.text.generate({ prompt: 'Hi' })
  t.deepEqual(names(), ['start', 'end', 'start'])
  t.like(heard[0][1], { conversationId: id, channel: 'text', metadata: { page: 2 } })
  t.like(heard[1][1], { conversationId: id, channel: 'text', summary: 'Conversation ended' })
})

test('tools that the user runs emit events, and a failed tool result is a result', async (t) => {
  const { receptionist, names } = await open(t, () => 'Hello!', [
    tool('full', () => ({ success: false, error: 'full' })),
  ])
  await receptionist.getToolRegistry().execute('full', {}, context)
  await t.throwsAsync(receptionist.getToolRegistry().execute('nothing', {}, context))
  t.deepEqual(names(), ['execute', 'error'])
})

test('callbacks are looked up at each call, and must be functions', async (t) => {
  const config = { onToolExecute: () => t.fail('replaced') }
  const server = await startModel(t, () => 'Hello!')
  Object.assign(config, {
    agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
    model: server.config,
    tools: { custom: [tool('act', () => 'ok')] },
  })
  const receptionist = new AIReceptionist(config)
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  let heard
  config.onToolExecute = function (event) {
    heard = [this, event.toolName]
  }
  await receptionist.getToolRegistry().execute('act', {}, context)
  t.deepEqual(heard, [config, 'act'])
  t.throws(() => new AIReceptionist({ ...config, onToolError: 'log' }), {
    code: 'INVALID_CONFIG',
    message: /`onToolError`: must be a function/,
  })
})

test('a callback can call generate() in the conversation of its event', async (t) => {
  let later
  const { receptionist } = await open(t, () => 'Hello!', [], {
    onConversationStart: ({ conversationId }) => {
      later = receptionist.text.generate({ prompt: 'And?', conversationId })
    },
  })
  await receptionist.text.generate({ prompt: 'Hi', conversationId: 'c' })
  t.is((await later).text, 'Hello!')
})

const STORAGES = {
  SQLite: { database: { connection: 'sqlite::memory:' } },
  'an in-memory storage': { database: undefined, memory: () => new InMemoryStorage() },
}

for (const [name, { database, memory }] of Object.entries(STORAGES)) {
  test(`the tool store finds executions in ${name}`, async (t) => {
    const { receptionist } = await open(
      t,
      () => 'Hello!',
      [
        tool('book', () => ({ success: true, data: { table: 4 } })),
        tool('book_all', () => ({ success: false, error: 'no' })),
        tool('fail', () => Promise.reject(new Error('no'))),
      ],
      {
        database,
        agent: {
          identity: { name: 'Sarah', role: 'Receptionist' },
          ...(memory && { memory: { longTermStorage: memory() } }),
        },
      },
    )
    const [registry, store] = [receptionist.getToolRegistry(), receptionist.getToolStore()]
    t.is(receptionist.getToolStore(), store)
    t.deepEqual(await store.findExecutions(), [])
    t.is(await store.getLastExecution('book'), null)
    for (const tool of ['book', 'book_all', 'fail']) await registry.execute(tool, {}, context)
    await registry.execute('book', {}, { ...context, conversationId: 'conv_2' })
    const found = async (params) =>
      (await store.findExecutions(params)).map(
        ({ toolCall, sessionMetadata }) => `${toolCall.name} ${sessionMetadata.conversationId}`,
      )
    t.deepEqual(await found({}), ['book conv_2', 'fail conv_1', 'book_all conv_1', 'book conv_1'])
    t.deepEqual(await found({ toolName: 'book' }), ['book conv_2', 'book conv_1'])
    t.deepEqual(await found({ success: false }), ['fail conv_1', 'book_all conv_1'])
    t.deepEqual(await found({ conversationId: 'conv_2' }), ['book conv_2'])
    t.deepEqual(await found({ limit: 1 }), ['book conv_2'])
    t.deepEqual((await store.getLastExecution('book', 'conv_1')).toolResult.data, { table: 4 })
    t.is(await store.getLastExecution('fail'), null)
    await t.throwsAsync(store.findExecutions({ limit: -1 }), { message: /limit/ })
  })
}
