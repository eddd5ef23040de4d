// "Real-World Usage Example". Its providers and its call are left out until calls can be placed.
import assert from 'node:assert/strict'
import { columnsOf } from './columns'

// <specification>
import { AIReceptionist } from '@loctelli/ai-receptionist';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';

// Setup database
const pool = new Pool({
  connectionString: process.env.DATABASE_URL
});

// Create AI receptionist
const sarah = new AIReceptionist({
  agent: {
    identity: {
      name: 'Sarah',
      role: 'Sales Representative',
      company: 'Acme Corp'
    },
    personality: {
      traits: [
        { name: 'friendly', description: 'Warm and welcoming' },
        { name: 'professional', description: 'Professional demeanor' }
      ]
    },
    goals: {
      primary: 'Qualify leads and book demo appointments'
    }
  },

  model: {
    provider: 'openai',
    apiKey: process.env.OPENAI_API_KEY,
    model: 'gpt-4'
  },

  providers: {
    communication: {
      twilio: {
        accountSid: process.env.TWILIO_ACCOUNT_SID,
        authToken: process.env.TWILIO_AUTH_TOKEN,
        phoneNumber: process.env.TWILIO_PHONE_NUMBER
      }
    }
  },

  // Database integration
  database: {
    connection: drizzle(pool),
    autoMigrate: true
  }
});

await sarah.initialize();

// Make a call
await sarah.calls.make({ to: '+1234567890' });

// During the call, Sarah automatically:
// 1. Saves conversation to ai_receptionist_conversations
// 2. Collects customer info and saves to ai_receptionist_leads
// 3. Logs call outcome to ai_receptionist_call_logs
// 4. Remembers preferences in ai_receptionist_memory
// </specification>

const columns = await columnsOf(pool)
for (const table of ['memory', 'leads', 'call_logs']) assert.ok(columns[`ai_receptionist_${table}.id`], table)
const stored = { id: 'm', content: 'by default', timestamp: new Date(), type: 'system' } as const
await sarah.agent.memory.store(stored)
const { rows } = await pool.query('SELECT external_id FROM ai_receptionist_memory')
assert.deepEqual(rows, [{ external_id: 'm' }])
await sarah.dispose()
await pool.end()
