// "Manual Migrations", with neither agent nor model.
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
    autoMigrate: false // Don't auto-create tables
  }
});

// </specification>
assert.deepEqual(await columnsOf(pool), {})
// <specification>
// Run migrations manually later
await receptionist.database.migrate();
// </specification>

assert.ok((await columnsOf(pool))['ai_receptionist_memory.session_metadata'])
await receptionist.dispose()
await pool.end()
