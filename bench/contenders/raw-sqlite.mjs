// The upper bound on SQLite: better-sqlite3 on the same table, one transaction per save.
import Database from 'better-sqlite3'
import { DatabaseStorage } from '../../index.js'

/** @param synchronous - SQLite's setting: how durable a commit is */
export async function open(file, synchronous) {
  const tables = new DatabaseStorage({ connectionString: `sqlite:${file}` })
  await tables.initialize()
  await tables.dispose()
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma(`synchronous = ${synchronous}`)
  const insert = db.prepare(
    `INSERT INTO ai_receptionist_memory (id, external_id, content, timestamp, type, importance, channel, session_metadata, role, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const save = (m) =>
    insert.run(
      m.id,
      m.id,
      m.content,
      m.timestamp.getTime(),
      m.type,
      m.importance,
      m.channel,
      JSON.stringify(m.sessionMetadata),
      m.role,
      Date.now(),
    )
  return {
    name: 'better-sqlite3',
    save: async (message) => save(message),
    saveBatch: async (messages) => db.transaction(() => messages.forEach(save))(),
    close: () => db.close(),
  }
}
