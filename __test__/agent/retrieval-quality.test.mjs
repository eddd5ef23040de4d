// Retrieval on the project's own set of questions (bench/retrieval), as a floor below which no change may fall.
import test from 'ava'
import { AIReceptionist, InMemoryStorage } from '../../index.js'
import { generate, languages } from '../../bench/retrieval/generate.mjs'
import { identity, offlineModel } from '../support/fixtures.mjs'

/** Recall at 10 of each kind of question, a little below what it was when this test was written. */
const FLOORS = { telephone: 0.98, neighbour: 0.42, time: 0.8, paraphrase: 0.8 }

test('the same time gives the same set, and each question has its answer', (t) => {
  const now = new Date(Date.UTC(2026, 11, 1))
  const set = generate({ now })
  t.deepEqual(generate({ now }), set)
  const contents = new Map(set.memories.map(({ id, content }) => [id, content]))
  t.is(contents.size, set.memories.length)
  t.is(languages.length, 12)
  t.is(set.questions.length, languages.length * 45)
  for (const { question, expected } of set.questions) {
    t.true(expected.length > 0 && expected.every((id) => contents.has(id)))
    t.false(expected.some((id) => contents.get(id) === question))
  }
})

test('recall does not fall', async (t) => {
  const { memories, questions } = generate()
  const receptionist = new AIReceptionist({
    agent: { identity, memory: { longTermStorage: new InMemoryStorage() } },
    model: offlineModel,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  const { memory } = receptionist.agent
  await memory.storeBatch(memories)
  for (const [kind, floor] of Object.entries(FLOORS)) {
    const asked = questions.filter((one) => one.kind === kind)
    const { recallAt } = await memory.evaluateRetrieval(
      asked.map(({ question, expected }) => ({ question, expected })),
      { k: [10] },
    )
    t.true(recallAt[10] >= floor, `${kind}: ${recallAt[10]}`)
    t.log(`${kind}: ${recallAt[10].toFixed(3)}`)
  }
})
