// The index that each search uses. The statements are captured through a Drizzle client, and
// explained by the database that holds the rows.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import test from 'ava'
import mysql2 from 'mysql2/promise'
import pg from 'pg'
import { DatabaseStorage } from '../../index.js'
import { Sqlite, mariadb, mysql, postgres, dropDatabases } from '../support/databases/drizzle-drivers.mjs'
import { temporaryFolder, notTested } from '../support/fixtures.mjs'

const require = createRequire(import.meta.url)
const TABLE = 'ai_receptionist_memory'
/**
 * The number of rows of other conversations. All are newer, so a scan by time reads all of them
 * first.
 */
const OTHERS = 15_000
const IDLE = 5_000

/** Values that only the oldest rows have. */
const PARTIES = { callSid: 'CA1', messageSid: 'SM1', from: 'jo@example.com', to: '+15550001' }

const QUERIES = {
  'the newest of an idle conversation': [{ conversationId: 'idle', limit: 20 }, 'idx_conversation_id'],
  'the beginning of a conversation': [
    { conversationId: 'conv_7', orderDirection: 'asc', limit: 100 },
    'idx_conversation_id',
  ],
  'what an idle conversation had on a channel': [
    { conversationId: 'idle', channel: 'sms', limit: 20 },
    'idx_conversation_id',
  ],
  'what was said last in an idle conversation': [
    { conversationId: 'idle', type: 'conversation', limit: 20 },
    'idx_conversation_id',
  ],
  'the newest of a channel that is rarely used': [{ channel: 'email', limit: 20 }, 'idx_channel'],
  'what was said on a channel that is rarely used': [
    { channel: 'email', type: 'conversation', limit: 20 },
    'idx_channel',
  ],
  'the newest of a type that is rare': [{ type: 'error', limit: 20 }, 'idx_type'],
  'the newest of a call': [{ sessionMetadata: { callSid: 'CA1' }, limit: 1 }, 'idx_call_sid'],
  'the newest of a message': [{ sessionMetadata: { messageSid: 'SM1' }, limit: 1 }, 'idx_message_sid'],
  'the newest from an address': [
    { sessionMetadata: { from: 'jo@example.com' }, channel: 'email', limit: 1 },
    'idx_from',
  ],
  'the newest to a number': [{ sessionMetadata: { to: '+15550001' }, limit: 20 }, 'idx_to'],
}

/** By database: how to fill it, and how to capture and explain statements. */
const DATABASES = {
  ...(postgres && {
    async PostgreSQL() {
      const pool = new pg.Pool({ connectionString: postgres.url, max: 1 })
      return {
        url: postgres.url,
        drizzle: (config) => require('drizzle-orm/node-postgres').drizzle(pool, config),
        analyze: (table = TABLE) => pool.query(`ANALYZE ${table}`),
        // The plan for these values, and the generic plan, because PostgreSQL may choose either.
        async explain({ sql, params }) {
          const plans = []
          for (const mode of ['force_custom_plan', 'force_generic_plan']) {
            await pool.query(`SET plan_cache_mode = ${mode}`)
            await pool.query(`PREPARE caught AS ${sql}`)
            const { rows } = await pool.query(`EXPLAIN EXECUTE caught${values(params)}`)
            await pool.query('DEALLOCATE caught')
            plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
          }
          return plans
        },
        close: () => pool.end(),
      }
    },
  }),
  ...Object.fromEntries(
    Object.entries({ MySQL: mysql, MariaDB: mariadb })
      .filter(([, server]) => server)
      .map(([name, server]) => [
        name,
        async () => {
          const pool = mysql2.createPool({ uri: server.url, connectionLimit: 1 })
          return {
            url: server.url,
            drizzle: (config) => require('drizzle-orm/mysql2').drizzle(pool, { ...config, mode: 'default' }),
            analyze: (table = TABLE) => pool.query(`ANALYZE TABLE ${table}`),
            async explain({ sql, params }) {
              const format = name === 'MySQL' ? 'FORMAT=TRADITIONAL' : ''
              const [rows] = await pool.query(`EXPLAIN ${format} ${sql}`, params)
              return rows.map(({ key, Extra }) => `key ${key}: ${Extra}`)
            },
            close: () => pool.end(),
          }
        },
      ]),
  ),
  ...(Sqlite && {
    async SQLite() {
      const folder = temporaryFolder()
      const file = join(folder, 'plans.db')
      const client = new Sqlite(file)
      return {
        drizzle: (config) => require('drizzle-orm/better-sqlite3').drizzle(client, config),
        analyze() {},
        explain: ({ sql, params }) => [
          client
            .prepare(`EXPLAIN QUERY PLAN ${sql}`)
            .all(...params)
            .map((row) => row.detail)
            .join('\n'),
        ],
        close() {
          client.close()
        },
      }
    },
  }),
}

test.after.always(dropDatabases)

for (const [name, open] of Object.entries(DATABASES)) {
  test.serial(`${name} uses the matching index for each search`, async (t) => {
    const database = await open()
    const caught = []
    const storage = watched(database, caught)
    t.teardown(async () => {
      await storage.dispose()
      await database.close()
    })
    await storage.initialize()
    // In order of time, so that the order in the table is roughly that of time.
    for (const batch of batches()) await storage.saveBatch(batch)
    await database.analyze()
    caught.length = 0
    await storage.save({ ...rows()[0], id: 'another', sessionMetadata: { conversationId: 'another' } })
    t.is(caught.length, 1, 'a save is one statement')
    await storage.get('another')
    t.is(caught.length, 2, 'so is a get')
    for (const [what, [query, index]] of Object.entries(QUERIES)) {
      caught.length = 0
      const found = await storage.search(query)
      t.true(found.length > 0, what)
      t.is(caught.length, 1, `${what}: one round trip`)
      for (const plan of await database.explain(caught[0])) {
        t.regex(plan, new RegExp(`${TABLE}_${index}\\b`), `${what}: ${plan}`)
        t.notRegex(plan, /filesort|TEMP B-TREE/, `${what}: nothing is sorted anew`)
      }
    }
  })
}

/**
 * Like `QUERIES`, for one of several tenants with the same conversations. A filter that matches few
 * rows of all tenants uses its own index.
 */
const OF_TENANTS = {
  ...Object.fromEntries(
    Object.entries(QUERIES).map(([what, [query, index]]) => [
      what,
      [query, index.replace(/^idx_(channel|type|conversation)\w*$/, '(idx_tenant_$1|$&)')],
    ]),
  ),
  'the newest of the usual channel': [
    { channel: 'sms', limit: 20 },
    'idx_(tenant_)?(channel|timestamp)',
    'idx_tenant_(channel|timestamp)',
  ],
  'the newest of the usual type': [
    { type: 'conversation', limit: 20 },
    'idx_(tenant_)?(type|timestamp)',
    'idx_tenant_(type|timestamp)',
  ],
  'the newest of all': [{ limit: 20 }, 'idx_(tenant_)?timestamp', 'idx_tenant_'],
  'the oldest of all': [{ limit: 20, orderDirection: 'asc' }, 'idx_(tenant_)?timestamp', 'idx_tenant_'],
}

for (const [name, open] of Object.entries(DATABASES)) {
  test.serial(
    `${name} answers searches of a tenant without scanning the rows of other tenants`,
    async (t) => {
      const database = await open()
      const caught = []
      const of = (tenantId) =>
        watched(database, caught, { tablePrefix: 'tenants_', ...(tenantId && { tenantId }) })
      const [nobody, big, small] = [of(), of('big'), of('small')]
      t.teardown(async () => {
        for (const storage of [nobody, big, small]) await storage.dispose()
        await database.close()
      })
      await nobody.initialize()
      const indexes = await nobody.migrate({ dryRun: true })
      t.deepEqual(indexes, [], 'who has no tenant has no index of tenants')
      for (const storage of [small, nobody]) await storage.saveBatch(rows().slice(0, 200))
      t.true(caught.some(({ sql }) => sql.includes('idx_tenant_timestamp')))
      for (const batch of batches()) await big.saveBatch(batch)
      await database.analyze('tenants_memory')
      for (const [what, [query, index, indexOfFew = 'idx_(?!timestamp)']] of Object.entries(OF_TENANTS)) {
        // One tenant with nearly all rows, for which any index will do, and one with few older
        // rows.
        for (const [storage, used] of [
          [big, new RegExp(`tenants_memory_${index}\\b`)],
          [small, new RegExp(`tenants_memory_${indexOfFew}`)],
        ]) {
          caught.length = 0
          await storage.search(query)
          t.is(caught.length, 1, `${what}: one round trip`)
          for (const plan of await database.explain(caught[0])) {
            t.regex(plan, used, `${what}: ${plan}`)
            if (storage === big) t.notRegex(plan, /filesort|TEMP B-TREE/, `${what}: nothing is sorted anew`)
          }
        }
      }
    },
  )
}

if (postgres) {
  test.serial(
    'PostgreSQL sorts nothing without statistics for tenant_id, as right after a migration',
    async (t) => {
      const database = await DATABASES.PostgreSQL()
      const pool = new pg.Pool({ connectionString: postgres.url })
      const caught = []
      const storage = watched(database, caught, { tablePrefix: 'added_' })
      t.teardown(async () => {
        await storage.dispose()
        await database.close()
        await pool.end()
      })
      await storage.initialize()
      for (const batch of batches()) await storage.saveBatch(batch)
      await database.analyze('added_memory')
      await pool.query('ALTER TABLE added_memory DROP COLUMN tenant_id, ADD COLUMN tenant_id TEXT')
      for (const query of [{}, { channel: 'sms', limit: 20 }, { type: 'conversation', limit: 50 }]) {
        caught.length = 0
        await storage.search(query)
        for (const plan of await database.explain(caught[0])) t.notRegex(plan, /-> {2}(Sort|Seq)/)
      }
    },
  )
}

if (postgres) {
  test.serial('PostgreSQL plans each shape of search once', async (t) => {
    const database = await DATABASES.PostgreSQL()
    const client = new pg.Client({ connectionString: postgres.url })
    const caught = []
    const storage = watched(database, caught, { tablePrefix: 'once_' })
    t.teardown(async () => {
      await storage.dispose()
      await database.close()
      await client.end()
    })
    await client.connect()
    await storage.initialize()
    for (const batch of batches()) await storage.saveBatch(batch)
    await database.analyze('once_memory')
    for (const [what, [query]] of Object.entries(QUERIES)) {
      caught.length = 0
      await storage.search(query)
      const [{ sql, params }] = caught
      await client.query(`PREPARE search AS ${sql}`)
      // The first five executions are planned for their values, to compare.
      for (let n = 0; n < 6; n++) await client.query(`EXECUTE search${values(params)}`)
      const { rows } = await client.query('SELECT generic_plans FROM pg_prepared_statements')
      t.deepEqual(rows, [{ generic_plans: '1' }], what)
      await client.query('DEALLOCATE search')
    }
  })
}

if (postgres) {
  test.serial('PostgreSQL finds keywords with a pg_trgm index of the user', async (t) => {
    const database = await DATABASES.PostgreSQL()
    const pool = new pg.Pool({ connectionString: postgres.url })
    const caught = []
    const storage = watched(database, caught)
    t.teardown(async () => {
      await storage.dispose()
      await database.close()
      await pool.end()
    })
    const { rowCount } = await pool.query("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
    if (rowCount === 0) return notTested(t, 'pg_trgm')
    await storage.initialize()
    for (const batch of batches()) await storage.saveBatch(batch)
    await storage.save({ ...rows()[0], id: 'odd', content: 'Une CRÈME BRÛLÉE, 100% *' })
    await pool.query('CREATE EXTENSION pg_trgm')
    await pool.query(`CREATE INDEX by_trigrams ON ${TABLE} USING gin (content gin_trgm_ops)`)
    await pool.query(`ANALYZE ${TABLE}`)
    caught.length = 0
    const found = await storage.search({ keywords: ['crème brûlée, 100%', 'no such word'] })
    t.deepEqual(
      found.map(({ id }) => id),
      ['odd'],
    )
    const [plan] = await database.explain(caught[0])
    t.regex(plan, /by_trigrams/)
  })
}

/** A storage on the database's client. `caught` collects its statements. */
function watched(database, caught, options) {
  const logger = { logQuery: (sql, params) => caught.push({ sql, params }) }
  // Without the lexical index, which writes and compacts rows of its own.
  return new DatabaseStorage({ db: database.drizzle({ logger }), via: 'client', recall: false, ...options })
}

/** Formats the values of a prepared statement of PostgreSQL for EXECUTE. */
function values(params) {
  const literals = params.map((value) => pg.escapeLiteral(value)).join(', ')
  return literals && `(${literals})`
}

function* batches() {
  const all = rows()
  for (let n = 0; n < all.length; n += 500) yield all.slice(n, n + 500)
}

function rows() {
  const others = Array.from({ length: OTHERS }, (_, n) => [`conv_${Math.floor(n / 100)}`, IDLE + n])
  const idle = Array.from({ length: IDLE }, (_, n) => ['idle', n])
  return [...idle, ...others].map(([conversationId, n]) => ({
    id: `m${n}`,
    content: 'Could we move the appointment?',
    timestamp: new Date(Date.UTC(2025, 0, 1) + n * 1_000),
    type: n === 4 ? 'error' : 'conversation',
    channel: n < 4 ? 'email' : 'sms',
    sessionMetadata: { conversationId, ...(n < 4 && PARTIES) },
  }))
}
