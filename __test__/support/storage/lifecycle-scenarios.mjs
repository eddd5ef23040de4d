// Scenarios for every storage: count, delete, clear, and dispose().
import { fullMemory, memory } from '../fixtures.mjs'
import { idsOf, rejectsWith } from './scenario-helpers.mjs'

export const lifecycleScenarios = {
  async 'count, delete and clear'(t, storage) {
    await storage.saveBatch([memory('a'), memory('b'), memory('c')])
    await storage.delete('b')
    t.is(await storage.count(), 2)
    t.is(await storage.get('b'), null)
    t.deepEqual(idsOf(await storage.search({ orderDirection: 'asc' })), ['a', 'c'])
    await storage.clear()
    t.is(await storage.count(), 0)
    t.deepEqual(await storage.search({}), [])
    await storage.save(memory('a'))
    t.is(await storage.count(), 1)
  },

  async 'changing a returned memory does not change the stored one'(t, storage) {
    await storage.save(fullMemory())
    const found = await storage.get('full')
    found.metadata.empty.new = 1
    found.timestamp.setTime(0)
    t.deepEqual(await storage.get('full'), fullMemory())
  },

  async 'the storage is healthy, and after dispose() every call rejects with DISPOSED'(t, storage) {
    t.true(await storage.healthCheck())
    if (!storage.dispose) return
    await storage.save(memory('a'))
    await storage.dispose()
    await storage.dispose()
    await rejectsWith(t, 'DISPOSED', storage.save(memory('b')))
    await rejectsWith(t, 'DISPOSED', storage.search({}))
    t.false(await storage.healthCheck())
  },
}
