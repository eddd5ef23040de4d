// "PostgreSQL with Memory Persistence".
import assert from 'node:assert/strict'
import { talk } from './talk'

// <specification>
import { AIReceptionist, DatabaseStorage } from '@loctelli/ai-receptionist';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';

const pool = new Pool({
  host: 'localhost',
  port: 5432,
  database: 'myapp',
  user: 'postgres',
  password: 'password'
});

const db = drizzle(pool);

const receptionist = new AIReceptionist({
  agent: {
    identity: { name: 'Sarah', role: 'Sales Rep' },
    memory: {
      contextWindow: 20,
      longTermEnabled: true,
      longTermStorage: new DatabaseStorage({ db }),
      autoPersist: {
        minImportance: 7, // Auto-save important memories
        types: ['decision', 'tool_execution', 'system'] // Auto-save these types
      }
    }
  },
  model: { /* ... */ },
  database: {
    connection: db,
    autoMigrate: true // Also create leads and call_logs tables
  }
});
// </specification>

await talk(receptionist)
const timestamp = new Date()
await receptionist.agent.memory.store({ id: 'd', content: 'decided', timestamp, type: 'decision', importance: 1 })
await receptionist.agent.memory.store({ id: 'e', content: 'failed', timestamp, type: 'error', importance: 7 })
// What was said is neither of these types nor of importance 7.
const { rows } = await pool.query('SELECT DISTINCT type FROM ai_receptionist_memory ORDER BY type')
assert.deepEqual(
  rows.map(({ type }) => type).filter((type) => type !== 'system'),
  ['decision', 'error'],
)
for (const table of ['leads', 'call_logs']) await pool.query(`SELECT 1 FROM ai_receptionist_${table}`)
await receptionist.dispose()
await pool.end()
