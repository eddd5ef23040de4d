// Text conversations: prompts, history, several conversations at once, and restarts.
import { join } from 'node:path'
import test from 'ava'
import { AIReceptionist, DatabaseError, DatabaseStorage } from '../../index.js'
import { memory, temporaryFolder, salesIdentity as identity } from '../support/fixtures.mjs'
import { model, open, said, callsThenSays } from '../support/receptionist-harness.mjs'
import { createDatabases, dropDatabases } from '../support/databases.mjs'

const folder = temporaryFolder()
const databases = await createDatabases()
const { PostgreSQL: postgres, MySQL: mysql, MariaDB: mariadb } = databases
let count = 0

test.after.always(() => dropDatabases(databases))

const sqliteFile = () => `sqlite:${join(folder, `${++count}.db`)}`
const DATABASES = {
  SQLite: sqliteFile,
  ...(postgres && { PostgreSQL: () => postgres.url }),
  ...(mysql && { MySQL: () => mysql.url }),
  ...(mariadb && { MariaDB: () => mariadb.url }),
}

test('the example of the specification: an answer, and a history with roles', async (t) => {
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

test('every identity option reaches the prompt, and customSystemPrompt replaces it', async (t) => {
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

test('a conversation continues by its id, and without an id a new one starts', async (t) => {
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

test('createConversation() opens a conversation that can be continued', async (t) => {
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

test('concurrent conversations never mix', async (t) => {
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
  test(`${name}: a conversation continues after a restart`, async (t) => {
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

  test(`${name}: a history of 1,500 messages is returned complete and in order`, async (t) => {
    const { memory: manager } = await open(t, () => 'ok', {
      database: { connection: connect(), tablePrefix: 'long_' },
    })
    const messages = Array.from({ length: 1_500 }, (_, i) =>
      memory(`m${i}`, { sessionMetadata: { conversationId: 'long' } }, Math.floor(i / 3)),
    )
    for (const message of messages) await manager.store(message)
    t.deepEqual(await manager.getConversationHistory('long'), messages)
  })

  test(`${name}: autoMigrate: false names the call that creates the tables, and dryRun returns the SQL`, async (t) => {
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
