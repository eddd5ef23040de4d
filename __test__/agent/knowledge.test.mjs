// `receptionist.knowledge`: documents on every storage, their formats, and hostile files.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { AIReceptionist, InMemoryStorage } from '../../index.js'
import { connectionUrls, createDatabases, dropDatabases } from '../support/databases.mjs'
import { docx, paragraph, pdf, pdfBomb } from '../support/documents.mjs'
import { identity, offlineModel as model, temporaryFolder } from '../support/fixtures.mjs'
import { mapStorage } from '../support/storage/map-storage.mjs'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const PRICES = Object.entries({
  'Tooth cleaning': 80,
  'Gold crown': 950,
  'Ceramic crown': 720,
  'Wisdom tooth removal': 260,
  'Root canal treatment': 480,
  'Night guard': 310,
  Whitening: 350,
  'Composite filling': 120,
  'Emergency visit': 90,
  'Children checkup': 35,
  Denture: 1_400,
  Implant: 1_900,
})
const csv = (prices) =>
  `Service,Price in euro\n${prices.map(([name, price]) => `${name},${price}`).join('\n')}`
const FAQ = {
  'Is there parking?': 'Free parking is behind the building, entrance in Mill Lane.',
  'Do you accept insurance?': 'We accept all statutory and private insurers.',
  'Which languages do you speak?': 'Our staff speaks English, German and Turkish.',
  'Can I bring my dog?': 'Guide dogs are welcome, other animals must stay outside.',
  'What should I bring to the first visit?': 'Bring your insurance card and a list of your medicines.',
  'Is the practice accessible by wheelchair?': 'Yes, the lift goes to the second floor.',
  'How do I cancel an appointment?': 'Call us 24 hours before, otherwise we charge a fee of 40 euro.',
  'Do you treat anxious patients?': 'Yes, with sedation by nitrous oxide if you like.',
}
const faqPage = `<!doctype html><title>FAQ</title><nav><a href="/">Home page</a></nav><script>var parking = 1</script>
  <h1>Questions</h1>${Object.entries(FAQ)
    .map(([question, answer]) => `<h2>${question}</h2><p>${answer}</p>`)
    .join('')}`
const HOURS = [
  ['Monday', '8:00 - 17:00'],
  ['Tuesday', '9:30 - 19:00'],
  ['Wednesday', '8:00 - 12:00'],
  ['Thursday', '10:00 - 18:00'],
  ['Friday', '8:00 - 14:30'],
  ['Saturday', 'closed'],
]
const hoursPdf = (options) =>
  pdf(
    [
      { y: 780, size: 22, text: 'Opening hours' },
      { y: 750, text: 'The dental practice is open all year.' },
      ...HOURS.flatMap(([day, hours], row) => [
        { y: 700 - row * 14, text: day },
        { x: 200, y: 700 - row * 14, text: hours },
      ]),
      { y: 560, size: 16, text: 'Holidays' },
      { y: 540, text: 'Between Christmas and New Year we are on vacation.' },
    ],
    options,
  )

/** Questions with a word of the passage that answers each. */
const QUESTIONS = [
  ...PRICES.flatMap(([name, price]) => [
    [`How much is a ${name.toLowerCase()}?`, `: ${price}`],
    [`What does ${name} cost?`, `: ${price}`],
  ]),
  ...Object.entries(FAQ).flatMap(([question, answer]) => [
    [question, answer],
    [`I have a question: ${question}`, answer],
  ]),
  ...HOURS.flatMap(([day, hours]) => [
    [`When do you open on ${day}?`, hours],
    [`Opening hours ${day}`, hours],
  ]),
  ['Are you on vacation at Christmas?', 'on vacation'],
]

async function open(t, options) {
  const receptionist = new AIReceptionist({
    agent: { identity, memory: options.memory },
    model,
    ...options.more,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return receptionist.knowledge
}

const inMemory = (t, longTermStorage = new InMemoryStorage()) => open(t, { memory: { longTermStorage } })

const databases = await createDatabases()
const folder = temporaryFolder()
test.after.always(() => dropDatabases(databases))
const storages = {
  InMemoryStorage: (t) => inMemory(t),
  'a plain object': (t) => inMemory(t, mapStorage()),
}
for (const [name, connection] of Object.entries(connectionUrls(databases, join(folder, 'knowledge.db')))) {
  storages[name] = (t) => open(t, { more: { database: { connection, tablePrefix: 'know_' } } })
}

for (const [name, openKnowledge] of Object.entries(storages)) {
  test.serial(`${name}: documents answer questions, are replaced, and are removed`, async (t) => {
    const knowledge = await openKnowledge(t)
    const prices = {
      id: 'prices',
      title: 'Price list',
      text: csv(PRICES),
      contentType: 'text/csv',
      tags: ['prices'],
    }
    t.like(await knowledge.add(prices), { id: 'prices', changed: true })
    await knowledge.addUrl({ url: 'https://example.com/faq', html: faqPage, tags: ['web', 'faq'] })
    await knowledge.add({
      id: 'hours',
      file: hoursPdf(),
      contentType: 'application/pdf',
      source: 'hours.pdf',
    })
    let found = 0
    for (const [question, words] of QUESTIONS) {
      const passages = await knowledge.search(question)
      t.true(passages.length <= 5)
      if (passages.some(({ content }) => content.includes(words))) found++
      else t.log(`not found: ${question}`)
    }
    t.true(found >= QUESTIONS.length * 0.95, `${found} of ${QUESTIONS.length}`)

    // Listed, and read with the passages in their order.
    const list = await knowledge.list()
    t.deepEqual(list.map(({ id }) => id).sort(), ['hours', 'https://example.com/faq', 'prices'])
    t.true(list.every(({ updatedAt }) => updatedAt instanceof Date))
    const faq = await knowledge.get('https://example.com/faq')
    t.is(faq.title, 'Questions')
    t.is(faq.source, 'https://example.com/faq')
    t.deepEqual(
      faq.passages.map(({ heading }) => heading),
      Object.keys(FAQ).map((question) => `Questions › ${question}`),
    )
    t.false(faq.passages.some(({ content }) => /Home page|var parking/.test(content)))
    const tagged = await knowledge.search('Is there parking, and what does a gold crown cost?', {
      tags: ['faq'],
    })
    t.true(tagged.length > 0 && tagged.every(({ documentId }) => documentId === faq.id))

    // The same again writes nothing, a change replaces.
    t.is((await knowledge.add(prices)).changed, false)
    t.is(
      (await knowledge.addUrl({ url: 'https://example.com/faq', html: faqPage, tags: ['web', 'faq'] }))
        .changed,
      false,
    )
    const dearer = PRICES.map(([service, price]) => [service, service === 'Gold crown' ? 999 : price])
    t.is((await knowledge.add({ ...prices, text: csv(dearer) })).changed, true)
    const answers = await knowledge.search('How much is a gold crown?')
    t.true(answers.some(({ content }) => content.includes(': 999')))
    t.false(answers.some(({ content }) => content.includes(': 950')))
    t.is((await knowledge.list()).length, 3)

    // Outside of its time a document is not told.
    const day = 86_400_000
    const notice = { id: 'notice', text: 'The garage door is painted purple this week.' }
    const told = async () => (await knowledge.search('Which colour has the garage door?')).length
    await knowledge.add({
      ...notice,
      validFrom: new Date(Date.now() - day),
      validUntil: new Date(Date.now() + day),
    })
    t.is(await told(), 1)
    await knowledge.add({ ...notice, validUntil: new Date(Date.now() - day) })
    t.is(await told(), 0)
    await knowledge.add({ ...notice, validFrom: new Date(Date.now() + day) })
    t.is(await told(), 0)
    t.true((await knowledge.get('notice')).validFrom > new Date())

    t.is(await knowledge.remove('prices'), true)
    t.is(await knowledge.remove('prices'), false)
    t.is(await knowledge.get('prices'), null)
    t.false((await knowledge.search('gold crown')).some(({ documentId }) => documentId === 'prices'))
    for (const { id } of await knowledge.list()) await knowledge.remove(id)
    t.deepEqual(await knowledge.list(), [])
  })
}

test('nothing of a removed or replaced document stays', async (t) => {
  const storage = new InMemoryStorage()
  const knowledge = await inMemory(t, storage)
  await knowledge.add({ id: 'a', markdown: '# One\n\nfirst\n\n# Two\n\nsecond' })
  const kept = storage.getAll().find(({ content }) => content.includes('first'))
  await knowledge.add({ id: 'a', markdown: '# One\n\nfirst\n\n# Two\n\nthird' })
  t.deepEqual(
    storage
      .getAll()
      .map(({ content }) => content)
      .sort(),
    ['', 'One\nfirst', 'One › Two\nthird'],
  )
  t.is(storage.getAll().find(({ content }) => content.includes('first')).id, kept.id)
  await knowledge.remove('a')
  t.is(storage.count(), 0)
})

test('old documents survive the pruning of memories', async (t) => {
  const receptionist = new AIReceptionist({
    agent: { identity },
    model,
    database: { connection: 'sqlite::memory:' },
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  await receptionist.knowledge.add({ id: 'a', text: 'We are closed on Mondays.' })
  const { memory } = receptionist.agent
  await memory.store({ id: 'm', content: 'x', timestamp: new Date(), type: 'conversation' })
  t.deepEqual(await receptionist.database.prune({ before: new Date(Date.now() + 60_000) }), { memories: 1 })
  t.is((await receptionist.knowledge.search('closed on Mondays')).length, 1)
})

test('passages are shared with all customers, heads are not', async (t) => {
  const storage = new InMemoryStorage()
  const knowledge = await inMemory(t, storage)
  await knowledge.add({ id: 'a', text: 'We are closed on Mondays.' })
  const [passage, head] = storage.getAll().sort((a, b) => b.content.length - a.content.length)
  t.is(passage.metadata.shared, true)
  t.is(head.metadata.shared, undefined)
  t.is(head.id, 'knowledge:a')
})

test('every format is read from bytes, from files and from folders', async (t) => {
  const knowledge = await inMemory(t)
  const path = temporaryFolder(t)
  mkdirSync(join(path, 'more', '.git'), { recursive: true })
  const body = `${paragraph('Team', 'Heading1')}${paragraph('Dr. Weber does implants.')}`
  const files = {
    'a.txt': 'The code of the gate is at the desk.',
    'b.md': '# Parking\n\nParking is free.',
    'c.html': '<h1>Coffee</h1><p>Coffee is served.</p>',
    'd.csv': 'Service,Price\nMassage,70',
    'more/e.docx': docx(body),
    'more/f.pdf': hoursPdf({ mapped: true }),
    'more/.hidden.txt': 'hidden',
    'more/g.png': 'no document',
    'more/.git/h.txt': 'hidden',
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content)
  symlinkSync(join(path, 'a.txt'), join(path, 'link.txt'))
  const ids = ['a.txt', 'b.md', 'c.html', 'd.csv', 'more/e.docx', 'more/f.pdf']
  const added = await knowledge.addFolder(path, { tags: ['folder'] })
  t.deepEqual(
    added.map(({ id }) => id),
    ids,
  )
  t.true(added.every(({ changed, chunks }) => changed && chunks > 0))
  t.true((await knowledge.addFolder(path, { tags: ['folder'] })).every(({ changed }) => !changed))
  const first = async (text) => (await knowledge.search(text, { limit: 1, tags: ['folder'] }))[0]?.documentId
  t.is(await first('the code of the gate'), 'a.txt')
  t.is(await first('price of a massage'), 'd.csv')
  t.is(await first('Who does implants?'), 'more/e.docx')
  t.is(await first('Between Christmas and New Year'), 'more/f.pdf')
  const hours = await knowledge.get('more/f.pdf')
  t.is(hours.title, 'Opening hours')
  t.true(hours.passages[0].content.includes('Tuesday | 9:30 - 19:00'))
  t.like(await knowledge.add({ id: 'x', file: docx(body), contentType: DOCX }), { changed: true, chunks: 1 })
  t.like(await knowledge.add({ id: 'y', file: join(path, 'more/f.pdf') }), { changed: true })
})

test('hostile documents are refused in time, and nothing is written', async (t) => {
  const storage = new InMemoryStorage()
  const knowledge = await inMemory(t, storage)
  const whole = hoursPdf()
  const hostile = [
    [{ file: pdfBomb(200 << 20), contentType: 'application/pdf' }, /too much/],
    [{ file: hoursPdf({ trailer: '/Encrypt 9 0 R' }), contentType: 'application/pdf' }, /encrypted/],
    [{ file: whole.subarray(0, 200), contentType: 'application/pdf' }, /no text|damaged/],
    [{ file: Buffer.from('hello'), contentType: 'application/pdf' }, /not a PDF/],
    [{ file: docx(' '.repeat(200 << 20)), contentType: DOCX }, /too much/],
    [{ file: docx('<a>'.repeat(100_000)), contentType: DOCX }, /nested/],
    [{ file: docx(paragraph('x')).subarray(0, 60), contentType: DOCX }, /damaged/],
    [{ html: '<div>'.repeat(100_000) }, /no text/],
    [{ text: 'x'.repeat((4 << 20) + 1) }, /4 MB/],
    [{ file: Buffer.from([0, 1, 2]), contentType: 'text/plain' }, /binary/],
    [{ text: ' \n ' }, /no text/],
  ]
  for (const [document, message] of hostile) {
    const started = Date.now()
    const error = await t.throwsAsync(knowledge.add({ id: 'a', ...document }), {
      code: 'DOCUMENT_UNREADABLE',
      message,
    })
    t.is(error.details?.document, 'a')
    t.true(Date.now() - started < 20_000)
  }
  t.is(storage.count(), 0)
})

test('unusable options are refused by name, and nothing is written', async (t) => {
  const storage = new InMemoryStorage()
  const knowledge = await inMemory(t, storage)
  const text = 'x'
  const refused = async (document, field) =>
    t.is((await t.throwsAsync(knowledge.add(document), { code: 'INVALID_ARGUMENT' })).details.field, field)
  await refused({ id: 'a' }, 'text')
  await refused({ text }, 'id')
  await refused({ id: '', text }, 'id')
  await refused({ id: 'x'.repeat(257), text }, 'id')
  await refused({ id: 'a', text, html: text }, 'html')
  await refused({ id: 'a', text, file: Buffer.from(text) }, 'file')
  await refused({ id: 'a', text, contentType: 'image/png' }, 'contentType')
  await refused({ id: 'a', file: Buffer.from(text) }, 'contentType')
  await refused({ id: 'a', file: 'nowhere.txt' }, 'file')
  await refused({ id: 'a', file: 'nowhere.png' }, 'file')
  await refused({ id: 'a', file: 7 }, 'document.file')
  await refused({ id: 'a', text, tags: [''] }, 'tags')
  await refused({ id: 'a', text, validFrom: new Date(2), validUntil: new Date(1) }, 'validUntil')
  await refused({ id: 'a', text, validFrom: new Date(NaN) }, 'document.validFrom')
  await t.throwsAsync(knowledge.add({ id: 'a', txt: text }), { code: 'INVALID_ARGUMENT', message: /txt/ })
  await t.throwsAsync(knowledge.add(null), { code: 'INVALID_ARGUMENT' })
  await t.throwsAsync(knowledge.addUrl({ url: 'faq', html: text }), {
    code: 'INVALID_ARGUMENT',
    message: /url/,
  })
  await t.throwsAsync(knowledge.addFolder('nowhere'), { code: 'INVALID_ARGUMENT', message: /path/ })
  await t.throwsAsync(knowledge.search('x', { limit: 0 }), { code: 'INVALID_ARGUMENT', message: /limit/ })
  await t.throwsAsync(knowledge.search(7), { code: 'INVALID_ARGUMENT' })
  t.is(storage.count(), 0)
  const without = await open(t, {})
  await t.throwsAsync(without.add({ id: 'a', text }), { code: 'INVALID_CONFIG' })
})

test('each tenant has its own documents', async (t) => {
  const file = join(temporaryFolder(t), 'tenants.db')
  const of = (tenantId) => open(t, { more: { database: { connection: `sqlite:${file}`, tenantId } } })
  const [anna, bob] = [await of('anna'), await of('bob')]
  await anna.add({ id: 'hours', text: 'Open until eight.' })
  await bob.add({ id: 'hours', text: 'Open until nine.' })
  t.deepEqual(
    (await anna.search('open until')).map(({ content }) => content),
    ['hours\nOpen until eight.'],
  )
  await anna.remove('hours')
  t.is((await bob.list()).length, 1)
})
