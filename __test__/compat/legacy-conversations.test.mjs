// Migrates the conversations table of the older architecture into memories.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import test from 'ava'
import pg from 'pg'
import { AIReceptionist, DatabaseStorage } from '../../index.js'
import { createDatabase } from '../support/databases/postgres.mjs'
import { temporaryFolder } from '../support/fixtures.mjs'

const folder = temporaryFolder()
const postgres = await createDatabase()
test.after.always(async () => {
  await postgres?.drop()
})

const said = (role, content, minute, more) => ({
  role,
  content,
  timestamp: `2024-03-10T07:${String(minute).padStart(2, '0')}:00.000Z`,
  ...more,
})
const CONVERSATIONS = [
  ...Array.from({ length: 25 }, (_, n) => ({
    id: `conv_${String(n).padStart(3, '0')}`,
    channel: n % 2 ? 'sms' : 'call',
    callSid: n % 2 ? null : `CA${n}`,
    status: 'completed',
    messages: [
      said('user', `Hello ${n} 👋`, 1),
      said('assistant', "It's me", 1),
      said('tool', '', 2, {
        toolCall: { id: 't', name: 'find', parameters: {} },
        toolResult: { success: true },
      }),
    ],
  })),
  { id: 'no-list', channel: 'sms', callSid: null, status: null, messages: { not: 'a list' } },
  {
    id: 'partly',
    channel: 'fax',
    callSid: null,
    status: 'active',
    messages: [said('user', 'kept', 1), said('ghost', 'left out', 2), { role: 'user', content: 'no time' }],
  },
]

const TABLES = {
  PostgreSQL: postgres && {
    url: postgres.url,
    async fill(table, [channel, callSid]) {
      const client = new pg.Client({ connectionString: postgres.url })
      await client.connect()
      await client.query(
        `CREATE TABLE ${table} (id TEXT PRIMARY KEY, ${channel} TEXT, "${callSid}" TEXT, status TEXT, messages JSONB)`,
      )
      for (const row of CONVERSATIONS) {
        await client.query(`INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5)`, [
          row.id,
          row.channel,
          row.callSid,
          row.status,
          JSON.stringify(row.messages),
        ])
      }
      await client.end()
    },
  },
  SQLite: {
    url: `sqlite:${join(folder, 'old.db')}`,
    async fill(table, [channel, callSid]) {
      const quote = (value) => (value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`)
      const rows = CONVERSATIONS.map((row) => {
        const values = [row.id, row.channel, row.callSid, row.status, JSON.stringify(row.messages)]
        return `INSERT INTO ${table} VALUES (${values.map(quote).join(', ')});`
      })
      const create = `CREATE TABLE ${table} (id TEXT PRIMARY KEY, ${channel} TEXT, ${callSid} TEXT, status TEXT, messages TEXT);`
      execFileSync('sqlite3', [join(folder, 'old.db')], { input: create + rows.join('\n') })
    },
  },
}

for (const [name, database] of Object.entries(TABLES)) {
  if (!database) continue
  test.serial(
    `${name}: legacy conversations are migrated once, and the result lists what was skipped`,
    async (t) => {
      await database.fill('ai_receptionist_conversations', ['channel', 'call_sid'])
      const receptionist = new AIReceptionist({ database: { connection: database.url } })
      const progress = []
      const onProgress = ({ conversations }) => progress.push(conversations)
      const report = await receptionist.database.migrateConversations({ batchSize: 10, onProgress })
      t.is(report.conversations, 27)
      t.is(report.messages, 76)
      t.deepEqual(progress, [10, 20, 27])
      t.deepEqual(
        report.skipped.map(({ conversationId, message }) => [conversationId, message]),
        [
          ['no-list', undefined],
          ['partly', 1],
          ['partly', 2],
        ],
      )

      const storage = new DatabaseStorage({ connectionString: database.url })
      const first = await storage.search({ conversationId: 'conv_000', orderDirection: 'asc' })
      t.deepEqual(
        first.map(({ id, role, content }) => [id, role, content]),
        [
          ['conv_000-2024-03-10T07:01:00.000Z', 'user', 'Hello 0 👋'],
          ['conv_000-2024-03-10T07:01:00.000Z-2', 'assistant', "It's me"],
          ['conv_000-2024-03-10T07:02:00.000Z', 'tool', ''],
        ],
      )
      t.is(first[0].channel, 'call')
      t.deepEqual(first[0].sessionMetadata, {
        conversationId: 'conv_000',
        callSid: 'CA0',
        status: 'completed',
      })
      t.true(first[2].toolResult.success)

      const again = await receptionist.database.migrateConversations()
      t.is(again.messages, 76)
      t.is(await storage.count(), 76)
      await storage.dispose()
      await receptionist.dispose()
    },
  )

  test.serial(
    `${name}: a table with camel-case columns is migrated, also after a failure midway`,
    async (t) => {
      await database.fill('older', ['channel', 'callSid'])
      const receptionist = new AIReceptionist({
        database: { connection: database.url, tablePrefix: 'other_' },
      })
      const stop = new Error('stop')
      const error = await t.throwsAsync(
        receptionist.database.migrateConversations({
          from: 'older',
          batchSize: 5,
          onProgress() {
            throw stop
          },
        }),
      )
      t.is(error, stop)
      t.is((await receptionist.database.migrateConversations({ from: 'older' })).messages, 76)
      await receptionist.dispose()
    },
  )

  test.serial(`${name}: a table of another shape is refused`, async (t) => {
    const receptionist = new AIReceptionist({ database: { connection: database.url } })
    for (const from of ['nowhere', 'a; DROP TABLE b', '']) {
      await t.throwsAsync(receptionist.database.migrateConversations({ from }), { code: 'INVALID_ARGUMENT' })
    }
    for (const batchSize of [0, -1, 1.5, NaN]) {
      await t.throwsAsync(receptionist.database.migrateConversations({ batchSize }), {
        code: 'INVALID_ARGUMENT',
      })
    }
    await receptionist.dispose()
  })
}
