// "SQLite (Local Development)".
import assert from 'node:assert/strict'
import { talk } from './talk'

// <specification>
import { AIReceptionist, DatabaseStorage } from '@loctelli/ai-receptionist';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import Database from 'better-sqlite3';

const sqlite = new Database('receptionist.db');
const db = drizzle(sqlite);

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
const rows = sqlite.prepare("SELECT content FROM ai_receptionist_memory WHERE role = 'user'").all()
assert.deepEqual(rows, [{ content: 'Hello 👋' }])
for (const table of ['leads', 'call_logs']) sqlite.prepare(`SELECT 1 FROM ai_receptionist_${table}`).all()
await receptionist.dispose()
sqlite.close()
