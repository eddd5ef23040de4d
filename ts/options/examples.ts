import type { ShapeRef } from './shape'
import { shapeAt } from './shapes'

/** Kind of a value that a user passed instead of an options object or a list. */
type Kind = 'text' | 'list' | 'drizzle' | 'client' | 'storage' | 'function' | 'other'

const MODEL = "{ provider: 'openai', model: 'gpt-4o-mini', apiKey: process.env.OPENAI_API_KEY }"
const TWILIO =
  "{ accountSid: process.env.TWILIO_ACCOUNT_SID, authToken: process.env.TWILIO_AUTH_TOKEN, phoneNumber: '+15551234567' }"

/**
 * Example code by option type and kind of the passed value. `any` applies to kinds without an
 * entry.
 */
const EXAMPLES: Readonly<Record<string, Partial<Record<Kind | 'any', string>>>> = {
  AIReceptionistConfig: {
    any: `new AIReceptionist({ agent: { identity: { name: 'Sarah', role: 'Receptionist' } }, model: ${MODEL} })`,
  },
  FactoryConfig: { any: `AIReceptionistFactory.create({ model: ${MODEL} })` },
  AgentConfig: {
    text: "agent: { identity: { name: 'Sarah', role: 'Receptionist' }, customSystemPrompt: '…' }",
    any: "agent: { identity: { name: 'Sarah', role: 'Receptionist' } }",
  },
  IdentityConfig: { any: "identity: { name: 'Sarah', role: 'Receptionist' }" },
  PersonalityConfig: {
    list: "personality: { traits: ['friendly'] }",
    any: "personality: { communicationStyle: 'casual' }",
  },
  KnowledgeConfig: { list: "knowledge: { expertise: ['…'] }", any: "knowledge: { domain: '…' }" },
  GoalConfig: { list: "goals: { primary: '…', secondary: ['…'] }", any: "goals: { primary: '…' }" },
  MemoryConfig: {
    storage: 'memory: { longTermStorage: storage }',
    drizzle: 'memory: { longTermStorage: new DatabaseStorage({ db }) }',
    text: 'memory: { longTermStorage: new DatabaseStorage({ connectionString: process.env.DATABASE_URL }) }',
    any: 'memory: { contextWindow: 20 }',
  },
  ModelConfig: { function: "model: { provider: 'custom', chat }", any: `model: ${MODEL}` },
  DatabaseConfig: {
    drizzle: 'database: { connection: db }',
    client: 'database: { connection: drizzle({ client: pool }) }',
    any: 'database: { connection: process.env.DATABASE_URL }',
  },
  DatabaseStorageConfig: {
    drizzle: 'new DatabaseStorage({ db })',
    client: 'new DatabaseStorage({ db: drizzle({ client: pool }) })',
    any: 'new DatabaseStorage({ connectionString: process.env.DATABASE_URL })',
  },
  StorageConfig: {
    storage: 'agent: { memory: { longTermStorage: storage } }',
    drizzle: "storage: { type: 'database', database: { db } }",
    any: "storage: { type: 'database', database: { connectionString: process.env.DATABASE_URL } }",
  },
  PoolOptions: { any: 'pool: { max: 10 }' },
  ToolConfig: { list: 'tools: { custom: [tool] }', any: 'tools: { custom: [tool] }' },
  ToolDefinition: {
    any: "{ name: 'opening_hours', description: 'When the shop is open', parameters: { type: 'object', properties: {} }, handlers: { default: () => '9 to 5' } }",
  },
  ProviderConfig: { any: `providers: { communication: { twilio: ${TWILIO} } }` },
  TwilioConfig: { any: `twilio: ${TWILIO}` },
  PostmarkConfig: {
    any: "postmark: { apiKey: process.env.POSTMARK_API_KEY, fromEmail: 'sarah@example.com' }",
  },
  SmtpConfig: { any: "smtp: { host: 'smtp.example.com', fromEmail: 'sarah@example.com' }" },
  VoiceConfig: { any: "voice: { provider: 'amazon', voiceId: 'Joanna-Neural' }" },
  LoggerConfig: { any: "logger: { level: 'INFO' }" },
  MemorySearchQuery: { any: "search({ keywords: ['…'] })" },
  Memory: { any: "{ id: '…', content: '…', timestamp: new Date(), type: 'conversation' }" },
  Memories: { any: "[{ id: '…', content: '…', timestamp: new Date(), type: 'conversation' }]" },
  GenerateTextOptions: { any: "{ prompt: '…' }" },
  MakeCallOptions: { any: "calls.make({ to: '+15551234567' })" },
  SendSMSOptions: { any: "sms.send({ to: '+15551234567', body: '…' })" },
  SendEmailOptions: { any: "email.send({ to: 'ann@example.com', subject: '…', body: '…' })" },
  SendBulkOptions: {
    any: "email.sendBulk({ emails: [{ to: 'ann@example.com', subject: '…', body: '…' }] })",
  },
  GenerateEmailOptions: { any: "email.generate({ prompt: '…' })" },
  ReplyEmailOptions: { any: "email.reply({ inReplyTo: '…' })" },
  Customer: { any: "{ email: 'ann@example.com' } or { phone: '+15551234567' }" },
  PruneOptions: { any: "database.prune({ before: new Date('2024-01-01') })" },
  AgentRequest: {
    any: "agent.process({ id: '…', input: '…', channel: 'text', context: { conversationId: '…' } })",
  },
  WebhookAuth: {
    any: "{ signature: request.get('X-Twilio-Signature'), url: 'https://example.com/webhooks/sms/inbound' }",
  },
  EmailWebhookOptions: { any: "{ authorization: request.get('Authorization') }" },
}

/** Example code for lists and options objects without their own type, by option name. */
const EXAMPLES_BY_OPTION: Readonly<Record<string, string>> = {
  traits: "traits: ['friendly']",
  fallbacks:
    "fallbacks: [{ provider: 'anthropic', model: 'claude-3-5-haiku-latest', apiKey: process.env.ANTHROPIC_API_KEY }]",
  custom: 'custom: [tool]',
  types: "types: ['conversation', 'decision']",
  attachments: "attachments: [{ name: 'offer.pdf', content: buffer }]",
  vector: 'vector: [0.1, 0.2]',
  autoPersist: 'autoPersist: { persistAll: true }',
  handlers: 'handlers: { default: handler }',
  parameters: "parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }",
  workingHours: "workingHours: { start: '09:00', end: '17:00' }",
  google:
    "google: { calendarId: 'team@example.com', credentials: { client_email: process.env.GOOGLE_CLIENT_EMAIL, private_key: process.env.GOOGLE_PRIVATE_KEY } }",
  credentials:
    'credentials: { client_email: process.env.GOOGLE_CLIENT_EMAIL, private_key: process.env.GOOGLE_PRIVATE_KEY }',
  email: "email: { postmark: { apiKey: process.env.POSTMARK_API_KEY, fromEmail: 'sarah@example.com' } }",
}

const DATABASE_STORAGE = 'new DatabaseStorage({ connectionString: process.env.DATABASE_URL })'

/** Example code for a storage, by kind of the passed value. */
const STORAGE_EXAMPLES: Partial<Record<Kind, string>> = {
  drizzle: 'new DatabaseStorage({ db })',
  client: 'new DatabaseStorage({ db: drizzle({ client: pool }) })',
  function: 'new InMemoryStorage()',
}

/** Returns example code for a storage option that received something else. */
export function storageExample(option: string, value: unknown): string {
  return `${lastSegment(option)}: ${STORAGE_EXAMPLES[kindOf(value)] ?? DATABASE_STORAGE}`
}

/** Returns example code for a Drizzle option that received something else. */
export function drizzleExample(option: string, value: unknown): string {
  const name = lastSegment(option)
  if (kindOf(value) === 'client') return `${name}: drizzle({ client: pool })`
  return `${name === 'db' ? 'connectionString' : name}: process.env.DATABASE_URL`
}

function lastSegment(option: string): string {
  return option.slice(option.lastIndexOf('.') + 1)
}

/**
 * Returns the reason why a value is not valid in place of an options object or a list, with example
 * code.
 */
export function typeMismatchReason(
  place: ShapeRef,
  value: unknown,
  path: readonly (string | number)[],
): string {
  const { fields, items } = shapeAt(place) ?? {}
  const must = `must be an ${fields === undefined ? 'array' : 'object'}`
  const known = typeof place === 'string' ? EXAMPLES[place] : undefined
  const line = known?.[kindOf(value)] ?? known?.any
  if (line !== undefined) return `${must}; write \`${line}\``
  const key = [...path].reverse().find((part) => typeof part === 'string')
  if (key !== undefined && Object.hasOwn(EXAMPLES_BY_OPTION, key))
    return `${must}; write \`${EXAMPLES_BY_OPTION[key]}\``
  if (fields === undefined) {
    if (key === undefined) return must
    return `${must}; write \`${key}: [${items === null ? "'…'" : '…'}]\``
  }
  const names = Object.keys(fields)
  return `${must}; its options are ${names.map((name) => `\`${name}\``).join(', ')}`
}

/**
 * Returns `true` if a value is an object of another package or a storage. Such a value is not an
 * options object, even if its fields have the names of options.
 */
export function isUserObject(value: object): boolean {
  return ['drizzle', 'client', 'storage'].includes(kindOf(value))
}

function kindOf(value: unknown): Kind {
  if (typeof value === 'string') return 'text'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'function') return 'function'
  if (typeof value !== 'object' || value === null) return 'other'
  const has = (...methods: string[]) =>
    methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function')
  if (has('select', 'insert', 'transaction')) return 'drizzle'
  if (has('save', 'search')) return 'storage'
  const isClient = has('query', 'end') || has('execute', 'close') || has('prepare', 'close')
  return isClient ? 'client' : 'other'
}
