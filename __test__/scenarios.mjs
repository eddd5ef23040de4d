// What a storage does, as one table: `(t, storage)` on an empty storage each.
import { InMemoryStorage, ReceptionistError, ValidationError } from '../index.js'

const AT = Date.UTC(2026, 0, 15, 12, 0, 0, 0)

/** A memory of one minute per `minute` after a fixed time. */
export function memory(id, fields = {}, minute = 0) {
  return {
    id,
    content: `content of ${id}`,
    timestamp: new Date(AT + minute * 60_000),
    type: 'conversation',
    ...fields,
  }
}

/** A memory with every field. */
export function fullMemory(id = 'full') {
  return {
    id,
    content: 'I prefer mornings – 👩🏽‍💻 it\'s "fine", 100%_sure\\ \t\r\n ünï',
    timestamp: new Date(AT + 123),
    type: 'tool_execution',
    importance: 8,
    channel: 'call',
    sessionMetadata: {
      conversationId: 'conv_123',
      callSid: 'CA1',
      messageSid: 'SM1',
      status: 'active',
      duration: 42,
      participants: ['+15551234567', 'Sarah'],
      'a.b': { "it's": [1, null, true, 'x'] },
    },
    role: 'tool',
    toolCall: { id: 'call_1', name: 'save_customer_info', parameters: { email: 'john@example.com' } },
    toolResult: { success: true, data: { id: 1 }, response: { text: 'Saved.' } },
    metadata: {
      numbers: [0.1, -1, 9007199254740991, 1e21, 5e-7],
      empty: {},
      none: null,
      '': 'empty key',
      text: '\'";--',
    },
    goalAchieved: true,
  }
}

const ids = (memories) => memories.map((found) => found.id)

/** Rejects with that code, as a `ReceptionistError`; every error of ours is one. */
async function refuses(t, code, call, about) {
  const error = await t.throwsAsync(call, { instanceOf: ReceptionistError, code }, about)
  if (['INVALID_MEMORY', 'INVALID_QUERY', 'UNSUPPORTED_TEXT', 'JSON_TOO_DEEP'].includes(code)) {
    t.true(error instanceof ValidationError)
  }
  return error
}

/** `depth` objects in each other. */
function nested(depth) {
  let value = {}
  for (let level = 1; level < depth; level++) value = { in: value }
  return value
}

export const scenarios = {
  // Ids, time, order

  async 'a full memory comes back as it was given'(t, storage) {
    await storage.save(fullMemory())
    t.deepEqual(await storage.get('full'), fullMemory())
    t.deepEqual(await storage.search({}), [fullMemory()])
  },

  async 'a minimal memory comes back without further fields'(t, storage) {
    await storage.save(memory('m'))
    t.deepEqual(await storage.get('m'), memory('m'))
    t.true((await storage.get('m')).timestamp instanceof Date)
  },

  async 'null and undefined fields come back absent, false and 0 and empty ones as they are'(t, storage) {
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

  async 'an id that is unknown is null, and deleting it is no error'(t, storage) {
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

  async 'NUL and lone surrogates are refused and nothing is written'(t, storage) {
    for (const bad of ['a\0b', 'a\ud800b', '\udc00']) {
      for (const fields of [
        { content: bad },
        { id: bad },
        { metadata: { bad } },
        { metadata: { [bad]: 1 } },
        { sessionMetadata: { list: [bad] } },
        { toolCall: { id: '1', name: bad, parameters: {} } },
      ]) {
        await refuses(t, 'UNSUPPORTED_TEXT', storage.save(memory('bad', fields)), JSON.stringify(fields))
      }
      await refuses(
        t,
        'UNSUPPORTED_TEXT',
        storage.saveBatch([memory('good'), memory('bad', { content: bad })]),
      )
    }
    t.is(await storage.count(), 0)
  },

  async 'what is no memory is refused, naming the field, and nothing is written'(t, storage) {
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
      const error = await refuses(
        t,
        'INVALID_MEMORY',
        storage.save(memory('bad', fields)),
        `${field} ${fields[field]}`,
      )
      t.true(error?.message.includes(field), `${error?.message} does not name ${field}`)
    }
    const cyclic = { metadata: {} }
    cyclic.metadata.self = cyclic.metadata
    const error = await refuses(t, 'INVALID_MEMORY', storage.save(memory('bad', cyclic)))
    t.true(error.message.includes('metadata.self'))
    for (const nothing of [undefined, null, 'memory', 7, []]) {
      await refuses(t, 'INVALID_MEMORY', storage.save(nothing))
    }
    await refuses(t, 'INVALID_ARGUMENT', storage.saveBatch(undefined))
    await refuses(t, 'INVALID_ARGUMENT', storage.get(7))
    await refuses(t, 'INVALID_ARGUMENT', storage.delete(undefined))
    t.is(await storage.count(), 0)
  },

  async 'what the caller’s own getter throws is the cause of a refusal, and nothing is written'(t, storage) {
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
      const error = await refuses(t, 'INVALID_MEMORY', save)
      t.true(error.message.includes('metadata.boom'))
      t.is(error.cause, own)
    }
    t.is(await storage.count(), 0)
  },

  async 'what JSON would leave out without a word is refused, and nothing is written'(t, storage) {
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
      const error = await refuses(
        t,
        'INVALID_MEMORY',
        storage.save(memory('bad', { metadata: { in: [{ value }] } })),
      )
      t.true(error.message.includes('metadata.in[0].value'))
    }
    t.is(await storage.count(), 0)
  },

  async 'keys that mean something to JavaScript are data'(t, storage) {
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

  async 'JSON without a bottom is refused'(t, storage) {
    let deep = {}
    for (let level = 0; level < 100_000; level++) deep = { in: deep }
    await refuses(t, 'JSON_TOO_DEEP', storage.save(memory('bad', { metadata: deep })))
    await refuses(t, 'JSON_TOO_DEEP', storage.search({ sessionMetadata: deep }))
    t.is(await storage.count(), 0)
  },

  async '10 MB are kept, with their neighbours of the same moment'(t, storage) {
    const content = 'x'.repeat(10_000_000)
    const saves = Array.from({ length: 6 }, (_, n) => storage.save(memory(`m${n}`, n % 2 ? { content } : {})))
    await Promise.all(saves)
    t.is(await storage.count(), 6)
    t.true((await storage.get('m5')).content === content)
  },

  async 'ids of 1 to 512 characters are kept, 513 refused'(t, storage) {
    for (const id of ['x', 'é'.repeat(512), '🎉'.repeat(512), ' ', "'; DROP TABLE memory; --", '%', 'a\nb']) {
      await storage.save(memory(id))
      t.is((await storage.get(id))?.id, id)
    }
    t.is(await storage.count(), 7)
    await refuses(t, 'INVALID_MEMORY', storage.save(memory('x'.repeat(513))))
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

  async 'saving an id again replaces the whole memory and keeps its place'(t, storage) {
    for (const id of ['a', 'b', 'c']) await storage.save(memory(id, { importance: 5, metadata: { a: 1 } }))
    await storage.save(memory('a', { content: 'new' }))
    t.deepEqual(await storage.get('a'), memory('a', { content: 'new' }))
    t.is(await storage.count(), 3)
    t.deepEqual(ids(await storage.search({ orderDirection: 'asc' })), ['a', 'b', 'c'])
  },

  async 'of saves of one id under way at once the last one called wins'(t, storage) {
    await Promise.all(Array.from({ length: 20 }, (_, i) => storage.save(memory('same', { content: `${i}` }))))
    t.is((await storage.get('same')).content, '19')
    t.is(await storage.count(), 1)
  },

  async '300 saves at once are all kept'(t, storage) {
    await Promise.all(Array.from({ length: 300 }, (_, i) => storage.save(memory(`m${i}`))))
    t.is(await storage.count(), 300)
  },

  async 'one bad save among many at once rejects alone'(t, storage) {
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
    t.deepEqual(ids(await storage.search({ orderDirection: 'asc' })), order)
    t.deepEqual(ids(await storage.search({})), order.toReversed?.() ?? [...order].reverse())
  },

  async 'a batch of the same time is in its own order'(t, storage) {
    const order = ['z', 'b', 'y', 'a', 'x']
    await storage.saveBatch(order.map((id) => memory(id)))
    t.deepEqual(ids(await storage.search({ orderDirection: 'asc' })), order)
  },

  async 'time decides before the order of saving'(t, storage) {
    for (const minute of [3, 1, 2]) await storage.save(memory(`m${minute}`, {}, minute))
    t.deepEqual(ids(await storage.search({ orderDirection: 'asc' })), ['m1', 'm2', 'm3'])
    t.deepEqual(ids(await storage.search({})), ['m3', 'm2', 'm1'])
  },

  async 'times keep their milliseconds, across zones, gaps and epochs'(t, storage) {
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
      t.deepEqual(ids(await storage.search({ startDate: timestamp, endDate: timestamp })), [
        timestamp.toISOString(),
      ])
    }
    const sorted = [...times].sort((a, b) => a - b).map((time) => time.toISOString())
    t.deepEqual(ids(await storage.search({ orderDirection: 'asc' })), sorted)
  },

  async 'JSON of 31 levels is kept, of 32 refused'(t, storage) {
    for (const field of ['metadata', 'sessionMetadata', 'toolCall', 'toolResult']) {
      await storage.save(memory(field, { [field]: nested(31) }))
      t.deepEqual((await storage.get(field))[field], nested(31))
      await refuses(t, 'JSON_TOO_DEEP', storage.save(memory('deep', { [field]: nested(32) })))
      await refuses(t, 'JSON_TOO_DEEP', storage.save(memory('very deep', { [field]: nested(1_000) })))
    }
    t.is(await storage.count(), 4)
  },

  // Batches

  async 'a batch of none, one and 5,000'(t, storage) {
    await storage.saveBatch([])
    t.is(await storage.count(), 0)
    await storage.saveBatch([fullMemory()])
    t.deepEqual(await storage.get('full'), fullMemory())
    await storage.saveBatch(Array.from({ length: 5_000 }, (_, i) => memory(`m${i}`, {}, i + 1)))
    t.is(await storage.count(), 5_001)
    t.deepEqual(ids(await storage.search({ limit: 2 })), ['m4999', 'm4998'])
  },

  async 'a batch is saved whole or not at all'(t, storage) {
    await storage.save(memory('b', { content: 'old' }))
    const error = await refuses(
      t,
      'INVALID_MEMORY',
      storage.saveBatch([memory('a'), memory('b', { content: 'new' }), memory('c', { type: 'note' })]),
    )
    t.true(error?.message.includes('type'))
    t.is(await storage.count(), 1)
    t.is((await storage.get('b')).content, 'old')
  },

  async 'of several with one id in a batch the last one wins'(t, storage) {
    await storage.saveBatch([memory('a', { content: '1' }), memory('b'), memory('a', { content: '2' })])
    t.is((await storage.get('a')).content, '2')
    t.is(await storage.count(), 2)
  },

  async '1,500 messages come back whole and in order'(t, storage) {
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

  // Search

  async 'each filter alone, and all together'(t, storage) {
    await storage.saveBatch([
      memory(
        'a',
        {
          type: 'decision',
          channel: 'call',
          role: 'user',
          importance: 9,
          sessionMetadata: { conversationId: 'c1' },
        },
        1,
      ),
      memory(
        'b',
        {
          type: 'decision',
          channel: 'sms',
          role: 'assistant',
          importance: 3,
          sessionMetadata: { conversationId: 'c2' },
        },
        2,
      ),
      memory(
        'c',
        { type: 'system', channel: 'email', role: 'system', sessionMetadata: { conversationId: 'c1' } },
        3,
      ),
      memory('d', { type: 'error' }, 4),
    ])
    const find = async (query) => ids(await storage.search({ orderDirection: 'asc', ...query })).join('')
    t.is(await find({}), 'abcd')
    t.is(await find({ type: 'decision' }), 'ab')
    t.is(await find({ type: ['decision', 'error'] }), 'abd')
    t.is(await find({ channel: 'sms' }), 'b')
    t.is(await find({ role: 'system' }), 'c')
    t.is(await find({ conversationId: 'c1' }), 'ac')
    t.is(await find({ conversationId: 'C1' }), '')
    t.is(await find({ conversationId: 'c1 ' }), '')
    t.is(await find({ minImportance: 3 }), 'ab')
    t.is(await find({ minImportance: 3.5 }), 'a')
    t.is(await find({ minImportance: 0 }), 'ab')
    t.is(await find({ keywords: ['of b', 'OF C'] }), 'bc')
    t.is(await find({ startDate: new Date(AT + 120_000) }), 'bcd')
    t.is(await find({ endDate: new Date(AT + 120_000) }), 'ab')
    t.is(await find({ startDate: new Date(AT + 60_001), endDate: new Date(AT + 180_000) }), 'bc')
    t.is(
      await find({
        type: 'decision',
        channel: 'call',
        role: 'user',
        minImportance: 9,
        conversationId: 'c1',
        keywords: ['of a'],
      }),
      'a',
    )
    t.is(await find({ type: 'decision', channel: 'call', role: 'assistant' }), '')
    t.is(await find({ type: undefined, channel: null, keywords: undefined, limit: undefined }), 'abcd')
  },

  async 'keywords are literal'(t, storage) {
    const contents = [
      '100% sure',
      '100 sure',
      'a_b',
      'axb',
      'a*b',
      'what?',
      'what',
      '[x]',
      'x',
      'back\\slash',
      "it's",
      '"q"',
    ]
    await storage.saveBatch(contents.map((content, i) => memory(content, { content }, i)))
    const find = async (...keywords) => ids(await storage.search({ keywords, orderDirection: 'asc' }))
    t.deepEqual(await find('0%'), ['100% sure'])
    t.deepEqual(await find('a_b'), ['a_b'])
    t.deepEqual(await find('a*b'), ['a*b'])
    t.deepEqual(await find('t?'), ['what?'])
    t.deepEqual(await find('[x]'), ['[x]'])
    t.deepEqual(await find('\\'), ['back\\slash'])
    t.deepEqual(await find("'"), ["it's"])
    t.deepEqual(await find('"'), ['"q"'])
    t.deepEqual(await find('%'), ['100% sure'])
    t.deepEqual(await find('_', '?'), ['a_b', 'what?'])
  },

  async 'keywords ignore case in every script and mind accents'(t, storage) {
    const contents = ['ÉCOLE', 'école', 'ecole', 'ПРИВЕТ', 'ΣΟΦΙΑ', 'Straße', 'İstanbul']
    await storage.saveBatch(contents.map((content, i) => memory(content, { content }, i)))
    const find = async (keyword) => ids(await storage.search({ keywords: [keyword], orderDirection: 'asc' }))
    t.deepEqual(await find('école'), ['ÉCOLE', 'école'])
    t.deepEqual(await find('École'), ['ÉCOLE', 'école'])
    t.deepEqual(await find('ecole'), ['ecole'])
    t.deepEqual(await find('ECOLE'), ['ecole'])
    t.deepEqual(await find('привет'), ['ПРИВЕТ'])
    t.deepEqual(await find('софиа'), [])
    t.deepEqual(await find('σοφια'), ['ΣΟΦΙΑ'])
    t.deepEqual(await find('STRAßE'), ['Straße'])
    t.deepEqual(await find('STRASSE'), [])
    t.deepEqual(await find('STANBUL'), ['İstanbul'])
  },

  async 'keywords are found in, and missing from, content that is long and almost has them'(t, storage) {
    await storage.save(memory('x', { content: `${'xX'.repeat(500_000)}Y` }))
    await storage.save(memory('y', { content: 'y'.repeat(1_000_000) }, 1))
    const find = async (keyword) => ids(await storage.search({ keywords: [keyword], orderDirection: 'asc' }))
    t.deepEqual(await find(`${'X'.repeat(30)}y`), ['x'])
    t.deepEqual(await find(`${'x'.repeat(30)}z`), [])
    t.deepEqual(await find('Y'), ['x', 'y'])
    const everyLetter = Array.from({ length: 500 }, (_, i) => String.fromCodePoint(0x10a0 + i)).join('')
    t.deepEqual(await find(everyLetter), [])
    t.deepEqual(await find(''), ['x', 'y'])
  },

  async 'sessionMetadata filters by strings, numbers, booleans and null, whatever the key'(t, storage) {
    const keys = ['plain', 'with.dot', "it's", '"quoted"', '$', 'a b', '[0]', 'back\\slash', 'ключ', '']
    const values = ['1', 1, true, 'true', 1.5, 'null', '', "o'clock"]
    await storage.saveBatch(values.map((value, i) => memory(`v${i}`, { sessionMetadata: { value } }, i)))
    for (const [i, value] of values.entries()) {
      t.deepEqual(ids(await storage.search({ sessionMetadata: { value } })), [`v${i}`], JSON.stringify(value))
    }
    await storage.save(memory('null', { sessionMetadata: { value: null } }, 100))
    t.true(ids(await storage.search({ sessionMetadata: { value: null } })).includes('null'))
    t.false(ids(await storage.search({ sessionMetadata: { value: null } })).includes('v5'))
    for (const [i, key] of keys.entries()) {
      await storage.save(
        memory(`k${i}`, { sessionMetadata: { [key]: 'here', nested: { [key]: 'not here' } } }, 200 + i),
      )
    }
    for (const [i, key] of keys.entries()) {
      t.deepEqual(ids(await storage.search({ sessionMetadata: { [key]: 'here' } })), [`k${i}`], key)
      t.deepEqual(await storage.search({ sessionMetadata: { [key]: 'not here' } }), [], key)
    }
    await storage.save(memory('two', { sessionMetadata: { a: 1, b: 'x', conversationId: 'c' } }, 300))
    t.deepEqual(ids(await storage.search({ sessionMetadata: { a: 1, b: 'x' }, conversationId: 'c' })), [
      'two',
    ])
    t.deepEqual(ids(await storage.search({ sessionMetadata: { a: 1, conversationId: 'c' } })), ['two'])
    t.deepEqual(await storage.search({ sessionMetadata: { a: 1, b: 'y' } }), [])
    await refuses(t, 'INVALID_QUERY', storage.search({ sessionMetadata: { a: [1] } }))
    await refuses(t, 'INVALID_QUERY', storage.search({ sessionMetadata: { a: {} } }))
  },

  async 'calls, messages and addresses are found by every value, however long'(t, storage) {
    const long = '🙂'.repeat(512)
    const values = ['CA1', 'CA1 ', 'ca1', ' CA1', '', 'null', 7, true, null, { a: 1 }]
    values.push(long, `${long}y`, `${long}yz`, 'z'.repeat(20_000))
    for (const key of ['callSid', 'messageSid', 'from', 'to']) {
      const saved = values.map((value, i) =>
        memory(`${key}${i}`, { channel: 'sms', sessionMetadata: { [key]: value } }, i),
      )
      await storage.saveBatch(saved)
      for (const [i, value] of values.entries()) {
        if (value === null || typeof value === 'object') continue
        const found = await storage.search({ sessionMetadata: { [key]: value }, channel: 'sms' })
        t.deepEqual(ids(found), [`${key}${i}`], `${key}: ${String(value).slice(0, 9)}`)
      }
    }
    const [from, to] = [{ from: 'Jo <jo@x.io>' }, { to: 'Jo <jo@x.io>' }]
    await storage.save(memory('both', { sessionMetadata: { ...from, ...to } }, 100))
    await storage.save(memory('one', { sessionMetadata: from }, 101))
    t.deepEqual(ids(await storage.search({ sessionMetadata: from })), ['one', 'both'])
    t.deepEqual(ids(await storage.search({ sessionMetadata: { ...from, ...to } })), ['both'])
    t.deepEqual(ids(await storage.search({ sessionMetadata: from, orderDirection: 'asc', limit: 1 })), [
      'both',
    ])
    t.deepEqual(ids(await storage.search({ sessionMetadata: from, orderBy: 'importance' })).sort(), [
      'both',
      'one',
    ])
  },

  async 'importance orders, and what has none comes last in both directions'(t, storage) {
    for (const [i, importance] of [5, undefined, 9, 1, undefined].entries()) {
      await storage.save(memory(`m${i}`, { importance }, i))
    }
    const find = async (orderDirection) =>
      ids(await storage.search({ orderBy: 'importance', orderDirection }))
    t.deepEqual((await find('desc')).slice(0, 3), ['m2', 'm0', 'm3'])
    t.deepEqual((await find('asc')).slice(0, 3), ['m3', 'm0', 'm2'])
  },

  async 'limit and offset'(t, storage) {
    await storage.saveBatch(Array.from({ length: 130 }, (_, i) => memory(`m${i}`, {}, i)))
    t.is((await storage.search({})).length, 100)
    t.is((await storage.search()).length, 100)
    t.is((await storage.search({}))[0].id, 'm129')
    t.is((await storage.search({ limit: 1_000_000 })).length, 130)
    t.deepEqual(await storage.search({ limit: 0 }), [])
    t.deepEqual(ids(await storage.search({ limit: 2, offset: 1 })), ['m128', 'm127'])
    t.deepEqual(ids(await storage.search({ limit: 5, offset: 129 })), ['m0'])
    t.deepEqual(await storage.search({ offset: 130 }), [])
    for (const field of ['limit', 'offset']) {
      for (const value of [-1, 1.5, NaN, Infinity, '10']) {
        const error = await refuses(
          t,
          'INVALID_QUERY',
          storage.search({ [field]: value }),
          `${field} ${value}`,
        )
        t.true(error?.message.includes(field))
      }
    }
  },

  async 'what is no query is refused, naming the field'(t, storage) {
    const cases = {
      type: ['note', 7, ['decision', 'note']],
      channel: ['fax'],
      role: ['boss'],
      keywords: ['text', [7]],
      startDate: [new Date(NaN), 'yesterday'],
      endDate: [new Date(NaN)],
      minImportance: [NaN, 'high'],
      orderBy: ['name'],
      orderDirection: ['up'],
    }
    for (const [field, values] of Object.entries(cases)) {
      for (const value of values) {
        const error = await refuses(
          t,
          'INVALID_QUERY',
          storage.search({ [field]: value }),
          `${field} ${value}`,
        )
        t.true(error?.message.includes(field), `${error?.message} does not name ${field}`)
      }
    }
    await refuses(t, 'INVALID_QUERY', storage.search(null))
    await refuses(t, 'INVALID_QUERY', storage.search('all'))
    await refuses(t, 'UNSUPPORTED_TEXT', storage.search({ keywords: ['\0'] }))
  },

  async 'every query finds the same, in the same order, as InMemoryStorage'(t, storage) {
    const twin = new InMemoryStorage()
    const pick = (list, i) => list[i % list.length]
    for (let i = 0; i < 60; i++) {
      const made = memory(
        `m${(i * 37) % 60}`,
        {
          content: pick(['Morning', 'EVENING é', 'noon É 100%', 'night_x'], i),
          type: pick(['conversation', 'decision', 'system'], i),
          importance: pick([undefined, 3, 7, 3, 9], i),
          channel: pick([undefined, 'call', 'sms'], i),
          role: pick(['user', 'assistant', undefined], i * 7),
          sessionMetadata: pick(
            [undefined, { conversationId: 'a', n: 1 }, { conversationId: 'b', n: null }, {}],
            i,
          ),
        },
        Math.floor(((i * 13) % 60) / 4),
      )
      await storage.save(made)
      await twin.save(made)
    }
    const filters = [
      {},
      { keywords: ['É'] },
      { keywords: ['m', '_'] },
      { type: ['decision', 'system'] },
      { minImportance: 3 },
      { sessionMetadata: { n: null } },
      { sessionMetadata: { n: 1 } },
      { conversationId: 'a', role: 'user' },
      { startDate: new Date(AT + 180_000), endDate: new Date(AT + 600_000) },
    ]
    for (const filter of filters) {
      for (const orderBy of ['timestamp', 'importance']) {
        for (const orderDirection of ['asc', 'desc']) {
          for (const page of [{}, { limit: 7, offset: 3 }]) {
            const query = { ...filter, orderBy, orderDirection, ...page }
            t.deepEqual(
              ids(await storage.search(query)),
              ids(await twin.search(query)),
              JSON.stringify(query),
            )
          }
        }
      }
    }
  },

  // Life

  async 'count, delete and clear'(t, storage) {
    await storage.saveBatch([memory('a'), memory('b'), memory('c')])
    await storage.delete('b')
    t.is(await storage.count(), 2)
    t.is(await storage.get('b'), null)
    t.deepEqual(ids(await storage.search({ orderDirection: 'asc' })), ['a', 'c'])
    await storage.clear()
    t.is(await storage.count(), 0)
    t.deepEqual(await storage.search({}), [])
    await storage.save(memory('a'))
    t.is(await storage.count(), 1)
  },

  async 'what is changed in a returned memory changes nothing that is kept'(t, storage) {
    await storage.save(fullMemory())
    const found = await storage.get('full')
    found.metadata.empty.new = 1
    found.timestamp.setTime(0)
    t.deepEqual(await storage.get('full'), fullMemory())
  },

  async 'it is healthy, and after dispose() it says that it is closed'(t, storage) {
    t.true(await storage.healthCheck())
    if (!storage.dispose) return
    await storage.save(memory('a'))
    await storage.dispose()
    await storage.dispose()
    await refuses(t, 'DISPOSED', storage.save(memory('b')))
    await refuses(t, 'DISPOSED', storage.search({}))
    t.false(await storage.healthCheck())
  },
}
