// Tables that a user of MySQL, MariaDB or SQLite created from the column tables of the
// specification, with their own types.
import { join } from 'node:path'
import Database from 'better-sqlite3'
import test from 'ava'
import { AIReceptionist, DatabaseStorage } from '../../index.js'
import { memory, temporaryFolder, notTested } from '../support/fixtures.mjs'
import { createDatabase } from '../support/databases/mysql.mjs'
import { startScriptedModel } from '../../examples/scripted-model.mjs'

const columns = (id, time) => ({
  ai_receptionist_memory: `id ${id} PRIMARY KEY, content TEXT NOT NULL, timestamp ${time} NOT NULL DEFAULT CURRENT_TIMESTAMP,
    type TEXT NOT NULL, importance INTEGER, channel TEXT, session_metadata JSON, role TEXT, tool_call JSON, tool_result JSON,
    metadata JSON, goal_achieved BOOLEAN, created_at ${time} NOT NULL DEFAULT CURRENT_TIMESTAMP`,
  ai_receptionist_leads: `id ${id} PRIMARY KEY, name TEXT, email TEXT, phone TEXT, source TEXT, metadata JSON,
    created_at ${time} DEFAULT CURRENT_TIMESTAMP`,
  ai_receptionist_call_logs: `id ${id} PRIMARY KEY, conversation_id ${id}, phone_number TEXT, duration INTEGER, outcome TEXT,
    summary TEXT, metadata JSON, created_at ${time} DEFAULT CURRENT_TIMESTAMP`,
})

/** Emitted once per process. */
const warnings = []
process.on('warning', ({ message }) => warnings.push(message))

/** `conv_7-1700` is an id of the migration script of the specification. */
const BY_HAND = `INSERT INTO ai_receptionist_memory (id, content, timestamp, type, session_metadata)
  VALUES ('conv_7-1700', 'by hand', '2024-03-10 02:30:00', 'conversation', '{"conversationId":"conv_7"}')`

async function works(t, storage) {
  await storage.initialize()
  t.deepEqual(await storage.migrate({ dryRun: true }), [])
  t.is((await storage.get('conv_7-1700')).content, 'by hand')
  await storage.save(memory('Ours', { type: 'decision', sessionMetadata: { conversationId: 'conv_7' } }))
  await storage.save(memory('ours', { type: 'decision', channel: 'sms' }))
  await storage.save(memory('ours', { type: 'decision', channel: 'call', content: 'replaced' }))
  t.is(await storage.count(), 3)
  t.is((await storage.get('ours')).content, 'replaced')
  const found = async (query) => (await storage.search(query)).map(({ id }) => id).sort()
  t.deepEqual(await found({ conversationId: 'conv_7' }), ['Ours', 'conv_7-1700'])
  t.deepEqual(await found({ type: 'decision' }), ['Ours', 'ours'])
  t.deepEqual(await found({ channel: 'call' }), ['ours'])
  await storage.delete('conv_7-1700')
  t.is(await storage.get('conv_7-1700'), null)
  t.is(await storage.count(), 2)
}

for (const name of ['MySQL', 'MariaDB']) {
  test.serial(
    `${name}: tables made by hand from the specification work, with TEXT and TIMESTAMP`,
    async (t) => {
      const database = await createDatabase(name)
      if (!database) return notTested(t, t.title)
      t.teardown(() => database.drop())
      for (const [table, definition] of Object.entries(columns('CHAR(36)', 'TIMESTAMP'))) {
        await database.query(`CREATE TABLE ${table} (${definition})`)
      }
      await database.query(BY_HAND)
      const storage = new DatabaseStorage({ connectionString: database.url })
      await works(t, storage)
      t.true(warnings.some((warning) => warning.includes('call_logs.conversation_id has 36 characters')))
      const indexed = await database.query(
        `SELECT DISTINCT index_name AS name FROM information_schema.statistics
       WHERE table_schema = DATABASE() AND index_name LIKE 'ai_receptionist%'`,
      )
      t.is(indexed.length, 15)

      const model = await startScriptedModel(() => 'ok')
      t.teardown(() => model.close())
      const receptionist = new AIReceptionist({
        agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
        model: { provider: 'openai', model: 'm', baseUrl: model.url },
        database: { connection: database.url },
      })
      await receptionist.initialize()
      const tools = receptionist.getToolRegistry()
      const long = 'a conversation whose id is longer than 36 characters'
      for (const conversationId of ['conv_1', long]) {
        const outcome = { outcome: 'info_provided', summary: 's' }
        t.true(
          (await tools.execute('log_call_outcome', outcome, { channel: 'call', conversationId })).success,
        )
        const customer = { name: 'John', email: 'John@Example.com', phone: '+15551234567' }
        t.true(
          (await tools.execute('save_customer_info', customer, { channel: 'sms', conversationId })).success,
        )
      }
      const logs = await database.query(
        `SELECT conversation_id AS id, JSON_UNQUOTE(JSON_EXTRACT(metadata, '$.conversationId')) AS kept
       FROM ai_receptionist_call_logs ORDER BY conversation_id`,
      )
      t.deepEqual(
        logs.map(({ id, kept }) => [id, kept]),
        [
          [null, long],
          ['conv_1', null],
        ],
      )
      await receptionist.dispose()
      await storage.dispose()
    },
  )
}

test('SQLite: rows that other programs wrote are found by ids of any form', async (t) => {
  const folder = temporaryFolder(t)
  const file = join(folder, 'by-hand.db')
  const sqlite = new Database(file)
  for (const [table, definition] of Object.entries(columns('TEXT', 'INTEGER'))) {
    sqlite.exec(`CREATE TABLE ${table} (${definition.replaceAll('DEFAULT CURRENT_TIMESTAMP', '')})`)
  }
  sqlite.exec(
    BY_HAND.replace("'2024-03-10 02:30:00'", '1710037800000')
      .replace('type,', 'type, created_at,')
      .replace("'conversation',", "'conversation', 1,"),
  )
  sqlite.close()
  const storage = new DatabaseStorage({ connectionString: `sqlite:${file}` })
  await works(t, storage)
  await storage.dispose()
})
