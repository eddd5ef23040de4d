// Tenants that share a database, and even ids, customers, calls and conversations, know nothing of each other.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import test from 'ava'
import {
  AIReceptionist,
  AIReceptionistFactory,
  ConfigurationError,
  DatabaseError,
  DatabaseStorage,
} from '../index.js'
import { openDatabases } from './servers/databases.mjs'
import { Sqlite, mariadb, mysql, openers, postgres } from './servers/drizzle.mjs'
import { inbound, startEmailScene } from './servers/email-scene.mjs'
import { JOHN, phone, proof, receptionists, sms } from './servers/line.mjs'

const require = createRequire(import.meta.url)
const TABLES = ['memory', 'leads', 'call_logs', 'inbox', 'allowlist', 'vectors']
/** Two tenants, and nobody in particular; the words of each hold its sign. */
const WHOSE = [
  ['a', 'SIGN-A'],
  ['b', 'SIGN-B'],
  [undefined, 'SIGN-NOBODY'],
]
const UUID = '0192f5a0-0000-7000-8000-000000000000'
const { databases, close } = await openDatabases()
test.after.always(async () => {
  await close()
  for (const server of [postgres, mysql, mariadb]) await server?.drop()
})

const of = (tenantId) => (tenantId === undefined ? {} : { tenantId })

/** A storage for each, natively and through a client: functions by name. */
const pairs = {}
for (const [name, open] of Object.entries(databases)) {
  pairs[name] = (t) => {
    const { database } = open()
    const { connection, tablePrefix } = database
    const make = (tenantId) =>
      new DatabaseStorage({ connectionString: connection, tablePrefix, ...of(tenantId) })
    return storages(t, make)
  }
}
let count = 0
for (const [name, open] of Object.entries(openers())) {
  pairs[`${name}, through the client`] = async (t) => {
    const { db, close } = await open()
    t.teardown(close)
    const tablePrefix = `tenants${++count}_`
    return storages(t, (tenantId) => new DatabaseStorage({ db, via: 'client', tablePrefix, ...of(tenantId) }))
  }
}

function storages(t, make) {
  const all = WHOSE.map(([tenantId, sign]) => ({ tenantId, sign, storage: make(tenantId) }))
  t.teardown(async () => {
    for (const { storage } of all) await storage.dispose()
  })
  return all
}

/** The key of a tenant's row, as it has been since there are tenants. */
function rowId(tenantId, id) {
  const v5 = (namespace, name) => {
    const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16)
    bytes[6] = (bytes[6] & 0x0f) | 0x50
    bytes[8] = (bytes[8] & 0x3f) | 0x80
    return bytes
  }
  const namespace = Buffer.from('8f0c3f6e5d4b4a579c1e2b7a6d90e1c4', 'hex')
  const uuid = v5(v5(namespace, `tenant:${tenantId}`), id)
  return uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const memory = (id, sign, more) => ({
  id,
  content: `${id} of ${sign}`,
  timestamp: new Date(1_700_000_000_000),
  type: 'conversation',
  channel: 'sms',
  importance: 5,
  sessionMetadata: { conversationId: 'c', callSid: 'CA1' },
  ...more,
})

const QUERIES = [
  {},
  { conversationId: 'c' },
  { channel: 'sms' },
  { type: 'conversation' },
  { type: ['conversation', 'error'], role: 'user' },
  { keywords: ['of', 'nothing'] },
  { minImportance: 1, orderBy: 'importance' },
  { sessionMetadata: { callSid: 'CA1' } },
  { startDate: new Date(0), endDate: new Date(2_000_000_000_000), orderDirection: 'asc' },
]

for (const [name, open] of Object.entries(pairs)) {
  test(`${name}: storages of tenants know only their own rows`, async (t) => {
    const all = await open(t)
    const ids = ['m1', UUID, 'x'.repeat(512)]
    for (const { storage, sign } of all) {
      await storage.save(memory(ids[0], sign, { role: 'user' }))
      await storage.saveBatch(ids.slice(1).map((id) => memory(id, sign, { role: 'user' })))
      await storage.addToPhoneAllowlist(`+1555000000${sign.length}`)
      await storage.addToPhoneAllowlist(JOHN)
    }
    const holds = async ({ storage, sign }, wanted) => {
      for (const id of ids) {
        const found = await storage.get(id)
        t.is(found?.content, wanted.includes(id) ? `${id} of ${sign}` : undefined)
      }
      for (const query of QUERIES) {
        const found = await storage.search(query)
        t.deepEqual(found.map(({ id }) => id).sort(), [...wanted].sort(), JSON.stringify(query))
        t.true(found.every(({ content }) => content.endsWith(sign)))
      }
      t.is(await storage.count(), wanted.length)
      t.true(await storage.healthCheck())
    }
    for (const one of all) await holds(one, ids)

    // What one replaces, removes and clears is its own.
    const [a, b, nobody] = all
    await a.storage.save(memory('m1', 'A again'))
    t.is((await a.storage.get('m1')).content, 'm1 of A again')
    await holds(b, ids)
    await holds(nobody, ids)
    await Promise.all([a.storage.delete(UUID), a.storage.delete('m1')])
    await holds(a, [ids[2]])
    await holds(b, ids)
    await nobody.storage.clear()
    await holds(nobody, [])
    await holds(b, ids)
    await a.storage.clear()
    await holds(a, [])
    await holds(b, ids)

    await a.storage.removeFromPhoneAllowlist(JOHN)
    t.is((await a.storage.getAllAllowlistedPhoneNumbers()).length, 1)
    t.is((await b.storage.getAllAllowlistedPhoneNumbers()).length, 2)
    await nobody.storage.clearPhoneAllowlist()
    t.is((await b.storage.getAllAllowlistedPhoneNumbers()).length, 2)
  })

  test(`${name}: a row of another tenant is never overwritten`, async (t) => {
    const [a, , nobody] = await open(t)
    await a.storage.save(memory('m1', 'A'))
    const id = rowId('a', 'm1')
    t.true((await nobody.storage.count()) === 0 && (await a.storage.get(id)) !== null, 'that is its id')
    t.is(await nobody.storage.get(id), null)
    await nobody.storage.delete(id)
    const saves = await Promise.allSettled([
      nobody.storage.save(memory('before', 'nobody')),
      nobody.storage.save(memory(id, 'nobody')),
      nobody.storage.save(memory('after', 'nobody')),
    ])
    t.deepEqual(
      saves.map(({ reason }) => reason?.code),
      [undefined, 'DATABASE_TENANT_CONFLICT', undefined],
      'it fails alone',
    )
    t.true(saves[1].reason instanceof DatabaseError)
    t.false(saves[1].reason.message.includes('SIGN'))
    const error = await t.throwsAsync(nobody.storage.saveBatch([memory('y', 'n'), memory(id, 'n')]))
    t.is(error.code, 'DATABASE_TENANT_CONFLICT')
    t.is(await nobody.storage.get('y'), null, 'all or none')
    t.is((await a.storage.get('m1')).content, 'm1 of A')
    t.is(await nobody.storage.count(), 2)
  })
}

/** The model of the scene: does what the customer's words say, and looks for everybody. */
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

/** The same customer with the same call, messages and conversation comes to each. */
const CALL = `CA${'7'.repeat(32)}`
const MESSAGE = `SM${'7'.repeat(32)}`

async function visit({ receptionist, email }, sign) {
  const call = Object.assign(phone([receptionist]), { callSid: CALL })
  await call.dial()
  for (const words of [`I am ${sign}`, `I like ${sign}`, `Find me ${sign}`, 'Recall']) await call.say(words)
  await call.hangUp()
  const message = sms(`SMS for ${sign}`, { MessageSid: MESSAGE })
  const answer = await receptionist.handleSMSWebhook(message, proof(message))
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
  test(`${name}: receptionists of tenants share a database, and nothing else`, async (t) => {
    const { database, table, query } = open()
    const scenes = []
    for (const [tenantId, sign] of WHOSE) {
      const options = {
        database: { ...database, ...of(tenantId) },
        agent: { identity: { name: 'Sarah', role: 'Receptionist' }, memory: { embedder } },
      }
      const { all, model } = await receptionists(t, 1, script, options)
      const mail = await startEmailScene(t, { script, config: { database: options.database } })
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
    t.is(await scenes[2].receptionist.agent.memory.search().then((found) => found.length), 0)
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

  test(`${name}: many processes open a fresh database with tenants at once`, async (t) => {
    const { database, table, query } = open()
    const program = `
      import { DatabaseStorage } from ${JSON.stringify(new URL('../index.js', import.meta.url).href)}
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

  test(`${name}: tables from before tenants get the column; rows stay nobody's`, async (t) => {
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

test('what is no tenant is refused before anything is opened', (t) => {
  const make = [
    (options) => new DatabaseStorage({ connectionString: 'sqlite::memory:', ...options }),
    (options) => new AIReceptionist({ database: { connection: 'sqlite::memory:', ...options } }),
    (options) =>
      new AIReceptionist({
        model: { provider: 'openai', model: 'm' },
        agent: { identity: { name: 'S', role: 'R' } },
        storage: { type: 'database', database: { connectionString: 'sqlite::memory:', ...options } },
      }),
    (options) =>
      new AIReceptionist({ database: { connection: 'sqlite::memory:' } }).clone({ database: options }),
    (options) =>
      new AIReceptionist({ database: { connection: 'sqlite::memory:' } }).updateConfig({ database: options }),
  ]
  for (const tenantId of [
    undefined,
    null,
    '',
    ' ',
    'a ',
    '\na',
    'a\0b',
    'x'.repeat(129),
    7,
    0,
    false,
    true,
    {},
    ['a'],
    () => 'a',
    Symbol('a'),
    10n,
    'lone \ud800',
  ]) {
    for (const open of make) {
      const error = t.throws(() => open({ tenantId }), { instanceOf: Error }, String(tenantId))
      t.true(
        ['INVALID_CONFIG', 'UNSUPPORTED_TEXT'].includes(error.code),
        `${String(tenantId)}: ${error.code}`,
      )
      t.regex(error.message, /tenantId/)
    }
  }
  for (const tenantId of [
    'a',
    'A b',
    'x'.repeat(128),
    '\u{1f3e2}'.repeat(128),
    "'; DROP TABLE memory; --",
    '%',
  ])
    for (const open of make) t.notThrows(() => open({ tenantId }))
})

test('ids of tenants are compared to the last letter', async (t) => {
  for (const [name, open] of Object.entries(databases)) {
    const { database, change, table } = open()
    const { connection, tablePrefix } = database
    const make = (tenantId) => new DatabaseStorage({ connectionString: connection, tablePrefix, tenantId })
    const ids = ['a', 'A', 'ä', 'a\u0308', 'a%', 'a_', "a'", 'a\\', '\u{1f3e2}']
    const all = ids.map(make)
    if (name === 'MySQL' || name === 'MariaDB') {
      // As a table of others may compare.
      await all[0].initialize()
      await change(
        `ALTER TABLE ${table('memory')} MODIFY tenant_id VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
      )
    }
    for (const [n, storage] of all.entries()) await storage.save(memory('m', String(n)))
    for (const [n, storage] of all.entries()) {
      t.deepEqual(
        (await storage.search()).map(({ content }) => content),
        [`m of ${n}`],
        `${name} ${ids[n]}`,
      )
    }
    await all[0].clear()
    for (const storage of all.slice(1)) t.is(await storage.count(), 1)
    for (const storage of all) await storage.dispose()
  }
})

test('a storage has the tenant of its receptionist, or none is made', async (t) => {
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

test('agents of a factory, clones and changes are of the tenant that is asked for', async (t) => {
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
  test('a lead that was imported for a tenant is completed, and old conversations become its memories', async (t) => {
    const { createSchema } = require('../schema/sqlite.js')
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
    const { createSchema } = require('../schema/sqlite.js')
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
