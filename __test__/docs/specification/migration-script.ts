// "Data Migration Script".
import assert from 'node:assert/strict'
import { DatabaseStorage } from '@loctelli/ai-receptionist'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'

const pool = new Pool({ connectionString: process.env.DATABASE_URL })
const db = drizzle(pool)
const storage = new DatabaseStorage({ db })
await storage.migrate()
await pool.query(`CREATE TABLE ai_receptionist_conversations
  (id TEXT PRIMARY KEY, channel TEXT, call_sid TEXT, message_sid TEXT, status TEXT, messages JSONB NOT NULL)`)
const times = [new Date('2024-03-10T06:59:59.000Z'), new Date('2024-03-10T07:00:00.000Z')]
const toolCall = { id: 't', name: 'find_customer', parameters: { email: 'a@b.c' } }
const toolResult = { success: true }
const messages = [
  { role: 'user', content: 'Hello 👋', timestamp: times[0] },
  { role: 'tool', content: '', timestamp: times[1], toolCall, toolResult },
]
await pool.query(
  "INSERT INTO ai_receptionist_conversations VALUES ('conv_1', 'call', 'CA1', NULL, 'completed', $1)",
  [JSON.stringify(messages)],
)

// <specification>
// Migrate data from old conversations table to new memory table
import { conversations } from './old-schema';
import { memory } from './new-schema';

const oldConversations = await db.select().from(conversations);

for (const conv of oldConversations) {
  for (const msg of conv.messages) {
    await db.insert(memory).values({
      id: `${conv.id}-${msg.timestamp}`,
      content: msg.content,
      timestamp: msg.timestamp,
      type: 'conversation',
      channel: conv.channel,
      sessionMetadata: {
        conversationId: conv.id,
        callSid: conv.callSid,
        messageSid: conv.messageSid,
        status: conv.status
      },
      role: msg.role,
      toolCall: msg.toolCall,
      toolResult: msg.toolResult
    });
  }
}
// </specification>

const [first, second] = await storage.search({ conversationId: 'conv_1', orderDirection: 'asc' })
assert.deepEqual([first!.content, first!.role, first!.channel], ['Hello 👋', 'user', 'call'])
assert.deepEqual([first!.timestamp, second!.timestamp], times)
assert.deepEqual([second!.toolCall, second!.toolResult], [toolCall, toolResult])
assert.equal(first!.sessionMetadata!.callSid, 'CA1')
assert.equal(first!.sessionMetadata!.status, 'completed')
// The script's id finds its row like any other.
assert.deepEqual(await storage.get(first!.id), first)
await storage.dispose()
await pool.end()
