// The contents of the tables, read without the package: with `pg`, `mysql2`, and the sqlite3
// program (or `sql.js`). Node, the PostgreSQL database and the sessions of MySQL use the time zone
// of New York; the rows must be in UTC.
process.env.TZ = 'America/New_York'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { AIReceptionist, DatabaseStorage } from '../../index.js'
import { readSqlite } from '../../examples/read-sqlite.mjs'
import { fullMemory, memory, temporaryFolder } from '../support/fixtures.mjs'
import { startModel } from '../support/models/strict-model.mjs'
import { createDatabases, dropDatabases } from '../support/databases.mjs'

const folder = temporaryFolder()
const file = join(folder, 'rows.db')
const databases = await createDatabases({ timezone: 'America/New_York' })
const { PostgreSQL: postgres, MySQL: mysql, MariaDB: mariadb } = databases

test.after.always(() => dropDatabases(databases))

const DATABASES = {
  SQLite: { connection: `sqlite:${file}`, query: (sql) => readSqlite(file, sql) },
  ...(postgres && { PostgreSQL: { connection: postgres.url, query: postgres.query } }),
  ...(mysql && { MySQL: { connection: mysql.url, query: mysql.query } }),
  ...(mariadb && { MariaDB: { connection: mariadb.url, query: mariadb.query } }),
}
const utc = (text) => Date.parse(`${text.replace(' ', 'T')}Z`)
/** Parses JSON, which MariaDB stores as text. */
const json = (value) => (typeof value === 'string' ? JSON.parse(value) : value)

for (const [name, { connection, query }] of Object.entries(DATABASES)) {
  const isPostgres = name === 'PostgreSQL'
  const isMysql = name === 'MySQL' || name === 'MariaDB'

  test.serial(`${name}: the columns of a memory`, async (t) => {
    const storage = new DatabaseStorage({ connectionString: connection })
    const before = Date.now()
    await storage.save(fullMemory())
    await storage.save(
      memory('0190a8e6-7c2b-7d3a-9b1f-2a4c5d6e7f80', { timestamp: new Date('2024-03-10T02:30:00.123Z') }),
    )
    await storage.dispose()
    const full = fullMemory()

    if (isPostgres) {
      const [row] =
        await query(`SELECT id::text, external_id, content, to_char(timestamp, 'YYYY-MM-DD HH24:MI:SS.MS') AS at,
        type, importance, channel, session_metadata, session_metadata->>'conversationId' AS conversation, role, tool_call,
        tool_result, metadata, goal_achieved, to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created,
        pg_typeof(timestamp)::text AS t, pg_typeof(id)::text AS i, pg_typeof(metadata)::text AS j
        FROM ai_receptionist_memory WHERE external_id = 'full'`)
      t.regex(row.id, /^[0-9a-f]{8}-[0-9a-f]{4}-5/)
      t.is(row.at, full.timestamp.toISOString().replace('T', ' ').replace('Z', ''))
      t.deepEqual([row.t, row.i, row.j], ['timestamp without time zone', 'uuid', 'jsonb'])
      t.deepEqual(row.session_metadata, full.sessionMetadata)
      t.deepEqual(row.metadata, full.metadata)
      t.deepEqual(row.tool_call, full.toolCall)
      t.deepEqual(row.tool_result, full.toolResult)
      t.is(row.conversation, 'conv_123')
      t.is(row.goal_achieved, true)
      t.is(row.content, full.content)
      t.is(row.importance, 8)
      t.true(Math.abs(new Date(row.created) - before) < 60_000, row.created)
    } else if (isMysql) {
      const [row] = await query(`SELECT * FROM ai_receptionist_memory WHERE external_id = 'full'`)
      t.deepEqual(
        Object.keys(row),
        [
          ...['id', 'content', 'timestamp', 'type', 'importance', 'channel', 'session_metadata', 'role'],
          ...[
            'tool_call',
            'tool_result',
            'metadata',
            'goal_achieved',
            'created_at',
            'external_id',
            'tenant_id',
          ],
        ],
        'generated columns are invisible',
      )
      t.regex(row.id, /^[0-9a-f]{8}-[0-9a-f]{4}-5/)
      t.is(utc(row.timestamp), full.timestamp.getTime())
      t.deepEqual(json(row.session_metadata), full.sessionMetadata)
      t.deepEqual(json(row.metadata), full.metadata)
      t.deepEqual(json(row.tool_call), full.toolCall)
      t.deepEqual(json(row.tool_result), full.toolResult)
      t.is(row.goal_achieved, 1)
      t.is(row.content, full.content)
      t.is(row.importance, 8)
      t.true(Math.abs(utc(row.created_at) - before) < 60_000, row.created_at)
      const types = await query(
        `SELECT column_name AS name, column_type AS type, character_set_name AS charset, collation_name AS collation
         FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'ai_receptionist_memory'`,
      )
      const type = Object.fromEntries(types.map((column) => [column.name, column.type]))
      t.deepEqual(
        [type.id, type.external_id, type.content, type.timestamp],
        ['char(36)', 'varchar(512)', 'longtext', 'datetime(3)'],
      )
      for (const { name, charset, collation } of types.filter((column) => column.charset)) {
        t.deepEqual([charset, collation], ['utf8mb4', 'utf8mb4_bin'], name)
      }
      const inserted = await query(
        `INSERT INTO ai_receptionist_memory (content, timestamp, type, session_metadata)
         VALUES ('mine', '2024-03-10 02:30:00', 'system', '{"conversationId":"mine"}')`,
      )
      t.is(inserted.affectedRows, 1)
      const [own] = await query(
        `SELECT id, created_at FROM ai_receptionist_memory WHERE conversation_id = 'mine'`,
      )
      t.true(Math.abs(utc(own.created_at) - Date.now()) < 60_000, own.created_at)
      const again = new DatabaseStorage({ connectionString: connection })
      const [found] = await again.search({ conversationId: 'mine' })
      t.is(found.timestamp.toISOString(), '2024-03-10T02:30:00.000Z')
      t.is(found.id, own.id)
      await again.delete(own.id)
      await again.dispose()
    } else {
      const [row] =
        await query(`SELECT *, typeof(timestamp) AS t, typeof(created_at) AS c, typeof(goal_achieved) AS g,
        session_metadata->>'conversationId' AS conversation FROM ai_receptionist_memory WHERE external_id = 'full'`)
      t.regex(row.id, /^[0-9a-f]{8}-[0-9a-f]{4}-5/)
      t.deepEqual([row.t, row.c, row.g], ['integer', 'integer', 'integer'])
      t.is(row.timestamp, full.timestamp.getTime())
      t.deepEqual(JSON.parse(row.session_metadata), full.sessionMetadata)
      t.deepEqual(JSON.parse(row.metadata), full.metadata)
      t.is(row.conversation, 'conv_123')
      t.is(row.goal_achieved, 1)
      t.is(row.content, full.content)
      t.true(Math.abs(row.created_at - before) < 60_000)
    }
    const [uuid] =
      await query(`SELECT ${isPostgres ? "id::text, to_char(timestamp, 'YYYY-MM-DD HH24:MI:SS.MS') AS at" : 'id, timestamp AS at'}
      FROM ai_receptionist_memory WHERE external_id = '0190a8e6-7c2b-7d3a-9b1f-2a4c5d6e7f80'`)
    if (isMysql) uuid.at = utc(uuid.at)
    t.is(uuid.id, '0190a8e6-7c2b-7d3a-9b1f-2a4c5d6e7f80')
    t.is(uuid.at, isPostgres ? '2024-03-10 02:30:00.123' : Date.UTC(2024, 2, 10, 2, 30, 0, 123))
  })

  test.serial(`${name}: the named indexes`, async (t) => {
    const rows = await query(
      isPostgres
        ? `SELECT indexname AS name FROM pg_indexes WHERE tablename = 'ai_receptionist_memory'`
        : isMysql
          ? `SELECT index_name AS name FROM information_schema.statistics
             WHERE table_schema = DATABASE() AND table_name = 'ai_receptionist_memory'`
          : `SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'ai_receptionist_memory'`,
    )
    const names = rows.map((row) => row.name).join(' ')
    for (const index of ['conversation_id', 'channel', 'type', 'timestamp', 'importance']) {
      t.regex(names, new RegExp(`idx\\w*${index}|${index}\\w*idx`), names)
    }
  })

  test.serial(`${name}: a conversation writes a lead, a call log and memories`, async (t) => {
    const calls = [
      [{ name: 'save_customer_info', parameters: { name: 'John', email: 'John@Example.com' } }],
      [
        {
          name: 'save_customer_info',
          parameters: { email: 'john@example.com', phone: '(555) 123-4567', name: '' },
        },
      ],
      [
        {
          name: 'log_call_outcome',
          parameters: { outcome: 'appointment_booked', summary: 'Demo on Tuesday 2pm', nextSteps: 'Invite' },
        },
      ],
    ]
    const model = await startModel(t, (_, n) => (n < calls.length ? { toolCalls: calls[n] } : 'Booked!'))
    const receptionist = new AIReceptionist({
      agent: { identity: { name: 'Sarah', role: 'Sales Rep' } },
      model: model.config,
      database: { connection },
    })
    await receptionist.initialize()
    const before = Date.now()
    await receptionist.text.generate({
      prompt: 'Tuesday, 2pm?',
      conversationId: 'conv_rows',
      customer: { phone: '+1 555 123 4567' },
    })
    await receptionist.dispose()

    const leads = await query('SELECT * FROM ai_receptionist_leads')
    t.is(leads.length, 1, JSON.stringify(leads))
    t.is(leads[0].name, 'John')
    t.is(leads[0].email.toLowerCase(), 'john@example.com')
    t.is(leads[0].phone, '+15551234567')
    t.is(leads[0].source, 'text')
    const [log, ...more] = await query(
      `SELECT conversation_id, phone_number, duration, outcome, summary, ${isPostgres ? 'extract(epoch FROM created_at) * 1000' : 'created_at'} AS at FROM ai_receptionist_call_logs`,
    )
    t.is(more.length, 0)
    t.is(log.conversation_id, 'conv_rows')
    t.is(log.phone_number, '+15551234567')
    t.is(log.outcome, 'appointment_booked')
    t.is(log.summary, 'Demo on Tuesday 2pm')
    t.true(Math.abs((isMysql ? utc(log.at) : Number(log.at)) - before) < 60_000)
    const isConversation = isMysql ? 'conversation_id' : `session_metadata->>'conversationId'`
    const conversation = await query(
      `SELECT role, content FROM ai_receptionist_memory WHERE ${isConversation} = 'conv_rows'
       AND type = 'conversation' AND content <> '' ORDER BY timestamp, created_at`,
    )
    t.deepEqual(
      [conversation[0], conversation.at(-1)],
      [
        { role: 'user', content: 'Tuesday, 2pm?' },
        { role: 'assistant', content: 'Booked!' },
      ],
    )
  })
}

for (const [name, server] of Object.entries({ MySQL: mysql, MariaDB: mariadb })) {
  if (!server) continue

  test.serial(`${name}: the queries of docs/databases.md`, async (t) => {
    const connection = { connectionString: server.url, tablePrefix: 'q_' }
    const storage = new DatabaseStorage(connection)
    const at = (second) => new Date(Date.UTC(2024, 2, 10, 2, 30, second))
    await storage.saveBatch([
      ...Array.from({ length: 30 }, (_, i) =>
        memory(`m${i}`, {
          timestamp: at(i),
          channel: 'call',
          sessionMetadata: { conversationId: `c${i % 3}` },
        }),
      ),
      memory('p', {
        type: 'decision',
        content: 'Customer preference: time = morning',
        importance: 9,
        timestamp: at(31),
      }),
      memory('P', { type: 'decision', content: 'PREFER', timestamp: at(32) }),
    ])
    await storage.dispose()
    const docs = readFileSync(new URL('../../docs/databases.md', import.meta.url), 'utf8')
    const sql = docs.match(/```sql\n-- MySQL and MariaDB\n([^]*?)```/)[1]
    const [history, calls, decisions, leads, outcomes, preferences] = await Promise.all(
      sql
        .split(';')
        .filter((part) => part.trim())
        .map((part) => server.query(part.replaceAll('ai_receptionist_', 'q_').replaceAll('conv_123', 'c1'))),
    )
    t.deepEqual(
      history.map((row) => row.external_id),
      Array.from({ length: 10 }, (_, i) => `m${i * 3 + 1}`),
    )
    t.deepEqual(
      calls.map((row) => [row.conversation_id, Number(row.message_count), row.ended_at]),
      [
        ['c2', 10, '2024-03-10 02:30:29.000'],
        ['c1', 10, '2024-03-10 02:30:28.000'],
        ['c0', 10, '2024-03-10 02:30:27.000'],
      ],
    )
    t.deepEqual(
      decisions.map((row) => row.content),
      ['Customer preference: time = morning'],
    )
    t.deepEqual([leads, outcomes], [[], []])
    t.is(preferences.length, 1, 'LIKE minds case, as in PostgreSQL')
    const [plan] = await server.query(
      `EXPLAIN ${name === 'MySQL' ? 'FORMAT=TRADITIONAL' : ''} SELECT id FROM q_memory WHERE conversation_id = 'c1'
       ORDER BY timestamp DESC, created_at DESC, id DESC LIMIT 5`,
    )
    t.is(plan.key, 'q_memory_idx_conversation_id')
    t.notRegex(plan.Extra ?? '', /filesort/)
  })
}
