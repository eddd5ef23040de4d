// Thousands of random saves, upserts, searches and deletes: every storage returns what
// InMemoryStorage returns. A failure prints its seed; repeat it with SEED=… npx ava
// __test__/storage/differential.test.mjs.
import test from 'ava'
import { DatabaseStorage, InMemoryStorage } from '../../index.js'
import { openers, dropDatabases } from '../support/databases/drizzle-drivers.mjs'
import { openStorages } from '../support/storage/storages.mjs'

// `.ci/nightly` runs more.
const OPERATIONS = Number(process.env.OPERATIONS ?? 1_500)
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

/** A small seeded generator (mulberry32). */
function generator(state) {
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (n) => Math.floor(next() * n)
  const pick = (list) => list[int(list.length)]
  const maybe = (chance, make) => (next() < chance ? make() : undefined)
  const some = (list, most) => Array.from({ length: 1 + int(most) }, () => pick(list))
  return { int, pick, maybe, some }
}

const IDS = [
  ...Array.from({ length: 30 }, (_, n) => `m${n}`),
  'a',
  'A',
  'a ',
  ' a',
  'ä',
  'é',
  'É',
  "o'clock",
  '50%',
  'x_y',
  'xzy',
  '👋',
  '0190b2a4-0000-7000-8000-000000000001',
  '0190B2A4-0000-7000-8000-000000000001',
  'back\\slash',
]
const WORDS = [
  'café',
  'CAFÉ',
  'cafe',
  'Straße',
  '100%',
  'a_b',
  'a*b',
  'a?b',
  '[x]',
  '^x$',
  '(y|z)',
  "it's",
  '"q"',
  '\\',
  '👋🏽',
  'ΣΊΣΥΦΟΣ',
  'new\nline',
  'é',
  '{1,2}',
  '#',
]
const CONVERSATIONS = ['c1', 'C1', 'c1 ', 'c2', '日本']
const TYPES = ['conversation', 'decision', 'error', 'tool_execution', 'system']
const CHANNELS = ['call', 'sms', 'email', 'text']
const ROLES = ['system', 'user', 'assistant', 'tool']
const FIELDS = ['k', 'a.b', 'a"b', "a'b", '$', 'ключ', 'a b', 'a\\b']
const VALUES = ['v', '1', 1, 1.5, true, false, null, '', 'true', 'null', 'V', 'v ']

function generate(random) {
  const { int, pick, maybe, some } = random
  const time = () => new Date(Date.UTC(2024, 2, 10, 6, 30 + int(60), 0, pick([0, 1, 999])))
  const fields = () => Object.fromEntries(some(FIELDS, 3).map((field) => [field, pick(VALUES)]))
  const defined = (object) => Object.fromEntries(Object.entries(object).filter(([, v]) => v !== undefined))
  const memory = () =>
    defined({
      id: pick(IDS),
      content: some(WORDS, 4).join(pick([' ', '', ', '])),
      timestamp: time(),
      type: pick(TYPES),
      importance: maybe(0.7, () => 1 + int(10)),
      channel: maybe(0.7, () => pick(CHANNELS)),
      role: maybe(0.7, () => pick(ROLES)),
      sessionMetadata: maybe(0.8, () =>
        defined({ conversationId: maybe(0.9, () => pick(CONVERSATIONS)), ...fields() }),
      ),
      metadata: maybe(0.5, () => ({ deep: [fields(), { n: pick(VALUES) }] })),
      toolCall: maybe(0.2, () => ({ id: 't', name: 'tool', parameters: fields() })),
      toolResult: maybe(0.2, () => ({ success: pick([true, false]), data: pick(VALUES) })),
      goalAchieved: maybe(0.3, () => pick([true, false])),
    })
  const query = () =>
    defined({
      keywords: maybe(0.3, () => some([...WORDS, 'CAF', 'σ', 'e', '%', '_', '', 'zzz'], 2)),
      type: maybe(0.3, () => pick([pick(TYPES), some(TYPES, 3)])),
      channel: maybe(0.3, () => pick(CHANNELS)),
      conversationId: maybe(0.4, () => pick(CONVERSATIONS)),
      sessionMetadata: maybe(0.3, fields),
      startDate: maybe(0.2, time),
      endDate: maybe(0.2, time),
      minImportance: maybe(0.2, () => pick([0, 3, 4.5, 10, 11])),
      role: maybe(0.2, () => pick(ROLES)),
      limit: maybe(0.6, () => int(20)),
      offset: maybe(0.3, () => int(10)),
      orderBy: maybe(0.5, () => pick(['timestamp', 'importance'])),
      orderDirection: maybe(0.5, () => pick(['asc', 'desc'])),
    })
  const kind = int(100)
  if (kind < 35) return ['save', memory()]
  if (kind < 42) return ['saveBatch', Array.from({ length: int(12) }, memory)]
  if (kind < 50) return ['delete', pick(IDS)]
  if (kind < 60) return ['get', pick(IDS)]
  if (kind < 61) return ['count']
  return ['search', query()]
}

test(`every storage returns the same results (seed ${seed})`, async (t) => {
  t.timeout(60_000 + OPERATIONS * 100)
  const expected = new InMemoryStorage()
  const { storages, close } = await openStorages()
  const clients = []
  for (const [driver, open] of Object.entries(openers())) {
    const { db, close } = await open()
    const storage = new DatabaseStorage({ db, via: 'client', tablePrefix: `x${clients.length}_` })
    storages[`Drizzle on ${driver}`] = storage
    clients.push(close)
  }
  t.teardown(async () => {
    await close()
    for (const close of clients) await close()
    await dropDatabases()
  })
  const random = generator(seed)
  for (let n = 0; n < OPERATIONS; n++) {
    const [method, ...args] = generate(random)
    const answer = await expected[method](...args)
    await Promise.all(
      Object.entries(storages).map(async ([name, storage]) => {
        const actual = await storage[method](...args)
        const told = `${name}, operation ${n}, seed ${seed}: ${method}(${JSON.stringify(args)})`
        if (method === 'count') t.is(actual, answer, told)
        else t.deepEqual(actual ?? null, answer ?? null, told)
      }),
    )
  }
})
