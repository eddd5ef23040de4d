// Personal data: a person's data can be exported and erased in every table, and no other person's
// data is touched.
import test from 'ava'
import { AIReceptionist, InMemoryStorage, ValidationError } from '../../index.js'
import { openDatabases } from '../support/databases.mjs'
import { inbound, startEmailHarness } from '../support/channels/email-harness.mjs'
import { JOHN as ANNA, LINE, phone, authOf, receptionists, sms } from '../support/channels/phone-harness.mjs'

const BOB = '+15557654321'
const TABLES = ['memory', 'leads', 'call_logs', 'inbox', 'allowlist', 'vectors']
const { databases, close } = await openDatabases()
test.after.always(close)

/** The scripted model: calls the tools that the customer's text names. */
function script({ messages }) {
  if (messages[0].content.startsWith('Summarize')) return 'Asked for a table.'
  const { role, content } = messages.at(-1)
  if (role === 'tool') return 'Done.'
  const call = (name, parameters) => ({ toolCalls: [{ name, parameters }] })
  const [, name, email] = /^I am (\w+), (\S+)$/.exec(content) ?? []
  if (name) return call('save_customer_info', { name, email })
  const [, value] = /^I like (.*)$/.exec(content) ?? []
  if (value) return call('remember_preference', { key: 'table', value })
  return `You said: ${content}`
}

const embedder = {
  model: 'letters',
  embed: (texts) => texts.map((text) => [text.length + 1, text.split('e').length, 1]),
}

/** A customer calls, sends an SMS, opts out, sends an e-mail, and chats on a website. */
async function visit({ receptionist, email }, { number, name, address }) {
  const call = phone([receptionist], { from: number })
  await call.dial()
  for (const words of [`I am ${name}, ${address}`, `I like the window of ${name}`]) await call.say(words)
  await call.hangUp()
  for (const words of [`SMS of ${name}`, 'STOP', `${name} after STOP`]) {
    const message = sms(words, { From: number })
    await receptionist.handleSMSWebhook(message, authOf(message))
  }
  await email.handleEmailWebhook(inbound(`Mail of ${name}`, { from: `${name} <${address}>` }))
  await receptionist.text.generate({
    prompt: `${name} on the website`,
    customer: { id: `id-${name}`, email: address },
  })
}

async function scene(t, { database, ...more }) {
  const { all } = await receptionists(t, 1, script, {
    database,
    agent: { identity: { name: 'Sarah', role: 'Receptionist' }, memory: { embedder } },
    ...more,
  })
  const mail = await startEmailHarness(t, { script, config: { database, ...more } })
  return { receptionist: all[0], email: mail.receptionist }
}

const anna = { number: ANNA, name: 'Anna', address: 'anna@example.com' }
const bob = { number: BOB, name: 'Bob', address: 'bob@example.com' }

for (const [name, open] of Object.entries(databases)) {
  test(`${name}: erasing a person removes their rows from every table, and no others`, async (t) => {
    const { database, table, query } = open()
    const both = await scene(t, { database })
    for (const person of [anna, bob]) await visit(both, person)
    await both.receptionist.agent.memory.reindex()
    const rows = async () =>
      Object.fromEntries(
        await Promise.all(TABLES.map(async (name) => [name, await query(`SELECT * FROM ${table(name)}`)])),
      )
    const naming = (all, words) =>
      Object.entries(all).flatMap(([name, rows]) =>
        rows.filter((row) => words.some((word) => JSON.stringify(row).includes(word))).map(() => name),
      )
    const signs = (person) => [person.number, person.name, person.address]
    const before = await rows()
    for (const person of [anna, bob])
      t.deepEqual(new Set(naming(before, signs(person))), new Set(TABLES), `${person.name} is everywhere`)

    const person = { phone: '(555) 123-4567', email: 'Anna@Example.com', id: 'id-Anna' }
    const held = await both.receptionist.database.export(person)
    const contents = held.memories.map(({ content }) => content)
    for (const words of ['SMS of Anna', 'STOP', 'Anna after STOP', 'Mail of Anna', 'Anna on the website']) {
      t.true(
        contents.some((content) => content.includes(words)),
        words,
      )
    }
    t.false(JSON.stringify(held).includes('Bob'))
    t.true(held.memories.every(({ timestamp }) => timestamp instanceof Date))
    t.is(held.leads.length, 1)
    t.like(held.leads[0], { name: 'Anna', phone: ANNA, email: 'anna@example.com' })
    t.deepEqual(
      held.callLogs.map(({ phoneNumber, summary }) => [phoneNumber, summary]),
      [[ANNA, 'Asked for a table.']],
    )
    t.true(held.inbox.some(({ kind, answer }) => kind === 'opt_out' && answer === 'out'))
    t.deepEqual(await rows(), before, 'telling changes nothing')

    // As in an operator's script without agents.
    const operator = new AIReceptionist({ database })
    const report = await operator.database.forget(person)
    await operator.dispose()
    t.is(report.memories, held.memories.length)
    t.is(report.leads, 1)
    t.is(report.callLogs, 1)
    const after = await rows()
    t.deepEqual(naming(after, signs(anna)), [])
    for (const name of TABLES) {
      const bobs = (all) =>
        all[name].filter((row) => signs(bob).some((sign) => JSON.stringify(row).includes(sign)))
      t.deepEqual(bobs(after), bobs(before), `${name}: nothing of Bob's is touched`)
    }
    t.deepEqual(await both.receptionist.database.export(person), {
      memories: [],
      leads: [],
      callLogs: [],
      inbox: [],
      allowlist: [],
    })
    t.like(await both.receptionist.database.forget(person), { memories: 0, leads: 0, callLogs: 0 })

    const message = sms('Hello again', { From: ANNA })
    const answer = await both.receptionist.handleSMSWebhook(message, authOf(message))
    t.false(answer.includes('<Message>'), 'STOP outlives being forgotten')
  })

  test(`${name}: in a shared conversation, only the messages of the erased person are removed`, async (t) => {
    const { database } = open()
    const { receptionist } = await scene(t, { database })
    const say = (prompt, customer) => receptionist.text.generate({ prompt, conversationId: 'both', customer })
    await say('from Anna', { email: anna.address })
    await say('from Bob', { email: bob.address })
    await receptionist.text.generate({ prompt: 'I am Anna, anna@example.com', customer: { phone: BOB } })
    // A summary of the whole conversation tells of both. It is exported to neither.
    await receptionist.agent.memory.summarize('both')
    await receptionist.agent.memory.endSession('both', 'Anna and Bob talked')
    const { memories } = await receptionist.database.export({ email: anna.address })
    t.false(memories.some(({ content }) => /talked|Asked for/.test(content)))
    await receptionist.database.forget({ email: anna.address })
    const left = await receptionist.agent.memory.getConversationHistory('both')
    t.false(left.some(({ content }) => content === 'Asked for a table.'))
    t.false(left.some(({ content }) => content.includes('Anna')))
    t.true(left.some(({ content }) => content === 'from Bob'))
    const { leads } = await receptionist.database.export({ phone: BOB })
    t.like(leads[0], { phone: BOB, email: null }, 'the address that Bob gave is gone, his record is not')
  })
}

test('erasing a person clears the short-term memory too', async (t) => {
  const { all } = await receptionists(t, 1, script, {
    database: undefined,
    agent: {
      identity: { name: 'Sarah', role: 'Receptionist' },
      memory: { longTermStorage: new InMemoryStorage(), embedder },
    },
  })
  const [receptionist] = all
  for (const { number, name } of [anna, bob]) {
    const message = sms(`SMS of ${name}`, { From: number })
    await receptionist.handleSMSWebhook(message, authOf(message))
  }
  t.true((await receptionist.database.forget({ phone: ANNA })).memories > 0)
  const left = await receptionist.agent.memory.search({ limit: 100 })
  t.false(JSON.stringify(left).includes('Anna'))
  t.true(JSON.stringify(left).includes('SMS of Bob'))
  t.false(receptionist.sms.allowlist.has(ANNA))
  t.true(receptionist.sms.allowlist.has(BOB))
})

test('an empty person and the own number are refused', async (t) => {
  const { all } = await receptionists(t, 1)
  for (const [person, about] of [
    [{}, /`person`/],
    [{ email: ' ' }, /`person`/],
    [{ email: 'no address' }, /`email`/],
    [{ phone: 'hello' }, /`phone`/],
    [{ phone: LINE }, /own number/],
    [{ id: 'a\0b' }, /`id`/],
    [undefined, /`person`/],
  ]) {
    for (const method of ['forget', 'export']) {
      const error = await t.throwsAsync(all[0].database[method](person), { instanceOf: ValidationError })
      t.is(error.code, 'INVALID_ARGUMENT')
      t.regex(error.message, about)
    }
  }
})
