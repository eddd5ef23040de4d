// The upper bound on PostgreSQL: node-postgres with prepared statements on the same table, columns
// and indexes.
import pg from 'pg'
import { DatabaseStorage } from '../../index.js'

const TABLE = 'ai_receptionist_memory'
const COLUMNS =
  'id, external_id, content, timestamp, type, importance, channel, session_metadata, role, created_at'
const SELECT = `SELECT external_id, content, timestamp, type, importance, channel, session_metadata, role FROM ${TABLE}`
const CONVERSATION = `(session_metadata->>'conversationId')`

export async function open(connectionString) {
  const tables = new DatabaseStorage({ connectionString })
  await tables.initialize()
  await tables.dispose()
  const pool = new pg.Pool({ connectionString, max: 10 })
  const values = (m) => [
    m.id,
    m.content,
    m.timestamp,
    m.type,
    m.importance,
    m.channel,
    JSON.stringify(m.sessionMetadata),
    m.role,
    new Date(),
  ]
  const rows = async (name, text, parameters) => {
    const result = await pool.query({ name, text, values: parameters })
    return result.rows.map(({ external_id, session_metadata, ...row }) => ({
      id: external_id,
      sessionMetadata: session_metadata,
      ...row,
    }))
  }
  return {
    name: 'raw pg',
    save: (m) =>
      pool.query({
        name: 'save',
        text: `INSERT INTO ${TABLE} (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
          ON CONFLICT (id) DO UPDATE SET content = excluded.content, timestamp = excluded.timestamp`,
        values: [m.id, ...values(m)],
      }),
    async saveBatch(messages) {
      const columns = values(messages[0]).map((_, i) => messages.map((m) => values(m)[i]))
      await pool.query({
        name: 'batch',
        text: `INSERT INTO ${TABLE} (${COLUMNS})
          SELECT id, id::text, content, at, type, importance, channel, session, role, created
          FROM UNNEST($1::uuid[], $2::text[], $3::timestamp[], $4::text[], $5::int[], $6::text[], $7::jsonb[], $8::text[], $9::timestamp[])
            AS row(id, content, at, type, importance, channel, session, role, created)
          ON CONFLICT (id) DO UPDATE SET content = excluded.content, timestamp = excluded.timestamp`,
        values: columns,
      })
    },
    get: async (id) => (await rows('get', `${SELECT} WHERE id = $1`, [id]))[0],
    history: (id) =>
      rows('history', `${SELECT} WHERE ${CONVERSATION} = $1 ORDER BY timestamp, created_at, id LIMIT 100`, [
        id,
      ]),
    // An ORDER BY that starts with the conversation makes the planner use its index; after `=` it
    // would drop that column.
    newest: (id) =>
      rows(
        'newest',
        `${SELECT} WHERE ${CONVERSATION} BETWEEN $1 AND $1
          ORDER BY ${CONVERSATION} DESC, timestamp DESC, created_at DESC, id DESC LIMIT 20`,
        [id],
      ),
    close: () => pool.end(),
  }
}
