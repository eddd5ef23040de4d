// `agent.memory`: history, sessions, persistence rules, and the context window.
import test from 'ava'
import { InMemoryStorage, ReceptionistError } from '../../index.js'
import { memory } from '../support/fixtures.mjs'
import { open, said, callsThenSays } from '../support/receptionist-harness.mjs'

test('the memory API stores, searches and clears memories, and records sessions', async (t) => {
  const { memory: manager } = await open(t, () => 'ok')
  const at = (id, channel, conversationId, minute) =>
    memory(id, { channel, sessionMetadata: { conversationId } }, minute)
  await manager.store(at('a', 'call', 'c1', 1))
  await manager.store(at('b', 'call', 'c2', 2))
  await manager.store(at('c', 'sms', 'c1', 3))
  const ids = (memories) => memories.map(({ id }) => id).join('')
  t.is(ids(await manager.getConversationHistory('c1')), 'ac')
  t.is(ids(await manager.getChannelHistory('call')), 'ba')
  t.is(ids(await manager.getChannelHistory('call', { limit: 1 })), 'b')
  t.is(ids(await manager.getChannelHistory('call', { conversationId: 'c1' })), 'a')
  t.is(ids(await manager.search({ channel: 'sms' })), 'c')
  t.true(ids(await manager.retrieve('content of c', { conversationId: 'c1' })).includes('c'))
  t.is(manager.getStats().shortTermCount, 3)
  await t.throwsAsync(manager.store({ ...at('d', 'call', 'c1', 4), timestamp: new Date(NaN) }), {
    code: 'INVALID_MEMORY',
  })

  await manager.startSession({ conversationId: 's1', channel: 'call', metadata: { callSid: 'CA1' } })
  await manager.endSession('s1', 'It went well.')
  const session = await manager.getConversationHistory('s1')
  t.deepEqual(
    session.map(({ id }) => id),
    ['session-start-s1', 'session-end-s1'],
  )
  t.is(session[0].sessionMetadata.callSid, 'CA1')
  t.true(session[1].content.includes('It went well.'))

  manager.clearShortTerm()
  t.is(manager.getStats().shortTermCount, 0)
  t.is(ids(await manager.getConversationHistory('c1')), 'ac', 'what is persisted stays')
  manager.clearLongTerm()
})

test('without a storage, the agent answers from short-term memory', async (t) => {
  const { receptionist, requests, memory } = await open(t, (_, n) => `answer ${n}`, { database: undefined })
  await receptionist.text.generate({ prompt: 'one', conversationId: 'c' })
  await receptionist.text.generate({ prompt: 'two', conversationId: 'c' })
  t.true(requests[1].messages.some(({ content }) => content === 'one'))
  t.deepEqual(said(await memory.getConversationHistory('c')), [
    'user: one',
    'assistant: answer 0',
    'user: two',
    'assistant: answer 1',
  ])
  await t.throwsAsync(receptionist.database.migrate(), { instanceOf: ReceptionistError })
})

test('an InMemoryStorage is used directly, without a database', async (t) => {
  const longTermStorage = new InMemoryStorage()
  const { receptionist } = await open(
    t,
    callsThenSays([{ name: 'remember_preference', parameters: { key: 'k', value: 'v' } }]),
    {
      database: undefined,
      agent: { memory: { longTermStorage } },
    },
  )
  await receptionist.text.generate({ prompt: 'one', conversationId: 'c' })
  t.true(longTermStorage.getAll().some(({ content }) => content === 'one'))
  t.true(longTermStorage.getAll().some(({ content }) => content === 'Customer preference: k = v'))
  const found = await receptionist
    .getToolRegistry()
    .execute('recall_preference', { key: 'k' }, { channel: 'text', conversationId: 'c' })
  t.regex(JSON.stringify(found), /"v"/)

  const off = new InMemoryStorage()
  const without = await open(t, () => 'ok', {
    database: undefined,
    agent: { memory: { longTermStorage: off, longTermEnabled: false } },
  })
  await without.receptionist.text.generate({ prompt: 'one' })
  t.is(off.count(), 0)
})

test('autoPersist selects the memories that are stored; the others stay in short-term memory', async (t) => {
  const kept = async (autoPersist) => {
    const longTermStorage = new InMemoryStorage()
    const { memory: manager } = await open(t, () => 'ok', {
      database: undefined,
      agent: { memory: { longTermStorage, autoPersist } },
    })
    const session = { sessionMetadata: { conversationId: 'c' } }
    await manager.store(memory('low', { importance: 3, ...session }, 1))
    await manager.store(memory('high', { importance: 7, ...session }, 2))
    await manager.store(memory('none', session, 3))
    await manager.store(memory('decision', { type: 'decision', ...session }, 4))
    await manager.store(memory('goal', { goalAchieved: true, ...session }, 5))
    t.is((await manager.getConversationHistory('c')).length, 5)
    return longTermStorage.getAll().map(({ id }) => id)
  }
  const all = ['low', 'high', 'none', 'decision', 'goal']
  t.deepEqual(await kept(undefined), all)
  t.deepEqual(await kept({ persistAll: true }), all)
  t.deepEqual(await kept({}), ['high', 'goal'])
  t.deepEqual(await kept({ minImportance: 3 }), ['low', 'high', 'goal'])
  t.deepEqual(await kept({ types: ['decision'] }), ['high', 'decision', 'goal'])
  t.deepEqual(await kept({ minImportance: 9, types: ['decision'] }), ['decision', 'goal'])
})

test('contextWindow limits the messages that the model receives', async (t) => {
  const { receptionist, requests } = await open(t, (_, n) => `answer ${n}`, {
    agent: { memory: { contextWindow: 4 } },
  })
  for (let i = 0; i < 6; i++) await receptionist.text.generate({ prompt: `prompt ${i}`, conversationId: 'c' })
  const seen = requests
    .findLast(({ messages }) => messages.at(-1).content === 'prompt 5')
    .messages.filter(({ role }) => role !== 'system')
  t.true(seen.length <= 4)
  t.is(seen.at(-1).content, 'prompt 5')
  const history = await receptionist.agent.memory.getConversationHistory('c')
  t.is(history.filter(({ type }) => type === 'conversation').length, 12)
})

test('the token budget keeps the newest messages and never separates a tool result from its call', async (t) => {
  const long = 'word '.repeat(300)
  const { receptionist, requests } = await open(
    t,
    (body) =>
      body.messages.at(-1).role === 'tool'
        ? long
        : { text: long, toolCalls: [{ name: 'recall_preference', parameters: { key: 'k' } }] },
    { model: { maxContextTokens: 3_000 } },
  )
  for (let i = 0; i < 8; i++) await receptionist.text.generate({ prompt: `prompt ${i}`, conversationId: 'c' })
  const last = requests.at(-1).messages.map(({ content }) => content)
  t.true(last.includes('prompt 7'))
  t.false(last.includes('prompt 0'))
})
