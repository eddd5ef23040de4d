// Streamed answers from every provider, and streams that do not end normally.
import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import test from 'ava'
import { AIReceptionist, LifecycleError, ModelError, ValidationError } from '../../index.js'
import { PROVIDERS, startModel } from '../support/models/strict-model.mjs'
import { salesIdentity as identity } from '../support/fixtures.mjs'

async function open(t, provider, script, options = {}) {
  const { config, requests } = await startModel(t, script, provider)
  const receptionist = new AIReceptionist({
    agent: { identity },
    model: { ...config, maxRetries: 0, ...options },
    database: { connection: 'sqlite::memory:' },
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { receptionist, requests, memory: receptionist.agent.memory }
}

async function read(stream) {
  const pieces = []
  for await (const piece of stream) pieces.push(piece)
  return pieces
}

const said = (memories) =>
  memories
    .filter(({ type, content }) => type === 'conversation' && content)
    .map(({ role, content }) => `${role}: ${content}`)
const mark = (memories) => memories.find(({ type }) => type === 'error')?.metadata.code

/** A promise and its resolve function. */
function signal() {
  let fire
  const fired = new Promise((resolve) => (fire = resolve))
  return { fire, fired }
}

for (const provider of PROVIDERS) {
  test(`${provider}: pieces arrive while the model is still speaking`, async (t) => {
    const { fire, fired } = signal()
    const text = async function* () {
      yield 'Good '
      await fired
      yield 'morning 👋'
    }
    const { receptionist, memory } = await open(t, provider, () => ({ text: text() }))
    const stream = receptionist.text.stream({ prompt: 'Hello', conversationId: 'c1' })
    t.deepEqual(await stream.next(), { done: false, value: 'Good ' })
    t.deepEqual(said(await memory.getConversationHistory('c1')), ['user: Hello'])
    fire()
    t.deepEqual(await read(stream), ['morning 👋'])
    t.is(stream.response.text, 'Good morning 👋')
    t.true(stream.response.metadata.timestamp instanceof Date)
    t.like(stream.response.metadata, { provider, conversationId: 'c1' })
    t.deepEqual(said(await memory.getConversationHistory('c1')), [
      'user: Hello',
      'assistant: Good morning 👋',
    ])
  })

  test(`${provider}: a stream continues through rounds of tools, and is stored like any answer`, async (t) => {
    const call = (key) => ({ name: 'remember_preference', parameters: { key, value: 'yes "é" {' } })
    const script = [
      { text: 'One moment.', toolCalls: [call('a'), call('b')] },
      { toolCalls: [{ name: 'recall_preference', parameters: { key: 'a' } }] },
      'All is noted.',
      'Goodbye.',
    ]
    const { receptionist, memory } = await open(t, provider, (_, n) => script[n])
    const stream = receptionist.text.stream({ prompt: 'Note it', conversationId: 'c1' })
    t.is((await read(stream)).join(''), 'One moment.\n\nAll is noted.')
    t.is(stream.response.text, 'All is noted.')
    t.true(stream.response.metadata.toolResults.every(({ success }) => success))
    t.is(stream.response.metadata.toolsUsed.length, 3)
    await receptionist.text.generate({ prompt: 'Bye', conversationId: 'c1' })
    t.deepEqual(said(await memory.getConversationHistory('c1')), [
      'user: Note it',
      'assistant: One moment.',
      'assistant: All is noted.',
      'user: Bye',
      'assistant: Goodbye.',
    ])
  })

  test(`${provider}: a stream that breaks off is an error, and the text so far is stored as incomplete`, async (t) => {
    const text = async function* () {
      yield 'The price is '
      throw new Error('cut')
    }
    const script = [{ text: text() }, 'As I said: 5.']
    const { receptionist, requests, memory } = await open(t, provider, (_, n) => script[n], { maxRetries: 2 })
    const pieces = []
    const error = await t.throwsAsync(async () => {
      for await (const piece of receptionist.text.stream({ prompt: 'How much?', conversationId: 'c1' }))
        pieces.push(piece)
    })
    t.true(error instanceof ModelError)
    t.is(error.code, 'MODEL_STREAM_INTERRUPTED')
    t.deepEqual(pieces, ['The price is '])
    const memories = await memory.getConversationHistory('c1')
    t.deepEqual(said(memories), ['user: How much?', 'assistant: The price is '])
    t.deepEqual(memories[1].metadata, { interrupted: true, code: 'MODEL_STREAM_INTERRUPTED' })
    t.is(mark(memories), 'MODEL_STREAM_INTERRUPTED')
    const next = await receptionist.text.generate({ prompt: 'Pardon?', conversationId: 'c1' })
    t.is(next.text, 'As I said: 5.')
    t.regex(JSON.stringify(requests[1]), /The price is/)
  })

  test(`${provider}: a failure before the first text is retried`, async (t) => {
    const cut = async function* () {
      throw new Error('cut')
    }
    const script = [{ status: 529, headers: { 'retry-after': '0' }, body: {} }, { text: cut() }, 'Here.']
    const { receptionist } = await open(t, provider, (_, n) => script[n], { maxRetries: 2 })
    t.is((await read(receptionist.text.stream({ prompt: 'Hi' }))).join(''), 'Here.')
  })

  test(`${provider}: leaving a stream stops the request, and the next turn starts at once`, async (t) => {
    const { fire, fired } = signal()
    const text = async function* () {
      try {
        for (let n = 0; ; n++) {
          yield `${n} `
          await wait(5)
        }
      } finally {
        fire()
      }
    }
    const script = [{ text: text() }, 'Yes?']
    const { receptionist, memory } = await open(t, provider, (_, n) => script[n])
    const pieces = []
    for await (const piece of receptionist.text.stream({ prompt: 'Count', conversationId: 'c1' })) {
      if (pieces.push(piece) === 3) break
    }
    const memories = await memory.getConversationHistory('c1')
    t.deepEqual(said(memories), ['user: Count', 'assistant: 0 1 2 '])
    t.is(mark(memories), 'STREAM_ABORTED')
    await fired
    t.is((await receptionist.text.generate({ prompt: 'Stop', conversationId: 'c1' })).text, 'Yes?')
  })
}

test('return() stops a pending read', async (t) => {
  const asked = signal()
  const { receptionist, memory } = await open(t, 'openai', () => {
    asked.fire()
    return {
      text: (async function* () {
        await new Promise(() => {})
      })(),
    }
  })
  const stream = receptionist.text.stream({ prompt: 'Hi', conversationId: 'c1' })
  const waiting = stream.next()
  await asked.fired
  t.deepEqual(await stream.return(), { done: true, value: undefined })
  t.deepEqual(await waiting, { done: true, value: undefined })
  t.is(mark(await memory.getConversationHistory('c1')), 'STREAM_ABORTED')
})

test('dispose() ends open streams, and resolves', async (t) => {
  const text = async function* () {
    yield 'Well, '
    await new Promise(() => {})
  }
  const { receptionist } = await open(t, 'openai', () => ({ text: text() }))
  const stream = receptionist.text.stream({ prompt: 'Hi' })
  t.is((await stream.next()).value, 'Well, ')
  await receptionist.dispose()
  await t.throwsAsync(stream.next(), { instanceOf: LifecycleError, code: 'STREAM_ABORTED' })
  t.true((await stream.next()).done)
})

test('silence within a stream is a timeout', async (t) => {
  const text = async function* () {
    yield 'Well, '
    await new Promise(() => {})
  }
  const { receptionist } = await open(t, 'openai', () => ({ text: text() }), { timeout: 1_500 })
  const expected = { instanceOf: ModelError, code: 'MODEL_STREAM_INTERRUPTED', message: /timeout/ }
  await t.throwsAsync(read(receptionist.text.stream({ prompt: 'Hi' })), expected)
})

test('a stream starts at the first read, which reports invalid arguments', async (t) => {
  const { receptionist, memory } = await open(t, 'openai', () => 'Hi.')
  receptionist.text.stream({ prompt: 'never read', conversationId: 'c1' })
  for (const options of [
    { prompt: ' ' },
    { prompt: 7 },
    {},
    undefined,
    { prompt: 'Hi', conversationId: '' },
  ]) {
    const stream = receptionist.text.stream(options)
    await t.throwsAsync(stream.next(), { instanceOf: ValidationError, code: 'INVALID_ARGUMENT' })
    t.true((await stream.next()).done)
  }
  t.deepEqual(await memory.search({}), [])
  await receptionist.dispose()
  await t.throwsAsync(receptionist.text.stream({ prompt: 'Hi' }).next(), { code: 'DISPOSED' })
})

test('many concurrent streams, half of them left early, block nothing', async (t) => {
  const { receptionist } = await open(t, 'openai', () => 'one two three four five')
  const conversations = Array.from({ length: 30 }, (_, n) => `c${n}`)
  const texts = await Promise.all(
    conversations.map(async (conversationId, n) => {
      let text = ''
      for await (const piece of receptionist.text.stream({ prompt: 'Go', conversationId })) {
        text += piece
        if (n % 2) break
      }
      return text
    }),
  )
  texts.forEach((text, n) => t.is(text, n % 2 ? 'one ' : 'one two three four five'))
})

test('a forgotten stream ends when it is garbage-collected, and frees its conversation', async (t) => {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc')
  const text = async function* () {
    for (;;) yield await wait(5, 'more ')
  }
  const script = [{ text: text() }, 'Yes?']
  const { receptionist, memory } = await open(t, 'openai', (_, n) => script[n])
  await receptionist.text.stream({ prompt: 'Talk', conversationId: 'c1' }).next()
  const next = receptionist.text.generate({ prompt: 'Stop', conversationId: 'c1' })
  const collecting = setInterval(gc, 20)
  t.is((await next).text, 'Yes?')
  clearInterval(collecting)
  t.is(mark(await memory.getConversationHistory('c1')), 'STREAM_ABORTED')
})
