// `agent.memory.evaluateRetrieval`, on every storage, and the questions and options that it refuses.
import test from 'ava'
import { AIReceptionist, InMemoryStorage } from '../../index.js'
import { identity, memory, offlineModel } from '../support/fixtures.mjs'
import { closeStorage, storageFactories } from '../support/storage/storages.mjs'

const { factories, close } = await storageFactories()
test.after.always(close)

const anna = { email: 'anna@example.com' }

/** A message of a conversation of its own. */
const message = (id, content, minute, session = {}) =>
  memory(
    id,
    { content, role: 'user', channel: 'sms', sessionMetadata: { conversationId: id, ...session } },
    minute,
  )

const MEMORIES = [
  message('green', 'The bicycle shall be dark green', 1),
  message('old', 'A bicycle with a bell', 2),
  message('bell', 'The bell, the bicycle bell and the other bell', 3),
  message('allergy', 'I am allergic to penicillin', 4, { customerEmail: anna.email }),
]

async function openMemory(t, storage) {
  const receptionist = new AIReceptionist({
    agent: { identity, memory: { longTermStorage: storage } },
    model: offlineModel,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  const { memory } = receptionist.agent
  await memory.storeBatch(MEMORIES)
  return memory
}

for (const [name, open] of Object.entries(factories)) {
  test(`${name}: recall, reciprocal ranks and what is missing`, async (t) => {
    const storage = await open()
    t.teardown(() => closeStorage(storage))
    const memory = await openMemory(t, storage)
    // The memories with the word, the best first.
    const ids = (await memory.retrieve('bicycle bell')).map(({ id }) => id)
    t.deepEqual(ids.toSorted(), ['bell', 'green', 'old'])
    const progress = []
    const { latencyMs, ...result } = await memory.evaluateRetrieval(
      [
        { question: 'bicycle bell', expected: [ids[0]] },
        { question: 'bicycle bell', expected: [ids[2], ids[1], ids[2]] },
        { question: 'bicycle bell', expected: [ids[0], 'gone'] },
        { question: 'penicillin', expected: ['allergy'], customer: { email: 'bob@example.com' } },
      ],
      { k: [2, 1, 3], onProgress: (one) => progress.push(one) },
    )
    t.deepEqual(result, {
      questions: 4,
      recallAt: { 1: (1 + 0 + 0.5) / 4, 2: (1 + 0.5 + 0.5) / 4, 3: (1 + 1 + 0.5) / 4 },
      mrr: (1 + 0.5 + 1) / 4,
      missed: [
        { question: 'bicycle bell', expected: [ids[0], 'gone'], missing: ['gone'], found: ids },
        { question: 'penicillin', expected: ['allergy'], missing: ['allergy'], found: [] },
      ],
    })
    t.deepEqual(
      progress,
      [1, 2, 3, 4].map((done) => ({ done, total: 4 })),
    )
    t.true(latencyMs.p50 > 0 && latencyMs.p50 <= latencyMs.p95 && latencyMs.p95 <= latencyMs.max)
  })
}

test('filters of a question narrow what is asked', async (t) => {
  const memory = await openMemory(t, new InMemoryStorage())
  const question = 'bicycle'
  const recallOf = async (filters, expected = ['green']) =>
    (await memory.evaluateRetrieval([{ question, expected, ...filters }])).recallAt
  t.deepEqual(Object.keys(await recallOf({})), ['1', '5', '10', '20'])
  t.is((await recallOf({}))[20], 1)
  t.is((await recallOf({ channel: 'sms', conversationId: 'green' }))[1], 1)
  t.is((await recallOf({ channel: 'call' }))[20], 0)
  t.is((await recallOf({ conversationId: 'old' }))[20], 0)
  t.is((await recallOf({ since: MEMORIES[1].timestamp }))[20], 0)
  t.is((await recallOf({ until: MEMORIES[1].timestamp }))[20], 1)
  t.is((await recallOf({ customer: anna }))[20], 0)
})

test('unusable questions and options are refused by name', async (t) => {
  const memory = await openMemory(t, new InMemoryStorage())
  const good = { question: 'x', expected: ['a'] }
  const refused = async (questions, options, field) => {
    const error = await t.throwsAsync(memory.evaluateRetrieval(questions, options), {
      code: 'INVALID_ARGUMENT',
    })
    t.is(error.details.field, field)
  }
  await refused(undefined, {}, 'questions')
  await refused([], {}, 'questions')
  await refused({}, {}, 'questions')
  await refused([good, null], {}, 'questions[1]')
  await refused([good, { expected: ['a'] }], {}, 'questions[1].question')
  await refused([{ ...good, question: ' ' }], {}, 'questions[0].question')
  await refused([{ question: 'x' }], {}, 'questions[0].expected')
  await refused([{ ...good, expected: [] }], {}, 'questions[0].expected')
  await refused([{ ...good, expected: 'a' }], {}, 'questions[0].expected')
  await refused([{ ...good, expected: ['a', 7] }], {}, 'questions[0].expected[1]')
  await refused([{ ...good, expects: ['a'] }], {}, 'questions[0].expects')
  await refused([{ ...good, customer: { mail: 'x' } }], {}, 'questions[0].customer.mail')
  for (const k of [0, -1, 1.5, 1001, '5', NaN, null]) await refused([good], { k: [1, k] }, 'options.k[1]')
  await refused([good], { k: [] }, 'options.k')
  await refused([good], { k: 5 }, 'options.k')
  await refused([good], { limit: 5 }, 'options.limit')
  await refused([good], { onProgress: true }, 'options.onProgress')
})

test('an error of the retrieval ends the evaluation', async (t) => {
  const memory = await openMemory(t, new InMemoryStorage())
  const question = { question: 'x', expected: ['a'], since: new Date(NaN) }
  await t.throwsAsync(memory.evaluateRetrieval([question]), { code: 'INVALID_ARGUMENT' })
})
