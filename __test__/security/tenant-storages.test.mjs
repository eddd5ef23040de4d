// Storages of tenants that share a database, and even row ids.
import { createHash } from 'node:crypto'
import test from 'ava'
import { AIReceptionist, DatabaseError, DatabaseStorage } from '../../index.js'
import { openDatabases } from '../support/databases.mjs'
import { openers, dropDatabases } from '../support/databases/drizzle-drivers.mjs'
import { JOHN } from '../support/channels/phone-harness.mjs'
import { of, WHOSE, UUID, memory } from '../support/tenants.mjs'

const { databases, close } = await openDatabases()

test.after.always(async () => {
  await close()
  await dropDatabases()
})

/**
 * Functions by name, each of which returns one storage per tenant, natively or through a client.
 */
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

/** The row id of a tenant's memory. The algorithm must not change. */
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

// One after another: PGlite and better-sqlite3 block this thread for seconds, and a client that cannot answer meanwhile is unhealthy.
for (const [name, open] of Object.entries(pairs)) {
  test.serial(`${name}: storages of tenants see only their own rows`, async (t) => {
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

    // A tenant replaces, removes and clears only its own rows.
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

  test.serial(`${name}: a row of another tenant is never overwritten`, async (t) => {
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

test('an invalid tenant id is refused before a connection is opened', (t) => {
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

test('tenant ids are compared exactly', async (t) => {
  for (const [name, open] of Object.entries(databases)) {
    const { database, change, table } = open()
    const { connection, tablePrefix } = database
    const make = (tenantId) => new DatabaseStorage({ connectionString: connection, tablePrefix, tenantId })
    const ids = ['a', 'A', 'ä', 'a\u0308', 'a%', 'a_', "a'", 'a\\', '\u{1f3e2}']
    const all = ids.map(make)
    if (name === 'MySQL' || name === 'MariaDB') {
      // The collation that a user's table may have.
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
