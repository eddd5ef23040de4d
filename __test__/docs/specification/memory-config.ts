// "Memory Configuration (Core)": what is written by this interface is taken. Vectors are still to come.
import assert from 'node:assert/strict'
import { AIReceptionist, InMemoryStorage, type IStorage } from '@loctelli/ai-receptionist'

interface IVectorStore {}

// <specification>
interface MemoryConfig {
  // Short-term memory (in-memory buffer)
  contextWindow?: number; // Default: 20 messages

  // Long-term memory (persistent storage)
  longTermEnabled?: boolean; // Default: false
  longTermStorage?: IStorage; // Database, Redis, etc.

  // Vector memory (semantic search)
  vectorEnabled?: boolean;
  vectorStore?: IVectorStore;

  // Auto-persistence rules
  autoPersist?: {
    minImportance?: number; // Auto-save if importance >= this (default: 7)
    types?: ('conversation' | 'decision' | 'error' | 'tool_execution' | 'system')[]; // Auto-save these types
  };
}
// </specification>

const memory: Omit<MemoryConfig, 'vectorEnabled' | 'vectorStore'> = {
  contextWindow: 2,
  longTermEnabled: true,
  longTermStorage: new InMemoryStorage(),
  autoPersist: { minImportance: 8, types: ['conversation', 'decision', 'error', 'tool_execution'] },
}
const receptionist = new AIReceptionist({
  agent: { identity: { name: 'Sarah', role: 'Sales Rep' }, memory },
  model: { provider: 'openai', apiKey: process.env.OPENAI_API_KEY, model: 'gpt-4' },
})
await receptionist.initialize()
const timestamp = new Date()
for (const importance of [7, 8]) {
  const id = `importance ${importance}`
  await receptionist.agent.memory.store({ id, content: id, timestamp, type: 'system', importance })
}
const kept = await memory.longTermStorage!.search({})
assert.deepEqual(
  kept.map(({ id }) => id),
  ['importance 8'],
)
await receptionist.dispose()
