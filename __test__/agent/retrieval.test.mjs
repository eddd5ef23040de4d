// `agent.memory.retrieve` and the memories in prompts, on every storage.
import test from 'ava'
import { AIReceptionist, ReceptionistError } from '../../index.js'
import { FIRST_TIME, identity, memory, offlineModel } from '../support/fixtures.mjs'
import { mapStorage } from '../support/storage/map-storage.mjs'
import { startModel } from '../support/models/strict-model.mjs'
import { storageFactories, closeStorage } from '../support/storage/storages.mjs'

const { factories, close } = await storageFactories()
test.after.always(close)

const DAY = 1440
const anna = { email: 'anna@example.com' }
const bob = { phone: '+15551234567' }

/** A message of a conversation, `minute` minutes after the first time. */
function message(id, conversationId, content, minute, fields = {}) {
  const { owner = {}, ...rest } = fields
  const sessionMetadata = { conversationId, ...owner }
  return memory(id, { content, sessionMetadata, role: 'user', channel: 'text', ...rest }, minute)
}

const ofAnna = { owner: { customerEmail: anna.email } }
const ofBob = { owner: { customerPhone: bob.phone }, channel: 'sms' }

/** Small talk, and among it some memories that questions ask for. */
const MEMORIES = [
  ...Array.from({ length: 60 }, (_, n) =>
    message(
      `talk${n}`,
      `c${n >> 3}`,
      n % 2 ? `thanks, see you at desk ${n % 7}` : 'hello, how are you today?',
      n,
    ),
  ),
  message('allergy', 'x', 'I am allergic to penicillin, please write it down', 40 * DAY, ofAnna),
  message('asks', 'y', 'Which colour should the new bicycle have?', 41 * DAY, ofAnna),
  message('answer', 'y', 'Dark green, like the old one', 41 * DAY + 1, { ...ofAnna, role: 'assistant' }),
  message('may', 'z1', 'the invoice was paid', 109 * DAY, ofBob),
  message('july', 'z2', 'the invoice was paid', 170 * DAY, ofBob),
  message('phone', 'w', 'my number is 555 010-0199', 90 * DAY, ofBob),
  message('german', 'd', "Die Zahnärztin hat gesagt: drei Brücken, und 'keine' Füllung 🦷", 91 * DAY, ofAnna),
  message('japanese', 'e', '東京駅の近くで会いましょう', 92 * DAY, ofAnna),
  memory(
    'hours',
    { content: 'We open at nine, on Sundays at ten', type: 'system', metadata: { shared: true } },
    1,
  ),
]

/** Questions, and the memories that answer them best. */
const QUESTIONS = [
  ['What is she allergic to?', ['allergy']],
  ['which color for the bicycles', ['asks', 'answer']],
  ['was the invoice paid?', ['july', 'may']],
  ['was the invoice paid in May 2026?', ['may', 'july']],
  ['is 5550100199 his number', ['phone']],
  ['Was sagten die Zahnärzte über Brücken?', ['german']],
  ['東京駅', ['japanese']],
  ['when do you open on sundays', ['hours']],
  ['zzz qqq', []],
  ['what is it', []],
  ['', []],
]

async function openReceptionist(t, storage, options = {}) {
  const server = options.script && (await startModel(t, options.script))
  const receptionist = new AIReceptionist({
    agent: { identity, memory: { longTermStorage: storage, ...options.memory } },
    model: server ? server.config : offlineModel,
    ...(options.logger && { logger: options.logger }),
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return {
    receptionist,
    retrieve: (...args) => receptionist.agent.memory.retrieve(...args),
    requests: server?.requests,
  }
}

/** The scores of the first storage. */
let expected

const idsOf = (found) => found.map(({ id }) => id)

for (const [name, open] of Object.entries(factories)) {
  const openWith = async (t, options, memories = MEMORIES) => {
    const storage = await open()
    const opened = await openReceptionist(t, storage, options)
    t.teardown(() => closeStorage(storage))
    if (memories.length > 0) await opened.receptionist.agent.memory.storeBatch(memories)
    return { ...opened, storage }
  }

  test(`${name}: questions find the memories that answer them`, async (t) => {
    const { retrieve } = await openWith(t)
    for (const [question, wanted] of QUESTIONS) {
      const found = idsOf(await retrieve(question))
      t.deepEqual(found.slice(0, wanted.length), wanted, question)
      if (wanted.length === 0) t.deepEqual(found, [], question)
    }
  })

  test(`${name}: scores and their parts are those of every storage`, async (t) => {
    const { retrieve } = await openWith(t)
    const [best, next] = await retrieve('which colour for the bicycles in february?', {
      explain: true,
      limit: 2,
    })
    t.is(best.memory.id, 'asks')
    t.true(best.memory.timestamp instanceof Date)
    t.true(best.score > next.score)
    t.like(best.explanation, { lexical: 1, question: 0.75, repeated: 1 })
    t.deepEqual(Object.keys(best.explanation.terms).sort(), ['bicycl', 'colour'])
    t.false('semantic' in best.explanation)
    t.is(next.memory.id, 'answer')
    t.is(next.explanation.repeated, 0.85)
    const found = (await retrieve('invoice desk', { explain: true, limit: 30 })).map(rounded)
    t.is(found.length, 30)
    expected ??= found
    t.deepEqual(found, expected)
  })

  test(`${name}: options narrow what is found`, async (t) => {
    const { retrieve } = await openWith(t)
    const at = (days) => new Date(FIRST_TIME + days * DAY * 60_000)
    t.deepEqual(idsOf(await retrieve('invoice', { limit: 1 })), ['july'])
    t.deepEqual(await retrieve('invoice', { limit: 0 }), [])
    t.deepEqual(idsOf(await retrieve('invoice', { conversationId: 'z1' })), ['may'])
    t.deepEqual(await retrieve('invoice', { channel: 'call' }), [])
    t.deepEqual(idsOf(await retrieve('invoice', { channel: 'sms', until: at(170) })), ['may'])
    t.deepEqual(idsOf(await retrieve('invoice', { since: at(170) })), ['july'])
    t.deepEqual(await retrieve('invoice', { customer: anna }), [])
    t.deepEqual(idsOf(await retrieve('invoice', { customer: { phone: '+1 (555) 123-4567' } })), [
      'july',
      'may',
    ])
    t.deepEqual(idsOf(await retrieve('open on sundays', { customer: bob })), ['hours'])
    t.deepEqual(idsOf(await retrieve('open on sundays', { customer: {} })), ['hours'])
    for (const options of [
      { limit: -1 },
      { limit: 1.5 },
      { explain: 'yes' },
      { names: 'Sarah' },
      { customer: { phone: 'x' } },
    ]) {
      await t.throwsAsync(
        retrieve('invoice', options),
        { instanceOf: ReceptionistError },
        JSON.stringify(options),
      )
    }
  })

  test(`${name}: a memory that is replaced or deleted is no longer found by its old words`, async (t) => {
    const { receptionist, retrieve } = await openWith(t, {}, MEMORIES.slice(-9))
    const { memory } = receptionist.agent
    t.deepEqual(idsOf(await retrieve('penicillin')), ['allergy'])
    await memory.store({ ...MEMORIES.find(({ id }) => id === 'allergy'), content: 'It was ibuprofen' })
    t.deepEqual(await retrieve('penicillin'), [])
    t.deepEqual(idsOf(await retrieve('ibuprofen')), ['allergy'])
    await memory.delete('allergy')
    t.deepEqual(await retrieve('ibuprofen'), [])
    await memory.store(MEMORIES.find(({ id }) => id === 'allergy'))
    t.deepEqual(idsOf(await retrieve('penicillin')), ['allergy'])
  })

  // Alone, because megabytes of JSON block this thread for seconds.
  test.serial(`${name}: long, empty and odd texts are kept and found`, async (t) => {
    const { receptionist, retrieve } = await openWith(t, {}, [])
    const { memory } = receptionist.agent
    await memory.store(message('long', 'l', `${'word '.repeat(500_000)}needle`, 0))
    await memory.store(message('start', 'l', `haystack ${'filler '.repeat(300_000)}`, 1))
    await memory.store(message('blank', 'l', ' ', 2))
    await memory.store(message('emoji', 'l', '🦷\'"\\%_ \u202e İstanbul ﷺ', 3))
    t.is((await retrieve('haystack'))[0].id, 'start')
    t.is((await retrieve('istanbul'))[0].id, 'emoji')
    t.deepEqual(await retrieve('🦷'), [])
  })

  test(`${name}: what a customer said before joins the prompt, and nothing of others`, async (t) => {
    const { receptionist, requests } = await openWith(t, { script: () => 'Noted.' })
    const ask = async (customer) => {
      const reply = await receptionist.text.generate({
        prompt: 'Am I allergic to anything, and was the invoice paid?',
        conversationId: `new-${customer?.email ?? customer?.phone ?? 'nobody'}`,
        customer,
      })
      return { retrieved: reply.metadata.retrieved, prompt: requests.at(-1).messages[0].content }
    }
    const toAnna = await ask(anna)
    t.is(toAnna.retrieved.mode, 'lexical')
    t.deepEqual(toAnna.retrieved.ids, ['allergy'])
    t.is(toAnna.retrieved.scores.length, 1)
    t.true(toAnna.prompt.includes('penicillin'))
    t.false(toAnna.prompt.includes('invoice'))
    const toBob = await ask(bob)
    t.deepEqual(toBob.retrieved.ids, ['july', 'may'])
    t.false(toBob.prompt.includes('penicillin'))
    const toNobody = await ask()
    t.deepEqual(toNobody.retrieved, { mode: 'lexical', ids: [], scores: [] })
  })
}

test('retrieval: false, tokens and limit bound the memories in prompts', async (t) => {
  const talk = Array.from({ length: 30 }, (_, n) =>
    message(`m${n}`, `c${n}`, `The garden needs ${'very '.repeat(40)}much water ${n}`, n, ofAnna),
  )
  const retrieved = async (retrieval) => {
    const { receptionist } = await openReceptionist(t, await factories.InMemoryStorage(), {
      script: () => 'Yes.',
      memory: { retrieval },
    })
    await receptionist.agent.memory.storeBatch(talk)
    const request = { prompt: 'Does the garden need water?', conversationId: 'new', customer: anna }
    return (await receptionist.text.generate(request)).metadata.retrieved
  }
  t.is((await retrieved(undefined)).ids.length, 12)
  t.is((await retrieved(true)).ids.length, 12)
  t.is((await retrieved({ limit: 3 })).ids.length, 3)
  t.is((await retrieved({ tokens: 200 })).ids.length, 2)
  t.is(await retrieved(false), undefined)
})

test('a reply goes without memories that cannot be retrieved, and a log entry says so', async (t) => {
  const storage = mapStorage()
  const search = (query) => {
    // The history is read by its conversation.
    if (query.conversationId === undefined) throw new Error('the shelf is locked')
    return storage.search(query)
  }
  const entries = []
  const { receptionist } = await openReceptionist(
    t,
    { ...storage, search },
    {
      script: () => 'Yes.',
      logger: (entry) => entries.push(entry),
    },
  )
  const request = { prompt: 'Does the garden need water?', conversationId: 'c' }
  const { text, metadata } = await receptionist.text.generate(request)
  t.is(text, 'Yes.')
  t.deepEqual(metadata.retrieved, { mode: 'lexical', ids: [], scores: [], problem: 'USER_CODE_FAILED' })
  const entry = entries.find(({ message }) => message === 'Memories could not be retrieved')
  t.like(entry, { level: 'WARN', tag: 'memory', context: { code: 'USER_CODE_FAILED' } })
  t.regex(entry.context.error, /the shelf is locked/)
})

test('retrieval options that cannot be are refused', (t) => {
  for (const [retrieval, message] of [
    [{ limit: 0 }, /agent\.memory\.retrieval\.limit`: must be a whole number from 1 to 100/],
    [{ tokens: 1.5 }, /agent\.memory\.retrieval\.tokens`: must be/],
    ['off', /agent\.memory\.retrieval/],
    [{ limits: 3 }, /agent\.memory\.retrieval\.limits.*limit/],
  ]) {
    const create = () =>
      new AIReceptionist({ agent: { identity, memory: { retrieval } }, model: offlineModel })
    t.throws(create, { code: 'INVALID_CONFIG', message }, JSON.stringify(retrieval))
  }
})

/** A retrieved memory without what differs by rounding. */
function rounded({ memory, score, explanation }) {
  return { id: memory.id, score: score.toFixed(9), ...explanation, terms: Object.keys(explanation.terms) }
}
