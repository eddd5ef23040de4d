// A database that the published TypeScript SDK 0.1.22 filled has the same meaning here.
import test from 'ava'
import { AIReceptionist } from '../../index.js'
import { inbound, startEmailHarness } from '../support/channels/email-harness.mjs'
import {
  JOHN,
  LINE,
  phone,
  authOf,
  receptionists,
  sms as posted,
  transcript,
} from '../support/channels/phone-harness.mjs'
import { createDatabase } from '../support/databases/postgres.mjs'
import { startTypescriptSdk } from '../support/typescript-sdk.mjs'
import { notTested } from '../support/fixtures.mjs'

const ANN = '+15557654321'

/**
 * Defines a test on a new database that the SDK filled with `fill`. Without a server, a line says
 * that it is not tested.
 */
const filled = (title, fill, check, options) =>
  test.serial(title, async (t) => {
    const database = await createDatabase()
    if (!database) return notTested(t, t.title)
    t.teardown(() => database.drop())
    const sdk = await startTypescriptSdk(database.url, options)
    const made = await fill(sdk)
    await sdk.stop()
    const rows = () => database.query('SELECT * FROM ai_receptionist_memory ORDER BY id')
    await check(t, { url: database.url, rows, query: (...args) => database.query(...args), made })
  })

const text = (rows) => JSON.stringify(rows)
const operator = (t, url, more) => {
  const receptionist = new AIReceptionist({ database: { connection: url }, ...more })
  t.teardown(() => receptionist.dispose())
  return receptionist.database
}

filled(
  'export and forget find a person however the SDK spelled their addresses',
  async ({ sms, mail, call, say }) => {
    await mail('Mail of John', 'John@Example.com', { Subject: 'Table' })
    await mail('Another of John', 'JOHN@example.com', { Subject: 'Chairs', To: 'Sarah <sarah@acme.example>' })
    await sms('SMS of John', JOHN)
    await sms('WhatsApp of John', `whatsapp:${JOHN}`, { To: `whatsapp:${LINE}` })
    await call(JOHN, 'John speaks', 'I prefer seat window')
    await say('customer {"name":"John","email":"John@Example.com","phone":"(555) 123-4567"}', 'chat-john')
    await say('John chats on', 'chat-john')
    await mail('Mail of Ann', 'Ann@Example.com')
    await sms('SMS of Ann', ANN)
    await call(ANN, 'Ann speaks')
    await say('customer {"name":"Ann","email":"Ann@Example.com"}', 'chat-ann')
  },
  async (t, { url, rows }) => {
    const before = await rows()
    const database = operator(t, url)
    const person = { email: 'john@example.com', phone: JOHN }
    const held = await database.export(person)
    const contents = held.memories.map(({ content }) => content)
    for (const words of [
      'Mail of John',
      'Another of John',
      'SMS of John',
      'WhatsApp of John',
      'John speaks',
      'Customer preference: seat = window',
      'John chats on',
    ]) {
      t.true(
        contents.some((content) => content.includes(words)),
        words,
      )
    }
    t.false(text(held).includes('Ann'))
    const report = await database.forget(person)
    t.is(report.memories, held.memories.length)
    const after = await rows()
    t.false(/john|5551234567|123-4567/i.test(text(after)), 'nothing of John is left')
    const ofAnn = (all) => all.filter((row) => /\bann\b|5557654321/i.test(text(row))).length
    t.is(ofAnn(after), ofAnn(before), 'nothing of Ann is gone')
    t.like(await database.forget(person), { memories: 0 })
  },
)

for (const [name, person] of Object.entries({
  'an address': { email: 'JOHN@example.com' },
  'a number': { phone: '(555) 123-4567' },
})) {
  filled(
    `by ${name} alone`,
    async ({ say, mail, sms }) => {
      await say('customer {"name":"John","email":"John@Example.com","phone":"(555) 123-4567"}', 'chat')
      await mail('Mail of John', 'John@Example.com')
      await sms('SMS of John', JOHN)
    },
    async (t, { url, rows }) => {
      const { memories } = await operator(t, url).forget(person)
      t.true(memories > 3)
      const left = text(await rows())
      t.false(left.includes('Customer information'))
      t.is(left.includes('Mail of John'), person.email === undefined)
      t.is(left.includes('SMS of John'), person.phone === undefined)
    },
  )
}

filled(
  'memories without a message, which the SDK stores by default, are found too',
  async ({ call, sms }) => {
    await call(JOHN, 'I prefer seat window', 'outcome wants a table')
    await sms('Words of John', JOHN)
    await call(ANN, 'I prefer seat aisle')
  },
  async (t, { url, rows }) => {
    const database = operator(t, url)
    const { memories } = await database.export({ phone: JOHN })
    for (const words of ['seat = window', 'wants a table', 'Words of John']) {
      t.true(text(memories).includes(words), words)
    }
    t.false(text(memories).includes('aisle'))
    await database.forget({ phone: JOHN })
    const left = text(await rows())
    for (const sign of [JOHN, 'window', 'wants a table', 'Words of John']) t.false(left.includes(sign), sign)
    t.true(left.includes('aisle'))
  },
  { autoPersist: undefined },
)

filled(
  'two people whom the SDK merged by the subject of an e-mail each keep their own messages',
  async ({ mail }) => {
    await mail('Mail of John', 'John@Example.com', { Subject: 'Hello' })
    await mail('Mail of Ann', 'Ann@Example.com', { Subject: 'Re: Hello' })
  },
  async (t, { url, rows, query }) => {
    const conversations = await query(
      `SELECT DISTINCT session_metadata->>'conversationId' AS id FROM ai_receptionist_memory WHERE content LIKE 'Mail of%'`,
    )
    t.is(conversations.length, 1, 'they are in one')
    const database = operator(t, url)
    t.false(text(await database.export({ email: 'john@example.com' })).includes('Ann'))
    await database.forget({ email: 'john@example.com' })
    const left = text(await rows())
    t.false(/john/i.test(left))
    t.true(left.includes('Mail of Ann'))
  },
)

/** A receptionist of this package on the database, with the same phone number. */
async function successor(t, url, script, more) {
  const { all, model } = await receptionists(t, 1, script, { database: { connection: url }, ...more })
  const [receptionist] = all
  const write = async (body, From, more) => {
    const message = posted(body, { From, ...more })
    return await receptionist.handleSMSWebhook(message, authOf(message))
  }
  return { receptionist, model, write }
}

const conversationOf = (rows, content) =>
  rows.find((row) => row.content === content).session_metadata.conversationId

filled(
  'SMS conversations of the SDK continue',
  async ({ sms }) => {
    await sms('One of John', JOHN)
    await sms('One on WhatsApp', `whatsapp:${ANN}`, { To: `whatsapp:${LINE}` })
  },
  async (t, { url, rows }) => {
    const before = await rows()
    const { receptionist, model, write } = await successor(t, url)
    t.deepEqual(
      (await rows()).map(({ tenant_id: _, ...row }) => row),
      before,
      'nothing of the SDK is rewritten',
    )
    await write('Two of John', JOHN)
    const id = conversationOf(before, 'One of John')
    t.true(
      (await transcript(receptionist, id)).some(
        ([role, words]) => role === 'user' && words === 'Two of John',
      ),
    )
    t.true(text(model.requests.at(-1).messages).includes('One of John'), 'the model knows what was said')
    await write('Two on WhatsApp', `whatsapp:${ANN}`, { To: `whatsapp:${LINE}` })
    t.is(conversationOf(await rows(), 'Two on WhatsApp'), conversationOf(before, 'One on WhatsApp'))
    await write('Somebody new', '+15550009999')
    t.not(conversationOf(await rows(), 'Somebody new'), id)
  },
)

filled(
  'e-mail threads of the SDK continue for their participants',
  async ({ mail }) => ({
    first: await mail('Mail of John', 'John@Example.com', { Subject: 'Table' }),
    other: await mail('Mail of Ann', 'Ann@Example.com', { Subject: 'Chairs' }),
    mixed: await mail('Another of Ann', 'Ann@Example.com', { Subject: 'Re: Table' }),
    apart: await mail('Mail of Zoe', 'Zoe@Example.com', { Subject: 'Plates' }),
  }),
  async (t, { url, rows, made }) => {
    const before = await rows()
    const { receptionist } = await startEmailHarness(t, { config: { database: { connection: url } } })
    let n = 0
    const answer = async (from, subject, headers) => {
      const words = `answer number ${(n += 1)}`
      const { conversationId } = await receptionist.handleEmailWebhook(
        inbound(words, { from, subject, headers }),
      )
      return conversationId
    }
    const plates = conversationOf(before, 'Mail of Zoe')
    const reply = { 'In-Reply-To': '<0af1-9@mtasv.net>', References: `<${made.apart}> <0af1-9@mtasv.net>` }
    t.is(await answer('Zoe <zoe@example.com>', 'Re: Plates', reply), plates, 'by its references')
    t.is(await answer('ZOE@example.com', 'AW: Plates'), plates, 'by its subject')
    t.not(await answer('zoe@example.com', 'Forks'), plates, 'another subject is another thread')
    const forged = { 'In-Reply-To': `<${made.apart}>`, References: `<${made.apart}>` }
    t.not(await answer('eve@example.com', 'Re: Plates', forged), plates, 'not for somebody else')
    // The SDK stored Ann's answer in John's conversation.
    const table = conversationOf(before, 'Mail of John')
    if (conversationOf(before, 'Another of Ann') === table) {
      const to = { References: `<${made.first}>` }
      t.not(await answer('john@example.com', 'Re: Table', to), table, 'nobody hears what others wrote')
    }
  },
)

for (const autoPersist of [{ persistAll: true }, undefined]) {
  filled(
    `an opt-out of the SDK stays in force (autoPersist ${text(autoPersist)})`,
    async ({ sms }) => {
      if (autoPersist) {
        await sms('Hello', JOHN)
        await sms('Hello', ANN)
        await sms('Hello', '+15550002222')
      }
      await sms('STOP', JOHN)
      await sms('Unsubscribe', ANN)
      if (autoPersist) await sms('START', ANN)
      await sms('stop', '+15550002222')
    },
    async (t, { url, rows }) => {
      const { receptionist, write } = await successor(t, url)
      t.false((await write('again', JOHN)).includes('<Message>'))
      await t.throwsAsync(receptionist.sms.send({ to: JOHN, body: 'Hi' }), { code: 'RECIPIENT_OPTED_OUT' })
      t.is((await write('again', ANN)).includes('<Message>'), autoPersist !== undefined, 'START counts too')
      await receptionist.database.forget({ phone: '+15550002222' })
      t.false(text(await rows()).includes('+15550002222'))
      t.false((await write('again', '+15550002222')).includes('<Message>'), 'also when forgotten')
      await write('START', JOHN)
      t.true((await write('again', JOHN)).includes('<Message>'))
    },
    { autoPersist },
  )
}

/** The results of a tool that the scripted model calls. */
const tools = ({ messages }) => {
  const last = messages.at(-1)
  if (last.role === 'tool') return last.content
  const [, name, parameters] = /^use (\w+) (\{.*\})$/s.exec(last.content) ?? []
  return name ? { toolCalls: [{ name, parameters: JSON.parse(parameters) }] } : `heard: ${last.content}`
}

filled(
  'customers and preferences that the SDK stored as memories are found',
  async ({ call, say, sms, mail }) => {
    await call(
      JOHN,
      'customer {"name":"John","email":"John@Example.com","phone":"(555) 123-4567","company":"Acme"}',
      'I prefer seat window',
      'outcome wants the big table by the lake',
    )
    await say('customer {"name":"Zoe","email":"Zoe@Example.com","notes":"vegan"}', 'chat-zoe')
    await say('customer {"name":"Nobody"}', 'chat-nobody')
    await mail('Mail of Ann', 'Ann@Example.com')
  },
  async (t, { url, query, rows }) => {
    const before = await rows()
    const plan = await operator(t, url, { database: { connection: url, autoMigrate: false } }).migrate({
      dryRun: true,
    })
    t.true(
      plan.some((line) => /3 memories of save_customer_info/.test(line)),
      'the dry run counts',
    )
    t.deepEqual(await rows(), before)
    t.deepEqual(await query(`SELECT to_regclass('ai_receptionist_leads') AS leads`), [{ leads: null }])
    const report = await operator(t, url, { database: { connection: url, autoMigrate: false } }).migrate()
    t.true(report.some((line) => /3 memories of save_customer_info/.test(line)))
    const again = await operator(t, url).migrate()
    t.deepEqual(again, [], 'it is done once')
    const leads = await query(`SELECT name, email, phone FROM ai_receptionist_leads ORDER BY name`)
    t.deepEqual(leads, [
      { name: 'John', email: 'John@Example.com', phone: JOHN },
      { name: 'Nobody', email: null, phone: null },
      { name: 'Zoe', email: 'Zoe@Example.com', phone: null },
    ])

    const { receptionist, model } = await successor(t, url, tools)
    const line = phone([receptionist], { from: JOHN })
    await line.dial()
    const said = async (words) => {
      await line.say(words)
      return model.requests.at(-1).messages.at(-1).content
    }
    t.like(JSON.parse(await said('use find_customer {"phone":"+15551234567"}')).data, {
      found: true,
      customer: { name: 'John', email: 'John@Example.com', company: 'Acme' },
    })
    t.like(JSON.parse(await said('use recall_preference {"key":"seat"}')).data, {
      found: true,
      value: 'window',
    })
    await said('use save_customer_info {"notes":"likes tea"}')
    await line.hangUp()
    const johns = await query(
      `SELECT metadata->>'notes' AS notes FROM ai_receptionist_leads WHERE phone = '${JOHN}'`,
    )
    t.deepEqual(johns, [{ notes: 'likes tea' }], 'it is the same record')
    const ask = async (words, customer) => {
      await receptionist.text.generate({ prompt: words, customer })
      return JSON.parse(model.requests.at(-1).messages.at(-1).content).data
    }
    const asked = 'use recall_preference {"key":"seat"}'
    t.like(await ask(asked, { phone: ANN }), { found: false }, 'nobody else is told')
    t.like(await ask('use find_customer {"email":"zoe@example.com"}', { email: 'zoe@example.com' }), {
      found: true,
      customer: { name: 'Zoe', notes: 'vegan' },
    })
    t.like(await ask('use find_customer {"phone":"+15551234567"}', { phone: ANN }), { restricted: true })
    const embedder = {
      model: 'lakes',
      embed: (texts) => texts.map((text) => [/lake/.test(text) ? 1 : 0, 1, text.length / 1000]),
    }
    const agent = { identity: { name: 'Sarah', role: 'Receptionist' }, memory: { embedder } }
    const reminded = await successor(t, url, tools, { agent })
    await reminded.receptionist.agent.memory.reindex()
    for (const [number, knows] of [
      [JOHN, true],
      [ANN, false],
    ]) {
      await reminded.receptionist.text.generate({
        prompt: 'what about the lake',
        customer: { phone: number },
      })
      const asked = text(reminded.model.requests.at(-1).messages)
      t.is(asked.includes('big table by the lake'), knows, 'summaries are remembered, for their customer')
    }
  },
)

filled(
  'both packages can use one database at the same time',
  async ({ say }) => {
    await say('customer {"name":"Zoe","email":"Zoe@Example.com"}', 'chat')
  },
  async (t, { url }) => {
    const entries = []
    const logger = (entry) => entries.push(entry)
    const { receptionist, write } = await successor(t, url, undefined, { logger })
    const sdk = await startTypescriptSdk(url)
    t.teardown(() => sdk.stop())
    await Promise.all([receptionist, receptionist].map((one) => one.database.migrate()))
    const before = await sdk.storage.search({ conversationId: 'chat' })
    t.true(before.length > 2)
    await write('First to ours', JOHN)
    await sdk.sms('Second to theirs', JOHN)
    const { memories } = await receptionist.database.forget({ phone: JOHN })
    t.true(memories >= 3)
    t.deepEqual(await sdk.storage.search({ conversationId: 'chat' }), before)
    await sdk.sms('STOP', ANN)
    await receptionist.database.migrate()
    t.false(
      (await write('Hello', ANN)).includes('<Message>'),
      'what it kept since the last time is adopted, too',
    )
    await receptionist.dispose()
    const adopted = entries.filter(({ message }) => message.startsWith('Customers and opt-outs'))
    t.deepEqual(
      adopted.map(({ level, context }) => [level, Object.keys(context)]),
      [
        ['INFO', ['customers', 'optOuts']],
        ['INFO', ['customers', 'optOuts']],
      ],
    )
  },
)
