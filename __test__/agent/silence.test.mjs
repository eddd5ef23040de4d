// Conversations that end by silence: on every channel, over several processes, and after a process was killed.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { AIReceptionist, InMemoryStorage } from '../../index.js'
import { inbound, startEmailHarness } from '../support/channels/email-harness.mjs'
import { JOHN, answered, phone, receptionists, sms } from '../support/channels/phone-harness.mjs'
import { openDatabases } from '../support/databases.mjs'
import { identity } from '../support/fixtures.mjs'

const ANNA = { phone: '+15557654321' }
const SILENCE = { summaries: { silenceMinutes: 0.01 } }
const entry = fileURLToPath(new URL('../../index.js', import.meta.url))
const { databases, close } = await openDatabases()
test.after.always(close)

const isDigest = ({ messages }) => messages[0].content.startsWith('Summarize this conversation')

/** A model that summarizes, and notes the car of whoever names one. */
function script({ messages }) {
  if (!isDigest({ messages })) return 'Yes.'
  const lines = messages.at(-1).content.split('\n')
  const line = lines.findIndex((text) => /^\d+ Customer: .*Golf/.test(text))
  const [number] = lines[line]?.split(' ', 1) ?? []
  const facts = number ? [{ key: 'car', value: 'Golf', line: Number(number) }] : []
  return JSON.stringify({ summary: 'Asked for tyres.', facts })
}

/** The events of conversations that end. `next()` resolves with the next one that nobody has awaited. */
function endings() {
  const all = []
  const waiting = []
  let taken = 0
  return {
    all,
    onConversationEnd(event) {
      all.push(event)
      waiting.shift()?.(all[taken++])
    },
    next: () => (taken < all.length ? all[taken++] : new Promise((resolve) => waiting.push(resolve))),
  }
}

/** Starts a receptionist, which ends with the test. */
async function start(t, model, { memory = SILENCE, ...more }) {
  const receptionist = new AIReceptionist({
    agent: { identity, memory },
    model: { provider: 'openai', model: 'm', baseUrl: model.url, maxRetries: 0 },
    ...more,
  })
  await receptionist.initialize()
  t.teardown(() => receptionist.dispose())
  return receptionist
}

async function startModel(t, answer = script) {
  const model = await startScriptedModel(answer)
  t.teardown(() => model.close())
  return { url: model.url, digests: () => model.requests.filter(isDigest) }
}

async function knows(t, receptionist, person, channel) {
  const { facts, conversations } = await receptionist.customers.get(person)
  t.deepEqual(
    facts.map(({ key, value }) => [key, value]),
    [['car', 'Golf']],
  )
  t.like(conversations[0], { channel, summary: 'Asked for tyres.' })
  const source = await receptionist.agent.memory.get(facts[0].source)
  t.like(source, { role: 'user', channel })
}

test('an SMS conversation ends by silence', async (t) => {
  const { next, onConversationEnd } = endings()
  const { all } = await receptionists(t, 1, script, {
    agent: { identity, memory: SILENCE },
    onConversationEnd,
  })
  t.true(await answered(all[0], sms('Tyres for my Golf, please.')))
  t.is((await next()).summary, 'Asked for tyres.')
  await knows(t, all[0], { phone: JOHN }, 'sms')
})

test('an e-mail conversation ends by silence', async (t) => {
  const { next, onConversationEnd } = endings()
  const { receptionist } = await startEmailHarness(t, {
    script,
    config: { agent: { identity, memory: SILENCE }, onConversationEnd },
  })
  await receptionist.handleEmailWebhook(inbound('Tyres for my Golf, please.'))
  t.is((await next()).summary, 'Asked for tyres.')
  await knows(t, receptionist, { email: 'ann@example.com' }, 'email')
})

test('a call without a status callback ends by silence', async (t) => {
  const { all: events, next, onConversationEnd } = endings()
  const { all } = await receptionists(t, 1, script, {
    agent: { identity, memory: SILENCE },
    onConversationEnd,
  })
  const call = phone(all)
  await call.dial()
  await call.say('Tyres for my Golf, please.')
  t.like(await next(), { conversationId: call.callSid, summary: 'Asked for tyres.' })
  await knows(t, all[0], { phone: JOHN }, 'call')
  t.is(events.length, 1)
})

test('a call records facts when it ends, also if the model has logged its outcome', async (t) => {
  for (const logsOutcome of [false, true]) {
    const outcome = { outcome: 'info_provided', summary: 'Asked for tyres.' }
    let digested
    const done = new Promise((resolve) => (digested = resolve))
    const { all } = await receptionists(t, 1, (request) => {
      if (isDigest(request)) {
        digested()
        return script(request)
      }
      const isSaid = request.messages.at(-1).role === 'user'
      if (!logsOutcome || !isSaid) return 'Yes.'
      return { toolCalls: [{ name: 'log_call_outcome', parameters: outcome }] }
    })
    const call = phone(all)
    await call.dial()
    await call.say('Tyres for my Golf, please.')
    await call.hangUp()
    await done
    while ((await all[0].customers.get({ phone: JOHN })).facts.length === 0) await new Promise(setImmediate)
    await knows(t, all[0], { phone: JOHN }, 'call')
  }
})

for (const [name, scene] of Object.entries(databases)) {
  test(`${name}: of several processes, one summarizes`, async (t) => {
    const { database } = scene()
    const model = await startModel(t)
    const { all: events, next, onConversationEnd } = endings()
    const all = []
    for (let n = 0; n < 3; n++) all.push(await start(t, model, { database, onConversationEnd }))
    await Promise.all(
      all.map((receptionist, n) =>
        receptionist.text.generate({ prompt: `Golf ${n}`, customer: ANNA, conversationId: 'c' }),
      ),
    )
    await next()
    // A second conversation that ends later shows that nobody else has ended the first.
    await all[0].text.generate({ prompt: 'Hello', customer: ANNA, conversationId: 'later' })
    while ((await next()).conversationId !== 'later');
    // On a busy machine the last answer comes after another silence, and the conversation ends again. Nothing is summarized twice.
    const digests = model.digests().map(({ messages }) => messages.at(-1).content)
    t.is(new Set(digests).size, digests.length)
    t.is(events.length, digests.length)
    t.is(events.filter(({ conversationId }) => conversationId === 'later').length, 1)
    t.is((await all[2].customers.get(ANNA)).facts.length, 1)
  })

  test(`${name}: a conversation of a killed process is ended by the next one`, async (t) => {
    const { database } = scene()
    const model = await startModel(t)
    const options = {
      agent: { identity },
      model: { provider: 'openai', model: 'm', baseUrl: model.url },
      database,
    }
    const talk = (end) => `
      const { AIReceptionist } = require(${JSON.stringify(entry)})
      const receptionist = new AIReceptionist(${JSON.stringify(options)})
      receptionist.initialize().then(async () => {
        const say = (prompt, conversationId) =>
          receptionist.text.generate({ prompt, customer: ${JSON.stringify(ANNA)}, conversationId })
        await say('Tyres for my Golf.', 'killed')
        ${end}
        process.kill(process.pid, 'SIGKILL')
      })`
    const signal = await new Promise((resolve) =>
      execFile(process.execPath, ['-e', talk('')], (error) => resolve(error?.signal)),
    )
    t.is(signal, 'SIGKILL')
    const { next, onConversationEnd } = endings()
    const receptionist = await start(t, model, { database, onConversationEnd })
    t.like(await next(), { conversationId: 'killed', summary: 'Asked for tyres.' })
    await knows(t, receptionist, ANNA, 'text')
    t.is(model.digests().length, 1)
  })

  test(`${name}: facts and summaries of a tenant are told to no other tenant`, async (t) => {
    const { database } = scene()
    const model = await startModel(t)
    const mine = await start(t, model, { database: { ...database, tenantId: 'mine' }, memory: {} })
    const other = await start(t, model, { database: { ...database, tenantId: 'other' }, memory: {} })
    await mine.text.generate({ prompt: 'Tyres for my Golf.', customer: ANNA, conversationId: 'c' })
    await mine.agent.memory.summarize('c')
    await mine.agent.memory.endSession('c', 'Asked for tyres.')
    await knows(t, mine, ANNA, 'text')
    t.is(await other.agent.memory.summarize('c'), null)
    const { facts, conversations } = await other.customers.get(ANNA)
    t.deepEqual([facts, conversations], [[], []])
  })
}

test('conversations that cannot be read are logged, and ended when they can', async (t) => {
  let isDown = true
  class Flaky extends InMemoryStorage {
    async search(query) {
      if (isDown) throw new Error('down')
      return super.search(query)
    }
  }
  const model = await startModel(t)
  const { next, onConversationEnd } = endings()
  const heard = new Map()
  const logged = (message) => new Promise((resolve) => heard.set(message, resolve))
  const ofEarlier = logged('Conversations of earlier processes not found')
  const ofThis = logged('Conversation not consolidated')
  const receptionist = await start(t, model, {
    memory: { ...SILENCE, longTermStorage: new Flaky() },
    onConversationEnd,
    logger: (entry) => heard.get(entry.message)?.(entry),
  })
  const shape = ({ level, tag, context }) => [level, tag, context.code, context.conversationId]
  t.deepEqual(shape(await ofEarlier), ['WARN', 'consolidation', 'USER_CODE_FAILED', undefined])
  isDown = false
  await receptionist.text.generate({ prompt: 'A Golf.', customer: ANNA, conversationId: 'c' })
  isDown = true
  t.deepEqual(shape(await ofThis), ['WARN', 'consolidation', 'USER_CODE_FAILED', 'c'])
  isDown = false
  t.is((await next()).conversationId, 'c')
})

test('a message that comes while the summary is written is summarized, too', async (t) => {
  let release
  const gate = new Promise((resolve) => (release = resolve))
  let asked
  const isAsked = new Promise((resolve) => (asked = resolve))
  const model = await startModel(t, async (request) => {
    if (!isDigest(request)) return 'Yes.'
    asked()
    await gate
    return request.messages.at(-1).content.includes('Second') ? 'Both.' : 'The first.'
  })
  const { next, onConversationEnd } = endings()
  const receptionist = await start(t, model, {
    memory: { ...SILENCE, longTermStorage: new InMemoryStorage() },
    onConversationEnd,
  })
  const say = (prompt) => receptionist.text.generate({ prompt, customer: ANNA, conversationId: 'c' })
  await say('First')
  await isAsked
  await say('Second')
  release()
  t.is((await next()).summary, 'The first.')
  t.is((await next()).summary, 'Both.')
})

for (const [name, scene] of Object.entries(databases)) {
  test(`${name}: a person who is erased while a summary is written stays erased`, async (t) => {
    const { database } = scene()
    let receptionist
    const model = await startModel(t, async (request) => {
      if (isDigest(request)) await receptionist.database.forget(ANNA)
      return script(request)
    })
    receptionist = await start(t, model, { database, memory: {} })
    await receptionist.text.generate({ prompt: 'A Golf.', customer: ANNA, conversationId: 'c' })
    t.is(await receptionist.agent.memory.summarize('c'), null)
    t.deepEqual((await receptionist.database.export(ANNA)).memories, [])
    t.deepEqual(await receptionist.agent.memory.search({}), [])
  })
}

test('dispose() does not wait for a model that summarizes', async (t) => {
  let asked
  const isAsked = new Promise((resolve) => (asked = resolve))
  const model = await startModel(t, (request) => {
    if (!isDigest(request)) return 'Yes.'
    asked()
    return { text: 'Late.', delay: 30_000 }
  })
  const receptionist = await start(t, model, {
    memory: { ...SILENCE, longTermStorage: new InMemoryStorage() },
  })
  await receptionist.text.generate({ prompt: 'A Golf.', customer: ANNA, conversationId: 'c' })
  await isAsked
  const began = performance.now()
  // Turns do not wait either.
  await receptionist.text.generate({ prompt: 'And a Polo.', customer: ANNA, conversationId: 'c' })
  await receptionist.dispose()
  t.true(performance.now() - began < 4_000)
})
