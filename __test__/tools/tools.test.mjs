// Custom tools, as models and user code call them.
import test from 'ava'
import {
  AIReceptionist,
  ConfigurationError,
  ToolBuilder,
  ToolError,
  Tools,
  ValidationError,
} from '../../index.js'
import { startModel } from '../support/models/strict-model.mjs'
import { identity } from '../support/fixtures.mjs'

const context = { channel: 'text', conversationId: 'conv_1' }
const none = { type: 'object', properties: {} }

/** An initialized receptionist with a scripted model. Both end with the test. */
async function open(t, script, tools, config = {}) {
  const server = await startModel(t, script)
  const receptionist = new AIReceptionist({
    agent: { identity },
    model: server.config,
    database: { connection: 'sqlite::memory:' },
    tools,
    ...config,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { receptionist, requests: server.requests, registry: receptionist.getToolRegistry() }
}

/** A script that answers with the given tool calls, and then with the text. */
const calls =
  (...toolCalls) =>
  (body) =>
    body.messages.at(-1).role === 'tool' ? 'Done.' : { toolCalls }

const offered = (body) => body.tools.map((tool) => tool.function.name)
const results = (body) =>
  body.messages.filter(({ role }) => role === 'tool').map(({ content }) => JSON.parse(content))

const tool = (name, handlers, parameters = none) => ({
  name,
  description: `Does ${name}`,
  parameters,
  handlers: typeof handlers === 'function' ? { default: handlers } : handlers,
})

test('the model calls a custom tool, which gets the channel and the customer', async (t) => {
  const seen = []
  const book = tool(
    'book_table',
    async (params, context) => {
      seen.push({ params, context })
      return { success: true, data: { table: 4 }, response: { text: 'Table 4 is yours.' } }
    },
    { type: 'object', properties: { guests: { type: 'integer' } }, required: ['guests'] },
  )
  const { receptionist, requests } = await open(t, calls({ name: 'book_table', parameters: { guests: 2 } }), {
    custom: [book],
  })
  const reply = await receptionist.text.generate({
    prompt: 'A table for two, please.',
    conversationId: 'conv_1',
    metadata: { page: '/menu' },
    customer: { email: 'John@Example.com' },
  })
  t.is(reply.text, 'Done.')
  t.deepEqual(reply.metadata.toolsUsed, ['book_table'])
  const { signal, ...told } = seen[0].context
  t.deepEqual(seen[0].params, { guests: 2 })
  t.deepEqual(told, {
    channel: 'text',
    conversationId: 'conv_1',
    metadata: { page: '/menu' },
    customer: { email: 'john@example.com' },
  })
  t.true(signal instanceof AbortSignal && !signal.aborted)
  t.deepEqual(requests[0].tools.at(-1).function, {
    name: 'book_table',
    description: 'Does book_table',
    parameters: book.parameters,
  })
  t.deepEqual(results(requests[1]), [
    { success: true, data: { table: 4 }, response: { text: 'Table 4 is yours.' } },
  ])
  const [row] = await receptionist.agent.memory.search({ type: 'tool_execution' })
  t.is(row.toolCall.name, 'book_table')
  t.deepEqual(row.toolResult.data, { table: 4 })
})

test('the handler of the channel is called, or the default; a tool with neither is not offered', async (t) => {
  const says = (words) => () => words
  const { registry } = await open(t, () => 'Hello!', {
    custom: [
      tool('every', { default: says('default'), onSMS: says('sms'), onCall: says('call') }),
      tool('mail', { onEmail: says('email') }),
    ],
  })
  const said = async (name, channel) =>
    (await registry.execute(name, {}, { ...context, channel })).response.text
  t.is(await said('every', 'sms'), 'sms')
  t.is(await said('every', 'call'), 'call')
  t.is(await said('every', 'text'), 'default')
  t.is(await said('every', 'email'), 'default')
  t.is(await said('mail', 'email'), 'email')
  const names = (channel) => registry.listAvailable(channel).map(({ name }) => name)
  t.true(names().includes('mail') && names('email').includes('mail'))
  t.false(names('text').includes('mail'))
  await t.throwsAsync(said('mail', 'text'), {
    instanceOf: ToolError,
    code: 'TOOL_NOT_AVAILABLE',
    message: "No handler available for tool 'mail' on channel 'text'",
  })
})

test('handlers are looked up at each call, and `this` is the handlers object', async (t) => {
  class Handlers {
    greeting = 'Hello'
    default() {
      return this.greeting
    }
  }
  const greet = tool('greet', {})
  greet.handlers = new Handlers()
  const { registry } = await open(t, () => 'Hello!', { custom: [greet] })
  const said = async () => (await registry.execute('greet', {}, context)).data
  t.is(await said(), 'Hello')
  greet.handlers.default = () => 'Hi'
  t.is(await said(), 'Hi')
  greet.handlers = { default: () => 'Hey' }
  t.is(await said(), 'Hey')
})

test('whatever a handler returns becomes a result', async (t) => {
  let returned
  const { registry } = await open(t, () => 'Hello!', { custom: [tool('give', () => returned)] })
  const given = (value) => {
    returned = value
    return registry.execute('give', {}, context)
  }
  const words = { speak: 'Hi', message: 'Hi', text: 'Hi' }
  t.deepEqual(await given('Hi'), { success: true, data: 'Hi', response: words })
  t.deepEqual(await given(Promise.resolve([1])), { success: true, data: [1], response: {} })
  t.deepEqual(await given({ slots: [] }), { success: true, data: { slots: [] }, response: {} })
  t.deepEqual(await given(undefined), { success: true, response: {} })
  t.deepEqual(await given({ success: false, error: 'full' }), { success: false, error: 'full', response: {} })
  t.deepEqual((await given({ at: new Date(0), half: '\ud800', '\\ud800': 1 })).data, {
    at: '1970-01-01T00:00:00.000Z',
    half: '\ufffd',
    '\\ud800': 1,
  })
})

test('the registry returns the objects of the user, and working handlers for standard tools', async (t) => {
  const own = Tools.custom({ name: 'own', description: 'Mine', parameters: none, handler: () => 'mine' })
  const { registry } = await open(t, () => 'Hello!', { custom: [own] })
  t.is(registry.get('own'), own)
  t.is(registry.list().at(-1), own)
  t.is(registry.count(), 6)
  t.true(registry.has('own'))
  const ours = registry.get('recall_preference')
  const result = await ours.handlers.default({ key: 'color' }, context)
  t.is(typeof result.success, 'boolean')
  t.is(registry.get('nothing'), undefined)
})

test('tools can be added and removed at any time, also during a turn', async (t) => {
  const { receptionist, registry, requests } = await open(
    t,
    (body, n) => (n === 0 ? { toolCalls: [{ name: 'learn', parameters: {} }] } : 'Done.'),
    {},
  )
  registry.register(
    tool('learn', () => {
      registry.register(tool('learned', () => 'new'))
      registry.unregister('learn')
      return 'ok'
    }),
  )
  await receptionist.text.generate({ prompt: 'Learn', conversationId: 'c' })
  t.true(offered(requests[0]).includes('learn'))
  t.deepEqual(results(requests[1])[0].data, 'ok')
  await receptionist.text.generate({ prompt: 'Again', conversationId: 'c' })
  t.false(offered(requests[2]).includes('learn'))
  t.true(offered(requests[2]).includes('learned'))
  t.true(registry.unregister('learned'))
  t.false(registry.unregister('learned'))
  registry.clear()
  t.is(registry.count(), 0)
})

test('added and removed tools stay so after dispose() and initialize()', async (t) => {
  const { receptionist, registry } = await open(t, () => 'Hello!', { custom: [tool('a', () => 'a')] })
  registry.register(tool('b', () => 'b'))
  registry.unregister('find_customer')
  const mine = tool('log_call_outcome', () => 'mine')
  registry.register(mine)
  await receptionist.dispose()
  await receptionist.initialize()
  t.is(receptionist.getToolRegistry(), registry)
  t.deepEqual(
    registry.list().map(({ name }) => name),
    ['save_customer_info', 'log_call_outcome', 'remember_preference', 'recall_preference', 'a', 'b'],
  )
  t.is(registry.get('log_call_outcome'), mine)
  t.is((await registry.execute('a', {}, context)).data, 'a')
  t.is((await registry.execute('b', {}, context)).data, 'b')
})

test('registering a name again replaces the tool', async (t) => {
  const { registry } = await open(t, () => 'Hello!', { custom: [tool('a', () => 1), tool('b', () => 2)] })
  const warnings = []
  const listen = (warning) => warnings.push(warning.message)
  process.on('warning', listen)
  t.teardown(() => process.off('warning', listen))
  const again = tool('a', () => 3)
  registry.register(again)
  t.is(registry.get('a'), again)
  t.deepEqual(
    registry
      .list()
      .slice(-2)
      .map(({ name }) => name),
    ['a', 'b'],
  )
  t.is((await registry.execute('a', {}, context)).data, 3)
  t.true(warnings.some((warning) => warning.includes("'a' is registered more than once")))
})

test('the model is told of invalid arguments by path, without values', async (t) => {
  const parameters = {
    type: 'object',
    required: ['guests', 'contact'],
    properties: {
      guests: { type: 'integer', minimum: 1 },
      contact: { $ref: '#/$defs/contact' },
    },
    $defs: { contact: { type: 'object', properties: { email: { type: 'string', format: 'email' } } } },
  }
  let ran = 0
  const { receptionist, registry, requests } = await open(
    t,
    calls({ name: 'book', parameters: { guests: 2.5, contact: { email: 'my secret' } } }),
    { custom: [tool('book', () => ++ran, parameters)] },
  )
  await receptionist.text.generate({ prompt: 'Book', conversationId: 'c' })
  const [{ success, error }] = results(requests[1])
  t.false(success)
  t.regex(error, /\/guests: .*integer/)
  t.regex(error, /\/contact\/email: /)
  t.false(error.includes('secret') || error.includes('2.5'))
  t.is(ran, 0)
  await t.throwsAsync(registry.execute('book', { guests: 'two', contact: {} }, context), {
    instanceOf: ToolError,
    code: 'TOOL_ARGUMENTS_INVALID',
  })
})

test('an invalid tool is refused with the reason', (t) => {
  const fine = tool('fine', () => 1)
  const bad = [
    [undefined, '', /object/],
    [{ ...fine, name: '' }, '.name', /missing/],
    [{ ...fine, name: 7 }, '.name', /string/],
    [{ ...fine, name: 'has space' }, '.name', /letters/],
    [{ ...fine, name: '7up' }, '.name', /begin with a letter/],
    [{ ...fine, name: 'x'.repeat(65) }, '.name', /64/],
    [{ ...fine, description: undefined }, '.description', /missing/],
    [{ ...fine, handlers: undefined }, '.handlers', /default handler/],
    [{ ...fine, handlers: {} }, '.handlers', /default handler/],
    [{ ...fine, handlers: { default: 'x' } }, '.handlers.default', /function/],
    [{ ...fine, parameters: { type: 'string' } }, '.parameters', /type: 'object'/],
    [
      { ...fine, parameters: { type: 'object', properties: { a: { type: 'text' } } } },
      '.parameters',
      /Schema/,
    ],
    [{ ...fine, parameters: { type: 'object', oneOf: [] } }, '.parameters', /oneOf/],
  ]
  const config = { agent: { identity }, model: { provider: 'openai', apiKey: 'x', model: 'm' } }
  for (const [refused, path, message] of bad) {
    const make = () => new AIReceptionist({ ...config, tools: { custom: [fine, refused] } })
    const error = t.throws(make, { instanceOf: ConfigurationError, code: 'INVALID_CONFIG', message })
    t.true(error.message.includes(`\`tools.custom[1]${path}\``), error.message)
  }
  t.throws(() => new AIReceptionist({ ...config, tools: { custom: {} } }), { message: /tools\.custom/ })
})

test('options of the SDK that had no effect are refused with advice', (t) => {
  const config = { agent: { identity }, model: { provider: 'openai', apiKey: 'x', model: 'm' } }
  for (const tools of [
    { defaults: ['calendar'] },
    { calendar: { provider: 'google', apiKey: 'k' } },
    { booking: { apiUrl: 'u', apiKey: 'k' } },
    { crm: { provider: 'hubspot', apiKey: 'k' } },
  ]) {
    const [option] = Object.keys(tools)
    t.throws(() => new AIReceptionist({ ...config, tools }), {
      code: 'INVALID_CONFIG',
      message: new RegExp(`tools\\.${option}.*tools\\.custom`),
    })
  }
  t.notThrows(() => new AIReceptionist({ ...config, tools: { defaults: [], timeout: 5 } }))
  t.throws(() => new AIReceptionist({ ...config, tools: { timeout: 0 } }), { message: /tools\.timeout/ })
})

test('the timeout of a tool is 30 s, the configured one, or that of the call', async (t) => {
  const signals = []
  const never = tool('never', (_, { signal }) => {
    signals.push(signal)
    return new Promise(() => {})
  })
  const { registry } = await open(t, () => 'Hello!', { custom: [never], timeout: 30 })
  const late = await registry.execute('never', {}, context)
  t.is(late.error, 'Tool execution timeout after 30ms')
  t.is(late.cause.code, 'TOOL_TIMEOUT')
  t.is((await registry.execute('never', {}, context, 20)).error, 'Tool execution timeout after 20ms')
  t.true(signals.every((signal) => signal.aborted))
  await t.throwsAsync(registry.execute('never', {}, context, -1), { message: /timeoutMs/ })
})

test('the model gets the message of a tool error, and the developer the error itself', async (t) => {
  class Full extends Error {}
  const thrown = new Full('the restaurant is full, key sk-123')
  const { receptionist, registry, requests } = await open(t, calls({ name: 'book', parameters: {} }), {
    custom: [
      tool('book', () => {
        throw thrown
      }),
    ],
  })
  const result = await registry.execute('book', {}, context)
  t.is(result.error, 'the restaurant is full, key [redacted]')
  t.false(result.success)
  t.is(result.cause, thrown)
  t.false(Object.keys(result).includes('cause'))
  await receptionist.text.generate({ prompt: 'Book', conversationId: 'c' })
  t.is(results(requests[1])[0].error, result.error)
})

test('ToolBuilder builds tools', async (t) => {
  const builder = new ToolBuilder()
    .withName('greet')
    .withDescription('Greets')
    .withParameters(none)
    .onCall(() => 'call')
    .onSMS(() => 'sms')
    .onEmail(() => 'email')
    .onText(() => 'text')
    .default(() => 'default')
  const built = builder.build()
  t.deepEqual(Object.keys(built.handlers).sort(), ['default', 'onCall', 'onEmail', 'onSMS', 'onText'])
  t.not(builder.build(), built)
  const { registry } = await open(t, () => 'Hello!', { custom: [built] })
  for (const channel of ['call', 'sms', 'email', 'text'])
    t.is((await registry.execute('greet', {}, { ...context, channel })).data, channel)

  const missing = (builder, message) =>
    t.throws(() => builder.build(), { instanceOf: ValidationError, message })
  missing(new ToolBuilder(), 'Tool must have a name')
  missing(new ToolBuilder().withName('a'), 'Tool must have a description')
  missing(new ToolBuilder().withName('a').withDescription('A'), 'Tool must have parameters schema')
  missing(
    new ToolBuilder().withName('a').withDescription('A').withParameters(none),
    'Tool must have a default handler',
  )
})
