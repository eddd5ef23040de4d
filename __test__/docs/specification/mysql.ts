// "MySQL with Memory Persistence", also on MariaDB.
import assert from 'node:assert/strict'
import type { RowDataPacket } from 'mysql2'
import { talk } from './talk'

// <specification>
import { AIReceptionist, DatabaseStorage } from '@loctelli/ai-receptionist';
import { drizzle } from 'drizzle-orm/mysql2';
import mysql from 'mysql2/promise';

const connection = await mysql.createConnection({
  host: 'localhost',
  user: 'root',
  database: 'myapp'
});

const db = drizzle(connection);

const receptionist = new AIReceptionist({
  agent: {
    identity: { name: 'Sarah', role: 'Sales Rep' },
    memory: {
      longTermEnabled: true,
      longTermStorage: new DatabaseStorage({ db })
    }
  },
  model: { /* ... */ },
  database: { connection: db, autoMigrate: true }
});
// </specification>

await talk(receptionist)
const [rows] = await connection.query<RowDataPacket[]>(
  "SELECT content FROM ai_receptionist_memory WHERE role = 'user' AND conversation_id = 'conv_123'",
)
assert.deepEqual(
  rows.map(({ content }) => content),
  ['Hello 👋'],
)
for (const table of ['leads', 'call_logs']) await connection.query(`SELECT 1 FROM ai_receptionist_${table}`)
await receptionist.dispose()
await connection.end()
