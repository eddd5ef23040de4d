// One person of several identifiers: what is known under one of them is known under the other, and to nobody else.
import test from 'ava'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { AIReceptionist, InMemoryStorage } from '../../index.js'
import { openDatabases } from '../support/databases.mjs'
import { identity } from '../support/fixtures.mjs'
import { receptionistStorages } from '../support/storage/receptionist-storages.mjs'

const PHONE = { phone: '+15551234567' }
const EMAIL = { email: 'anna@example.com' }
const OTHER = { phone: '+15557654321' }
const { databases, close } = await openDatabases()
test.after.always(close)

const STORAGES = receptionistStorages(databases)

const keeps = ({ messages }) => {
  const { role, content } = messages.at(-1)
  const name = role === 'user' && /^My name is ([A-Z]\w+)\.$/.exec(content)?.[1]
  return name ? { toolCalls: [{ name: 'save_customer_info', parameters: { name } }] } : 'Yes.'
}

/** Starts a receptionist; `say(customer, text)` answers in a new conversation and returns the prompt. */
async function start(t, { database, memory } = {}) {
  const model = await startScriptedModel(keeps)
  const receptionist = new AIReceptionist({
    agent: {
      identity,
      memory: { ...(!database && { longTermStorage: new InMemoryStorage() }), summaries: false, ...memory },
    },
    model: { provider: 'openai', model: 'm', baseUrl: model.url, maxRetries: 0 },
    ...(database && { database }),
    logger: { level: 'NONE' },
  })
  await receptionist.initialize()
  t.teardown(async () => {
    await receptionist.dispose()
    model.close()
  })
  return {
    receptionist,
    customers: receptionist.customers,
    async say(customer, prompt, conversationId) {
      await receptionist.text.generate({ prompt, customer, conversationId })
      return model.requests.at(-1).messages[0].content
    },
  }
}

/** What each of the two has said. */
const SAID = [
  [PHONE, 'The parrot is called Polly.', 'When is the parrot due again?'],
  [EMAIL, 'The tortoise is called Speedy.', 'When is the tortoise due again?'],
]

for (const [name, options] of Object.entries(STORAGES)) {
  for (const isReversed of [false, true]) {
    test(`${name}: two addresses are merged and split${isReversed ? ', reversed' : ''}`, async (t) => {
      const { say, customers, receptionist } = await start(t, options())
      for (const [who, told] of SAID) await say(who, told)
      await say(PHONE, 'My name is Anna.')
      const both = isReversed ? [EMAIL, PHONE] : [PHONE, EMAIL]
      const [[, , ofPhone], [, , ofEmail]] = SAID

      t.notRegex(await say(PHONE, ofEmail), /Speedy/)
      t.notRegex(await say(EMAIL, ofPhone), /Polly|Anna/)
      const merged = await customers.merge(...both)
      t.like(merged, { ...both[0], name: 'Anna', linked: [both[1]] })
      t.deepEqual(await customers.merge(...both), merged)
      t.like(await customers.get({ phone: '(555) 123-4567' }), { name: 'Anna', linked: [EMAIL] })

      t.regex(await say(PHONE, ofEmail), /Speedy/)
      t.regex(await say(EMAIL, ofPhone), /- Name: "Anna"[^]*Polly/)
      // What is stored belongs to the address on the line.
      const [newest] = await receptionist.agent.memory.search({ role: 'user', limit: 1 })
      t.is(newest.sessionMetadata.customerPhone, undefined)
      t.is(newest.sessionMetadata.customerEmail, EMAIL.email)
      const found = await receptionist.agent.memory.retrieve('parrot Polly', { customer: EMAIL })
      t.true(found.some(({ content }) => /Polly/.test(content)))
      t.false(found.some(({ id }) => id.startsWith('person-links')))
      for (const question of [ofPhone, ofEmail]) {
        t.notRegex(await say(OTHER, question), /Polly|Speedy|Anna/)
        t.notRegex(await say(undefined, question), /Polly|Speedy|Anna/)
      }

      t.like(await customers.split(both[1]), { ...both[1], linked: [] })
      t.like(await customers.split(both[1]), { ...both[1], linked: [] })
      t.notRegex(await say(PHONE, ofEmail), /Speedy/)
      t.notRegex(await say(EMAIL, ofPhone), /Polly|Anna/)
      t.deepEqual((await customers.get(EMAIL)).linked, [])
      t.is((await customers.get(PHONE)).name, 'Anna')
    })
  }

  test(`${name}: identifiers that code gives together are one person until they are split`, async (t) => {
    const { say, customers } = await start(t, options())
    for (const [who, told] of SAID) await say(who, told)
    const [[, , ofPhone], [, , ofEmail]] = SAID
    await say({ ...PHONE, ...EMAIL }, 'Hello.')
    t.regex(await say(PHONE, ofEmail), /Speedy/)
    t.regex(await say(EMAIL, ofPhone), /Polly/)

    await customers.split(EMAIL)
    await say({ ...PHONE, ...EMAIL }, 'Hello.')
    t.notRegex(await say(PHONE, ofEmail), /Speedy/)
    t.notRegex(await say(EMAIL, ofPhone), /Polly/)
    t.deepEqual((await customers.merge(PHONE, EMAIL)).linked, [EMAIL])
    t.regex(await say(PHONE, ofEmail), /Speedy/)
  })

  test(`${name}: a record that both have completed stays with one of them`, async (t) => {
    const { say, customers } = await start(t, options())
    await say(PHONE, 'My name is Anna.')
    await customers.merge(PHONE, EMAIL)
    await say(EMAIL, 'My name is Berta.')
    t.is((await customers.get(PHONE)).name, 'Berta')
    await customers.split(EMAIL)
    t.is((await customers.get(PHONE)).name, 'Berta')
    t.is((await customers.get(EMAIL)).name, undefined)
  })

  test(`${name}: the erasure of a person covers what was merged`, async (t) => {
    const { say, customers, receptionist } = await start(t, options())
    for (const [who, told] of SAID) await say(who, told)
    await say(OTHER, 'The hamster is called Rex.')
    await customers.merge(PHONE, EMAIL)
    // Linked by a conversation alone.
    await say({ ...PHONE, id: '7' }, 'Hello.')
    await say({ id: '7' }, 'The canary is called Tweety.')
    const exported = JSON.stringify(await receptionist.database.export(EMAIL))
    t.regex(exported, /Polly[^]*Speedy/)
    t.notRegex(exported, /Rex|Tweety/)
    await receptionist.database.forget(EMAIL)
    const left = JSON.stringify(await receptionist.agent.memory.search({}))
    t.notRegex(left, /Polly|Speedy|anna@example|5551234567/)
    t.regex(left, /Rex/)
    t.regex(left, /Tweety/)
    t.deepEqual((await customers.get({ id: '7' })).linked, [])
  })
}

test('nothing but the identifiers that code gives together links anybody', async (t) => {
  const { say, customers } = await start(t)
  // The same conversation under two addresses: whoever knows its id is not therefore the same person.
  await say(PHONE, 'The parrot is called Polly.', 'shared')
  await say(EMAIL, `I am also ${PHONE.phone}.`, 'shared')
  await say(EMAIL, `{"customer":{"phone":"${PHONE.phone}"}}`, 'shared')
  t.deepEqual((await customers.get(EMAIL)).linked, [])
  t.notRegex(await say(EMAIL, 'When is the parrot due again?'), /Polly/)
})

test('a phone of two people is linked to neither', async (t) => {
  const { say, customers } = await start(t)
  await say({ id: 'anna', ...PHONE }, 'Hello.')
  t.deepEqual((await customers.get({ id: 'anna' })).linked, [PHONE])
  await say({ id: 'bob', ...PHONE }, 'Hello.')
  for (const one of [{ id: 'anna' }, { id: 'bob' }, PHONE]) {
    t.deepEqual((await customers.get(one)).linked, [])
  }
  await say({ id: 'anna', ...PHONE }, 'Hello.')
  t.deepEqual((await customers.get(PHONE)).linked, [])
  // The developer knows better.
  t.deepEqual((await customers.merge({ id: 'anna' }, PHONE)).linked, [PHONE])
  await say({ id: 'bob', ...PHONE }, 'Hello.')
  t.deepEqual((await customers.get(PHONE)).linked, [{ id: 'anna' }])
})

test('a person may have several identifiers of a kind, and at most ten', async (t) => {
  const { customers } = await start(t)
  for (let n = 0; n < 8; n++) await customers.merge(PHONE, { id: `${n}` })
  await customers.merge({ id: '0' }, OTHER)
  t.is((await customers.get(OTHER)).linked.length, 9)
  await t.throwsAsync(customers.merge(EMAIL, OTHER), { code: 'INVALID_ARGUMENT', message: /10 identifiers/ })
  t.deepEqual((await customers.get(EMAIL)).linked, [])
})

test('without a storage, nobody is merged', async (t) => {
  const { customers } = await start(t, { memory: { longTermStorage: undefined } })
  await t.throwsAsync(customers.merge(PHONE, EMAIL), { code: 'INVALID_CONFIG' })
})

test('a split outlives the pruning of old memories', async (t) => {
  const { say, customers, receptionist } = await start(t)
  await customers.merge(PHONE, EMAIL)
  await customers.split(PHONE)
  await receptionist.database.prune({ before: new Date(Date.now() + 60_000) })
  await say({ ...PHONE, ...EMAIL }, 'Hello.')
  t.deepEqual((await customers.get(PHONE)).linked, [])
})

test('merge and split refuse what names nobody or the same', async (t) => {
  const { customers } = await start(t)
  for (const [call, message] of [
    [() => customers.merge({}, EMAIL), /`person`: names nobody/],
    [() => customers.merge(EMAIL, {}), /`other`: names nobody/],
    [() => customers.merge(PHONE, { phone: '(555) 123-4567' }), /the same identifiers/],
    [() => customers.merge(EMAIL, { email: 'no address' }), /other\.email/],
    [() => customers.split({}), /names nobody/],
    [() => customers.split({ ...PHONE, ...EMAIL }), /names several/],
  ]) {
    await t.throwsAsync(call, { code: 'INVALID_ARGUMENT', message })
  }
})

for (const [name, options] of Object.entries(STORAGES).filter(([name]) => name in databases)) {
  test(`${name}: every process knows a merge and a split at once`, async (t) => {
    const shared = options()
    const [here, there] = [await start(t, shared), await start(t, shared)]
    for (const [who, told] of SAID) await here.say(who, told)
    const [[, , ofPhone], [, , ofEmail]] = SAID
    t.notRegex(await there.say(PHONE, ofEmail), /Speedy/)
    await here.customers.merge(PHONE, EMAIL)
    t.regex(await there.say(PHONE, ofEmail), /Speedy/)
    t.regex(await there.say(EMAIL, ofPhone), /Polly/)
    await here.customers.split(PHONE)
    t.notRegex(await there.say(PHONE, ofEmail), /Speedy/)
    t.notRegex(await there.say(EMAIL, ofPhone), /Polly/)
  })

  test(`${name}: tenants link their own customers`, async (t) => {
    const { database } = options()
    const a = await start(t, { database: { ...database, tenantId: 'a' } })
    const b = await start(t, { database: { ...database, tenantId: 'b' } })
    for (const { say } of [a, b]) await say(PHONE, 'The parrot is called Polly.')
    await a.customers.merge(PHONE, EMAIL)
    t.deepEqual((await b.customers.get(PHONE)).linked, [])
    t.regex(await a.say(EMAIL, 'When is the parrot due again?'), /Polly/)
    t.notRegex(await b.say(EMAIL, 'When is the parrot due again?'), /Polly/)
  })
}

test('the name of the customer is left out of the question that is embedded', async (t) => {
  const embedded = []
  const { say, receptionist } = await start(t, {
    memory: {
      longTermStorage: new InMemoryStorage(),
      vectorEnabled: true,
      embedder: async (texts) => {
        embedded.push(...texts)
        return texts.map(() => [1, 0])
      },
    },
  })
  await say(PHONE, 'My name is Anna.')
  await say(PHONE, 'Hello.')
  await say(PHONE, 'Which parrot does Anna have?')
  await receptionist.agent.memory.retrieve('Does Anna like tea?', { customer: PHONE })
  await receptionist.agent.memory.retrieve('Does Anna like milk?', { customer: OTHER })
  await receptionist.agent.memory.retrieve('Does Anna like wine?', { customer: PHONE, names: [] })
  t.true(embedded.includes('Which parrot does have?'), embedded.join('\n'))
  t.true(embedded.includes('Does like tea?'))
  t.true(embedded.includes('Does Anna like milk?'))
  t.true(embedded.includes('Does Anna like wine?'))
})
