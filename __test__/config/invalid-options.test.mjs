// Constructors and functions that accept options, with every hostile value at every path.
import test from 'ava'
import {
  Agent,
  AIReceptionist,
  AIReceptionistFactory,
  createLogger,
  DatabaseStorage,
  InMemoryStorage,
  InMemoryVectorStore,
  InputValidator,
  PromptOptimizer,
  SystemPromptBuilder,
  ToolBuilder,
  Tools,
} from '../../index.js'
import { fuzzArguments } from '../support/security/argument-fuzzer.mjs'
import { BASE_URL, TWILIO } from '../support/channels/phone-harness.mjs'
import { ignoreSecrets } from '../support/security/secret-leak-detector.mjs'
import { identity } from '../support/fixtures.mjs'

ignoreSecrets()

const goal = { name: 'n', description: 'd', priority: 1, metric: 'm', constraints: ['c'] }
const trait = { name: 'n', description: 'd', weight: 1 }
const pillars = {
  identity: {
    ...identity,
    title: 't',
    company: 'c',
    backstory: 'b',
    department: 'd',
    reportsTo: 'r',
    authorityLevel: 'low',
    escalationRules: ['e'],
    yearsOfExperience: 1,
    specializations: ['s'],
    certifications: ['c'],
  },
  personality: {
    traits: [trait],
    communicationStyle: { primary: 'casual', tone: 't', formalityLevel: 1 },
    emotionalIntelligence: 'low',
    adaptability: 'low',
    conflictStyle: 'c',
    decisionStyle: 'd',
    stressResponse: 's',
    adaptabilityRules: ['a'],
  },
  knowledge: {
    domain: 'd',
    expertise: ['e'],
    languages: { fluent: ['en'], conversational: [] },
    industries: ['i'],
    knownDomains: ['k'],
    limitations: ['l'],
    uncertaintyThreshold: 'u',
  },
  goals: { primary: goal, secondary: ['s'], constraints: ['c'], metrics: { a: 'b' } },
}
const nowhere = 'http://127.0.0.1:9'
const memory = {
  contextWindow: 10,
  longTermEnabled: true,
  longTermStorage: new InMemoryStorage(),
  autoPersist: { minImportance: 5, types: ['system'], persistAll: true },
  vectorEnabled: true,
  vectorStore: new InMemoryVectorStore(),
  embedder: { provider: 'openai', model: 'm', apiKey: 'k', baseUrl: nowhere, dimensions: 3 },
}
const model = {
  provider: 'openai',
  model: 'm',
  apiKey: 'sk-test',
  baseUrl: nowhere,
  temperature: 1,
  maxTokens: 100,
  timeout: 1000,
  maxContextTokens: 10_000,
  httpReferer: 'x',
  maxRetries: 0,
  fallbacks: [],
}
const agent = { identity }
const twilio = {
  ...TWILIO,
  webhookBaseUrl: BASE_URL,
  voiceWebhookPath: '/v',
  smsWebhookPath: '/s',
  voice: { provider: 'amazon', voiceId: 'Joanna' },
  baseUrl: nowhere,
}
const postmark = {
  apiKey: 'k',
  fromEmail: 'a@b.c',
  fromName: 'A',
  replyTo: 'a@b.c',
  tags: ['t'],
  archiveCc: ['a@b.c'],
  webhookSecret: 's',
  messageStream: 'o',
  baseUrl: nowhere,
}
const google = {
  calendarId: 'office@group.calendar.google.com',
  credentials: { client_id: 'a', client_secret: 'b', refresh_token: 'c', token_uri: nowhere },
  baseUrl: nowhere,
  timeZone: 'Europe/Berlin',
  workingHours: { start: '09:00', end: '17:00', days: [1] },
  slotMinutes: 30,
  inviteCustomers: false,
}
const server = {
  dialect: 'mysql',
  host: '127.0.0.1',
  port: 9,
  database: 'd',
  user: 'u',
  password: 'p',
  ssl: { rejectUnauthorized: true, ca: 'c', cert: 'd', key: 'e' },
  tablePrefix: 'p_',
  pool: { max: 1, idleTimeoutMillis: 1000, connectionTimeoutMillis: 1000, queryTimeoutMillis: 1000 },
}
const own = { provider: 'custom', model: 'm', chat: () => ({ content: 'x' }), stream: () => [], timeout: 1 }

/** Valid options, by their topic. */
const OPTIONS = {
  'the agent': { agent: { ...pillars, memory, customSystemPrompt: 'You are Sarah.' }, model },
  'the model': { agent, model },
  'a custom model': { agent, model: own },
  'a database': {
    database: {
      connection: 'postgres://u:p@127.0.0.1:9/d',
      via: 'native',
      autoMigrate: false,
      tablePrefix: 'p_',
      schema: 's',
      pool: { max: 1, idleTimeoutMillis: 1000, connectionTimeoutMillis: 1000, queryTimeoutMillis: 1000 },
    },
  },
  storage: { agent, model, storage: { type: 'database', database: server } },
  tools: {
    agent,
    model,
    tools: {
      customerLookup: 'own',
      defaultCountry: 'US',
      allowedNumbers: ['+1555*'],
      email: { allowedRecipients: ['@acme.example'] },
      custom: [],
      timeout: 1,
      defaults: [],
    },
  },
  Twilio: { agent, model, providers: { communication: { twilio } } },
  'e-mail': {
    agent,
    model,
    providers: {
      email: {
        postmark,
        smtp: { host: 'h', port: 9, secure: false, user: 'u', password: 'p', fromEmail: 'a@b.c' },
      },
    },
  },
  'the calendar': { agent, model, providers: { calendar: { google } } },
  channels: {
    agent,
    model,
    channels: {
      voice: {
        maxPerHour: 1,
        language: 'en-US',
        noInputTimeoutSeconds: 1,
        rejectAnonymous: true,
        greeting: 'g',
        phrases: { noInput: 's', goodbye: 'g', noMatch: 'r', pleaseWait: 'm', apology: 'a', limit: 'l' },
      },
      webhookAuth: 'auto',
      trustProxy: true,
      blocked: ['+1900*'],
      sms: {
        maxPerHour: 1,
        sessionTimeoutHours: 1,
        autoReply: true,
        keywordReplies: { stop: 's', start: 's', help: 'h' },
      },
      email: { maxPerHour: 1, maxPerDay: 1, autoReply: true },
    },
  },
  'the logger': {
    agent,
    model,
    logger: { level: 'NONE', prefix: 'p', enableTimestamps: true, enableColors: true, ignoreTags: ['x'] },
    debug: false,
  },
  callbacks: { agent, model, onToolExecute: () => {}, onToolError: () => {}, onConversationStart: () => {} },
}

for (const [name, config] of Object.entries(OPTIONS)) {
  test(`options: ${name}`, async (t) => {
    t.timeout(120_000)
    const make = async (given) => {
      const receptionist = new AIReceptionist(given)
      receptionist.getConfig()
      receptionist.clone()
    }
    await t.notThrowsAsync(make(config))
    await fuzzArguments(t, name, [config], make, { depth: 5 })
  })
}

test('options of DatabaseStorage', async (t) => {
  const make = async (given) => new DatabaseStorage(given)
  await fuzzArguments(t, 'a connection', [{ connectionString: 'sqlite::memory:', tablePrefix: 'p_' }], make)
  await fuzzArguments(t, 'a server', [server], make)
  const db = { dialect: {}, session: { client: {} }, select() {}, insert() {}, transaction() {} }
  await fuzzArguments(t, 'db', [{ db, via: 'client' }], make, { depth: 4 })
})

test('a factory and a builder', async (t) => {
  const config = { model, storage: { type: 'memory' } }
  await fuzzArguments(t, 'create', [config], async (given) => {
    const factory = await AIReceptionistFactory.create(given)
    await factory.dispose()
  })
  const factory = await AIReceptionistFactory.create(config)
  t.teardown(() => factory.dispose())
  await fuzzArguments(t, 'createAgent', [{ identity, memory: { contextWindow: 1 } }], async (given) => {
    const { dispose } = await factory.createAgent(given)
    await dispose()
  })
  const methods = {
    withIdentity: identity,
    withPersonality: pillars.personality,
    withKnowledge: pillars.knowledge,
    withMemory: { contextWindow: 1 },
    withGoals: pillars.goals,
    withTools: [],
    withProvider: model,
    withCustomSystemPrompt: 'x',
  }
  for (const [method, argument] of Object.entries(methods)) {
    await fuzzArguments(t, method, [argument], async (given) => {
      Agent.builder().withIdentity(identity).withProvider(model)[method](given).build()
    })
  }
})

/** Methods of pillars, with valid arguments; a single string is not always one. */
const CHANGES = {
  getIdentity: {
    updateName: 'x',
    updateRole: 'x',
    updateTitle: 'x',
    updateBackstory: 'x',
    updateDepartment: 'x',
    updateReportsTo: 'x',
    setAuthorityLevel: 'low',
    addEscalationRule: 'x',
    removeEscalationRule: 'x',
    setYearsOfExperience: 1,
    addSpecialization: 'x',
    removeSpecialization: 'x',
    addCertification: 'x',
    removeCertification: 'x',
  },
  getPersonality: {
    addTrait: trait,
    removeTrait: 'n',
    updateTrait: ['n', { description: 'e' }],
    updateCommunicationStyle: { primary: 'casual', tone: 't' },
    setFormalityLevel: 1,
  },
  getKnowledge: {
    updateDomain: 'x',
    addExpertise: 'x',
    removeExpertise: 'x',
    addLanguage: ['en', 'fluent'],
    removeLanguage: 'en',
    addIndustry: 'x',
    removeIndustry: 'x',
    addKnownDomain: 'x',
    removeKnownDomain: 'x',
    addLimitation: 'x',
    removeLimitation: 'x',
    updateUncertaintyThreshold: 'x',
  },
  getGoals: {
    addGoal: { ...goal, type: 'secondary' },
    removeGoal: 'n',
    updateGoal: ['n', { ...goal, type: 'secondary' }],
  },
}

test('setters of pillars', async (t) => {
  const receptionist = new AIReceptionist({ agent: pillars, model, logger: { level: 'NONE' } })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  for (const [pillar, methods] of Object.entries(CHANGES)) {
    for (const [method, argument] of Object.entries(methods)) {
      await fuzzArguments(t, method, [argument].flat(), async (...args) => {
        const changed = receptionist.agent[pillar]()
        changed[method](...args)
        // Accepted values can be read back.
        changed.getDescription()
        JSON.stringify(changed)
      })
    }
  }
  t.true(receptionist.agent.getSystemPrompt().length > 0)
})

const builder = () => new ToolBuilder().withName('a').withDescription('b').withParameters({ type: 'object' })
const optimizer = new PromptOptimizer()
const validator = new InputValidator()
const vectors = new InMemoryVectorStore()
const entry = { id: 'a', vector: [1, 0], metadata: { space: 's' } }

/** Functions that need no receptionist. */
const APART = {
  'an input': [['hello'], (text) => validator.validate(text)],
  'a risk': [['high'], (level) => validator.getSecurityResponse(level)],
  'a category': [[validator.validate('x'), 'a'], (...args) => validator.hasCategory(...args)],
  'a prompt to tighten': [['a prompt', { maxTokens: 10 }], (...args) => optimizer.optimize(...args)],
  'a history': [[[{ role: 'user', content: 'a' }], 10], (...args) => optimizer.compressChatHistory(...args)],
  'a message': [[{ role: 'user', content: 'a' }], (one) => optimizer.compressChatHistory([one], 10)],
  'a prompt to measure': [['a'], (prompt) => optimizer.getStats(prompt)],
  'a prompt to advise on': [['a', 1], (...args) => optimizer.suggestOptimizations(...args)],
  'a prompt to build': [
    [
      {
        ...pillars,
        goalSystem: pillars.goals,
        channel: 'text',
        maxTokens: 1000,
        policies: [],
        examples: [],
        businessContext: {},
      },
    ],
    (context) => new SystemPromptBuilder().build(context),
  ],
  'a tool': [
    [{ name: 'act', description: 'Acts', parameters: { type: 'object' }, handler: () => 1 }],
    (config) => Tools.custom(config),
  ],
  'a tool’s name': [
    ['x'],
    (name) =>
      builder()
        .withName(name)
        .default(() => 1)
        .build(),
  ],
  'a handler': [[() => 1], (handler) => builder().default(handler).onCall(handler).build()],
  'a logger': [
    ['[x]', { level: 'NONE', enableTimestamps: false, enableColors: false, ignoreTags: ['x'] }],
    (...args) => createLogger(...args),
  ],
  'a vector': [[entry], (one) => vectors.upsert([one])],
  vectors: [[[entry]], (entries) => vectors.upsert(entries)],
  'a search of vectors': [
    [{ vector: [1, 0], limit: 1, filter: { all: { space: 's' }, anyOf: [{ a: 'b' }] } }],
    (query) => vectors.search(query),
  ],
  'vectors to delete': [[['a']], (ids) => vectors.delete(ids)],
  'vectors there may be': [[['a'], 's'], (...args) => vectors.has(...args)],
}

for (const [name, [args, call]] of Object.entries(APART)) {
  test(name, (t) => fuzzArguments(t, name, args, async (...given) => call(...given)))
}
