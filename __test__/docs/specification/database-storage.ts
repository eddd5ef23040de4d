// "Storage Implementations", `DatabaseStorage`.
// <specification>
import { DatabaseStorage } from '@loctelli/ai-receptionist';

// </specification>
import { AIReceptionist } from '@loctelli/ai-receptionist'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { talk } from './talk'

const pool = new Pool({ connectionString: process.env.DATABASE_URL })
const agent = {
  identity: { name: 'Sarah', role: 'Sales Rep' },
// <specification>
memory: {
  longTermEnabled: true,
  longTermStorage: new DatabaseStorage({ db: drizzle(pool) })
}
// </specification>
}
const model = { provider: 'openai', apiKey: 'sk-test', model: 'gpt-4', baseUrl: process.env.MODEL_URL } as const
const receptionist = new AIReceptionist({ agent, model })
await talk(receptionist)
await receptionist.dispose()
await pool.end()
