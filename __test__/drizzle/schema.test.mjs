// The exported Drizzle tables of `…/schema`: they equal the tables of `migrate()`, and the queries
// of the specification run on them.
process.env.TZ = 'America/New_York'
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { and, eq, gte, sql } from 'drizzle-orm'
import * as pgTables from '@loctelli/ai-receptionist/schema'
import * as mysqlTables from '@loctelli/ai-receptionist/schema/mysql'
import * as sqliteTables from '@loctelli/ai-receptionist/schema/sqlite'
import { DatabaseStorage } from '../../index.js'
import { memory as sample } from '../support/fixtures.mjs'
import { dropDatabases, openers } from '../support/databases/drizzle-drivers.mjs'

const require = createRequire(import.meta.url)
const root = fileURLToPath(new URL('../..', import.meta.url))

test.after.always(dropDatabases)

/** The columns of a Drizzle table: name → { type, required }. */
function columnsOf(table) {
  const columns = table[Symbol.for('drizzle:Columns')]
  return Object.fromEntries(
    Object.values(columns).map((column) => [
      column.name,
      { type: column.getSQLType().toLowerCase(), required: column.notNull || column.primary },
    ]),
  )
}

// Type names that MySQL and MariaDB report for other type names.
const MYSQL_TYPES = { 'tinyint(1)': 'boolean', 'int(11)': 'int' }

const READ = {
  postgres: (db, table) =>
    db.execute(
      sql.raw(`SELECT column_name AS name, replace(data_type, ' without time zone', '') AS type,
        is_nullable = 'NO' AS required FROM information_schema.columns WHERE table_name = '${table}'`),
    ),
  async mysql(db, table) {
    const [rows] = await db.execute(
      sql.raw(`SELECT column_name AS name, column_type AS type, is_nullable = 'NO' AS required, extra AS extra
        FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '${table}'`),
    )
    return rows
      .filter(({ extra }) => !extra.includes('INVISIBLE'))
      .map(({ type, ...row }) => ({ ...row, type: MYSQL_TYPES[type] ?? type }))
  },
  sqlite: (db, table) =>
    db.all(
      sql.raw(
        `SELECT name, lower(type) AS type, "notnull" OR pk AS required FROM pragma_table_info('${table}')`,
      ),
    ),
}

const FAMILIES = Object.fromEntries(
  Object.entries(openers()).map(([name, open]) => {
    const dialect = /mysql/.test(name) ? 'mysql' : /sql(ite|$)/.test(name) ? 'sqlite' : 'postgres'
    const tables = { mysql: mysqlTables, sqlite: sqliteTables, postgres: pgTables }[dialect]
    return [name, { open, dialect, tables }]
  }),
)

for (const [name, family] of Object.entries(FAMILIES)) {
  test.serial(`${name}: the exported tables equal the tables of migrate()`, async (t) => {
    const { db, close } = await family.open()
    const tablePrefix = 'compared_'
    const storage = new DatabaseStorage({ db, via: 'client', tablePrefix })
    await storage.migrate()
    const schema = family.tables.createSchema({ tablePrefix })
    for (const [key, table] of [
      ['memory', 'memory'],
      ['leads', 'leads'],
      ['callLogs', 'call_logs'],
      ['allowlist', 'allowlist'],
    ]) {
      const result = await READ[family.dialect](db, tablePrefix + table)
      const rows = Array.isArray(result) ? result : result.rows
      const found = Object.fromEntries(
        rows.map((row) => [row.name, { type: row.type, required: Boolean(row.required) }]),
      )
      const said = columnsOf(schema[key])
      // MariaDB's JSON is text with a check.
      for (const [name, { type }] of Object.entries(said)) {
        if (type === 'json' && found[name].type === 'longtext') found[name].type = 'json'
      }
      t.deepEqual(said, found, table)
    }
    await storage.dispose()
    await close()
  })

  test.serial(`${name}: the queries of the specification`, async (t) => {
    const { db, close } = await family.open()
    t.teardown(close)
    const tablePrefix = `${name.replace(/\W/g, '_').toLowerCase()}_`
    await queries(t, db, family.tables.createSchema({ tablePrefix }), tablePrefix, { eq, and, gte })
  })
}

/** Runs the queries of the specification with the operators of this drizzle-orm. */
async function queries(t, db, { memory, leads, callLogs }, tablePrefix, { eq, and, gte }) {
  const storage = new DatabaseStorage({ db, via: 'client', tablePrefix })
  const inConversation = { sessionMetadata: { conversationId: 'conv_123' } }
  await storage.save(sample('second', { ...inConversation, importance: 8, metadata: { a: [1] } }, 2))
  await storage.save(sample('first', { ...inConversation, goalAchieved: true }, 1))
  await storage.save(sample('other', { sessionMetadata: { conversationId: 'conv_9' } }))
  const today = new Date()
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate())
  await db
    .insert(leads)
    .values([
      { name: 'Now' },
      { name: 'Midnight', createdAt: midnight },
      { name: 'Yesterday', createdAt: new Date(midnight.getTime() - 1) },
    ])
  await db.insert(callLogs).values({ conversationId: 'conv_123', outcome: 'booked', duration: 42 })

  const conversationMemories = await db
    .select()
    .from(memory)
    .where(eq(memory.session_metadata.conversationId, 'conv_123'))
    .orderBy(memory.timestamp)
  t.deepEqual(
    conversationMemories.map((row) => row.externalId),
    ['first', 'second'],
  )
  t.deepEqual(conversationMemories[0].timestamp, sample('first', {}, 1).timestamp)
  t.deepEqual(conversationMemories[0].sessionMetadata, { conversationId: 'conv_123' })
  t.is(conversationMemories[0].goalAchieved, true)
  t.true(conversationMemories[0].createdAt instanceof Date)
  t.true(Math.abs(conversationMemories[0].createdAt - today) < 60_000, `${conversationMemories[0].createdAt}`)
  t.deepEqual(conversationMemories[1].metadata, { a: [1] })

  const importantMemories = await db.select().from(memory).where(gte(memory.importance, 8))
  t.is(importantMemories.length, 1)

  const todayLeads = await db.select().from(leads).where(eq(leads.createdAt, new Date().toDateString()))
  t.deepEqual(todayLeads.map((lead) => lead.name).sort(), ['Midnight', 'Now'])

  const logs = await db.select().from(callLogs).where(eq(callLogs.conversationId, 'conv_123'))
  t.is(logs.length, 1)
  t.is(logs[0].duration, 42)

  // Ids that are not UUIDs, as in the migration script of the specification.
  await db.insert(memory).values({
    id: 'conv_7-1700000000000',
    content: 'old',
    timestamp: new Date(1_700_000_000_000),
    type: 'conversation',
    channel: 'call',
    sessionMetadata: { conversationId: 'conv_7' },
    role: 'user',
  })
  t.is((await storage.get('conv_7-1700000000000')).content, 'old')
  const both = and(eq(memory.id, 'first'), eq(memory.type, 'conversation'))
  t.is((await db.select().from(memory).where(both)).length, 1)
  await db.delete(memory).where(eq(memory.id, 'first'))
  t.is(await storage.get('first'), null)
  await storage.dispose()
}

// The same tables on other versions of drizzle-orm.
for (const orm of ['drizzle-orm-0.30', 'drizzle-orm-0.36', 'drizzle-orm-1.0']) {
  for (const [driver, file] of [
    ['node-postgres', 'pg'],
    ['postgres-js', 'pg'],
    ['PGlite', 'pg'],
    ['mysql2', 'mysql'],
    ['mysql2 connection to MariaDB', 'mysql'],
    ['better-sqlite3', 'sqlite'],
    ['libsql', 'sqlite'],
  ]) {
    const open = openers(orm)[driver]
    if (!open) continue
    test.serial(`${orm}, ${driver}: the queries of the specification`, async (t) => {
      const { db, close } = await open()
      t.teardown(close)
      const text = readFileSync(join(root, `schema/${file}.js`), 'utf8').replaceAll('"drizzle-orm', `"${orm}`)
      const module = { exports: {} }
      new Function('module', 'require', text)(module, require)
      const tablePrefix = `v${orm.slice(-3)}_${driver}`.replace(/\W/g, '_').toLowerCase().slice(0, 32)
      await queries(t, db, module.exports.createSchema({ tablePrefix }), tablePrefix, require(orm))
    })
  }
}

test('session_metadata is not enumerable among the columns', (t) => {
  for (const tables of [pgTables, mysqlTables, sqliteTables]) {
    t.false(Object.keys(tables.memory).includes('session_metadata'))
  }
})

test('MySQL: ids, days and JSON as SQL', (t) => {
  const { drizzle } = require('drizzle-orm/mysql2')
  const db = drizzle.mock()
  const { memory, leads } = mysqlTables
  const { sql: text, params } = db
    .select({ id: memory.id })
    .from(memory)
    .where(and(eq(memory.id, 'first'), eq(memory.session_metadata.conversationId, 'conv_123')))
    .toSQL()
  t.regex(text, /json_value\(.*'\$\.conversationId'\) = \?/i)
  t.regex(params[0], /^[0-9a-f]{8}-[0-9a-f]{4}-5/)
  const day = db.select({ id: leads.id }).from(leads).where(eq(leads.createdAt, 'Thu Jan 15 2026')).toSQL()
  t.deepEqual(day.params, ['2026-01-15 05:00:00.000', '2026-01-16 05:00:00.000'])
})

test('CommonJS exports the same tables', (t) => {
  for (const path of ['schema', 'schema/mysql', 'schema/sqlite']) {
    t.deepEqual(Object.keys(require(`@loctelli/ai-receptionist/${path}`)).sort(), [
      'allowlist',
      'callLogs',
      'createSchema',
      'leads',
      'memory',
    ])
  }
})

const TYPED = `
import { memory, leads, callLogs, createSchema, type Memory, type NewMemory, type Lead, type NewLead, type CallLog, type NewCallLog } from '@loctelli/ai-receptionist/schema'
import { eq, and, gte } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { AIReceptionist, DatabaseStorage } from '@loctelli/ai-receptionist'
const pool = new Pool({ connectionString: process.env['DATABASE_URL'] })
const db = drizzle(pool)
export async function main(): Promise<void> {
  const conversationMemories: Memory[] = await db.select()
    .from(memory)
    .where(eq(memory.session_metadata.conversationId, 'conv_123'))
    .orderBy(memory.timestamp)
  const importantMemories = await db.select().from(memory).where(and(gte(memory.importance, 8)))
  const todayLeads: Lead[] = await db.select().from(leads).where(eq(leads.createdAt, new Date().toDateString()))
  const at: Date | undefined = todayLeads[0]?.createdAt
  const logs: CallLog[] = await db.select().from(callLogs).where(eq(callLogs.conversationId, 'conv_123'))
  const row: NewMemory = { id: 'a-1', content: 'x', timestamp: new Date(), type: 'conversation', sessionMetadata: { conversationId: 'c' } }
  await db.insert(memory).values(row)
  const lead: NewLead = { name: 'John' }
  const log: NewCallLog = {}
  await db.insert(createSchema({ tablePrefix: 'my_' }).leads).values(lead)
  await db.transaction(async (tx) => { await new DatabaseStorage({ db: tx }).count() })
  new AIReceptionist({ database: { connection: db, via: 'client' } })
  console.log(conversationMemories, importantMemories, at, logs, log)
}
`

// The declarations are generated with the newest 0.x; drizzle-orm 1.0 has other types.
for (const orm of ['drizzle-orm', 'drizzle-orm-0.30', 'drizzle-orm-0.36']) {
  for (const extension of ['cts', 'mts']) {
    test.serial(`types: ${orm}, .${extension}`, async (t) => {
      // Inside the project, where pg is found, but as a package with its own drizzle-orm.
      mkdirSync(join(root, 'target'), { recursive: true })
      const folder = mkdtempSync(join(root, 'target', 'schema-types-'))
      t.teardown(() => rmSync(folder, { recursive: true, force: true }))
      const sdk = join(folder, 'node_modules/@loctelli/ai-receptionist')
      mkdirSync(sdk, { recursive: true })
      for (const entry of ['index.d.ts', 'schema', 'package.json']) {
        cpSync(join(root, entry), join(sdk, entry), { recursive: true })
      }
      symlinkSync(join(root, 'node_modules', orm), join(folder, 'node_modules/drizzle-orm'), 'junction')
      writeFileSync(join(folder, 'package.json'), '{}')
      writeFileSync(join(folder, `use.${extension}`), TYPED)
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({
          compilerOptions: {
            module: 'node16',
            moduleResolution: 'node16',
            preserveSymlinks: true,
            target: 'es2022',
            strict: true,
            noEmit: true,
            skipLibCheck: true,
            types: ['node'],
            typeRoots: [join(root, 'node_modules/@types')],
          },
          files: [`use.${extension}`],
        }),
      )
      await t.notThrowsAsync(
        promisify(execFile)(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', folder]).catch(
          (error) => {
            throw new Error(error.stdout)
          },
        ),
      )
    })
  }
}
