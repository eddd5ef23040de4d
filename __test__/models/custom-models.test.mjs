// Custom models: their requests, valid answers, and misbehaviour.
import test from 'ava'
import { AIReceptionist, ConfigurationError, UserCodeError } from '../../index.js'
import { salesIdentity as identity } from '../support/fixtures.mjs'

/** An initialized receptionist with a custom model. */
async function open(t, model) {
  const receptionist = new AIReceptionist({
    agent: { identity },
    model: { provider: 'custom', ...model },
    database: { connection: 'sqlite::memory:' },
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { receptionist, memory: receptionist.agent.memory }
}

async function read(stream) {
  const pieces = []
  for await (const piece of stream) pieces.push(piece)
  return pieces
}

const marks = (memories) =>
  memories.filter(({ type }) => type === 'error').map(({ metadata }) => metadata.code)

test('a custom model receives one request format, tools and results included', async (t) => {
  const requests = []
  const { receptionist } = await open(t, {
    model: 'mine',
    temperature: 0.5,
    maxTokens: 100,
    chat(request) {
      requests.push(structuredClone(request))
      if (requests.length > 1) return { content: 'Noted.' }
      const call = { name: 'remember_preference', parameters: { key: 'time', value: 'morning' } }
      const text = { ...call, id: 'mine-1', parameters: JSON.stringify(call.parameters) }
      return { content: 'One moment.', toolCalls: [call, text] }
    },
  })
  const reply = await receptionist.text.generate({ prompt: 'Mornings.', conversationId: 'c1' })
  t.is(reply.text, 'Noted.')
  t.like(reply.metadata, { provider: 'custom', model: 'mine' })
  t.deepEqual(
    reply.metadata.toolResults.map(({ success }) => success),
    [true, true],
  )
  const [first, second] = requests
  t.like(first, { model: 'mine', temperature: 0.5, maxTokens: 100, conversationId: 'c1' })
  t.deepEqual(
    first.messages.map(({ role }) => role),
    ['system', 'user'],
  )
  t.true(first.tools.every(({ name, description, parameters }) => name && description && parameters.type))
  const [, user, assistant, ...results] = second.messages
  t.deepEqual(user, { role: 'user', content: 'Mornings.' })
  t.is(assistant.content, 'One moment.')
  t.deepEqual(
    results.map(({ role, toolCallId }) => [role, toolCallId]),
    assistant.toolCalls.map(({ id }) => ['tool', id]),
  )
  t.is(assistant.toolCalls[1].id, 'mine-1')
  t.truthy(assistant.toolCalls[0].id)
})

test('a custom model can be a class instance, and its method is looked up at every call', async (t) => {
  class Mine {
    provider = 'custom'
    itself = this
    big = 1n
    chat() {
      return { content: 'first' }
    }
  }
  const mine = new Mine()
  const receptionist = new AIReceptionist({ agent: { identity }, model: mine })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  t.is((await receptionist.text.generate({ prompt: 'Hi' })).text, 'first')
  mine.chat = async () => ({ content: 'second' })
  const { text, metadata } = await receptionist.text.generate({ prompt: 'Hi' })
  t.is(text, 'second')
  t.is(metadata.model, 'custom')
})

test('text.stream() yields text as it arrives from chat() or stream()', async (t) => {
  const pieces = async function* () {
    yield 'Hel'
    yield { content: 'lo' }
    yield { content: null, toolCalls: null }
  }
  const ways = [
    [{ chat: () => ({ content: 'Hello' }) }, ['Hello']],
    [{ chat: pieces }, ['Hel', 'lo']],
    [{ chat: () => t.fail(), stream: pieces }, ['Hel', 'lo']],
    [{ chat: () => t.fail(), stream: async () => ['Hel', 'lo'] }, ['Hel', 'lo']],
    [{ chat: () => t.fail(), stream: () => ({ content: 'Hello' }) }, ['Hello']],
  ]
  for (const [model, expected] of ways) {
    const { receptionist } = await open(t, model)
    const stream = receptionist.text.stream({ prompt: 'Hi', conversationId: 'c1' })
    t.deepEqual(await read(stream), expected)
    t.is(stream.response.text, 'Hello')
  }
  const { receptionist } = await open(t, { chat: pieces })
  t.is((await receptionist.text.generate({ prompt: 'Hi' })).text, 'Hello')
})

test('tool calls can be streamed in pieces', async (t) => {
  let asked = 0
  const { receptionist } = await open(t, {
    async *chat() {
      if (asked++ > 0) return yield 'Done.'
      yield 'Let me '
      yield { content: 'see.', toolCalls: [{ name: 'recall_preference', parameters: { key: 'a' } }] }
      yield { toolCalls: [{ name: 'recall_preference', parameters: { key: 'b' } }] }
    },
  })
  const stream = receptionist.text.stream({ prompt: 'Hi' })
  t.is((await read(stream)).join(''), 'Let me see.\n\nDone.')
  t.is(stream.response.metadata.toolsUsed.length, 2)
})

test('an error of a custom model reaches the caller unchanged, and the turn is stored as failed', async (t) => {
  const thrown = [new TypeError('sync'), 'a string', undefined, { code: 7 }]
  for (const value of thrown) {
    for (const chat of [
      () => {
        throw value
      },
      () => Promise.reject(value),
    ]) {
      const { receptionist, memory } = await open(t, { chat })
      for (const ask of [
        () => receptionist.text.generate({ prompt: 'Hi', conversationId: 'c1' }),
        () => read(receptionist.text.stream({ prompt: 'Hi', conversationId: 'c1' })),
      ]) {
        const caught = await ask().then(
          () => t.fail(),
          (error) => [error],
        )
        t.is(caught[0], value)
      }
      const memories = await memory.getConversationHistory('c1')
      t.deepEqual(marks(memories), ['USER_CODE_FAILED', 'USER_CODE_FAILED'])
    }
  }
})

test('an invalid answer is refused with an error code', async (t) => {
  const circular = {}
  circular.toolCalls = [{ name: 'x', parameters: { circular } }]
  const answers = [
    [undefined, /object/],
    [null, /object/],
    [42, /object/],
    ['text', /object/],
    [[], /object|neither/],
    [{}, /neither/],
    [{ content: 42 }, /content/],
    [{ toolCalls: 'all' }, /toolCalls/],
    [{ toolCalls: [{}] }, /toolCalls\[0\]\.name/],
    [{ toolCalls: [{ name: 'x', id: 7 }] }, /toolCalls\[0\]\.id/],
    [{ toolCalls: [{ name: 'x', parameters: { big: 1n } }] }, /parameters\.big/],
    [circular, /contains itself/],
  ]
  for (const [answer, message] of answers) {
    const { receptionist } = await open(t, { chat: () => answer })
    const expected = { instanceOf: UserCodeError, code: 'USER_CODE_INVALID', message }
    await t.throwsAsync(receptionist.text.generate({ prompt: 'Hi' }), expected)
    await t.throwsAsync(read(receptionist.text.stream({ prompt: 'Hi' })), expected)
  }
  const { receptionist } = await open(t, {
    chat: () => {},
    async *stream() {
      yield 42
    },
  })
  const expected = { instanceOf: UserCodeError, code: 'USER_CODE_INVALID', message: /model\.stream/ }
  await t.throwsAsync(read(receptionist.text.stream({ prompt: 'Hi' })), expected)
})

test('an error of a getter reaches the caller unchanged', async (t) => {
  const mine = new Error('mine')
  const answer = {
    get content() {
      throw mine
    },
  }
  const { receptionist } = await open(t, { chat: () => answer })
  t.is(await t.throwsAsync(receptionist.text.generate({ prompt: 'Hi' })), mine)
})

test('a promise that never settles times out', async (t) => {
  const signals = []
  const never = (_request, call) => {
    if (call) signals.push(call.signal)
    return new Promise(() => {})
  }
  const { receptionist } = await open(t, { chat: never, timeout: 50 })
  const expected = {
    instanceOf: UserCodeError,
    code: 'USER_CODE_TIMEOUT',
    message: /model\.\w+ did not settle/,
  }
  await t.throwsAsync(receptionist.text.generate({ prompt: 'Hi' }), expected)
  await t.throwsAsync(read(receptionist.text.stream({ prompt: 'Hi' })), expected)
  t.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, true],
  )

  // Long enough for the first piece on a busy machine.
  const stalls = await open(t, {
    timeout: 2_000,
    async *chat() {
      yield 'Well, '
      await never()
    },
  })
  const heard = []
  await t.throwsAsync(
    async () => {
      for await (const piece of stalls.receptionist.text.stream({ prompt: 'Hi', conversationId: 'c1' }))
        heard.push(piece)
    },
    { ...expected, message: /model\.stream\.next did not settle/ },
  )
  t.deepEqual(heard, ['Well, '])
  const memories = await stalls.memory.getConversationHistory('c1')
  t.like(
    memories.find(({ role }) => role === 'assistant'),
    { content: 'Well, ', metadata: { interrupted: true, code: 'USER_CODE_TIMEOUT' } },
  )
  t.deepEqual(marks(memories), ['USER_CODE_TIMEOUT'])
})

test('a custom model can use the receptionist while it answers', async (t) => {
  const { receptionist } = await open(t, {
    async chat({ conversationId, messages }) {
      if (conversationId === 'inner') return { content: 'from within' }
      const before = await receptionist.agent.memory.getConversationHistory(conversationId)
      const { text } = await receptionist.text.generate({ prompt: 'Hm?', conversationId: 'inner' })
      return { content: `${text}, ${before.length} of ${messages.length - 1}` }
    },
  })
  const { text } = await receptionist.text.generate({ prompt: 'Hi', conversationId: 'outer' })
  t.is(text, 'from within, 1 of 1')
})

test('leaving a stream stops the iterator, and the text so far is stored', async (t) => {
  let stopped
  const returned = new Promise((resolve) => (stopped = resolve))
  const { receptionist, memory } = await open(t, {
    async *chat() {
      try {
        for (let n = 0; ; n++) yield `${n} `
      } finally {
        stopped()
      }
    },
  })
  const stream = receptionist.text.stream({ prompt: 'Count', conversationId: 'c1' })
  for await (const piece of stream) if (piece === '3 ') break
  await returned
  t.is(stream.response, undefined)
  t.deepEqual(await stream.next(), { done: true, value: undefined })
  const memories = await memory.getConversationHistory('c1')
  t.deepEqual(
    memories.filter(({ type }) => type === 'conversation').map(({ role, content }) => [role, content]),
    [
      ['user', 'Count'],
      ['assistant', '0 1 2 3 '],
    ],
  )
  t.deepEqual(memories.at(-2).metadata, { interrupted: true, code: 'STREAM_ABORTED' })
  t.deepEqual(marks(memories), ['STREAM_ABORTED'])
})

test('a lone surrogate or NUL in an answer is replaced', async (t) => {
  const { receptionist } = await open(t, { chat: () => ({ content: 'a\ud800b\0c' }) })
  t.is((await receptionist.text.generate({ prompt: 'Hi' })).text, 'a\ufffdb\ufffdc')
})

test('a custom model without chat() is refused by the constructor', (t) => {
  for (const [model, message] of [
    [{ provider: 'custom' }, /model\.chat/],
    [{ provider: 'custom', chat: 'hello' }, /model\.chat/],
    [{ provider: 'openai', model: 'm', fallbacks: [{ provider: 'custom' }] }, /model\.fallbacks\[0\]\.chat/],
  ]) {
    const expected = { instanceOf: ConfigurationError, code: 'INVALID_CONFIG', message }
    t.throws(() => new AIReceptionist({ agent: { identity }, model }), expected)
  }
})
