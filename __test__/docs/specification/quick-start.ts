// "Quick Start", on PostgreSQL.
import assert from 'node:assert/strict'
import { columnsOf } from './columns'

// <specification>
import { AIReceptionist, DatabaseStorage } from '@loctelli/ai-receptionist';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';

// User's database connection
const pool = new Pool({
  connectionString: process.env.DATABASE_URL
});

const db = drizzle(pool);

const receptionist = new AIReceptionist({
  agent: {
    identity: { name: 'Sarah', role: 'Sales Rep' },

    // Configure memory with database persistence
    memory: {
      contextWindow: 20,
      longTermEnabled: true,
      longTermStorage: new DatabaseStorage({ db }) // Agent memory persisted to DB
    }
  },

  model: {
    provider: 'openai',
    apiKey: process.env.OPENAI_API_KEY,
    model: 'gpt-4'
  },

  // Optional: Enable business tables (leads, call logs)
  database: {
    connection: db,
    autoMigrate: true,           // Create tables automatically (default: true)
    tablePrefix: 'ai_receptionist_' // Table name prefix (optional)
  }
});

await receptionist.initialize();
// Tables created automatically, ready to use!
// </specification>

const types = await columnsOf(pool)
assert.equal(types['ai_receptionist_memory.session_metadata'], 'jsonb')
assert.equal(types['ai_receptionist_leads.email'], 'text')
assert.equal(types['ai_receptionist_call_logs.created_at'], 'timestamp without time zone')
await receptionist.agent.memory.store({ id: 'm', content: 'persisted', timestamp: new Date(), type: 'system' })
const { rows } = await pool.query('SELECT content FROM ai_receptionist_memory')
assert.deepEqual(rows, [{ content: 'persisted' }])
await receptionist.dispose()
await pool.end()
