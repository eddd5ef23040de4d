// `knowledge.gaps`: the questions of customers that no document covers, on every storage.
import test from 'ava'
import { AIReceptionist, InMemoryStorage } from '../../index.js'
import { FIRST_TIME, identity, memory, offlineModel, temporaryFolder } from '../support/fixtures.mjs'
import { closeStorage, storageFactories } from '../support/storage/storages.mjs'

const { factories, close } = await storageFactories()
test.after.always(close)

/** A message of a customer, `minute` minutes after the first time. */
function message(id, content, minute, fields = {}) {
  const sessionMetadata = { conversationId: `c-${id}`, customerEmail: `${id}@example.com` }
  return memory(id, { content, role: 'user', channel: 'sms', sessionMetadata, ...fields }, minute)
}

const PARKING = {
  id: 'parking',
  title: 'Arrival',
  text: 'Free parking is behind the building, entrance in Mill Lane.',
}
const PAYMENT = { id: 'payment', title: 'Payment', text: 'We accept cards and cash.' }

async function openReceptionist(t, longTermStorage = new InMemoryStorage()) {
  const receptionist = new AIReceptionist({
    agent: { identity, memory: { longTermStorage } },
    model: offlineModel,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { knowledge: receptionist.knowledge, memory: receptionist.agent.memory }
}

const questionsOf = (gaps) => gaps.map(({ question }) => question)

for (const [name, open] of Object.entries(factories)) {
  test(`${name}: a document closes the gap that it fills`, async (t) => {
    const storage = await open()
    t.teardown(() => closeStorage(storage))
    const { knowledge, memory } = await openReceptionist(t, storage)
    await knowledge.add(PARKING)
    await knowledge.add(PAYMENT)
    t.deepEqual(await knowledge.gaps(), [])
    await memory.storeBatch([
      message('a', 'My name is Anna. Is there free parking? Thanks.', 1),
      message('b', 'Do you accept PayPal?', 2),
      message('c', 'Are dogs allowed in the waiting room?', 3),
      message('d', 'In the waiting room, are dogs allowed?', 4, { channel: 'call' }),
      message('e', 'I come by car. I am happy with it.', 5),
      message('f', 'Would you like to bring elephants?', 6, { role: 'assistant' }),
      message('g', 'How are you?', 7),
    ])
    const gaps = await knowledge.gaps()
    t.deepEqual(questionsOf(gaps), ['In the waiting room, are dogs allowed?', 'Do you accept PayPal?'])
    const [dogs, paypal] = gaps
    t.deepEqual(dogs, {
      question: 'In the waiting room, are dogs allowed?',
      at: new Date(FIRST_TIME + 4 * 60_000),
      conversationId: 'c-d',
      channel: 'call',
      times: 2,
    })
    t.like(paypal, { times: 1, channel: 'sms', best: { documentId: 'payment', title: 'Payment' } })
    t.true(paypal.best.score > 0 && paypal.best.score < 0.5, `${paypal.best.score}`)
    t.regex((await memory.get(paypal.best.id)).content, /cards and cash/)

    await knowledge.add({ id: 'dogs', text: 'Dogs are not allowed in the waiting room.' })
    t.deepEqual(questionsOf(await knowledge.gaps()), ['Do you accept PayPal?'])
    await knowledge.add({ ...PAYMENT, text: 'We accept cards, cash and PayPal.' })
    t.deepEqual(await knowledge.gaps(), [])
    // What is removed, or no longer told, is missing again.
    await knowledge.remove('dogs')
    await knowledge.add({ ...PARKING, validUntil: new Date(FIRST_TIME) })
    t.deepEqual(questionsOf(await knowledge.gaps()), [
      'In the waiting room, are dogs allowed?',
      'Is there free parking?',
    ])
  })
}

test('the options choose the newest and the most frequent', async (t) => {
  const { knowledge, memory } = await openReceptionist(t)
  await memory.storeBatch([
    message('a', 'Do you repair gearboxes?', 1),
    message('b', 'Can you repair gearboxes?', 2),
    message('c', 'Is the museum open?', 3),
    message('d', 'Where is the library?', 4),
  ])
  const since = new Date(FIRST_TIME + 2 * 60_000)
  const summary = (gaps) => gaps.map(({ question, times }) => [question, times])
  t.deepEqual(summary(await knowledge.gaps()), [
    ['Can you repair gearboxes?', 2],
    ['Where is the library?', 1],
    ['Is the museum open?', 1],
  ])
  t.deepEqual(summary(await knowledge.gaps({ limit: 2, since })), [
    ['Where is the library?', 1],
    ['Is the museum open?', 1],
  ])
  for (const limit of [0, 501, 1.5, -1]) {
    await t.throwsAsync(knowledge.gaps({ limit }), { code: 'INVALID_ARGUMENT', message: /limit/ })
  }
  await t.throwsAsync(knowledge.gaps({ since: new Date(NaN) }), {
    code: 'INVALID_ARGUMENT',
    message: /since/,
  })
})

test('questions are recognized in many languages', async (t) => {
  const { knowledge, memory } = await openReceptionist(t)
  const documents = {
    en: 'Free parking is behind the building.',
    de: 'Parkplätze gibt es hinter dem Haus.',
    fr: 'Le parking se trouve derrière le bâtiment.',
    es: 'El aparcamiento está detrás del edificio.',
    tr: 'Otopark binanın arkasındadır.',
    ru: 'Парковка находится за зданием.',
    zh: '停车位在楼后面。',
    ar: 'موقف السيارات خلف المبنى.',
  }
  const covered = [
    'Is there parking?',
    'Gibt es bei Ihnen Parkplätze?',
    'Est-ce que vous avez un parking ?',
    '¿Tienen ustedes aparcamiento?',
    'Otopark var mı?',
    'У вас есть парковка?',
    '请问你们有停车位吗？',
    'هل لديكم موقف سيارات؟',
  ]
  const uncovered = [
    'Do you sell toothbrushes?',
    'Verkaufen Sie Zahnbürsten?',
    'Vendez-vous des brosses à dents ?',
    '¿Venden cepillos de dientes?',
    'Diş fırçası satıyor musunuz?',
    'Вы продаёте зубные щётки?',
    '你们卖牙刷吗？',
    'هل تبيعون فرشاة أسنان؟',
  ]
  for (const [id, text] of Object.entries(documents)) await knowledge.add({ id, text })
  await memory.storeBatch([...covered, ...uncovered].map((text, n) => message(`m${n}`, text, n)))
  t.deepEqual(questionsOf(await knowledge.gaps()), uncovered.toReversed())
})

test('only the newest 500 questions are compared', async (t) => {
  const { knowledge, memory } = await openReceptionist(t)
  const asked = (n) => message(`m${n}`, n % 2 ? 'Fine.' : `Do you have item ${n} on stock?`, n)
  await memory.storeBatch(Array.from({ length: 1_400 }, (_, n) => asked(n)))
  const gaps = await knowledge.gaps({ limit: 500 })
  t.is(gaps.length, 500)
  t.is(gaps[0].question, 'Do you have item 1398 on stock?')
  t.is(gaps.at(-1).question, 'Do you have item 400 on stock?')
})

test('each tenant has its own gaps', async (t) => {
  const of = async (tenantId, connection) => {
    const receptionist = new AIReceptionist({
      agent: { identity },
      model: offlineModel,
      database: { connection, tenantId },
    })
    t.teardown(() => receptionist.dispose())
    await receptionist.initialize()
    return receptionist
  }

  const connection = `sqlite:${temporaryFolder(t)}/tenants.db`
  const [a, b] = [await of('a', connection), await of('b', connection)]
  await a.agent.memory.store(message('m', 'Is the museum open?', 1))
  await b.knowledge.add({ id: 'museum', text: 'The museum is open.' })
  t.is((await a.knowledge.gaps()).length, 1)
  t.deepEqual(await b.knowledge.gaps(), [])
})

test('found passages have scores', async (t) => {
  const { knowledge } = await openReceptionist(t)
  await knowledge.add(PARKING)
  await knowledge.add(PAYMENT)
  const found = await knowledge.search('Do you accept cards, or is parking free?')
  t.is(found.length, 2)
  t.true(found[0].score === 1 && found[1].score < 1 && found[1].score > 0)
  t.false('score' in (await knowledge.get('parking')).passages[0])
})
