// The advice that an error gives for an unknown or misplaced option.
import test from 'ava'
import { drizzle as drizzleOf } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { AIReceptionist, DatabaseStorage, InMemoryStorage, InMemoryVectorStore } from '../../index.js'
import { makeAccount } from '../support/providers/google-calendar.mjs'
import { identity } from '../support/fixtures.mjs'
import { agent, logger, model, open } from '../support/option-declarations.mjs'

const twilio = { accountSid: 'AC1', authToken: 't', phoneNumber: '+15550001111' }
const hosted = { provider: 'openai', model: 'm', apiKey: 'k' }
const drizzle = { select() {}, insert() {}, transaction() {}, _: {}, session: {} }
const tool = { name: 'a', description: 'b', parameters: { type: 'object' }, handlers: { default: () => 1 } }

/** Option names of other libraries, and the name that the error must suggest, by source. */
const SPELLINGS = [
  // The clients of OpenAI, Azure and LiteLLM.
  [{ model: { ...hosted, baseURL: 'x' } }, 'baseUrl'],
  [{ model: { ...hosted, base_url: 'x' } }, 'baseUrl'],
  [{ model: { ...hosted, apiBase: 'x' } }, 'baseUrl'],
  [{ model: { ...hosted, api_base: 'x' } }, 'baseUrl'],
  [{ model: { ...hosted, endpoint: 'x' } }, 'baseUrl'],
  [{ model: { ...hosted, api_key: 'x' } }, 'apiKey'],
  [{ model: { ...hosted, APIKey: 'x' } }, 'apiKey'],
  [{ model: { ...hosted, max_tokens: 1 } }, 'maxTokens'],
  [{ model: { ...hosted, max_completion_tokens: 1 } }, 'maxTokens'],
  [{ model: { ...hosted, maxOutputTokens: 1 } }, 'maxTokens'],
  [{ model: { ...hosted, temprature: 1 } }, 'temperature'],
  [{ model: { ...hosted, modelName: 'x' } }, 'model'],
  [{ model: { ...hosted, timeoutMs: 1 } }, 'timeout'],
  [{ model: { ...hosted, max_retries: 1 } }, 'maxRetries'],
  [{ model: { ...hosted, fallbacks: [{ ...hosted, baseURL: 'x' }] } }, 'baseUrl'],
  [{ model: 'gpt-4o' }, "model: { provider: 'openai'"],
  [{ model: [hosted] }, "model: { provider: 'openai'"],
  [{ apiKey: 'x' }, 'model: { apiKey: … }'],
  [{ baseURL: 'x' }, 'model: { baseUrl: … }'],
  [{ temperature: 1 }, 'model: { temperature: … }'],
  // Vercel's AI SDK, LangChain, OpenAI's assistants.
  [{ systemPrompt: 'x' }, 'agent: { customSystemPrompt: … }'],
  [{ instructions: 'x' }, 'customSystemPrompt'],
  [{ agent: 'You are Sarah.' }, "customSystemPrompt: '…'"],
  [{ tools: [tool] }, 'tools: { custom: [tool] }'],
  [{ tools: { custom: [{ ...tool, execute() {} }] } }, 'handlers: { default: … }'],
  [{ tools: { custom: [{ ...tool, inputSchema: {} }] } }, 'parameters'],
  [{ tools: { custom: [{ ...tool, input_schema: {} }] } }, 'parameters'],
  [{ tools: { custom: [{ ...tool, handlers: { onSms() {} } }] } }, 'onSMS'],
  [{ tools: { custom: tool } }, 'custom'],
  [{ tools: { functions: [tool] } }, 'custom'],
  // Drizzle, node-postgres, mysql2, Prisma.
  [{ database: 'postgres://h/d' }, 'database: { connection: process.env.DATABASE_URL }'],
  [{ database: drizzle }, 'database: { connection: db }'],
  [{ database: { connectionString: 'sqlite::memory:' } }, 'connection'],
  [{ database: { url: 'sqlite::memory:' } }, 'connection'],
  [{ database: { connection: 'sqlite::memory:', tenantID: undefined } }, 'tenantId'],
  [{ database: { connection: 'sqlite::memory:', table_prefix: 'x' } }, 'tablePrefix'],
  [{ database: { connection: 'sqlite::memory:', pool: { connectionLimit: 1 } } }, 'max'],
  [{ agent: { identity, memory: new InMemoryStorage() } }, 'memory: { longTermStorage: storage }'],
  [{ conversationStore: {} }, 'longTermStorage'],
  // Names of the Twilio API.
  [{ twilio }, 'providers: { communication: { twilio: … } }'],
  [{ providers: { twilio } }, 'communication: { twilio: … }'],
  [{ providers: { communication: { twilio: { ...twilio, sid: 'x' } } } }, 'accountSid'],
  [{ providers: { communication: { twilio: { ...twilio, from: 'x' } } } }, 'phoneNumber'],
  [{ providers: { communication: { twilio: { ...twilio, webhookUrl: 'x' } } } }, 'webhookBaseUrl'],
  [{ providers: { email: { postmark: { serverToken: 'x' } } } }, 'apiKey'],
  [{ logger: { logLevel: 'INFO' } }, 'level'],
  [{ onToolExecuted: () => {} }, 'onToolExecute'],
  [{ verbose: true }, 'debug'],
  [{ events: { onToolExecute() {} } }, 'onToolExecute'],
  // Earlier names of this package.
  [{ channels: { requireSignature: true } }, 'webhookAuth'],
  [{ channels: { verifySignatures: false } }, 'webhookAuth'],
  [{ requireSignature: true }, 'channels: { webhookAuth: … }'],
  [{ channels: { voice: { silenceSeconds: 5 } } }, 'noInputTimeoutSeconds'],
  [{ channels: { voice: { phrases: { silence: 'x' } } } }, 'noInput'],
  [{ channels: { voice: { phrases: { repeat: 'x' } } } }, 'noMatch'],
  [{ channels: { voice: { phrases: { moment: 'x' } } } }, 'pleaseWait'],
  [{ channels: { sms: { conversationHours: 1 } } }, 'sessionTimeoutHours'],
]

test('an option name of another library is refused with the right name', (t) => {
  for (const [given, line] of SPELLINGS) {
    const error = t.throws(() => new AIReceptionist({ agent, model, logger, ...given }), {
      code: 'INVALID_CONFIG',
    })
    const written = error.message.slice(error.message.indexOf('write `'))
    t.true(written.startsWith('write `') && written.includes(line), `${line}: ${error.message}`)
  }
})

/** Unknown options whose name is an option elsewhere with another meaning. */
const ELSEWHERE = [
  // A tool in the format of OpenAI's API, and a client of its SDK.
  [
    { tools: { custom: [{ type: 'function', function: tool }] } },
    '`parameters`, `handlers`, `name`, `description`',
  ],
  [{ model: { ...hosted, client: {} } }, '`provider`, `apiKey`, `model`, `baseUrl`'],
]

test('the advice never names an option with another meaning', (t) => {
  for (const [given, names] of ELSEWHERE) {
    const error = t.throws(() => new AIReceptionist({ agent, model, logger, ...given }), {
      code: 'INVALID_CONFIG',
    })
    t.true(error.message.includes(`the options here are ${names}`), error.message)
  }
})

/** The value of an option, and its place. */
const inAgent = (more) => ({ agent: { identity, ...more } })

const inMemory = (more) => inAgent({ memory: more })
const inTool = (more) => ({ tools: { custom: [{ ...tool, ...more }] } })
const inGoogle = (more) => ({ providers: { calendar: { google: { calendarId: 'c', ...more } } } })
const embedder = { model: 'm', dimensions: 2, embed: () => [] }
// A pool that never connects.
const client = new pg.Pool({ connectionString: 'postgres://u@127.0.0.1/d' })
const db = drizzleOf({ client })
const GIVEN = [
  [{}, 'model', 'gpt-4o', 5, [hosted], model.chat],
  [{}, 'database', 'postgres://u:p@h/d', db, client, true],
  [(more) => ({ database: more }), 'connection', 5, client, { host: 'h' }, new URL('postgres://h/d')],
  [(more) => ({ database: { connection: 'sqlite::memory:', ...more } }), 'pool', 5],
  [{}, 'storage', 'memory', db, client],
  [(more) => ({ storage: { type: 'database', database: more } }), 'db', 'postgres://u:p@h/d', client, 5],
  [{}, 'agent', 'You are Sarah.', 5],
  [inAgent, 'personality', 'friendly', ['friendly']],
  [(more) => inAgent({ personality: more }), 'traits', 'friendly'],
  [inAgent, 'knowledge', 'x', ['x']],
  [(more) => inAgent({ knowledge: more }), 'expertise', 'x'],
  [inAgent, 'goals', 'x', ['x']],
  [inAgent, 'memory', 'postgres://u:p@h/d', db, new InMemoryStorage(), true],
  [
    inMemory,
    'longTermStorage',
    'postgres://u:p@h/d',
    db,
    client,
    InMemoryStorage,
    {},
    true,
    { type: 'memory' },
  ],
  [
    (more) => inMemory({ embedder, longTermStorage: new InMemoryStorage(), ...more }),
    'vectorStore',
    'pinecone',
    {},
  ],
  [inMemory, 'autoPersist', true],
  [(more) => inMemory({ autoPersist: more }), 'types', 'conversation'],
  [(more) => ({ model: { ...hosted, ...more } }), 'fallbacks', hosted, ['gpt-4o']],
  [{}, 'tools', [tool], () => 1, 'x'],
  [(more) => ({ tools: more }), 'custom', tool, { tool }],
  [inTool, 'handlers', () => 1],
  [inTool, 'parameters', 'x', ['x']],
  [{}, 'providers', [], 'twilio'],
  [(more) => ({ providers: { communication: more } }), 'twilio', 'AC'],
  [(more) => ({ providers: more }), 'email', 'x'],
  [(more) => ({ providers: { email: more } }), 'postmark', 'x'],
  [(more) => ({ providers: { email: more } }), 'smtp', 'smtp://h'],
  [(more) => ({ providers: { calendar: more } }), 'google', 'x'],
  [inGoogle, 'credentials', './key.json'],
  [inGoogle, 'workingHours', '9-5'],
]

test('the suggested lines are valid', (t) => {
  const { email, key } = makeAccount()
  const env = {
    DATABASE_URL: 'sqlite::memory:',
    OPENAI_API_KEY: 'k',
    ANTHROPIC_API_KEY: 'k',
    POSTMARK_API_KEY: 'k',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'k',
    GOOGLE_CLIENT_EMAIL: email,
    GOOGLE_PRIVATE_KEY: key,
  }
  const variables = {
    ...{ DatabaseStorage, InMemoryStorage, InMemoryVectorStore },
    ...{ db, tool, pool: client, drizzle: drizzleOf, storage: new InMemoryStorage(), chat: model.chat },
    ...{ handler: () => 1, process: { env } },
  }
  const run = (line) =>
    new Function(...Object.keys(variables), `return { ${line} }`)(...Object.values(variables))
  for (const [place, option, ...values] of GIVEN) {
    const make = (options) => {
      const placed = typeof place === 'function' ? place(options) : options
      return new AIReceptionist({ agent, model, logger, ...placed })
    }
    for (const value of values) {
      const { message } = t.throws(() => make({ [option]: value }), { code: 'INVALID_CONFIG' })
      const line = /write `([^`]*)`$/.exec(message)?.[1] ?? ''
      t.notThrows(() => make(run(line)), message)
      t.not(line, '', message)
    }
  }
})

test('invalid arguments are refused with advice, too', async (t) => {
  const { receptionist } = await open(t)
  const { memory } = receptionist.agent
  const rows = [
    [() => memory.search({ keywords: 'x' }), "keywords: ['…']"],
    [() => memory.search({ keyword: ['x'] }), 'keywords'],
    [() => memory.search({ query: 'x' }), 'keywords'],
    [() => memory.search('x'), "search({ keywords: ['…'] })"],
    [() => memory.search({ since: new Date() }), 'startDate'],
    [() => memory.search({ conversation_id: 'x' }), 'conversationId'],
    [() => receptionist.text.generate('Hi'), "prompt: '…'"],
    [() => receptionist.text.generate({ message: 'Hi' }), 'prompt'],
    [() => receptionist.text.generate({ prompt: 'Hi', sessionId: 'x' }), 'conversationId'],
    [() => receptionist.text.generate({ prompt: 'Hi', customer: 'a@b.example' }), 'email:'],
    [() => receptionist.sms.send({ to: '+15551234567', text: 'x' }), 'body'],
    [() => receptionist.sms.send({ to: '+15551234567', body: 'x', mediaUrl: 'x' }), "mediaUrl: ['…']"],
    [() => receptionist.email.send({ to: 'a@b.example', text: 'x' }), 'body'],
    [() => receptionist.calls.make('+15551234567'), 'calls.make({ to:'],
    [() => receptionist.database.export('a@b.example'), 'email:'],
    [() => receptionist.database.prune({ olderThan: new Date() }), 'before'],
  ]
  for (const [call, line] of rows) {
    const error = await t.throwsAsync(async () => call())
    t.true(error.message.includes('write `') && error.message.includes(line), `${line}: ${error.message}`)
  }
})
