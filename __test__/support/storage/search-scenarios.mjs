// Scenarios for every storage: filters, keywords, order, and pages.
import { InMemoryStorage } from '../../../index.js'
import { FIRST_TIME, memory } from '../fixtures.mjs'
import { idsOf, rejectsWith } from './scenario-helpers.mjs'

export const searchScenarios = {
  async 'filters apply alone and together'(t, storage) {
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
    const find = async (query) => idsOf(await storage.search({ orderDirection: 'asc', ...query })).join('')
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
    t.is(await find({ startDate: new Date(FIRST_TIME + 120_000) }), 'bcd')
    t.is(await find({ endDate: new Date(FIRST_TIME + 120_000) }), 'ab')
    t.is(
      await find({ startDate: new Date(FIRST_TIME + 60_001), endDate: new Date(FIRST_TIME + 180_000) }),
      'bc',
    )
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
    const find = async (...keywords) => idsOf(await storage.search({ keywords, orderDirection: 'asc' }))
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

  async 'keywords ignore case in every script, and respect accents'(t, storage) {
    const contents = ['ÉCOLE', 'école', 'ecole', 'ПРИВЕТ', 'ΣΟΦΙΑ', 'Straße', 'İstanbul']
    await storage.saveBatch(contents.map((content, i) => memory(content, { content }, i)))
    const find = async (keyword) =>
      idsOf(await storage.search({ keywords: [keyword], orderDirection: 'asc' }))
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

  async 'keywords are searched correctly in long content with near matches'(t, storage) {
    await storage.save(memory('x', { content: `${'xX'.repeat(500_000)}Y` }))
    await storage.save(memory('y', { content: 'y'.repeat(1_000_000) }, 1))
    const find = async (keyword) =>
      idsOf(await storage.search({ keywords: [keyword], orderDirection: 'asc' }))
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
      t.deepEqual(
        idsOf(await storage.search({ sessionMetadata: { value } })),
        [`v${i}`],
        JSON.stringify(value),
      )
    }
    await storage.save(memory('null', { sessionMetadata: { value: null } }, 100))
    t.true(idsOf(await storage.search({ sessionMetadata: { value: null } })).includes('null'))
    t.false(idsOf(await storage.search({ sessionMetadata: { value: null } })).includes('v5'))
    for (const [i, key] of keys.entries()) {
      await storage.save(
        memory(`k${i}`, { sessionMetadata: { [key]: 'here', nested: { [key]: 'not here' } } }, 200 + i),
      )
    }
    for (const [i, key] of keys.entries()) {
      t.deepEqual(idsOf(await storage.search({ sessionMetadata: { [key]: 'here' } })), [`k${i}`], key)
      t.deepEqual(await storage.search({ sessionMetadata: { [key]: 'not here' } }), [], key)
    }
    await storage.save(memory('two', { sessionMetadata: { a: 1, b: 'x', conversationId: 'c' } }, 300))
    t.deepEqual(idsOf(await storage.search({ sessionMetadata: { a: 1, b: 'x' }, conversationId: 'c' })), [
      'two',
    ])
    t.deepEqual(idsOf(await storage.search({ sessionMetadata: { a: 1, conversationId: 'c' } })), ['two'])
    t.deepEqual(await storage.search({ sessionMetadata: { a: 1, b: 'y' } }), [])
    await rejectsWith(t, 'INVALID_QUERY', storage.search({ sessionMetadata: { a: [1] } }))
    await rejectsWith(t, 'INVALID_QUERY', storage.search({ sessionMetadata: { a: {} } }))
  },

  async 'call ids, message ids and addresses are found by every value, however long'(t, storage) {
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
        t.deepEqual(idsOf(found), [`${key}${i}`], `${key}: ${String(value).slice(0, 9)}`)
      }
    }
    const [from, to] = [{ from: 'Jo <jo@x.io>' }, { to: 'Jo <jo@x.io>' }]
    await storage.save(memory('both', { sessionMetadata: { ...from, ...to } }, 100))
    await storage.save(memory('one', { sessionMetadata: from }, 101))
    t.deepEqual(idsOf(await storage.search({ sessionMetadata: from })), ['one', 'both'])
    t.deepEqual(idsOf(await storage.search({ sessionMetadata: { ...from, ...to } })), ['both'])
    t.deepEqual(idsOf(await storage.search({ sessionMetadata: from, orderDirection: 'asc', limit: 1 })), [
      'both',
    ])
    t.deepEqual(idsOf(await storage.search({ sessionMetadata: from, orderBy: 'importance' })).sort(), [
      'both',
      'one',
    ])
  },

  async 'memories without importance come last in both directions'(t, storage) {
    for (const [i, importance] of [5, undefined, 9, 1, undefined].entries()) {
      await storage.save(memory(`m${i}`, { importance }, i))
    }
    const find = async (orderDirection) =>
      idsOf(await storage.search({ orderBy: 'importance', orderDirection }))
    t.deepEqual((await find('desc')).slice(0, 3), ['m2', 'm0', 'm3'])
    t.deepEqual((await find('asc')).slice(0, 3), ['m3', 'm0', 'm2'])
  },

  async 'limit and offset select a page'(t, storage) {
    await storage.saveBatch(Array.from({ length: 130 }, (_, i) => memory(`m${i}`, {}, i)))
    t.is((await storage.search({})).length, 100)
    t.is((await storage.search()).length, 100)
    t.is((await storage.search({}))[0].id, 'm129')
    t.is((await storage.search({ limit: 1_000_000 })).length, 130)
    t.deepEqual(await storage.search({ limit: 0 }), [])
    t.deepEqual(idsOf(await storage.search({ limit: 2, offset: 1 })), ['m128', 'm127'])
    t.deepEqual(idsOf(await storage.search({ limit: 5, offset: 129 })), ['m0'])
    t.deepEqual(await storage.search({ offset: 130 }), [])
    for (const field of ['limit', 'offset']) {
      for (const value of [-1, 1.5, NaN, Infinity, '10']) {
        const error = await rejectsWith(
          t,
          'INVALID_QUERY',
          storage.search({ [field]: value }),
          `${field} ${value}`,
        )
        t.true(error?.message.includes(field))
      }
    }
  },

  async 'an invalid query is refused with the field'(t, storage) {
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
        const error = await rejectsWith(
          t,
          'INVALID_QUERY',
          storage.search({ [field]: value }),
          `${field} ${value}`,
        )
        t.true(error?.message.includes(field), `${error?.message} does not name ${field}`)
      }
    }
    await rejectsWith(t, 'INVALID_QUERY', storage.search(null))
    await rejectsWith(t, 'INVALID_QUERY', storage.search('all'))
    await rejectsWith(t, 'UNSUPPORTED_TEXT', storage.search({ keywords: ['\0'] }))
  },

  async 'every query returns the results of InMemoryStorage, in the same order'(t, storage) {
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
      { startDate: new Date(FIRST_TIME + 180_000), endDate: new Date(FIRST_TIME + 600_000) },
    ]
    for (const filter of filters) {
      for (const orderBy of ['timestamp', 'importance']) {
        for (const orderDirection of ['asc', 'desc']) {
          for (const page of [{}, { limit: 7, offset: 3 }]) {
            const query = { ...filter, orderBy, orderDirection, ...page }
            t.deepEqual(
              idsOf(await storage.search(query)),
              idsOf(await twin.search(query)),
              JSON.stringify(query),
            )
          }
        }
      }
    }
  },
}
