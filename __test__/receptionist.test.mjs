// What a user does with a receptionist, against a scripted model that is as strict as the real one.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import test from 'ava'
import {
  AIReceptionist,
  ConfigurationError,
  DatabaseError,
  DatabaseStorage,
  InMemoryStorage,
  LifecycleError,
  ModelError,
  ReceptionistError,
  ToolError,
  ValidationError,
} from '../index.js'
import { memory } from './scenarios.mjs'
import { API_KEY, startModel } from './servers/model.mjs'
import { createDatabase as createMysql } from './servers/mysql.mjs'
import { createDatabase } from './servers/postgres.mjs'

const folder = mkdtempSync(join(tmpdir(), 'receptionist-agent-'))
const postgres = await createDatabase()
const mysql = await createMysql('MySQL')
const mariadb = await createMysql('MariaDB')
let count = 0

test.after.always(async () => {
  for (const server of [postgres, mysql, mariadb]) await server?.drop()
  rmSync(folder, { recursive: true, force: true })
})

const sqliteFile = () => `sqlite:${join(folder, `${++count}.db`)}`
const DATABASES = {
  SQLite: sqliteFile,
  ...(postgres && { PostgreSQL: () => postgres.url }),
  ...(mysql && { MySQL: () => mysql.url }),
  ...(mariadb && { MariaDB: () => mariadb.url }),
}
const identity = { name: 'Sarah', role: 'Sales Representative', company: 'Acme Corp' }
const model = {
  provider: 'openai',
  apiKey: API_KEY,
  model: 'gpt-4o-mini',
  baseUrl: 'http://127.0.0.1:9/v1',
  maxRetries: 0,
}

/** An initialized receptionist with a script for its model; it and the model end with the test. */
async function open(t, script, config = {}) {
  const server = await startModel(t, script)
  const receptionist = new AIReceptionist({
    agent: { identity, ...config.agent },
    model: { ...server.config, ...config.model },
    ...('database' in config
      ? { database: config.database }
      : { database: { connection: 'sqlite::memory:' } }),
    tools: config.tools,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { receptionist, requests: server.requests, memory: receptionist.agent.memory }
}

/** Answers with the given tool calls first, then with the text. */
const callsThenSays =
  (toolCalls, text = 'Done.') =>
  (body) =>
    body.messages.at(-1).role === 'tool' ? text : { toolCalls }

const toolResults = (body) =>
  body.messages.filter(({ role }) => role === 'tool').map(({ content }) => JSON.parse(content))

const said = (memories) =>
  memories
    .filter(({ type, content }) => type === 'conversation' && content)
    .map(({ role, content }) => `${role}: ${content}`)

const context = { channel: 'text', conversationId: 'conv_123' }

// Construction and life

test('what is missing is named', (t) => {
  const missing = (config, message, code) =>
    t.throws(() => new AIReceptionist(config), { instanceOf: ConfigurationError, message, code })
  missing({ model }, 'Agent identity configuration is required', 'AGENT_IDENTITY_REQUIRED')
  missing({ agent: {}, model }, 'Agent identity configuration is required', 'AGENT_IDENTITY_REQUIRED')
  missing({ agent: { identity } }, 'Model configuration is required', 'MODEL_REQUIRED')
  missing({}, 'Agent identity configuration is required', 'AGENT_IDENTITY_REQUIRED')
  missing({ agent: { identity: { name: 'Sarah' } }, model }, /role/, 'INVALID_CONFIG')
  missing(
    { agent: { identity, memory: { contextWindow: NaN } }, model },
    /agent\.memory\.contextWindow/,
    'INVALID_CONFIG',
  )
  missing(
    { agent: { identity, memory: { longTermEnabled: true } }, model },
    /longTermStorage/,
    'INVALID_CONFIG',
  )
  missing(
    { agent: { identity }, model, database: { connection: 'oracle://x' } },
    /oracle/,
    'INVALID_CONNECTION',
  )
  missing(
    { agent: { identity }, model, database: { connection: {} } },
    /database\.connection.*Drizzle/,
    'INVALID_CONFIG',
  )
  missing(undefined, /config/, 'INVALID_CONFIG')
  missing({ agent: { identity }, model, conversationStore: {} }, /longTermStorage/, 'INVALID_CONFIG')
})

test('a storage must have the methods of one', (t) => {
  for (const longTermStorage of [{}, 'redis', { save() {}, get() {}, delete() {}, healthCheck() {} }]) {
    t.throws(() => new AIReceptionist({ agent: { identity, memory: { longTermStorage } }, model }), {
      instanceOf: ConfigurationError,
      code: 'INVALID_CONFIG',
      message: /agent\.memory\.longTermStorage.*search\(\)/,
    })
  }
})

test('a storage of the user is called late, and what it throws is what they catch', async (t) => {
  const refused = new Error('the disk is full')
  class Mine extends InMemoryStorage {
    async save(memory) {
      if (memory.content === 'no') throw refused
      await super.save(memory)
    }
  }
  const receptionist = new AIReceptionist({
    agent: { identity, memory: { longTermStorage: new Mine() } },
    model,
  })
  await receptionist.initialize()
  const { memory } = receptionist.agent
  const kept = { id: 'a', content: 'yes', timestamp: new Date(), type: 'system' }
  await memory.store(kept)
  t.deepEqual(await memory.search(), [kept])
  const error = await t.throwsAsync(memory.store({ ...kept, id: 'b', content: 'no' }))
  t.is(error, refused)
  await receptionist.dispose()
})

test('before initialize() everything says so', async (t) => {
  const receptionist = new AIReceptionist({
    agent: { identity },
    model,
    database: { connection: 'sqlite::memory:' },
  })
  const expected = {
    instanceOf: LifecycleError,
    code: 'NOT_INITIALIZED',
    message: 'AIReceptionist not initialized. Call initialize() first.',
  }
  t.throws(() => receptionist.agent, expected)
  t.throws(() => receptionist.getAgent(), expected)
  t.throws(() => receptionist.getToolRegistry(), expected)
  await t.throwsAsync(receptionist.text.generate({ prompt: 'Hello' }), expected)
  await t.throwsAsync(receptionist.text.createConversation(), expected)
  await receptionist.dispose()
})

test('the same objects each time, through a Proxy too', async (t) => {
  const { receptionist } = await open(t, () => 'Hello!')
  t.is(receptionist.agent, receptionist.getAgent())
  t.is(receptionist.agent.memory, receptionist.getAgent().getMemory())
  t.is(receptionist.getToolRegistry(), receptionist.getToolRegistry())
  const proxy = new Proxy(receptionist, {})
  t.is(proxy.agent, receptionist.agent)
  t.is((await proxy.text.generate({ prompt: 'Hi' })).text, 'Hello!')
})

test('initialize() and dispose() may be called again; after dispose() everything says so', async (t) => {
  const { receptionist } = await open(t, () => 'Hello!')
  const { memory } = receptionist.agent
  await Promise.all([receptionist.initialize(), receptionist.initialize()])
  await receptionist.dispose()
  await receptionist.dispose()
  await t.throwsAsync(receptionist.text.generate({ prompt: 'Hello' }), { instanceOf: ReceptionistError })
  await t.throwsAsync(memory.search({}), { instanceOf: ReceptionistError })
})

test('bad arguments reject, and never throw', async (t) => {
  const { receptionist, memory } = await open(t, () => 'Hello!')
  const refused = async (call) => {
    let promise
    t.notThrows(() => (promise = call()))
    const error = await t.throwsAsync(promise, { instanceOf: ValidationError })
    t.regex(error?.code, /^INVALID_/)
  }
  for (const bad of [undefined, null, 7, 'text', { prompt: 7 }, { prompt: 'x', conversationId: 7 }]) {
    await refused(() => receptionist.text.generate(bad))
  }
  await refused(() => receptionist.text.generate({ prompt: 'x', metadata: { n: NaN } }))
  await refused(() => receptionist.text.createConversation('x'))
  await refused(() => memory.store())
  await refused(() => memory.search('x'))
  await refused(() => memory.getConversationHistory(7))
  await refused(() => memory.getChannelHistory('fax'))
  await refused(() => memory.getChannelHistory('text', { limit: -1 }))
  await refused(() => memory.startSession({}))
  await refused(() => memory.endSession())
  await refused(() => memory.retrieve(7))
  await refused(() => receptionist.getToolRegistry().execute('find_customer', 7, context))
  await refused(() => receptionist.getToolRegistry().execute('find_customer', {}, undefined))
  await refused(() => receptionist.database.migrate('x'))
})

// Conversations

test('the specification’s snippet: an answer, a history, and who said what', async (t) => {
  const { receptionist, requests, memory } = await open(t, () => 'Nice to meet you, John!')
  const before = Date.now()
  const reply = await receptionist.text.generate({ prompt: "I'm John.", conversationId: 'conv_123' })
  t.is(reply.text, 'Nice to meet you, John!')
  t.is(reply.metadata.conversationId, 'conv_123')
  t.true(reply.metadata.timestamp instanceof Date && reply.metadata.timestamp >= before - 1)
  const history = await memory.getConversationHistory('conv_123')
  t.deepEqual(said(history), ["user: I'm John.", 'assistant: Nice to meet you, John!'])
  for (const found of history) {
    t.is(found.channel, 'text')
    t.is(found.sessionMetadata.conversationId, 'conv_123')
    t.true(found.timestamp instanceof Date)
  }
  t.is(requests[0].messages[0].role, 'system')
  for (const word of ['Sarah', 'Sales Representative', 'Acme Corp'])
    t.true(requests[0].messages[0].content.includes(word))
})

test('every field of the configuration reaches the prompt, and customSystemPrompt replaces it', async (t) => {
  const agent = {
    identity: {
      ...identity,
      title: 'TITLE1',
      backstory: 'STORY1',
      department: 'DEPARTMENT1',
      reportsTo: 'BOSS1',
      authorityLevel: 'high',
      escalationRules: ['ESCALATE1'],
      yearsOfExperience: 17,
      specializations: ['SPECIAL1'],
      certifications: ['CERTIFIED1'],
    },
    personality: {
      traits: [{ name: 'TRAIT1', description: 'TRAITTEXT1', weight: 0.5 }],
      communicationStyle: { primary: 'consultative', tone: 'formal', formalityLevel: 9 },
      emotionalIntelligence: 'high',
      adaptability: 'low',
      conflictStyle: 'CONFLICT1',
      decisionStyle: 'DECIDE1',
      stressResponse: 'STRESS1',
      adaptabilityRules: ['ADAPT1'],
    },
    knowledge: {
      domain: 'DOMAIN1',
      expertise: ['EXPERT1'],
      languages: { fluent: ['FLUENT1'], conversational: ['CONVERSATIONAL1'] },
      industries: ['INDUSTRY1'],
      knownDomains: ['KNOWN1'],
      limitations: ['LIMIT1'],
      uncertaintyThreshold: 'UNSURE1',
    },
    goals: {
      primary: 'GOAL1',
      secondary: ['GOAL2'],
      constraints: ['CONSTRAINT1'],
      metrics: { METRIC1: 'TARGET1' },
    },
  }
  const words = JSON.stringify(agent).match(/[A-Z]+\d/g)
  const { receptionist, requests } = await open(t, () => 'ok', { agent })
  await receptionist.text.generate({ prompt: 'Hi' })
  const prompt = requests[0].messages[0].content
  for (const word of [...new Set(words), '17', 'consultative', 'formal', 'high', 'low'])
    t.true(prompt.includes(word), word)

  const own = await open(t, () => 'ok', { agent: { ...agent, customSystemPrompt: 'You are a teapot.' } })
  await own.receptionist.text.generate({ prompt: 'Hi' })
  t.true(own.requests[0].messages[0].content.startsWith('You are a teapot.'))
  t.false(own.requests[0].messages[0].content.includes('STORY1'))
})

test('model options reach the request', async (t) => {
  const { receptionist, requests } = await open(t, () => 'ok', {
    model: { temperature: 0.25, maxTokens: 99 },
  })
  await receptionist.text.generate({ prompt: 'Hi' })
  const [body] = requests
  t.is(body.model, 'gpt-4o-mini')
  t.is(body.temperature, 0.25)
  t.is(body.max_tokens ?? body.max_completion_tokens, 99)
})

test('a conversation continues, and without an id a new one begins', async (t) => {
  const { receptionist, requests } = await open(t, (_, n) => `answer ${n}`)
  const first = await receptionist.text.generate({ prompt: 'one' })
  await receptionist.text.generate({ prompt: 'two', conversationId: first.metadata.conversationId })
  const other = await receptionist.text.generate({ prompt: 'three' })
  t.not(other.metadata.conversationId, first.metadata.conversationId)
  const transcript = ({ messages }) =>
    messages.filter(({ role }) => role !== 'system').map(({ content }) => content)
  t.deepEqual(transcript(requests[1]), ['one', 'answer 0', 'two'])
  t.deepEqual(transcript(requests[2]), ['three'])
})

test('createConversation opens one that can be continued', async (t) => {
  const { receptionist, memory } = await open(t, () => 'Hello!')
  const conversation = await receptionist.text.createConversation({ metadata: { userId: 'u1' } })
  t.regex(conversation.id, /^conv_\d+_/)
  t.is(conversation.channel, 'text')
  t.true(conversation.startedAt instanceof Date)
  await receptionist.text.generate({ prompt: 'Hi', conversationId: conversation.id })
  t.deepEqual(
    said((await memory.getConversationHistory(conversation.id)).filter(({ role }) => role !== 'system')),
    ['user: Hi', 'assistant: Hello!'],
  )
})

test('conversations at once never mix', async (t) => {
  const echo = (body) => ({ text: `re: ${body.messages.at(-1).content}`, delay: 5 })
  const { receptionist, memory } = await open(t, echo)
  const talk = async (who) => {
    for (let i = 0; i < 4; i++) {
      const reply = await receptionist.text.generate({ prompt: `${who}${i}`, conversationId: who })
      t.is(reply.text, `re: ${who}${i}`)
    }
  }
  const everyone = ['anna', 'bert', 'carl', 'dora']
  await Promise.all(everyone.map(talk))
  for (const who of everyone) {
    const lines = [0, 1, 2, 3].flatMap((i) => [`user: ${who}${i}`, `assistant: re: ${who}${i}`])
    t.deepEqual(said(await memory.getConversationHistory(who)), lines)
  }
})

for (const [name, connect] of Object.entries(DATABASES)) {
  test(`${name}: a restart, and the conversation continues`, async (t) => {
    const connection = connect()
    const tablePrefix = 'restart_'
    const database = { connection, tablePrefix }
    const first = await open(
      t,
      callsThenSays([{ name: 'remember_preference', parameters: { key: 'time', value: 'morning' } }]),
      { database },
    )
    await first.receptionist.text.generate({ prompt: 'I prefer mornings.', conversationId: 'c1' })
    const before = await first.memory.getConversationHistory('c1')
    await first.receptionist.dispose()

    const second = await open(t, () => 'You prefer mornings.', { database })
    t.deepEqual(await second.memory.getConversationHistory('c1'), before)
    await second.receptionist.text.generate({ prompt: 'What do I prefer?', conversationId: 'c1' })
    const contents = second.requests[0].messages.map(({ content }) => content)
    t.true(contents.includes('I prefer mornings.'))
    t.true(contents.includes('Done.'))
    t.is(contents.at(-1), 'What do I prefer?')

    const storage = new DatabaseStorage({ connectionString: connection, tablePrefix })
    t.deepEqual(said(await storage.search({ conversationId: 'c1', orderDirection: 'asc' })), [
      'user: I prefer mornings.',
      'assistant: Done.',
      'user: What do I prefer?',
      'assistant: You prefer mornings.',
    ])
    await storage.dispose()
  })

  test(`${name}: a history of 1,500 messages comes back whole and in order`, async (t) => {
    const { memory: manager } = await open(t, () => 'ok', {
      database: { connection: connect(), tablePrefix: 'long_' },
    })
    const messages = Array.from({ length: 1_500 }, (_, i) =>
      memory(`m${i}`, { sessionMetadata: { conversationId: 'long' } }, Math.floor(i / 3)),
    )
    for (const message of messages) await manager.store(message)
    t.deepEqual(await manager.getConversationHistory('long'), messages)
  })

  test(`${name}: autoMigrate: false names the call that makes the tables, and dryRun their SQL`, async (t) => {
    const database = { connection: connect(), tablePrefix: 'manual_', autoMigrate: false }
    const receptionist = new AIReceptionist({ agent: { identity }, model, database })
    t.teardown(() => receptionist.dispose())
    const error = await t.throwsAsync(receptionist.initialize(), {
      instanceOf: DatabaseError,
      code: 'DATABASE_TABLES_MISSING',
    })
    t.true(error.message.includes('receptionist.database.migrate()'))
    t.true(error.message.includes('manual_memory'))

    const plan = await receptionist.database.migrate({ dryRun: true })
    for (const table of ['memory', 'leads', 'call_logs']) {
      t.true(
        plan.some((sql) => /^create table/i.test(sql.trim()) && sql.includes(`manual_${table}`)),
        table,
      )
    }
    await t.throwsAsync(receptionist.initialize(), { code: 'DATABASE_TABLES_MISSING' })
    t.deepEqual(await receptionist.database.migrate(), plan)
    await receptionist.initialize()
    t.deepEqual(await receptionist.database.migrate({ dryRun: true }), [])
  })
}

test('with a database alone, its tables can be made', async (t) => {
  const receptionist = new AIReceptionist({ database: { connection: sqliteFile() } })
  t.true((await receptionist.database.migrate({ dryRun: true })).length > 0)
  await receptionist.database.migrate()
  await t.throwsAsync(receptionist.initialize(), {
    instanceOf: ConfigurationError,
    code: 'AGENT_IDENTITY_REQUIRED',
  })
  await receptionist.dispose()
})

// Tools in a conversation

test('tools asked for at once run, their results return in the same transcript, and all is remembered', async (t) => {
  const toolCalls = [
    { name: 'save_customer_info', parameters: { name: 'John', email: 'john@example.com' } },
    { name: 'remember_preference', parameters: { key: 'preferred_time', value: 'morning', importance: 8 } },
  ]
  const { receptionist, requests, memory } = await open(t, callsThenSays(toolCalls, 'All noted.'))
  const reply = await receptionist.text.generate({
    prompt: "I'm John, john@example.com. I prefer mornings.",
    conversationId: 'c1',
  })
  t.is(reply.text, 'All noted.')
  t.deepEqual(requests[0].tools.map((tool) => tool.function.name).sort(), [
    'find_customer',
    'log_call_outcome',
    'recall_preference',
    'remember_preference',
    'save_customer_info',
  ])
  t.is(requests.length, 2)
  t.deepEqual(
    requests[1].messages.slice(-3).map(({ role }) => role),
    ['assistant', 'tool', 'tool'],
  )
  t.true(toolResults(requests[1]).every(({ success }) => success))
  const executions = (await memory.search({ type: 'tool_execution', orderDirection: 'asc' })).filter(
    ({ toolResult }) => toolResult,
  )
  t.deepEqual(executions.map(({ toolCall }) => toolCall.name).sort(), [
    'remember_preference',
    'save_customer_info',
  ])
  t.true(
    executions.every(
      ({ toolResult, sessionMetadata }) => toolResult.success && sessionMetadata.conversationId === 'c1',
    ),
  )
  const [preference] = await memory.search({ type: 'decision', keywords: ['prefer'] })
  t.is(preference.content, 'Customer preference: preferred_time = morning')
})

test('several rounds of tools, up to 8', async (t) => {
  const { receptionist, requests } = await open(t, (body, n) =>
    n < 3 ? { toolCalls: [{ name: 'recall_preference', parameters: { key: `k${n}` } }] } : 'Enough.',
  )
  t.is((await receptionist.text.generate({ prompt: 'Hi' })).text, 'Enough.')
  t.is(requests.length, 4)

  const endless = await open(t, (body) =>
    body.tools?.length && body.tool_choice !== 'none'
      ? { toolCalls: [{ name: 'recall_preference', parameters: { key: 'k' } }] }
      : 'I give up.',
  )
  const reply = await endless.receptionist.text.generate({ prompt: 'Hi' })
  t.is(typeof reply.text, 'string')
  t.true(endless.requests.length <= 9)
})

test('arguments that break the schema go back to the model, not to the customer', async (t) => {
  for (const parameters of [{}, { key: 7, value: 'x' }, { key: 'k' }, '{"key": ', '[]', 'nonsense']) {
    const { receptionist, requests } = await open(
      t,
      callsThenSays([{ name: 'remember_preference', parameters }], 'Could you say that again?'),
    )
    const reply = await receptionist.text.generate({ prompt: 'Hi' })
    t.is(reply.text, 'Could you say that again?')
    const [result] = toolResults(requests[1])
    t.false(result.success)
    t.is(typeof result.error, 'string')
  }
})

test('a tool that does not exist goes back to the model', async (t) => {
  const { receptionist, requests } = await open(
    t,
    callsThenSays([{ name: 'launch_rocket', parameters: {} }], 'Sorry.'),
  )
  t.is((await receptionist.text.generate({ prompt: 'Hi' })).text, 'Sorry.')
  t.false(toolResults(requests[1])[0].success)
})

// The model fails

test('429 with Retry-After and 503 are tried again', async (t) => {
  const { receptionist, requests } = await open(t, (_, n) => {
    if (n === 0)
      return { status: 429, headers: { 'retry-after': '0' }, body: { error: { message: 'slow down' } } }
    if (n === 1) return { status: 503, headers: { 'retry-after': '0' }, body: 'overloaded' }
    return 'Here I am.'
  })
  t.is((await receptionist.text.generate({ prompt: 'Hi' })).text, 'Here I am.')
  t.is(requests.length, 3)
})

test('a model that cannot answer rejects with a code, and what the customer said is kept', async (t) => {
  const failures = [
    [
      'MODEL_AUTHENTICATION_FAILED',
      { status: 401, body: { error: { message: `bad key ${API_KEY}`, code: 'invalid_api_key' } } },
      {},
    ],
    ['MODEL_RATE_LIMITED', { status: 429, headers: { 'retry-after': '0' }, body: {} }, { maxRetries: 1 }],
    ['MODEL_REQUEST_REJECTED', { status: 400, body: { error: { message: 'no', code: 'bad' } } }, {}],
    ['MODEL_UNAVAILABLE', { status: 500, body: 'oops' }, { maxRetries: 0 }],
    ['MODEL_UNAVAILABLE', { drop: true }, { maxRetries: 0 }],
    ['MODEL_TIMEOUT', { text: 'late', delay: 5_000 }, { maxRetries: 0, timeout: 100 }],
    ['MODEL_RESPONSE_INVALID', { body: '<html>' }, { maxRetries: 0 }],
    ['MODEL_RESPONSE_INVALID', { body: { choices: [] } }, { maxRetries: 0 }],
  ]
  for (const [code, answer, options] of failures) {
    const { receptionist, memory } = await open(t, () => answer, { model: options })
    const error = await t.throwsAsync(
      receptionist.text.generate({ prompt: 'Are you there?', conversationId: 'c1' }),
      { instanceOf: ModelError, code },
      code,
    )
    t.false(inspect(error, { depth: 9 }).includes(API_KEY), 'the key leaks')
    const history = await memory.getConversationHistory('c1')
    t.true(said(history).includes('user: Are you there?'))
    const stored = await memory.search({ conversationId: 'c1', role: 'user' })
    t.is(stored.length, 1)
  }
})

test('a model that is not there rejects within seconds', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  const { receptionist } = await open(t, () => 'unused', {
    model: { baseUrl: `http://127.0.0.1:${port}/v1`, maxRetries: 1 },
  })
  const start = Date.now()
  const error = await t.throwsAsync(async () => await receptionist.text.generate({ prompt: 'Hi' }), {
    instanceOf: ModelError,
    code: 'MODEL_UNAVAILABLE',
  })
  t.true(error.message.includes(`127.0.0.1:${port}`))
  t.true(error.stack.includes('receptionist.test.mjs'), 'the stack leads to the caller')
  t.true(Date.now() - start < 10_000)
})

// The five tools

test('the registry lists and runs the five tools', async (t) => {
  const { receptionist } = await open(t, () => 'ok')
  const registry = receptionist.getToolRegistry()
  const names = [
    'find_customer',
    'log_call_outcome',
    'recall_preference',
    'remember_preference',
    'save_customer_info',
  ]
  t.deepEqual(
    registry
      .list()
      .map(({ name }) => name)
      .sort(),
    names,
  )
  t.deepEqual(
    registry
      .listAvailable('call')
      .map(({ name }) => name)
      .sort(),
    names,
  )
  t.is(registry.count(), 5)
  t.true(registry.has('find_customer'))
  t.false(registry.has('nothing'))
  t.is(registry.get('nothing'), undefined)
  for (const tool of registry.list()) {
    t.is(tool.parameters.type, 'object')
    t.true(tool.description.length > 10)
  }
  await t.throwsAsync(registry.execute('nothing', {}, context), {
    instanceOf: ToolError,
    code: 'TOOL_NOT_FOUND',
    message: "Tool 'nothing' not found in registry",
  })
  await t.throwsAsync(registry.execute('remember_preference', { key: 'k' }, context), {
    instanceOf: ToolError,
    code: 'TOOL_ARGUMENTS_INVALID',
    message: /value/,
  })
})

test('preferences: the latest value wins, one customer does not see another’s', async (t) => {
  const { receptionist } = await open(t, () => 'ok')
  const registry = receptionist.getToolRegistry()
  const run = (name, parameters, who) => registry.execute(name, parameters, { ...context, ...who })
  const anna = { conversationId: 'a1', customer: { email: 'anna@example.com' } }
  const annaLater = { conversationId: 'a2', customer: { email: 'ANNA@example.com' } }
  const bert = { conversationId: 'b1', customer: { email: 'bert@example.com' } }
  const stranger = { conversationId: 's1' }
  t.true((await run('remember_preference', { key: 'time', value: 'morning' }, anna)).success)
  t.true((await run('remember_preference', { key: 'time', value: 'evening' }, anna)).success)
  t.regex(JSON.stringify(await run('recall_preference', { key: 'time' }, annaLater)), /evening/)
  for (const who of [bert, stranger]) {
    t.notRegex(JSON.stringify(await run('recall_preference', { key: 'time' }, who)), /evening|morning/)
  }
  await run('remember_preference', { key: 'time', value: 'noon' }, stranger)
  t.regex(JSON.stringify(await run('recall_preference', { key: 'time' }, stranger)), /noon/)
  t.notRegex(
    JSON.stringify(await run('recall_preference', { key: 'time' }, { conversationId: 's2' })),
    /noon/,
  )
})

test('find_customer: one’s own record whole, another’s only that there is one', async (t) => {
  const { receptionist } = await open(t, () => 'ok')
  const registry = receptionist.getToolRegistry()
  const run = (name, parameters, who) => registry.execute(name, parameters, { ...context, ...who })
  const a = { conversationId: 'A' }
  await run(
    'save_customer_info',
    { name: 'Anna', email: 'Anna@Example.com', phone: '(555) 123-4567', notes: 'VIP-SECRET' },
    a,
  )
  for (const asked of [
    { email: 'ANNA@example.COM' },
    { phone: '+1 555 123 4567' },
    { phone: '555-123-4567' },
  ]) {
    const own = await run('find_customer', asked, a)
    t.true(own.success)
    t.regex(JSON.stringify(own), /VIP-SECRET/, JSON.stringify(asked))
    const other = JSON.stringify(await run('find_customer', asked, { conversationId: 'B' }))
    t.regex(other, /Anna/)
    t.notRegex(other, /VIP-SECRET/)
  }
  const byEmail = JSON.stringify(
    await run('find_customer', { email: 'anna@example.com' }, { conversationId: 'B' }),
  )
  t.notRegex(byEmail.replaceAll(/\D/g, ''), /5551234567/)
  const line = { conversationId: 'C', customer: { email: 'anna@example.com' } }
  t.regex(JSON.stringify(await run('find_customer', { email: 'anna@example.com' }, line)), /VIP-SECRET/)
  t.notRegex(JSON.stringify(await run('find_customer', {}, { conversationId: 'B' })), /Anna/)
  t.notRegex(JSON.stringify(await run('find_customer', { email: 'nobody@example.com' }, a)), /Anna/)

  const office = await open(t, () => 'ok', { tools: { customerLookup: 'full' } })
  const back = office.receptionist.getToolRegistry()
  await back.execute(
    'save_customer_info',
    { name: 'Anna', email: 'anna@example.com', notes: 'VIP-SECRET' },
    { ...context, ...a },
  )
  t.regex(
    JSON.stringify(
      await back.execute('find_customer', { email: 'anna@example.com' }, { ...context, conversationId: 'B' }),
    ),
    /VIP-SECRET/,
  )
})

test('log_call_outcome takes the specification’s outcomes; a booking reaches a goal', async (t) => {
  const { receptionist, memory } = await open(t, () => 'ok')
  const registry = receptionist.getToolRegistry()
  for (const outcome of ['appointment_booked', 'callback_requested', 'not_interested', 'info_provided']) {
    const result = await registry.execute(
      'log_call_outcome',
      { outcome, summary: `It was ${outcome}.`, nextSteps: 'none' },
      context,
    )
    t.true(result.success, outcome)
    t.is(typeof result.response, 'object')
  }
  const reached = (await memory.search({ limit: 1_000 })).filter(({ goalAchieved }) => goalAchieved)
  t.true(reached.length >= 1)
  t.true(reached.every((found) => JSON.stringify(found).includes('appointment_booked')))
  await t.throwsAsync(registry.execute('log_call_outcome', { outcome: 'aliens', summary: 'x' }, context), {
    code: 'TOOL_ARGUMENTS_INVALID',
  })
})

// Memory

test('the memory API', async (t) => {
  const { memory: manager } = await open(t, () => 'ok')
  const at = (id, channel, conversationId, minute) =>
    memory(id, { channel, sessionMetadata: { conversationId } }, minute)
  await manager.store(at('a', 'call', 'c1', 1))
  await manager.store(at('b', 'call', 'c2', 2))
  await manager.store(at('c', 'sms', 'c1', 3))
  const ids = (memories) => memories.map(({ id }) => id).join('')
  t.is(ids(await manager.getConversationHistory('c1')), 'ac')
  t.is(ids(await manager.getChannelHistory('call')), 'ba')
  t.is(ids(await manager.getChannelHistory('call', { limit: 1 })), 'b')
  t.is(ids(await manager.getChannelHistory('call', { conversationId: 'c1' })), 'a')
  t.is(ids(await manager.search({ channel: 'sms' })), 'c')
  t.true(ids(await manager.retrieve('content of c', { conversationId: 'c1' })).includes('c'))
  t.is(manager.getStats().shortTermCount, 3)
  await t.throwsAsync(manager.store({ ...at('d', 'call', 'c1', 4), timestamp: new Date(NaN) }), {
    code: 'INVALID_MEMORY',
  })

  await manager.startSession({ conversationId: 's1', channel: 'call', metadata: { callSid: 'CA1' } })
  await manager.endSession('s1', 'It went well.')
  const session = await manager.getConversationHistory('s1')
  t.deepEqual(
    session.map(({ id }) => id),
    ['session-start-s1', 'session-end-s1'],
  )
  t.is(session[0].sessionMetadata.callSid, 'CA1')
  t.true(session[1].content.includes('It went well.'))

  manager.clearShortTerm()
  t.is(manager.getStats().shortTermCount, 0)
  t.is(ids(await manager.getConversationHistory('c1')), 'ac', 'what is persisted stays')
  manager.clearLongTerm()
})

test('without any storage it works from the window', async (t) => {
  const { receptionist, requests, memory } = await open(t, (_, n) => `answer ${n}`, { database: undefined })
  await receptionist.text.generate({ prompt: 'one', conversationId: 'c' })
  await receptionist.text.generate({ prompt: 'two', conversationId: 'c' })
  t.true(requests[1].messages.some(({ content }) => content === 'one'))
  t.deepEqual(said(await memory.getConversationHistory('c')), [
    'user: one',
    'assistant: answer 0',
    'user: two',
    'assistant: answer 1',
  ])
  await t.throwsAsync(receptionist.database.migrate(), { instanceOf: ReceptionistError })
})

test('an InMemoryStorage is used as it is, without a database', async (t) => {
  const longTermStorage = new InMemoryStorage()
  const { receptionist } = await open(
    t,
    callsThenSays([{ name: 'remember_preference', parameters: { key: 'k', value: 'v' } }]),
    {
      database: undefined,
      agent: { memory: { longTermStorage } },
    },
  )
  await receptionist.text.generate({ prompt: 'one', conversationId: 'c' })
  t.true(longTermStorage.getAll().some(({ content }) => content === 'one'))
  t.true(longTermStorage.getAll().some(({ content }) => content === 'Customer preference: k = v'))
  const found = await receptionist
    .getToolRegistry()
    .execute('recall_preference', { key: 'k' }, { channel: 'text', conversationId: 'c' })
  t.regex(JSON.stringify(found), /"v"/)

  const off = new InMemoryStorage()
  const without = await open(t, () => 'ok', {
    database: undefined,
    agent: { memory: { longTermStorage: off, longTermEnabled: false } },
  })
  await without.receptionist.text.generate({ prompt: 'one' })
  t.is(off.count(), 0)
})

test('autoPersist decides what is kept; the rest is still in the window', async (t) => {
  const kept = async (autoPersist) => {
    const longTermStorage = new InMemoryStorage()
    const { memory: manager } = await open(t, () => 'ok', {
      database: undefined,
      agent: { memory: { longTermStorage, autoPersist } },
    })
    const session = { sessionMetadata: { conversationId: 'c' } }
    await manager.store(memory('low', { importance: 3, ...session }, 1))
    await manager.store(memory('high', { importance: 7, ...session }, 2))
    await manager.store(memory('none', session, 3))
    await manager.store(memory('decision', { type: 'decision', ...session }, 4))
    await manager.store(memory('goal', { goalAchieved: true, ...session }, 5))
    t.is((await manager.getConversationHistory('c')).length, 5)
    return longTermStorage.getAll().map(({ id }) => id)
  }
  const all = ['low', 'high', 'none', 'decision', 'goal']
  t.deepEqual(await kept(undefined), all)
  t.deepEqual(await kept({ persistAll: true }), all)
  t.deepEqual(await kept({}), ['high', 'goal'])
  t.deepEqual(await kept({ minImportance: 3 }), ['low', 'high', 'goal'])
  t.deepEqual(await kept({ types: ['decision'] }), ['high', 'decision', 'goal'])
  t.deepEqual(await kept({ minImportance: 9, types: ['decision'] }), ['decision', 'goal'])
})

test('contextWindow, when set, caps what the model sees', async (t) => {
  const { receptionist, requests } = await open(t, (_, n) => `answer ${n}`, {
    agent: { memory: { contextWindow: 4 } },
  })
  for (let i = 0; i < 6; i++) await receptionist.text.generate({ prompt: `prompt ${i}`, conversationId: 'c' })
  const seen = requests[5].messages.filter(({ role }) => role !== 'system')
  t.true(seen.length <= 4)
  t.is(seen.at(-1).content, 'prompt 5')
  t.is((await receptionist.agent.memory.getConversationHistory('c')).length, 12)
})

test('the token budget keeps the newest and never orphans a tool result', async (t) => {
  const long = 'word '.repeat(300)
  const { receptionist, requests } = await open(
    t,
    (body) =>
      body.messages.at(-1).role === 'tool'
        ? long
        : { text: long, toolCalls: [{ name: 'recall_preference', parameters: { key: 'k' } }] },
    { model: { maxContextTokens: 3_000 } },
  )
  for (let i = 0; i < 8; i++) await receptionist.text.generate({ prompt: `prompt ${i}`, conversationId: 'c' })
  const last = requests.at(-1).messages.map(({ content }) => content)
  t.true(last.includes('prompt 7'))
  t.false(last.includes('prompt 0'))
})

test('secrets are in no error, log or inspect', async (t) => {
  const secret = 'pa55-W0rd'
  const connection = `postgres://someone:${secret}@127.0.0.1:1/nowhere`
  const receptionist = new AIReceptionist({
    agent: { identity },
    model: { ...model, apiKey: secret },
    database: { connection },
  })
  const error = await t.throwsAsync(receptionist.initialize(), { instanceOf: DatabaseError })
  for (const thing of [error, receptionist])
    t.false(inspect(thing, { depth: 9, showHidden: true }).includes(secret))
  t.false(JSON.stringify(receptionist).includes(secret))
})
