// Every public method of a receptionist with every hostile value at every place: the call succeeds,
// or rejects with a coded error of this package and writes nothing.
import test from 'ava'
import { AIReceptionist, InMemoryStorage } from '../../index.js'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { fuzzArguments } from '../support/security/argument-fuzzer.mjs'
import { inbound } from '../support/channels/email-harness.mjs'
import { makeAccount, startGoogle } from '../support/providers/google-calendar.mjs'
import { BASE_URL, LINE, TWILIO, sms } from '../support/channels/phone-harness.mjs'
import { startPostmark } from '../support/providers/postmark.mjs'
import { startTwilio } from '../support/providers/twilio.mjs'
import { identity } from '../support/fixtures.mjs'

const CALENDAR = 'office@group.calendar.google.com'
const account = makeAccount()

/** A receptionist with every provider. Each provider is a server of the test. */
async function open(t, storage) {
  const model = await startScriptedModel(() => 'Fine.')
  const twilio = await startTwilio(t)
  const postmark = await startPostmark('postmark-token')
  const google = await startGoogle(account, { calendarId: CALENDAR })
  const many = { maxPerHour: 1e6 }
  const receptionist = new AIReceptionist({
    agent: { identity, memory: { longTermStorage: storage } },
    model: { provider: 'openai', model: 'm', baseUrl: model.url, apiKey: 'sk-test', maxRetries: 0 },
    providers: {
      communication: {
        twilio: { ...TWILIO, baseUrl: twilio.url, webhookBaseUrl: BASE_URL },
      },
      email: {
        postmark: { apiKey: 'postmark-token', fromEmail: 'sarah@acme.example', baseUrl: postmark.url },
      },
      calendar: {
        google: {
          calendarId: CALENDAR,
          credentials: { client_email: account.email, private_key: account.key, token_uri: google.tokenUri },
          baseUrl: google.baseUrl,
        },
      },
    },
    channels: { sms: many, email: { ...many, maxPerDay: 1e6 }, voice: many },
    logger: { level: 'NONE' },
  })
  await receptionist.initialize()
  t.teardown(async () => {
    await receptionist.dispose()
    for (const server of [model, postmark, google]) server.close()
  })
  return receptionist
}

const memory = {
  id: 'm',
  content: 'hello',
  timestamp: new Date(0),
  type: 'conversation',
  importance: 5,
  channel: 'text',
  role: 'user',
  sessionMetadata: { conversationId: 'c', status: 'open' },
  toolCall: { id: 't', name: 'n', parameters: {} },
  toolResult: { success: true },
  metadata: { a: 1 },
  goalAchieved: false,
}
const query = {
  keywords: ['a'],
  type: ['system'],
  channel: 'text',
  conversationId: 'c',
  sessionMetadata: { a: 1 },
  startDate: new Date(0),
  endDate: new Date(),
  minImportance: 1,
  role: 'user',
  limit: 1,
  offset: 0,
  orderBy: 'timestamp',
  orderDirection: 'asc',
}
const PHONE = '+15551234567'
const customer = { id: 'p', email: 'ann@example.com', phone: PHONE }
const prompt = { prompt: 'Hi', conversationId: 'c', metadata: { a: 1 }, customer }
const context = { channel: 'text', conversationId: 'c', customer, callSid: 'CA1', metadata: { a: 1 } }
const call = { CallSid: 'CA1', From: PHONE, To: LINE, CallStatus: 'ringing', Direction: 'inbound' }
const CA = `CA${'1'.repeat(32)}`
const tool = {
  name: 'act',
  description: 'Acts',
  parameters: { type: 'object', properties: { a: { type: 'string' } } },
  handlers: { default: () => 1 },
}
const auth = { signature: 's', url: 'https://example.com' }
const registry = (receptionist) => receptionist.getToolRegistry()
const mail = { to: 'ann@example.com', subject: 'x', body: 'y' }
const read = async (stream) => {
  for await (const _ of stream);
}

/** Methods by path, with valid arguments. */
const METHODS = {
  'agent.memory.store': [memory],
  'agent.memory.storeBatch': [[memory]],
  'agent.memory.get': ['m'],
  'agent.memory.delete': ['m'],
  'agent.memory.search': [query],
  'agent.memory.getConversationHistory': ['c'],
  'agent.memory.getChannelHistory': ['text', { limit: 1, conversationId: 'c' }],
  'agent.memory.startSession': [{ conversationId: 'c', channel: 'text', metadata: { a: 1 } }],
  'agent.memory.endSession': ['c', 'done'],
  'agent.memory.summarize': ['c'],
  'agent.memory.reindex': [{ force: true }],
  'agent.memory.getConversationByIdentifier': ['sms', PHONE],
  'agent.memory.getConversationByCallId': ['CA1'],
  'agent.memory.getConversationByMessageId': ['SM1'],
  'agent.memory.attachCallSid': ['c', 'CA1'],
  'agent.memory.attachMessageSid': ['c', 'SM1'],
  'agent.memory.retrieve': ['hello', { conversationId: 'c', channel: 'text', limit: 1 }],
  'agent.memory.evaluateRetrieval': [
    [{ question: 'hello', expected: ['m'], conversationId: 'c', channel: 'text', customer }],
    { k: [1, 5] },
  ],
  'knowledge.add': [
    {
      id: 'k',
      title: 't',
      text: 'x',
      contentType: 'text/plain',
      source: 's',
      validFrom: new Date(0),
      validUntil: new Date(1),
      tags: ['a'],
    },
  ],
  'knowledge.addUrl': [{ url: 'https://example.com', html: '<p>x', id: 'k', tags: ['a'] }],
  'knowledge.get': ['k'],
  'knowledge.remove': ['k'],
  'knowledge.search': ['hello', { limit: 1, tags: ['a'] }],
  'knowledge.gaps': [{ since: new Date(0), limit: 1 }],
  'agent.process': [
    { id: 'r', input: 'Hi', channel: 'text', context: { conversationId: 'c', customer, more: 1 } },
  ],
  'agent.getSystemPrompt': ['text'],
  'agent.extract': ['c'],
  'agent.withAgentConfig': [
    { identity, personality: { traits: ['a'] }, knowledge: { domain: 'd' }, goals: { primary: 'g' } },
  ],
  'text.generate': [prompt],
  'text.createConversation': [{ metadata: { a: 1 }, customer }],
  'calls.make': [{ to: PHONE, greeting: 'Hi', metadata: { a: 1 }, record: true, timeout: 30 }],
  'calls.get': [CA],
  'calls.list': [{ to: PHONE, from: PHONE, status: 'completed', limit: 1 }],
  'calls.end': [CA],
  'sms.send': [
    {
      to: PHONE,
      body: 'Hi',
      from: LINE,
      mediaUrl: ['https://example.com/a'],
      metadata: {},
      conversationId: 'c',
    },
  ],
  'sms.allowlist.add': [PHONE, 'me'],
  'sms.allowlist.has': [PHONE],
  'sms.allowlist.remove': [PHONE],
  'email.allowlist.add': ['a@b.c', 'me'],
  'email.allowlist.has': ['a@b.c'],
  'email.allowlist.remove': ['a@b.c'],
  'email.send': [
    {
      ...mail,
      html: '<p>',
      attachments: [],
      metadata: {},
      conversationId: 'c',
      inReplyTo: 'x',
      provider: 'postmark',
      tags: [],
    },
  ],
  'email.sendBulk': [{ emails: [], chunkSize: 1 }],
  'email.generate': [{ prompt: 'x', context: 'y', tone: 'z', metadata: { a: 1 } }],
  'email.reply': [{ inReplyTo: 'x', prompt: 'y', autoSend: false }],
  handleVoiceWebhook: [call, auth],
  handleSMSWebhook: [sms('Hi'), auth],
  handleEmailWebhook: [inbound('Hi'), { authorization: 'x', autoReply: true, instructions: 'y' }],
  'customers.get': [customer],
  'customers.merge': [{ phone: PHONE }, { email: 'ann@example.com' }],
  'customers.split': [{ phone: PHONE }],
  'database.migrate': [{ dryRun: true }],
  'database.export': [customer],
  'database.forget': [customer],
  'database.migrateConversations': [{ from: 'old', batchSize: 1, onProgress: () => {} }],
  clone: [{ agent: { identity }, model: { model: 'n' }, tools: { timeout: 1 } }],
}

/** Calls that need more than a method, with valid arguments. */
const MORE = {
  'storeBatch of a good one and another': [
    [memory],
    ({ agent }, one) => agent.memory.storeBatch([{ ...memory, id: 'good' }, one]),
  ],
  'a streamed answer': [[prompt], ({ text }, given) => read(text.stream(given))],
  'bytes of a document': [
    [Buffer.from('x')],
    ({ knowledge }, file) => knowledge.add({ id: 'k', file, contentType: 'text/plain' }),
  ],
  'a folder without documents': [
    [{ tags: ['a'] }],
    ({ knowledge }, options) => knowledge.addFolder('__test__/databases', options),
  ],
  'an attachment': [
    [{ name: 'a.txt', contentType: 'text/plain', content: 'YQ==', contentId: 'c' }],
    ({ email }, file) => email.send({ ...mail, attachments: [file] }),
  ],
  'one of many e-mails': [[{ ...mail, tag: 't' }], ({ email }, one) => email.sendBulk({ emails: [one] })],
  'a call without authentication': [
    [{ ...call, SpeechResult: 'x', Confidence: '1', CallDuration: '1', RecordingSid: 'RE1' }],
    (receptionist, form) => receptionist.handleVoiceWebhook(form),
  ],
  'an SMS without authentication': [[sms('Hi')], (receptionist, form) => receptionist.handleSMSWebhook(form)],
  'an e-mail as MIME': [
    [{ raw: 'From: a@b.c\r\n\r\nHi' }],
    (receptionist, payload) => receptionist.handleEmailWebhook(payload),
  ],
  updateConfig: [
    [{ agent: { identity }, model: { model: 'n' } }],
    (receptionist, changes) => receptionist.clone().updateConfig(changes),
  ],
  'registry.execute': [
    ['recall_preference', { key: 'k' }, context, 1000],
    (receptionist, ...args) => registry(receptionist).execute(...args),
  ],
  'registry.register': [[tool], (receptionist, given) => registry(receptionist).register(given)],
  'registry.unregister': [['act'], (receptionist, name) => registry(receptionist).unregister(name)],
  'registry.get': [['act'], (receptionist, name) => registry(receptionist).get(name)],
  'registry.has': [['act'], (receptionist, name) => registry(receptionist).has(name)],
  'registry.listAvailable': [['text'], (receptionist, given) => registry(receptionist).listAvailable(given)],
  'toolStore.findExecutions': [
    [{ conversationId: 'c', toolName: 't', success: true, limit: 1 }],
    (receptionist, params) => receptionist.getToolStore().findExecutions(params),
  ],
  'toolStore.getLastExecution': [
    ['t', 'c'],
    (receptionist, ...args) => receptionist.getToolStore().getLastExecution(...args),
  ],
}

/** The standard tools, with valid arguments. */
const TOOLS = {
  save_customer_info: { name: 'Ann', email: 'a@b.c', phone: PHONE, company: 'x', notes: 'y', interest: 'z' },
  find_customer: { name: 'Ann', email: 'a@b.c', phone: PHONE },
  log_call_outcome: { outcome: 'voicemail', summary: 's', nextSteps: 'n' },
  remember_preference: { key: 'k', value: 'v', importance: 7 },
  recall_preference: { key: 'k' },
  calendar_check_availability: { date: '2027-01-04', days: 1, duration: 30 },
  calendar_book: { start: '2027-01-04T10:00', duration: 30, title: 'x', name: 'Ann', email: 'a@b.c' },
  calendar_cancel: { id: 'x' },
  calendar_reschedule: { id: 'x', start: '2027-01-04T10:00' },
  send_sms: { to: PHONE, message: 'x' },
  initiate_call: { to: PHONE, reason: 'x' },
  send_email: mail,
}

const calls = {
  ...Object.fromEntries(Object.entries(METHODS).map(([path, args]) => [path, [args, byPath(path)]])),
  ...MORE,
  ...Object.fromEntries(
    Object.entries(TOOLS).map(([name, parameters]) => [
      `the tool ${name}`,
      [[parameters], (receptionist, given) => registry(receptionist).execute(name, given, context)],
    ]),
  ),
}

/** Calls the method at a path of the receptionist. */
function byPath(path) {
  const names = path.split('.')
  const method = names.pop()
  return (receptionist, ...args) => names.reduce((at, name) => at[name], receptionist)[method](...args)
}

for (const [name, [args, make]] of Object.entries(calls)) {
  test(name, async (t) => {
    t.timeout(120_000)
    const storage = new InMemoryStorage()
    const receptionist = await open(t, storage)
    await fuzzArguments(t, name, args, async (...given) => make(receptionist, ...given), {
      count: () => storage.count(),
    })
  })
}
