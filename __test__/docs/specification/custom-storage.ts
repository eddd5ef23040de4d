// "Custom Storage": code written against the specification's `IStorage` works with our storages.
import assert from 'node:assert/strict'
import { DatabaseStorage, InMemoryStorage, type Memory, type MemorySearchQuery } from '@loctelli/ai-receptionist'

// <specification>
interface IStorage {
  save(memory: Memory): Promise<void>;
  search(query: MemorySearchQuery): Promise<Memory[]>;
  get(id: string): Promise<Memory | null>;
  delete(id: string): Promise<void>;
  healthCheck(): Promise<boolean>;
}
// </specification>

const database = new DatabaseStorage({ connectionString: 'sqlite::memory:' })
const storages: IStorage[] = [new InMemoryStorage(), database]
for (const storage of storages) {
  const memory: Memory = { id: 'm', content: 'likes tea', timestamp: new Date(), type: 'decision' }
  await storage.save(memory)
  assert.deepEqual(await storage.get('m'), memory)
  assert.deepEqual(await storage.search({ keywords: ['tea'] }), [memory])
  await storage.delete('m')
  assert.equal(await storage.get('m'), null)
  assert.equal(await storage.healthCheck(), true)
}
await database.dispose()
