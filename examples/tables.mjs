// The second half of the demo, in a separate process: `node examples/tables.mjs <file>` prints the tables of a receptionist's
// SQLite file.
import { DatabaseStorage } from '../index.js'
import { readSqlite } from './read-sqlite.mjs'
import { dim, printTable } from './terminal.mjs'

const file = process.argv[2]

const storage = new DatabaseStorage({ connectionString: `sqlite:${file}`, autoMigrate: false })
const memories = await storage.search({ orderDirection: 'asc', limit: 1_000 })
await storage.dispose()

printTable(
  'ai_receptionist_memory',
  memories.map(({ timestamp, type, role, importance, sessionMetadata, content, toolCall }) => ({
    time: timestamp.toISOString().slice(11, 23),
    type,
    role,
    importance,
    conversation: sessionMetadata?.conversationId,
    content: content || (toolCall && toolCall.name),
  })),
)
printTable(
  'ai_receptionist_leads',
  await readSqlite(
    file,
    'SELECT name, email, phone, source, metadata FROM ai_receptionist_leads ORDER BY created_at',
  ),
)
printTable(
  'ai_receptionist_call_logs',
  await readSqlite(
    file,
    'SELECT conversation_id, phone_number, duration, outcome, summary FROM ai_receptionist_call_logs ORDER BY created_at',
  ),
)
printTable(
  "SELECT content FROM ai_receptionist_memory WHERE type = 'decision' AND content LIKE '%prefer%'",
  await readSqlite(
    file,
    `SELECT content, session_metadata->>'conversationId' AS conversation FROM ai_receptionist_memory
     WHERE type = 'decision' AND content LIKE '%prefer%' ORDER BY timestamp`,
  ),
)
console.log(dim(`\nAll of it is in ${file}: open it with any SQLite tool.`))
