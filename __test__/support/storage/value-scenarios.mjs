// Scenarios for every storage: which values a memory keeps, and which are refused.
import { fullMemory, memory } from '../fixtures.mjs'
import { rejectsWith } from './scenario-helpers.mjs'

export const valueScenarios = {
  async 'a memory with every field is returned as given'(t, storage) {
    await storage.save(fullMemory())
    t.deepEqual(await storage.get('full'), fullMemory())
    t.deepEqual(await storage.search({}), [fullMemory()])
  },

  async 'a minimal memory is returned without further fields'(t, storage) {
    await storage.save(memory('m'))
    t.deepEqual(await storage.get('m'), memory('m'))
    t.true((await storage.get('m')).timestamp instanceof Date)
  },

  async 'null and undefined fields are absent when returned, and false, 0 and empty values are kept'(
    t,
    storage,
  ) {
    const bare = {
      importance: null,
      channel: undefined,
      sessionMetadata: null,
      role: null,
      metadata: null,
      goalAchieved: null,
    }
    await storage.save(memory('nulls', bare))
    t.deepEqual(await storage.get('nulls'), memory('nulls'))
    const empty = memory('empty', { content: '', goalAchieved: false, metadata: {}, sessionMetadata: {} })
    await storage.save(empty)
    t.deepEqual(await storage.get('empty'), empty)
  },

  async 'an unknown id returns null, and deleting it succeeds'(t, storage) {
    t.is(await storage.get('nobody'), null)
    await storage.delete('nobody')
  },

  async 'text of every kind is kept'(t, storage) {
    for (const content of [
      '',
      ' ',
      "O'Brien",
      '100%',
      'a_b',
      '"quoted"',
      'back\\slash',
      '\\u0000',
      '$1 ? :x',
      '\u2028\ufeff',
      '🎉👨‍👩‍👧',
      'e\u0301',
      '\u0001\u007f',
    ]) {
      await storage.save(memory('text', { content, metadata: { content } }))
      const kept = await storage.get('text')
      t.is(kept.content, content)
      t.is(kept.metadata.content, content)
    }
  },

  async '5 MB of content are kept'(t, storage) {
    const content = 'äöü€🎉 '.repeat(400_000)
    t.true(Buffer.byteLength(content) > 5_000_000)
    await storage.save(memory('big', { content }))
    t.true((await storage.get('big')).content === content)
  },

  async 'NUL and lone surrogates are refused, and nothing is written'(t, storage) {
    for (const bad of ['a\0b', 'a\ud800b', '\udc00']) {
      for (const fields of [
        { content: bad },
        { id: bad },
        { metadata: { bad } },
        { metadata: { [bad]: 1 } },
        { sessionMetadata: { list: [bad] } },
        { toolCall: { id: '1', name: bad, parameters: {} } },
      ]) {
        await rejectsWith(t, 'UNSUPPORTED_TEXT', storage.save(memory('bad', fields)), JSON.stringify(fields))
      }
      await rejectsWith(
        t,
        'UNSUPPORTED_TEXT',
        storage.saveBatch([memory('good'), memory('bad', { content: bad })]),
      )
    }
    t.is(await storage.count(), 0)
  },

  async 'an invalid memory is refused with the field, and nothing is written'(t, storage) {
    const cases = [
      ['id', { id: '' }],
      ['id', { id: 7 }],
      ['id', { id: undefined }],
      ['content', { content: undefined }],
      ['content', { content: 7 }],
      ['timestamp', { timestamp: new Date(NaN) }],
      ['timestamp', { timestamp: 'yesterday' }],
      ['timestamp', { timestamp: undefined }],
      ['timestamp', { timestamp: new Date(Date.UTC(12_000, 0)) }],
      ['timestamp', { timestamp: new Date(-50_000_000_000_000) }],
      ['type', { type: 'note' }],
      ['type', { type: undefined }],
      ['channel', { channel: 'fax' }],
      ['role', { role: 'boss' }],
      ['importance', { importance: 7.5 }],
      ['importance', { importance: 'high' }],
      ['importance', { importance: NaN }],
      ['metadata', { metadata: [] }],
      ['metadata', { metadata: 'text' }],
      ['metadata.score', { metadata: { score: Infinity } }],
      ['metadata.at[1]', { metadata: { at: [new Date(0), new Date(NaN)] } }],
      ['metadata.big', { metadata: { big: 1n } }],
      ['sessionMetadata', { sessionMetadata: { conversationId: 7 } }],
      ['goalAchieved', { goalAchieved: 'yes' }],
    ]
    for (const [field, fields] of cases) {
      const error = await rejectsWith(
        t,
        'INVALID_MEMORY',
        storage.save(memory('bad', fields)),
        `${field} ${fields[field]}`,
      )
      t.true(error?.message.includes(field), `${error?.message} does not name ${field}`)
    }
    const cyclic = { metadata: {} }
    cyclic.metadata.self = cyclic.metadata
    const error = await rejectsWith(t, 'INVALID_MEMORY', storage.save(memory('bad', cyclic)))
    t.true(error.message.includes('metadata.self'))
    for (const nothing of [undefined, null, 'memory', 7, []]) {
      await rejectsWith(t, 'INVALID_MEMORY', storage.save(nothing))
    }
    await rejectsWith(t, 'INVALID_ARGUMENT', storage.saveBatch(undefined))
    await rejectsWith(t, 'INVALID_ARGUMENT', storage.get(7))
    await rejectsWith(t, 'INVALID_ARGUMENT', storage.delete(undefined))
    t.is(await storage.count(), 0)
  },

  async 'an error of a getter is the cause of the refusal, and nothing is written'(t, storage) {
    const own = new RangeError('mine')
    const boom = {
      get boom() {
        throw own
      },
    }
    const saves = [
      storage.save(memory('bad', { metadata: boom })),
      storage.saveBatch([memory('a'), { ...memory('b'), metadata: boom }]),
    ]
    for (const save of saves) {
      const error = await rejectsWith(t, 'INVALID_MEMORY', save)
      t.true(error.message.includes('metadata.boom'))
      t.is(error.cause, own)
    }
    t.is(await storage.count(), 0)
  },

  async 'values that JSON would drop silently are refused, and nothing is written'(t, storage) {
    const lost = [
      () => {},
      Symbol('x'),
      new Map([['a', 1]]),
      new Set([1]),
      /x/,
      new Error('x'),
      new Uint8Array(2),
      [undefined],
      new Array(2),
    ]
    for (const value of lost) {
      const error = await rejectsWith(
        t,
        'INVALID_MEMORY',
        storage.save(memory('bad', { metadata: { in: [{ value }] } })),
      )
      t.true(error.message.includes('metadata.in[0].value'))
    }
    t.is(await storage.count(), 0)
  },

  async 'keys with a meaning in JavaScript are data'(t, storage) {
    const json =
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1,"then":null}'
    await storage.save(memory('m', { metadata: JSON.parse(json), sessionMetadata: JSON.parse(json) }))
    for (const kept of [await storage.get('m'), (await storage.search({}))[0]]) {
      const written = (value) => JSON.stringify(Object.entries(value).sort())
      t.is(written(kept.metadata), written(JSON.parse(json)))
      t.is(written(kept.sessionMetadata), written(JSON.parse(json)))
    }
    t.is({}.polluted, undefined)
  },

  async 'JSON of unlimited depth is refused'(t, storage) {
    let deep = {}
    for (let level = 0; level < 100_000; level++) deep = { in: deep }
    await rejectsWith(t, 'JSON_TOO_DEEP', storage.save(memory('bad', { metadata: deep })))
    await rejectsWith(t, 'JSON_TOO_DEEP', storage.search({ sessionMetadata: deep }))
    t.is(await storage.count(), 0)
  },

  async '10 MB of content are kept, next to small concurrent saves'(t, storage) {
    const content = 'x'.repeat(10_000_000)
    const saves = Array.from({ length: 6 }, (_, n) => storage.save(memory(`m${n}`, n % 2 ? { content } : {})))
    await Promise.all(saves)
    t.is(await storage.count(), 6)
    t.true((await storage.get('m5')).content === content)
  },
}
