// "Using the Agent Memory API".
import assert from 'node:assert/strict'
import { AIReceptionist, type Memory } from '@loctelli/ai-receptionist'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'

const pool = new Pool({ connectionString: process.env.DATABASE_URL })
const receptionist = new AIReceptionist({
  agent: { identity: { name: 'Sarah', role: 'Sales Rep' } },
  model: { provider: 'openai', apiKey: process.env.OPENAI_API_KEY, model: 'gpt-4' },
  database: { connection: drizzle(pool) },
})
await receptionist.initialize()
const sessionMetadata = { conversationId: 'conv_123' }
const stored: Omit<Memory, 'content' | 'timestamp'>[] = [
  { id: 'question', type: 'conversation', role: 'user', channel: 'call', sessionMetadata },
  { id: 'answer', type: 'conversation', role: 'assistant', channel: 'call', sessionMetadata },
  { id: 'elsewhere', type: 'conversation', channel: 'sms', sessionMetadata: { conversationId: 'conv_124' } },
  { id: 'decided', type: 'decision', importance: 8, channel: 'call' },
  { id: 'decided later', type: 'decision', importance: 10, channel: 'call' },
  { id: 'decided little', type: 'decision', importance: 7, channel: 'call' },
  { id: 'decided by text', type: 'decision', importance: 9, channel: 'sms' },
  { id: 'ran', type: 'tool_execution', toolCall: { id: 't', name: 'find_customer', parameters: {} } },
]
for (const [minute, memory] of stored.entries()) {
  const timestamp = new Date(Date.UTC(2024, 2, 10, 7, minute))
  await receptionist.agent.memory.store({ ...memory, content: memory.id, timestamp })
}
const longAgo = new Date('2023-12-31')
await receptionist.agent.memory.store({ id: 'ran before', content: '', timestamp: longAgo, type: 'tool_execution' })

// <specification>
// Get conversation history
const history = await receptionist.agent.memory.getConversationHistory('conv_123');

// Get all call memories
const callMemories = await receptionist.agent.memory.getChannelHistory('call', {
  limit: 50
});

// Search memories
const importantDecisions = await receptionist.agent.memory.search({
  type: 'decision',
  minImportance: 8,
  channel: 'call',
  orderBy: 'timestamp',
  orderDirection: 'desc'
});

// Get tool executions
const toolExecutions = await receptionist.agent.memory.search({
  type: 'tool_execution',
  startDate: new Date('2024-01-01'),
  limit: 100
});
// </specification>

const ids = (memories: Memory[]) => memories.map(({ id }) => id)
assert.deepEqual(ids(history), ['question', 'answer'])
assert.deepEqual(ids(callMemories), ['decided little', 'decided later', 'decided', 'answer', 'question'])
assert.deepEqual(ids(importantDecisions), ['decided later', 'decided'])
assert.deepEqual(ids(toolExecutions), ['ran'])
await receptionist.dispose()
await pool.end()
