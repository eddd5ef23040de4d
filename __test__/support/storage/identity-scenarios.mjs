// Scenarios for every storage: ids, replaced memories, and the order of memories.
import { fullMemory, memory } from '../fixtures.mjs'
import { idsOf, nested, rejectsWith } from './scenario-helpers.mjs'

export const identityScenarios = {
  async 'ids of 1 to 512 characters are kept, and of 513 refused'(t, storage) {
    for (const id of ['x', 'é'.repeat(512), '🎉'.repeat(512), ' ', "'; DROP TABLE memory; --", '%', 'a\nb']) {
      await storage.save(memory(id))
      t.is((await storage.get(id))?.id, id)
    }
    t.is(await storage.count(), 7)
    await rejectsWith(t, 'INVALID_MEMORY', storage.save(memory('x'.repeat(513))))
  },

  async 'ids are compared exactly: case, trailing spaces, accents, composition'(t, storage) {
    const uuid = '0190a8e6-7c2b-7d3a-9b1f-2a4c5d6e7f80'
    const close = [
      'a',
      'A',
      'a ',
      ' a',
      'á',
      'a\u0301',
      uuid,
      uuid.toUpperCase(),
      `{${uuid}}`,
      uuid.replaceAll('-', ''),
    ]
    for (const id of close) await storage.save(memory(id, { content: `<${id}>` }))
    t.is(await storage.count(), close.length)
    for (const id of close) t.is((await storage.get(id)).content, `<${id}>`)
    await storage.delete('a')
    t.is(await storage.get('a'), null)
    t.is(await storage.count(), close.length - 1)
  },

  async 'saving an id again replaces the whole memory and keeps its position'(t, storage) {
    for (const id of ['a', 'b', 'c']) await storage.save(memory(id, { importance: 5, metadata: { a: 1 } }))
    await storage.save(memory('a', { content: 'new' }))
    t.deepEqual(await storage.get('a'), memory('a', { content: 'new' }))
    t.is(await storage.count(), 3)
    t.deepEqual(idsOf(await storage.search({ orderDirection: 'asc' })), ['a', 'b', 'c'])
  },

  async 'of concurrent saves with one id the last call wins'(t, storage) {
    await Promise.all(Array.from({ length: 20 }, (_, i) => storage.save(memory('same', { content: `${i}` }))))
    t.is((await storage.get('same')).content, '19')
    t.is(await storage.count(), 1)
  },

  async '300 concurrent saves are all kept'(t, storage) {
    await Promise.all(Array.from({ length: 300 }, (_, i) => storage.save(memory(`m${i}`))))
    t.is(await storage.count(), 300)
  },

  async 'one invalid save among concurrent ones rejects alone'(t, storage) {
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) => storage.save(memory(`m${i}`, i === 7 ? { content: '\0' } : {}))),
    )
    t.deepEqual(
      results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : [])),
      [7],
    )
    t.is(await storage.count(), 29)
  },

  async 'memories of the same time are in the order of saving'(t, storage) {
    const order = ['z', 'b', 'y', 'a', 'x']
    for (const id of order) await storage.save(memory(id))
    t.deepEqual(idsOf(await storage.search({ orderDirection: 'asc' })), order)
    t.deepEqual(idsOf(await storage.search({})), order.toReversed?.() ?? [...order].reverse())
  },

  async 'a batch of the same time keeps its order'(t, storage) {
    const order = ['z', 'b', 'y', 'a', 'x']
    await storage.saveBatch(order.map((id) => memory(id)))
    t.deepEqual(idsOf(await storage.search({ orderDirection: 'asc' })), order)
  },

  async 'the timestamp decides before the order of saving'(t, storage) {
    for (const minute of [3, 1, 2]) await storage.save(memory(`m${minute}`, {}, minute))
    t.deepEqual(idsOf(await storage.search({ orderDirection: 'asc' })), ['m1', 'm2', 'm3'])
    t.deepEqual(idsOf(await storage.search({})), ['m3', 'm2', 'm1'])
  },

  async 'times keep their milliseconds, across time zones, clock changes and epochs'(t, storage) {
    const times = [
      '2024-03-10T02:30:00.123Z', // no such time in New York's own calendar
      '2024-03-10T07:00:00.001Z',
      '2024-11-03T05:30:00.999Z', // twice in New York
      '2024-11-03T06:30:00.999Z',
      '1969-12-31T23:59:59.999Z',
      '1970-01-01T00:00:00.000Z',
      '1000-01-01T00:00:00.000Z',
      '9999-12-31T23:59:59.999Z',
      '2026-01-15T12:00:00.100Z',
    ].map((text) => new Date(text))
    for (const timestamp of times) await storage.save(memory(timestamp.toISOString(), { timestamp }))
    for (const timestamp of times) {
      t.is((await storage.get(timestamp.toISOString())).timestamp.getTime(), timestamp.getTime())
      t.deepEqual(idsOf(await storage.search({ startDate: timestamp, endDate: timestamp })), [
        timestamp.toISOString(),
      ])
    }
    const sorted = [...times].sort((a, b) => a - b).map((time) => time.toISOString())
    t.deepEqual(idsOf(await storage.search({ orderDirection: 'asc' })), sorted)
  },

  async 'JSON of 31 levels is kept, and of 32 refused'(t, storage) {
    for (const field of ['metadata', 'sessionMetadata', 'toolCall', 'toolResult']) {
      await storage.save(memory(field, { [field]: nested(31) }))
      t.deepEqual((await storage.get(field))[field], nested(31))
      await rejectsWith(t, 'JSON_TOO_DEEP', storage.save(memory('deep', { [field]: nested(32) })))
      await rejectsWith(t, 'JSON_TOO_DEEP', storage.save(memory('very deep', { [field]: nested(1_000) })))
    }
    t.is(await storage.count(), 4)
  },

  async 'a batch of none, one and 5,000'(t, storage) {
    await storage.saveBatch([])
    t.is(await storage.count(), 0)
    await storage.saveBatch([fullMemory()])
    t.deepEqual(await storage.get('full'), fullMemory())
    await storage.saveBatch(Array.from({ length: 5_000 }, (_, i) => memory(`m${i}`, {}, i + 1)))
    t.is(await storage.count(), 5_001)
    t.deepEqual(idsOf(await storage.search({ limit: 2 })), ['m4999', 'm4998'])
  },

  async 'a batch is saved whole or not at all'(t, storage) {
    await storage.save(memory('b', { content: 'old' }))
    const error = await rejectsWith(
      t,
      'INVALID_MEMORY',
      storage.saveBatch([memory('a'), memory('b', { content: 'new' }), memory('c', { type: 'note' })]),
    )
    t.true(error?.message.includes('type'))
    t.is(await storage.count(), 1)
    t.is((await storage.get('b')).content, 'old')
  },

  async 'of several memories with one id in a batch the last one wins'(t, storage) {
    await storage.saveBatch([memory('a', { content: '1' }), memory('b'), memory('a', { content: '2' })])
    t.is((await storage.get('a')).content, '2')
    t.is(await storage.count(), 2)
  },

  async '1,500 messages are returned complete and in order'(t, storage) {
    const messages = Array.from({ length: 1_500 }, (_, i) =>
      memory(`m${i}`, { sessionMetadata: { conversationId: i % 3 ? 'this' : 'other' } }, Math.floor(i / 10)),
    )
    for (let i = 0; i < messages.length; i += 50) await storage.saveBatch(messages.slice(i, i + 50))
    const found = []
    for (let offset = 0; offset < 3_000; offset += 300) {
      const page = await storage.search({ conversationId: 'this', orderDirection: 'asc', limit: 300, offset })
      found.push(...page)
      if (page.length < 300) break
    }
    t.deepEqual(
      found,
      messages.filter((_, i) => i % 3),
    )
  },
}
