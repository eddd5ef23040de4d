// The same conversations with every provider. The servers are as strict as the real APIs.
import { inspect } from 'node:util'
import test from 'ava'
import { AIReceptionist, ConfigurationError, ModelError } from '../../index.js'
import { API_KEY, PROVIDERS, startModel } from '../support/models/strict-model.mjs'
import { salesIdentity as identity } from '../support/fixtures.mjs'

/** An initialized receptionist with this model. It ends with the test. */
async function open(t, model, config = {}) {
  const receptionist = new AIReceptionist({
    agent: { identity },
    model,
    database: { connection: 'sqlite::memory:' },
    ...config,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return receptionist
}

/** An initialized receptionist whose model of this provider plays the script. */
async function openWith(t, provider, script, options = {}) {
  const { config, requests } = await startModel(t, script, provider)
  const receptionist = await open(t, { ...config, ...options })
  return { receptionist, requests, memory: receptionist.agent.memory }
}

const said = (memories) =>
  memories
    .filter(({ type, content }) => type === 'conversation' && content)
    .map(({ role, content }) => `${role}: ${content}`)

const remember = (key, value) => ({ name: 'remember_preference', parameters: { key, value } })
const recall = (key) => ({ name: 'recall_preference', parameters: { key } })

for (const provider of PROVIDERS) {
  test(`${provider}: a conversation over several turns, with rounds of parallel tool calls`, async (t) => {
    const script = [
      { text: 'One moment.', toolCalls: [remember('time', 'morning'), remember('food', 'fish')] },
      { toolCalls: [recall('time')] },
      'Noted: mornings.',
      { toolCalls: [recall('food')] },
      'You like fish.',
    ]
    const { receptionist, requests, memory } = await openWith(t, provider, (_, n) => script[n])
    const conversationId = 'c1'
    const first = await receptionist.text.generate({ prompt: 'Mornings, and fish.', conversationId })
    t.is(first.text, 'Noted: mornings.')
    t.is(first.metadata.provider, provider)
    t.regex(first.metadata.model, /^(gpt|claude|gemini)-/)
    t.deepEqual(first.metadata.toolsUsed, ['remember_preference', 'remember_preference', 'recall_preference'])
    t.true(first.metadata.toolResults.every(({ success }) => success))

    const second = await receptionist.text.generate({ prompt: 'What do I like?', conversationId })
    t.is(second.text, 'You like fish.')
    t.regex(JSON.stringify(requests[4]), /Mornings, and fish.*Noted: mornings.*What do I like\?.*fish/)
    t.deepEqual(said(await memory.getConversationHistory(conversationId)), [
      'user: Mornings, and fish.',
      'assistant: One moment.',
      'assistant: Noted: mornings.',
      'user: What do I like?',
      'assistant: You like fish.',
    ])
  })

  test(`${provider}: after eight rounds of tool calls the model must answer`, async (t) => {
    const { receptionist, requests } = await openWith(t, provider, (_, n) =>
      n < 8 ? { toolCalls: [recall('time')] } : 'That is all I know.',
    )
    t.is((await receptionist.text.generate({ prompt: 'Hi' })).text, 'That is all I know.')
    t.is(requests.length, 9)
  })

  test(`${provider}: missing tool call ids and invalid arguments are handled`, async (t) => {
    const script = [
      {
        toolCalls: [
          { ...recall('a'), id: null },
          { ...recall('b'), id: null },
          { name: 'recall_preference', parameters: {} },
        ],
      },
      'Sorry.',
    ]
    const { receptionist } = await openWith(t, provider, (_, n) => script[n])
    const { metadata } = await receptionist.text.generate({ prompt: 'Hi' })
    t.is(new Set(metadata.toolCalls.map(({ id }) => id)).size, 3)
    t.deepEqual(
      metadata.toolResults.map(({ success }) => success),
      [true, true, false],
    )
  })

  test(`${provider}: failures have codes, are retried where useful, and contain no key`, async (t) => {
    const again = { 'retry-after': '0' }
    const failures = [
      ['MODEL_AUTHENTICATION_FAILED', { status: 401, body: { error: { message: `bad ${API_KEY}` } } }, 1],
      ['MODEL_RATE_LIMITED', { status: 429, headers: again, body: {} }, 2],
      ['MODEL_REQUEST_REJECTED', { status: 404, body: { error: { type: 'not_found_error' } } }, 1],
      [
        'MODEL_UNAVAILABLE',
        { status: 529, headers: again, body: { error: { type: 'overloaded_error' } } },
        2,
      ],
      ['MODEL_UNAVAILABLE', { drop: true }, 2],
      ['MODEL_RESPONSE_INVALID', { body: '<html>' }, 1],
      ['MODEL_RESPONSE_INVALID', { body: {} }, 1],
    ]
    for (const [code, answer, attempts] of failures) {
      const options = { maxRetries: 1 }
      const { receptionist, requests, memory } = await openWith(t, provider, () => answer, options)
      const asked = receptionist.text.generate({ prompt: 'Are you there?', conversationId: 'c1' })
      const error = await t.throwsAsync(asked, { instanceOf: ModelError, code }, code)
      t.is(requests.length, attempts, code)
      t.false(inspect(error, { depth: 9 }).includes(API_KEY))
      t.deepEqual(said(await memory.getConversationHistory('c1')), ['user: Are you there?'])
    }
  })
}

test('a missing key names its environment variable', async (t) => {
  for (const [provider, variable] of [
    ['openai', /OPENAI_API_KEY/],
    ['openrouter', /OPENROUTER_API_KEY/],
    ['anthropic', /ANTHROPIC_API_KEY/],
    ['google', /GEMINI_API_KEY.*GOOGLE_API_KEY/],
  ]) {
    const receptionist = await open(t, { provider, model: 'm' })
    const expected = { instanceOf: ConfigurationError, code: 'INVALID_CONFIG', message: variable }
    await t.throwsAsync(receptionist.text.generate({ prompt: 'Hi' }), expected)
  }
})

test('an invalid model option is named by the constructor', (t) => {
  const refused = [
    [{ provider: 'telepathy', model: 'm' }, /model\.provider/],
    [{ provider: 'google' }, /model\.model/],
    [{ provider: 'anthropic', model: 'm', timeout: 0 }, /model\.timeout/],
    [{ provider: 'openai', model: 'm', baseUrl: 'localhost' }, /model\.baseUrl/],
  ]
  for (const [model, message] of refused) {
    const expected = { instanceOf: ConfigurationError, code: 'INVALID_CONFIG', message }
    t.throws(() => new AIReceptionist({ agent: { identity }, model }), expected)
  }
})
