// Models that fail or send garbage: an error code in bounded time and memory, no leaked key, the
// customer's message is stored, and the conversation goes on.
import { inspect } from 'node:util'
import test from 'ava'
import { AIReceptionist } from '../../index.js'
import { MB, answer, startFaulty } from '../support/providers/faulty-server.mjs'
import { API_KEY, PROVIDERS, startModel } from '../support/models/strict-model.mjs'
import { FAULTS } from '../support/providers/service-faults.mjs'
import { salesIdentity as identity } from '../support/fixtures.mjs'

/** The bytes that a socket and the operating system buffer before any reader takes them. */
const IN_FLIGHT = 16 * MB
/**
 * Memory limit for six concurrent answers in MB: a body has at most 16 MiB, is inspected in a copy,
 * and then parsed.
 */
const MEMORY = 400

/** An initialized receptionist with a model that fails on demand, and its log entries. */
async function openModel(t, provider, script, options) {
  const { config, requests } = await startModel(t, script, provider)
  const server = await startFaulty(t, config.baseUrl)
  const logged = []
  const receptionist = new AIReceptionist({
    agent: { identity },
    model: { ...config, baseUrl: server.url, maxRetries: 0, ...options },
    database: { connection: 'sqlite::memory:' },
    logger: (entry) => logged.push(entry),
    debug: true,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { receptionist, server, logged, requests, memory: receptionist.agent.memory }
}

const ways = {
  generate: async (receptionist, request) => (await receptionist.text.generate(request)).text,
  stream: async (receptionist, request) => {
    let text = ''
    for await (const piece of receptionist.text.stream(request)) text += piece
    return text
  },
}

const showsNo = (t, secret, ...shown) => {
  const text = inspect(shown, { depth: 30, showHidden: true, maxArrayLength: null, maxStringLength: null })
  t.false(text.includes(secret), 'a secret is shown')
}

const said = (memories) =>
  memories
    .filter(({ type, content }) => type === 'conversation' && content)
    .map(({ role, content }) => `${role}: ${content}`)

for (const [name, [expected, fault]] of Object.entries(FAULTS)) {
  test.serial(`models: ${name}`, async (t) => {
    const timeout = expected.slow ? 400 : 60_000
    const before = process.resourceUsage().maxRSS
    const elsewhere = await startFaulty(t)
    const scenes = PROVIDERS.flatMap((provider) => Object.keys(ways).map((way) => ({ provider, way })))
    await Promise.all(
      scenes.map(async ({ provider, way }) => {
        const scene = `${provider}, ${way}`
        const { receptionist, server, logged, requests, memory } = await openModel(
          t,
          provider,
          () => 'I am back.',
          { timeout },
        )
        server.fault = (socket, type) => fault(socket, type, elsewhere, server.asked.at(-1))
        const error = await t.throwsAsync(
          ways[way](receptionist, { prompt: 'Are you there?', conversationId: 'c1' }),
        )
        const code = way === 'stream' ? (expected.streamed ?? expected.model) : expected.model
        t.is(error.code, code, `${scene}: ${inspect(error)}`)
        t.is(server.asked.length, 1, scene)
        t.true(server.sent < 16 * MB + IN_FLIGHT, `${scene}: ${server.sent} bytes were taken`)
        server.fault = undefined
        // A busy machine may also be slow to answer.
        const again = { prompt: 'And now?', conversationId: 'c1' }
        let text
        while (text === undefined) {
          text = await ways[way](receptionist, again).catch((error) => {
            if (!expected.slow || error.code !== 'MODEL_TIMEOUT') throw error
          })
        }
        t.is(text, 'I am back.', scene)
        const memories = await memory.getConversationHistory('c1')
        t.is(said(memories)[0], 'user: Are you there?', scene)
        t.true(
          memories.some(({ type, metadata }) => type === 'error' && metadata.code === code),
          scene,
        )
        t.regex(JSON.stringify(requests.at(-1)), /Are you there\?.*And now\?/, scene)
        await receptionist.dispose()
        t.true(logged.some(({ message }) => message === 'Turn failed'))
        showsNo(t, API_KEY, error, logged, memories)
      }),
    )
    t.deepEqual(elsewhere.asked, [])
    const grown = (process.resourceUsage().maxRSS - before) / 1024
    t.true(grown < MEMORY, `${grown} MB`)
  })
}

const toolCall = (name, parameters, id) => ({ name, parameters, id })
const deep = (levels) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`
/** Invalid requests of models: the model gets an error, and the conversation goes on. */
const CALLS = {
  'arguments that are no JSON': toolCall('recall_preference', '{"key": "ti'),
  'arguments of another kind': toolCall('recall_preference', '[1, null]'),
  'arguments without a bottom': toolCall('recall_preference', deep(100_000)),
  'arguments deeper than databases hold': toolCall('recall_preference', deep(60)),
  'arguments of 2 MB': toolCall('recall_preference', JSON.stringify({ other: 'x'.repeat(2 * MB) })),
  'arguments that databases do not hold': toolCall('recall_preference', '{"other":"\\u0000 \\ud800"}'),
  'an unknown tool': toolCall('fly_to_the_moon', {}),
  'a tool whose name no API accepts': toolCall('Größe\u0000 "👋" '.repeat(50), {}),
  'a tool whose name is empty': toolCall('', {}),
  'a name of 1 MB': toolCall('x'.repeat(MB), {}),
  'an id of 1 MB': toolCall('recall_preference', {}, 'x'.repeat(MB)),
}

for (const [name, call] of Object.entries(CALLS)) {
  test(`models: ${name}`, async (t) => {
    for (const provider of PROVIDERS) {
      for (const way of Object.keys(ways)) {
        const script = [{ toolCalls: [call, call] }, 'That did not work.', 'Yes?']
        const { receptionist, requests, memory } = await openModel(
          t,
          provider,
          (_, n) => script.at(n) ?? script.at(-1),
        )
        const conversationId = 'c1'
        const text = await ways[way](receptionist, { prompt: 'Do it', conversationId })
        t.is(text, 'That did not work.')
        t.is(await ways[way](receptionist, { prompt: 'And now?', conversationId }), 'Yes?')
        // OpenAI refuses it, although its schema allows it.
        if (provider === 'openai') {
          const ids = requests.flatMap(({ messages }) =>
            messages.flatMap(({ tool_calls = [] }) => tool_calls),
          )
          t.true(ids.length > 0 && ids.every(({ id }) => id.length <= 40))
        }
        const memories = await memory.getConversationHistory(conversationId)
        const ran = memories.filter(({ type }) => type === 'tool_execution')
        t.deepEqual(
          ran.map(({ metadata }) => metadata.status),
          ['failed', 'failed'],
        )
      }
    }
  })
}

test('models: an answer with thousands of tool calls runs none of them', async (t) => {
  const toolCalls = Array.from({ length: 5_000 }, (_, n) => toolCall('recall_preference', { key: `k${n}` }))
  for (const provider of PROVIDERS) {
    for (const way of Object.keys(ways)) {
      const script = [{ toolCalls }, { toolCalls: toolCalls.slice(0, 128) }, 'Yes?']
      const { receptionist, memory } = await openModel(t, provider, (_, n) => script.at(n) ?? script.at(-1))
      const asked = ways[way](receptionist, { prompt: 'Do it', conversationId: 'c1' })
      await t.throwsAsync(asked, { code: 'MODEL_RESPONSE_INVALID', message: /more than 128 tools/ })
      const memories = await memory.getConversationHistory('c1')
      t.deepEqual(
        memories.map(({ type }) => type),
        ['conversation', 'error'],
      )
      t.is(await ways[way](receptionist, { prompt: 'And now?', conversationId: 'c1' }), 'Yes?')
      t.is((await memory.search({ type: 'tool_execution', limit: 1_000 })).length, 128)
    }
  }
})

test('models: a custom model is limited in tool calls and length of the answer', async (t) => {
  const toolCalls = Array.from({ length: 129 }, () => ({
    name: 'recall_preference',
    parameters: { key: 'k' },
  }))
  let closed = 0
  async function* without(end) {
    try {
      for (;;) yield end
    } finally {
      closed += 1
    }
  }
  const models = [
    { chat: () => ({ toolCalls }) },
    { chat: () => without({ toolCalls: toolCalls.slice(0, 50) }) },
    { chat: () => without('x'.repeat(MB)) },
  ]
  for (const model of models) {
    const receptionist = new AIReceptionist({
      agent: { identity },
      model: { provider: 'custom', ...model },
      database: { connection: 'sqlite::memory:' },
    })
    t.teardown(() => receptionist.dispose())
    await receptionist.initialize()
    await t.throwsAsync(ways.stream(receptionist, { prompt: 'Do it', conversationId: 'c1' }), {
      code: 'USER_CODE_INVALID',
    })
    const memories = await receptionist.agent.memory.getConversationHistory('c1')
    t.is(said(memories)[0], 'user: Do it')
  }
  t.is(closed, 2)
})

/** Answers and events of every API with fields of another type. */
const shapes = (odd) => [
  { choices: odd },
  { choices: [odd] },
  { choices: [{ message: odd, delta: odd, finish_reason: odd }] },
  { choices: [{ message: { content: odd, tool_calls: odd }, delta: { content: odd, tool_calls: [odd] } }] },
  { choices: [{ delta: { tool_calls: [{ index: odd, id: odd, function: odd }] } }] },
  { content: odd },
  { content: [odd], stop_reason: odd },
  { content: [{ type: 'tool_use', id: odd, name: odd, input: odd }] },
  { type: 'content_block_start', index: 1, content_block: odd },
  { type: 'content_block_delta', index: 1, delta: { text: 'x', partial_json: '{' } },
  { type: 'content_block_start', index: odd, content_block: { type: 'tool_use', name: odd, text: odd } },
  { type: 'content_block_delta', index: odd, delta: { text: odd, partial_json: '{' } },
  { type: 'content_block_delta', index: odd, delta: odd },
  { type: 'message_delta', delta: odd },
  { candidates: odd, promptFeedback: odd },
  { candidates: [odd] },
  { candidates: [{ content: odd, finishReason: odd }] },
  { candidates: [{ content: { parts: odd } }] },
  { candidates: [{ content: { parts: [odd, { functionCall: odd, thoughtSignature: odd }] } }] },
  odd,
]

test('models: malformed answers and events of every shape', async (t) => {
  const odd = [null, 5, 'x', [], [null], {}, { type: 7 }].map(shapes)
  const events = (list) => list.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
  for (const provider of PROVIDERS) {
    const { receptionist, server } = await openModel(t, provider, () => 'I am back.')
    const ask = async (way, body) => {
      server.fault = (socket, type) => answer(socket, 200, { 'content-type': type }, body)
      // An answer, or an error code for models.
      const outcome = await ways[way](receptionist, { prompt: 'Hello?' }).catch(({ code }) => code)
      t.notRegex(outcome, /^(?!MODEL_)[A-Z_]+$/, `${provider} ${way} ${body}`)
    }
    for (const shape of [...odd.flat(), { error: odd.flat() }]) {
      await ask('generate', JSON.stringify(shape))
      await ask('stream', events([shape]))
    }
    for (const list of odd) await ask('stream', events(list))
    server.fault = undefined
    t.is(await ways.stream(receptionist, { prompt: 'And now?' }), 'I am back.')
  }
})

test('models: invalid UTF-8 is replaced', async (t) => {
  const { receptionist, server } = await openModel(t, 'openai')
  server.fault = (socket) => {
    const body = ['{"choices":[{"message":{"content":"caf', '"}}]}'].map((text) => Buffer.from(text))
    answer(
      socket,
      200,
      { 'content-type': 'application/json' },
      Buffer.concat([body[0], Buffer.of(0xe9), body[1]]),
    )
  }
  for (const way of Object.keys(ways)) t.is(await ways[way](receptionist, { prompt: 'Hi' }), 'caf\u{fffd}')
})
