// "Using Database Directly".
import assert from 'node:assert/strict'
import { DatabaseStorage, type Memory } from '@loctelli/ai-receptionist'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'

const pool = new Pool({ connectionString: process.env.DATABASE_URL })
const db = drizzle(pool)
const storage = new DatabaseStorage({ db })
const said = (id: string, minute: number, more: Partial<Memory>): Memory => ({
  id,
  content: id,
  timestamp: new Date(Date.UTC(2024, 2, 10, 7, minute)),
  type: 'conversation',
  ...more,
})
const sessionMetadata = { conversationId: 'conv_123' }
await storage.save(said('second', 2, { sessionMetadata, importance: 7 }))
await storage.save(said('first', 1, { sessionMetadata, importance: 8 }))
await storage.save(said('elsewhere', 0, { sessionMetadata: { conversationId: 'conv_124' } }))
const today = new Date()
const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate())
const insert = 'INSERT INTO ai_receptionist_leads (name, created_at) VALUES ($1, $2)'
await pool.query(insert, ['Today', midnight.toISOString()])
await pool.query(insert, ['Yesterday', new Date(midnight.getTime() - 1).toISOString()])
await pool.query(
  "INSERT INTO ai_receptionist_call_logs (conversation_id, outcome) VALUES ('conv_123', 'booked'), ('conv_124', 'callback')",
)

// <specification>
// Using Drizzle directly
import { memory, leads, callLogs } from '@loctelli/ai-receptionist/schema';
import { eq, and, gte } from 'drizzle-orm';

// Get all conversation messages for a specific conversation
const conversationMemories = await db.select()
  .from(memory)
  .where(eq(memory.session_metadata.conversationId, 'conv_123'))
  .orderBy(memory.timestamp);

// Get all high-importance memories
const importantMemories = await db.select()
  .from(memory)
  .where(gte(memory.importance, 8));

// Get leads from today
const todayLeads = await db.select()
  .from(leads)
  .where(eq(leads.createdAt, new Date().toDateString()));

// Get call logs
const logs = await db.select()
  .from(callLogs)
  .where(eq(callLogs.conversationId, 'conv_123'));
// </specification>

const names = (rows: { externalId: string | null }[]) => rows.map(({ externalId }) => externalId)
assert.deepEqual(names(conversationMemories), ['first', 'second'])
assert.deepEqual(names(importantMemories), ['first'])
assert.deepEqual(
  todayLeads.map(({ name }) => name),
  ['Today'],
)
assert.deepEqual(
  logs.map(({ outcome }) => outcome),
  ['booked'],
)
await storage.dispose()
await pool.end()
