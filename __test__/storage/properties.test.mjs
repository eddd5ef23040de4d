// Random memories and queries, valid and invalid: every storage returns them unchanged, or refuses
// them with the code of InMemoryStorage and writes nothing. A failure prints its seed and the
// smallest case; SEED=… repeats it.
import { inspect, isDeepStrictEqual } from 'node:util'
import test from 'ava'
import fc from 'fast-check'
import { DatabaseStorage, InMemoryStorage, ReceptionistError } from '../../index.js'
import { STRINGS } from '../support/security/hostile-values.mjs'
import { openers, dropDatabases } from '../support/databases/drizzle-drivers.mjs'
import { openStorages } from '../support/storage/storages.mjs'

// `.ci/nightly` runs more.
const RUNS = Number(process.env.RUNS ?? 40)
const settings = {
  numRuns: RUNS,
  includeErrorInReport: true,
  ...(process.env.SEED && { seed: Number(process.env.SEED) }),
}

/** Text of any characters, sometimes with lone surrogates. */
const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 3, arbitrary: fc.constantFrom(...Object.values(STRINGS)) },
  {
    weight: 1,
    arbitrary: fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
  },
)
/** JSON writes -0 as 0. */
const number = fc
  .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.maxSafeInteger())
  .map((n) => n + 0 || 0)
const { json, object } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(text, tie('json'), { maxKeys: 4, noNullPrototype: true }),
}))
const deep = fc.integer({ min: 25, max: 40 }).map((levels) => {
  let value = {}
  for (let level = 2; level < levels; level++) value = level % 3 ? { in: value } : [value]
  return { in: value }
})
/** Values that JSON cannot represent. */
const impossible = fc.constantFrom(NaN, Infinity, 1n, Symbol('x'), () => {}, new Map(), new Date(NaN))
const fields = fc.oneof(
  { weight: 12, arbitrary: object },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: fc.tuple(text, impossible).map(([key, value]) => ({ a: { [key]: value } })) },
)
const date = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
  },
  { weight: 1, arbitrary: fc.date() },
)
const optional = (arbitrary) => fc.option(arbitrary, { nil: undefined })
const word = (...words) =>
  fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: text })
const CHANNELS = ['call', 'sms', 'email', 'text']
const ROLES = ['system', 'user', 'assistant', 'tool']
const TYPES = ['conversation', 'decision', 'error', 'tool_execution', 'system']

const given = (record) =>
  fc
    .record(record)
    .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)))
const memory = given({
  id: text,
  content: text,
  timestamp: date,
  type: word(...TYPES),
  importance: optional(
    fc.oneof({ weight: 9, arbitrary: fc.integer() }, { weight: 1, arbitrary: fc.double() }),
  ),
  channel: optional(word(...CHANNELS)),
  sessionMetadata: optional(fields),
  role: optional(word(...ROLES)),
  toolCall: optional(fields),
  toolResult: optional(fields),
  metadata: optional(fields),
  goalAchieved: optional(fc.boolean()),
})
const query = given({
  keywords: optional(fc.array(text, { maxLength: 3 })),
  type: optional(fc.oneof(word(...TYPES), fc.array(word(...TYPES), { maxLength: 3 }))),
  channel: optional(word(...CHANNELS)),
  conversationId: optional(text),
  sessionMetadata: optional(fields),
  startDate: optional(date),
  endDate: optional(date),
  minImportance: optional(fc.double()),
  role: optional(word(...ROLES)),
  limit: optional(fc.oneof(fc.nat(20), fc.double())),
  offset: optional(fc.oneof(fc.nat(3), fc.double())),
  orderBy: optional(word('timestamp', 'importance')),
  orderDirection: optional(word('asc', 'desc')),
})

const expected = new InMemoryStorage()
const { storages, close } = await openStorages()
const clients = []
for (const [driver, open] of Object.entries(openers())) {
  const { db, close } = await open()
  storages[`Drizzle on ${driver}`] = new DatabaseStorage({
    db,
    via: 'client',
    tablePrefix: `p${clients.length}_`,
  })
  clients.push(close)
}
test.after.always(async () => {
  await close()
  for (const close of clients) await close()
  await dropDatabases()
})

/** The outcome of a call: `{ value }` or `{ code }`. */
async function outcome(call) {
  try {
    return { value: await call() }
  } catch (error) {
    if (error instanceof ReceptionistError) return { code: error.code }
    throw error
  }
}

/** Fails unless every storage returns what InMemoryStorage returns. */
async function alike(told, call) {
  const wanted = await outcome(() => call(expected))
  await Promise.all(
    Object.entries(storages).map(async ([name, storage]) => {
      const actual = await outcome(() => call(storage))
      if (!isDeepStrictEqual(actual, wanted)) {
        throw new Error(`${name}: ${told} gave ${show(actual)} instead of ${show(wanted)}`)
      }
    }),
  )
  return wanted
}

const show = (value) => inspect(value, { depth: 8, maxStringLength: 200 }).slice(0, 2_000)

test.serial('memories are returned unchanged, or refused with nothing written', async (t) => {
  t.timeout(60_000 + RUNS * 5_000)
  const property = fc.asyncProperty(fc.array(memory, { minLength: 1, maxLength: 8 }), async (memories) => {
    for (const storage of [expected, ...Object.values(storages)]) await storage.clear()
    await alike('saveBatch', (storage) => storage.saveBatch(memories))
    for (const one of memories) {
      const { code } = await alike('save', (storage) => storage.save(one))
      if (code !== undefined) continue
      const { value } = await alike('get', (storage) => storage.get(one.id))
      if (!isDeepStrictEqual(value, one)) throw new Error(`${show(one)} came back as ${show(value)}`)
    }
    await alike('count', async (storage) => await storage.count())
    await alike('search', (storage) => storage.search({ limit: 100, orderDirection: 'asc' }))
    for (const { id } of memories) await alike('delete', (storage) => storage.delete(id))
  })
  await t.notThrowsAsync(fc.assert(property, settings))
})

test.serial(
  'queries return the same results on every storage, or are refused with the same code',
  async (t) => {
    t.timeout(60_000 + RUNS * 5_000)
    const some = fc.sample(memory, { numRuns: 200, seed: 7 })
    for (const storage of [expected, ...Object.values(storages)]) await storage.clear()
    for (const one of some) await outcome(() => expected.save(one))
    await Promise.all(Object.values(storages).map((storage) => storage.saveBatch(expected.getAll())))
    const property = fc.asyncProperty(query, async (asked) => {
      await alike(`search(${show(asked)})`, (storage) => storage.search(asked))
    })
    await t.notThrowsAsync(fc.assert(property, { ...settings, numRuns: RUNS * 4 }))
  },
)
