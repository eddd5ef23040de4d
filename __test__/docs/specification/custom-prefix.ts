// "Custom Table Prefix", with neither agent nor model. (There is no table of conversations: they are memories.)
import assert from 'node:assert/strict'
import { AIReceptionist } from '@loctelli/ai-receptionist'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { columnsOf } from './columns'

const pool = new Pool({ connectionString: process.env.DATABASE_URL })

// <specification>
const receptionist = new AIReceptionist({
  database: {
    connection: drizzle(pool),
    tablePrefix: 'my_ai_' // Tables: my_ai_conversations, my_ai_leads, etc.
  }
});
// </specification>

await receptionist.database.migrate()
const tables = new Set(Object.keys(await columnsOf(pool)).map((name) => name.split('.')[0]))
for (const table of ['memory', 'leads', 'call_logs']) assert.ok(tables.has(`my_ai_${table}`), table)
assert.ok([...tables].every((table) => table!.startsWith('my_ai_')))
await receptionist.dispose()
await pool.end()
