// Receptionists of tenants that share a database, and even customers, calls and conversations.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import test from 'ava'
import {
  AIReceptionist,
  AIReceptionistFactory,
  ConfigurationError,
  DatabaseError,
  DatabaseStorage,
} from '../../index.js'
import { openDatabases } from '../support/databases.mjs'
import { Sqlite } from '../support/databases/better-sqlite3.mjs'
import { inbound, startEmailHarness } from '../support/channels/email-harness.mjs'
import { JOHN, phone, authOf, receptionists, sms } from '../support/channels/phone-harness.mjs'
import { of, WHOSE, UUID, memory } from '../support/tenants.mjs'

const require = createRequire(import.meta.url)
const TABLES = ['memory', 'leads', 'call_logs', 'inbox', 'allowlist', 'vectors']
const { databases, close } = await openDatabases()

test.after.always(close)

/**
 * The scripted model: calls the tools that the customer's text names, and looks up every customer.
 */
function script({ messages }) {
  if (messages[0].content.startsWith('Summarize')) return 'Said goodbye.'
  const { role, content } = messages.at(-1)
  if (role === 'tool') return `Found: ${content}`
  const call = (name, parameters) => ({ toolCalls: [{ name, parameters }] })
  const [, name] = /^I am (\S+)$/.exec(content) ?? []
  if (name) return call('save_customer_info', { name, email: 'john@example.com', notes: `notes ${name}` })
  if (content.startsWith('Find')) return call('find_customer', { phone: JOHN, email: 'john@example.com' })
  const [, value] = /^I like (.*)$/.exec(content) ?? []
  if (value) return call('remember_preference', { key: 'table', value })
  if (content.startsWith('Recall')) return call('recall_preference', {})
  return `You said: ${content}`
}

const embedder = {
  model: 'letters',
  embed: (texts) => texts.map((text) => [text.length + 1, text.split('e').length, 1]),
}

/** The same customer, with the same call, messages and conversation, contacts each receptionist. */
const CALL = `CA${'7'.repeat(32)}`

const MESSAGE = `SM${'7'.repeat(32)}`

async function visit({ receptionist, email }, sign) {
  const call = Object.assign(phone([receptionist]), { callSid: CALL })
  await call.dial()
  for (const words of [`I am ${sign}`, `I like ${sign}`, `Find me ${sign}`, 'Recall']) await call.say(words)
  await call.hangUp()
  const message = sms(`SMS for ${sign}`, { MessageSid: MESSAGE })
  const answer = await receptionist.handleSMSWebhook(message, authOf(message))
  await email.handleEmailWebhook(
    inbound(`Mail for ${sign}`, { from: 'John <john@example.com>', id: '<one@mail>' }),
  )
  const said = await receptionist.text.generate({
    prompt: `Find me on the website of ${sign}`,
    conversationId: 'same',
    customer: { id: 'john', email: 'john@example.com', phone: JOHN },
  })
  await receptionist.agent.memory.reindex()
  return [answer, said.text].join()
}

for (const [name, open] of Object.entries(databases)) {
  test(`${name}: receptionists of tenants share only the database`, async (t) => {
    const { database, table, query } = open()
    const scenes = []
    for (const [tenantId, sign] of WHOSE) {
      const options = {
        database: { ...database, ...of(tenantId) },
        agent: { identity: { name: 'Sarah', role: 'Receptionist' }, memory: { embedder } },
      }
      const { all, model } = await receptionists(t, 1, script, options)
      const mail = await startEmailHarness(t, { script, config: { database: options.database } })
      scenes.push({ tenantId, sign, receptionist: all[0], email: mail.receptionist, model })
    }
    const foreign = (text, sign) => WHOSE.some(([, other]) => other !== sign && text.includes(other))
    for (const scene of scenes) {
      const answers = await visit(scene, scene.sign)
      t.true(answers.includes(scene.sign))
      t.false(foreign(answers, scene.sign))
    }
    for (const { model, sign } of scenes) {
      t.false(foreign(JSON.stringify(model.requests), sign), `no prompt of ${sign} has words of others`)
    }
    const rows = async () =>
      Object.fromEntries(
        await Promise.all(TABLES.map(async (name) => [name, await query(`SELECT * FROM ${table(name)}`)])),
      )
    const ofTenant = (all, tenantId) =>
      Object.fromEntries(
        Object.entries(all).map(([name, rows]) => [
          name,
          rows.filter((row) => (row.tenant_id ?? undefined) === tenantId),
        ]),
      )
    const before = await rows()
    for (const { tenantId, sign } of scenes) {
      const own = ofTenant(before, tenantId)
      for (const [name, rows] of Object.entries(own)) t.true(rows.length > 0, `${sign} has rows in ${name}`)
      t.false(foreign(JSON.stringify(own), sign), `no row of ${sign} has words of others`)
    }

    const person = { phone: JOHN, email: 'john@example.com', id: 'john' }
    for (const { receptionist, sign } of scenes) {
      const held = JSON.stringify(await receptionist.database.export(person))
      t.true(held.includes(sign))
      t.false(foreign(held, sign))
      const memory = receptionist.agent.memory
      for (const found of [
        await memory.search({ limit: 1000 }),
        await memory.getConversationHistory('same'),
        await memory.getChannelHistory('call', { limit: 100 }),
        [await memory.getConversationByCallId(CALL)],
        await receptionist.getToolStore().findExecutions({ limit: 100 }),
      ]) {
        t.true(JSON.stringify(found).length > 10)
        t.false(foreign(JSON.stringify(found), sign))
      }
    }

    const [a, ...others] = scenes
    const pruned = await scenes[2].receptionist.database.prune({ before: new Date() })
    t.true(pruned.memories > 0)
    // The customer's id, number and address stay linked: pruning undoes no merge and no split.
    const kept = await scenes[2].receptionist.agent.memory.search()
    t.true(kept.length > 0 && kept.every(({ id }) => id.startsWith('person-links-')))
    for (const { tenantId } of scenes.slice(0, 2)) {
      t.deepEqual(
        ofTenant(await rows(), tenantId),
        ofTenant(before, tenantId),
        'pruning removes what is its own',
      )
    }
    const untouched = await rows()
    const report = await a.receptionist.database.forget(person)
    t.true(report.memories > 0 && report.leads > 0 && report.callLogs > 0)
    const after = await rows()
    for (const { tenantId } of others) t.deepEqual(ofTenant(after, tenantId), ofTenant(untouched, tenantId))
    t.false(JSON.stringify(ofTenant(after, 'a')).includes('SIGN-A'))
  })

  test(`${name}: many processes with tenants open an empty database at the same time`, async (t) => {
    const { database, table, query } = open()
    const program = `
      import { DatabaseStorage } from ${JSON.stringify(new URL('../../index.js', import.meta.url).href)}
      const { database, tenantId } = JSON.parse(process.argv[1])
      const { connection, tablePrefix } = database
      const storage = new DatabaseStorage({ connectionString: connection, tablePrefix, ...(tenantId && { tenantId }) })
      await storage.save({ id: 'm', content: String(tenantId), timestamp: new Date(), type: 'system' })
      const found = await storage.search()
      await storage.dispose()
      if (found.length !== 1 || found[0].content !== String(tenantId)) process.exit(1)`
    const started = ['a', 'b', undefined].map((tenantId) =>
      spawn(
        process.execPath,
        ['--input-type=module', '-e', program, JSON.stringify({ database, tenantId })],
        { stdio: 'inherit' },
      ),
    )
    for (const [code] of await Promise.all(started.map((process) => once(process, 'exit')))) t.is(code, 0)
    const rows = await query(`SELECT content, tenant_id FROM ${table('memory')}`)
    t.deepEqual(rows.map(({ content, tenant_id }) => [content, tenant_id]).sort(), [
      ['a', 'a'],
      ['b', 'b'],
      ['undefined', null],
    ])
  })

  test(`${name}: tables without tenants get the column, and their rows belong to no tenant`, async (t) => {
    const { database, table, query, change } = open()
    const { connection, tablePrefix } = database
    const options = { connectionString: connection, tablePrefix }
    const old = new DatabaseStorage(options)
    await old.save(memory('old', 'nobody'))
    await old.dispose()
    await change(`ALTER TABLE ${table('memory')} DROP COLUMN tenant_id`)
    await change(`ALTER TABLE ${table('inbox')} DROP COLUMN tenant_id`)

    const strict = new DatabaseStorage({ ...options, autoMigrate: false, tenantId: 'a' })
    const error = await t.throwsAsync(strict.initialize(), { instanceOf: DatabaseError })
    t.is(error.code, 'DATABASE_TABLES_MISSING')
    t.regex(error.message, /memory\.tenant_id/)
    t.regex(error.message, /inbox\.tenant_id/)
    await t.throwsAsync(strict.search(), { code: 'DATABASE_TABLES_MISSING' })
    await strict.dispose()
    const without = new DatabaseStorage({ ...options, autoMigrate: false })
    t.is(await without.count(), 1, 'without a tenant they do')
    await without.save(memory('another', 'nobody'))
    await without.dispose()

    const a = new DatabaseStorage({ ...options, tenantId: 'a' })
    t.is(await a.count(), 0)
    await a.save(memory('old', 'A'))
    await a.dispose()
    const nobody = new DatabaseStorage(options)
    t.deepEqual((await nobody.search()).map(({ id }) => id).sort(), ['another', 'old'])
    await nobody.dispose()
    t.is((await query(`SELECT * FROM ${table('memory')}`)).length, 3)
  })
}

test('a storage must have the tenant of its receptionist', async (t) => {
  const base = { model: { provider: 'openai', model: 'm' } }
  const agent = (longTermStorage) => ({ identity: { name: 'S', role: 'R' }, memory: { longTermStorage } })
  const connection = 'sqlite::memory:'
  const native = (more) => new DatabaseStorage({ connectionString: connection, ...more })
  const made = (storage, more) =>
    new AIReceptionist({ ...base, agent: agent(storage), database: { connection, ...more } })
  for (const [storage, database] of [
    [native({ tenantId: 'a' }), { tenantId: 'b' }],
    [native({ tenantId: 'a' }), {}],
    [native({}), { tenantId: 'a' }],
  ]) {
    const error = t.throws(() => made(storage, database), { instanceOf: ConfigurationError })
    t.is(error.code, 'INVALID_CONFIG')
    t.regex(error.message, /tenantId/)
  }
  t.notThrows(() => made(native({ tenantId: 'a' }), { tenantId: 'a' }))
  if (Sqlite) {
    const { drizzle } = require('drizzle-orm/better-sqlite3')
    const db = drizzle(new Sqlite(':memory:'))
    const inheriting = new DatabaseStorage({ db })
    new AIReceptionist({ ...base, agent: agent(inheriting), database: { connection: db, tenantId: 'a' } })
    await inheriting.save(memory('m', 'A'))
    const nobody = new DatabaseStorage({ db })
    t.is(await nobody.count(), 0)
    t.throws(
      () =>
        new AIReceptionist({ ...base, agent: agent(nobody), database: { connection: db, tenantId: 'a' } }),
      { code: 'INVALID_CONFIG' },
      'one that was used already stays what it is',
    )
    await inheriting.dispose()
    await nobody.dispose()
  }
})

test('agents of a factory, clones and changed options use the configured tenant', async (t) => {
  const { database, table, query } = databases.SQLite()
  const { all } = await receptionists(t, 1, script, { database: { ...database, tenantId: 'a' } })
  const model = all[0].getConfig().model
  const clone = all[0].clone()
  const other = all[0].clone({ database: { tenantId: 'b' } })
  for (const one of [clone, other]) {
    await one.initialize()
    t.teardown(() => one.dispose())
  }
  await all[0].agent.memory.store(memory('m', 'A'))
  t.is((await clone.agent.memory.get('m')).content, 'm of A')
  t.is(await other.agent.memory.get('m'), null)
  const factory = await AIReceptionistFactory.create({
    model: { ...model, apiKey: undefined },
    database: { ...database, tenantId: 'b' },
  })
  const instance = await factory.createAgent({ identity: { name: 'S', role: 'R' } })
  t.is(await instance.agent.memory.get('m'), null)
  await instance.agent.memory.store(memory('m', 'B'))
  t.is((await other.agent.memory.get('m')).content, 'm of B')
  await factory.dispose()
  other.updateConfig({ database: { tenantId: 'a' } })
  await other.reinitialize()
  t.is((await other.agent.memory.get('m')).content, 'm of A')
  const rows = await query(`SELECT tenant_id FROM ${table('memory')} WHERE external_id = 'm'`)
  t.deepEqual(rows.map((row) => row.tenant_id).sort(), ['a', 'b'])
})

if (Sqlite) {
  test('an imported lead of a tenant is completed, and legacy conversations become memories of the tenant', async (t) => {
    const { createSchema } = require('../../schema/sqlite.js')
    const { drizzle } = require('drizzle-orm/better-sqlite3')
    const client = new Sqlite(':memory:')
    const db = drizzle(client)
    const { all } = await receptionists(t, 1, script, { database: { connection: db, tenantId: 'a' } })
    const { leads } = createSchema()
    db.insert(leads).values({ name: 'John', email: 'john@example.com', tenantId: 'a' }).run()
    db.insert(leads).values({ name: 'Other', email: 'john@example.com', tenantId: 'b' }).run()
    await all[0].text.generate({ prompt: 'I am Johnny', customer: { email: 'john@example.com' } })
    t.deepEqual(
      db
        .select()
        .from(leads)
        .all()
        .map(({ name, tenantId }) => [name, tenantId]),
      [
        ['Johnny', 'a'],
        ['Other', 'b'],
      ],
    )
    client.exec(`CREATE TABLE ai_receptionist_conversations (id TEXT, messages TEXT);
      INSERT INTO ai_receptionist_conversations VALUES ('old', '[{"role":"user","content":"long ago","timestamp":"2024-01-01T00:00:00.000Z"}]')`)
    await all[0].database.migrateConversations()
    t.is((await all[0].agent.memory.getConversationHistory('old')).length, 1)
    const rows = client
      .prepare("SELECT tenant_id FROM ai_receptionist_memory WHERE content = 'long ago'")
      .all()
    t.deepEqual(rows, [{ tenant_id: 'a' }])
  })

  test('Drizzle finds the rows of a tenant by its own ids', async (t) => {
    const { createSchema } = require('../../schema/sqlite.js')
    const { and, eq } = require('drizzle-orm')
    const { drizzle } = require('drizzle-orm/better-sqlite3')
    const db = drizzle(new Sqlite(':memory:'))
    const storage = new DatabaseStorage({ db, tenantId: 'a' })
    await storage.save(memory('m1', 'A'))
    await storage.save(memory(UUID, 'A'))
    const { memory: table } = createSchema({ tenantId: 'a' })
    for (const id of ['m1', UUID]) {
      const [row] = db
        .select()
        .from(table)
        .where(and(eq(table.tenantId, 'a'), eq(table.id, id)))
        .all()
      t.is(row.externalId, id)
    }
    const [theirs] = db
      .insert(table)
      .values({ content: 'by others', timestamp: new Date(), type: 'system', tenantId: 'a' })
      .returning()
      .all()
    t.is((await storage.get(theirs.id)).content, 'by others')
    await storage.delete(theirs.id)
    t.is(await storage.get(theirs.id), null)
    await storage.dispose()
  })
}
