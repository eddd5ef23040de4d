// The upper bound on MySQL and MariaDB: mysql2 with prepared inserts on the same table.
import mysql from 'mysql2/promise'
import { DatabaseStorage } from '../../index.js'

export async function open(connectionString) {
  const tables = new DatabaseStorage({ connectionString })
  await tables.initialize()
  await tables.dispose()
  const pool = mysql.createPool({ uri: connectionString, connectionLimit: 10, timezone: 'Z' })
  return {
    name: 'mysql2',
    save: (m) =>
      pool.execute(
        `INSERT INTO ai_receptionist_memory
          (id, external_id, content, timestamp, type, importance, channel, session_metadata, role, created_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          m.id,
          m.id,
          m.content,
          m.timestamp,
          m.type,
          m.importance,
          m.channel,
          JSON.stringify(m.sessionMetadata),
          m.role,
          new Date(),
        ],
      ),
    close: () => pool.end(),
  }
}
