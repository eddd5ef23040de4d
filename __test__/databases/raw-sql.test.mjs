// "Using Raw SQL" of the specification: verbatim on PostgreSQL and SQLite, and in the form of
// docs/databases.md on MySQL and MariaDB. The rows are the same everywhere.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { AIReceptionist, DatabaseStorage } from '../../index.js'
import { memory, temporaryFolder } from '../support/fixtures.mjs'
import { mariadb, mysql, postgres, Sqlite, dropDatabases } from '../support/databases/drizzle-drivers.mjs'

const folder = temporaryFolder()
test.after.always(dropDatabases)

const read = (file) => readFileSync(new URL(file, import.meta.url), 'utf8')
const statements = (sql) =>
  sql
    .split(';')
    .map((statement) => statement.replace(/^--.*$/gm, '').trim())
    .filter(Boolean)
const SPECIFIED = statements(read('../docs/specification/raw.sql'))
const FOR_MYSQL = statements(
  /```sql\n-- MySQL and MariaDB\n([^]*?)```/.exec(read('../../docs/databases.md'))[1],
)

const sqliteFile = join(folder, 'raw.db')
/** By name: the URL, a function that runs a statement without the package, and the statements. */
const DATABASES = {
  PostgreSQL: postgres && { ...postgres, sql: SPECIFIED },
  SQLite: Sqlite && {
    url: `sqlite:${sqliteFile}`,
    async query(statement) {
      const database = new Sqlite(sqliteFile)
      try {
        const prepared = database.prepare(statement)
        return prepared.reader ? prepared.all() : prepared.run()
      } finally {
        database.close()
      }
    },
    sql: SPECIFIED,
  },
  MySQL: mysql && { ...mysql, sql: FOR_MYSQL },
  MariaDB: mariadb && { ...mariadb, sql: FOR_MYSQL },
}

const CONVERSATION = { channel: 'call', sessionMetadata: { conversationId: 'conv_123' } }
const MEMORIES = [
  memory('asked', { ...CONVERSATION, content: 'Mornings?' }, 2),
  memory('answered', { ...CONVERSATION, content: 'Yes' }, 3),
  memory('called later', { channel: 'call', sessionMetadata: { conversationId: 'conv_9' } }, 5),
  memory('written', { channel: 'sms', sessionMetadata: { conversationId: 'conv_8' } }, 1),
  memory('preference', { type: 'decision', importance: 7, content: 'Customer preference: tea = yes' }, 6),
  memory(
    'important',
    { type: 'decision', importance: 8, content: 'Call back', metadata: { by: 'Sarah' } },
    7,
  ),
  memory('urgent', { type: 'decision', importance: 9, content: 'They prefer mornings' }, 8),
]

/** One column of each statement's result, which identifies the rows and their order. */
const EXPECTED = [
  ['external_id', ['asked', 'answered']],
  ['conversation_id', ['conv_9', 'conv_123']],
  ['content', ['They prefer mornings', 'Call back']],
  ['name', ['Ann']],
  ['outcome', ['booked', 'callback']],
  ['content', ['They prefer mornings', 'Customer preference: tea = yes']],
]

for (const [name, database] of Object.entries(DATABASES)) {
  if (!database) continue
  test(`${name}: every statement of the documentation finds its rows`, async (t) => {
    const receptionist = new AIReceptionist({ database: { connection: database.url } })
    await receptionist.database.migrate()
    await receptionist.dispose()
    const storage = new DatabaseStorage({ connectionString: database.url })
    await storage.saveBatch(MEMORIES)
    await storage.dispose()
    const id = (n) => `'00000000-0000-4000-8000-00000000000${n}'`
    await database.query(
      `INSERT INTO ai_receptionist_leads (id, name, source) VALUES (${id(1)}, 'Ann', 'call'), (${id(2)}, 'Bob', 'sms')`,
    )
    await database.query(
      `INSERT INTO ai_receptionist_call_logs (id, outcome)
       VALUES (${id(1)}, 'booked'), (${id(2)}, 'callback'), (${id(3)}, 'booked')`,
    )

    t.is(database.sql.length, EXPECTED.length)
    for (const [n, statement] of database.sql.entries()) {
      const rows = await database.query(statement)
      const [column, values] = EXPECTED[n]
      const found = rows.map((row) => row[column])
      // Groups have no order without ORDER BY.
      t.deepEqual(/ORDER BY/.test(statement) ? found : found.sort(), values, statement)
    }
    const [{ message_count: messages }] = (await database.query(database.sql[1])).slice(1)
    t.is(Number(messages), 2)
    const counts = await database.query(database.sql[4])
    t.deepEqual(Object.fromEntries(counts.map((row) => [row.outcome, Number(row.count)])), {
      booked: 2,
      callback: 1,
    })
  })
}
