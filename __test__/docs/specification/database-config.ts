// "Database Configuration": what is written by this interface is taken.
import assert from 'node:assert/strict'
import { AIReceptionist, type DrizzleConnection } from '@loctelli/ai-receptionist'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { columnsOf } from './columns'

// <specification>
interface DatabaseConfig {
  // REQUIRED: Drizzle connection
  connection: DrizzleConnection;

  // OPTIONAL: Auto-create tables (default: true)
  autoMigrate?: boolean;

  // OPTIONAL: Table name prefix (default: 'ai_receptionist_')
  tablePrefix?: string;
}
// </specification>

const pool = new Pool({ connectionString: process.env.DATABASE_URL })
const database: DatabaseConfig = { connection: drizzle(pool), autoMigrate: true, tablePrefix: 'configured_' }
const receptionist = new AIReceptionist({ database })
await receptionist.database.migrate()
assert.ok((await columnsOf(pool))['configured_memory.id'])
await receptionist.dispose()
await pool.end()
