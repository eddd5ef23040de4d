// Transcripts that chat templates and services require: alternating roles, and ids of tool calls.
import test from 'ava'
import { call, openRaw, ways } from '../support/models/raw-model.mjs'

const roles = ({ messages }) => messages.map(({ role }) => role).join(' ')

/**
 * Errors of templates: “Conversation roles must alternate user/assistant” (Mistral, Gemma and Llama
 * 2 in vLLM, llama.cpp and LM Studio: microsoft/autogen #1037 and #3597, run-llama/llama_index
 * #11731), “System message must be at the beginning” (Qwen 3.5), and Mistral’s API “Unexpected role
 * 'user' after role 'tool'” (code 3230).
 */
function problemOf({ messages }) {
  const [first, ...rest] = messages
  if (first.role !== 'system') return 'no instructions'
  if (rest.some(({ role }) => role === 'system')) return 'instructions in the middle'
  let expected = 'user'
  for (const { role, tool_calls, content } of rest) {
    if (role === 'tool' || tool_calls) continue
    if (role !== expected) return `${role} instead of ${expected}`
    if (typeof content !== 'string' || content.trim() === '') return `${role} without words`
    expected = role === 'user' ? 'assistant' : 'user'
  }
  return rest.some(({ role }, n) => role === 'tool' && rest[n + 1]?.role === 'user')
    ? 'user after tool'
    : undefined
}

/** A model with this template. */
const strict = (script) => (body, n) => {
  const problem = problemOf(body)
  return problem ? { status: 400, body: { object: 'error', message: problem } } : script(body, n)
}

const recall = (id) => call('recall_preference', { key: 'x' }, id)
const asks = { tool_calls: [recall('abcdefgh1')] }
const fails = { status: 500, body: { error: 'busy' } }
const says = (content) => ({ content })

/** Conversations so far, as answers of the model. The model is then asked once more. */
const PASTS = [
  ['nothing', []],
  ['an answer', [says('a')]],
  ['a failed turn', [fails]],
  ['two failed turns', [fails, fails]],
  ['a failed turn between answers', [says('a'), fails, says('b')]],
  ['a tool and an answer', [asks, says('a')]],
  ['a turn that failed after its tool', [asks, fails]],
  ['two that failed after their tools', [asks, fails, asks, fails]],
  ['words before a tool', [{ content: 'One moment.', ...asks }, says('a')]],
  ['words before a tool, and a failure', [{ content: 'One moment.', ...asks }, fails]],
  ['several rounds of tools', [asks, asks, says('a')]],
  ['several calls at once', [{ tool_calls: [recall('abcdefgh1'), recall('abcdefgh2')] }, says('a')]],
]

for (const [name, past] of PASTS) {
  test(`roles alternate after ${name}`, async (t) => {
    const script = strict((_, n) => past[n] ?? says('ok'))
    const { receptionist, requests } = await openRaw(t, script)
    const ask = (way) => ways[way](receptionist, { prompt: 'Hello', conversationId: 'c' })
    while (requests.length < past.length)
      await ask('generate').catch((error) => t.is(error.code, 'MODEL_UNAVAILABLE'))
    t.is(await ask('generate'), 'ok', roles(requests.at(-1).body))
    t.is(await ask('stream'), 'ok', roles(requests.at(-1).body))
  })
}

test('consecutive messages of one role are merged in order', async (t) => {
  const { receptionist, requests } = await openRaw(t, (_, n) => (n < 2 ? fails : says('ok')))
  const conversationId = 'c'
  for (const prompt of ['One', 'Two'])
    await receptionist.text.generate({ prompt, conversationId }).catch(() => {})
  await receptionist.text.generate({ prompt: 'Three', conversationId })
  t.deepEqual(requests.at(-1).body.messages.slice(1), [{ role: 'user', content: 'One\n\nTwo\n\nThree' }])
})

test('the transcript of a call with a greeting starts with a user message', async (t) => {
  const communication = {
    twilio: {
      accountSid: `AC${'0'.repeat(32)}`,
      authToken: 'token',
      phoneNumber: '+15550001111',
      webhookBaseUrl: 'https://example.com',
    },
  }
  const { receptionist, requests } = await openRaw(
    t,
    strict(() => says('ok')),
    { providers: { communication } },
  )
  const call = { CallSid: 'CA9', From: '+15557650001', To: '+15550001111', Direction: 'inbound' }
  await receptionist.handleVoiceWebhook({ ...call, CallStatus: 'ringing' })
  await receptionist.handleVoiceWebhook({ ...call, CallStatus: 'in-progress', SpeechResult: 'Hello' })
  t.is(roles(requests.at(-1).body), 'system user assistant user')
})

test('a model that rejects the system role gets the instructions in the first user message from then on', async (t) => {
  const refusals = [
    [
      400,
      {
        error: {
          message: "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
        },
      },
    ],
    [500, { error: { message: 'Jinja Exception: System role not supported' } }],
    [
      400,
      [{ error: { code: 400, message: 'Developer instruction is not enabled for models/gemma-3-27b-it' } }],
    ],
  ]
  for (const [status, body] of refusals) {
    const script = ({ messages }) => (messages[0].role === 'system' ? { status, body } : says('ok'))
    for (const ask of Object.values(ways)) {
      const { receptionist, requests } = await openRaw(t, script)
      for (const prompt of ['Hi', 'And?'])
        t.is(await ask(receptionist, { prompt, conversationId: 'c' }), 'ok')
      t.is(requests.length, 3)
      t.regex(requests[2].body.messages[0].content, /Sarah[^]*\n\nHi$/)
    }
  }
})

const ids = ({ messages }) =>
  messages.flatMap(({ tool_calls, tool_call_id }) => [
    ...(tool_calls ?? []).map(({ id }) => id),
    ...(tool_call_id === undefined ? [] : [tool_call_id]),
  ])

/** Tool call ids of services. */
const GIVEN = [
  ['OpenAI', 'call_8sjKdE2nQpLmN0vB4cXz'],
  ['Anthropic', 'toolu_01A09q90qw90lq917835lq9'],
  ['Kimi K2 (moonshotai, docs/tool_call_guidance.md)', 'functions.recall_preference:0'],
  ['vLLM', 'chatcmpl-tool-53f2c9f9a0e94b5f9f0d'],
  ['Gemini', 'function-call-14794089439474561436'],
  ['llama.cpp', 'Pp6UxZn1uTkG3KkV9xKpV2sR0b7YbCde'],
  ['Mistral', 'D681PevKs'],
  ['eca #233', '2968-LWy3uasib'],
  ['ironclaw #1241', 'turn1_0'],
  ['mistral-vibe #1075', 'ee61e87d-25d8-4bad-8e47-02939eb234c5'],
  ['a name', 'recall_preference'],
  ['too long', 'x'.repeat(60)],
  ['none', undefined],
]

/** Id formats that the next service accepts. */
const TAKEN = [
  ['mistral-small-latest', /^[a-zA-Z0-9]{9}$/],
  ['mistralai/devstral-medium-2512', /^[a-zA-Z0-9]{9}$/],
  ['anthropic/claude-sonnet-4.5', /^[a-zA-Z0-9_-]{1,64}$/],
  ['gpt-4o', /^.{1,40}$/],
]

for (const [source, id] of GIVEN) {
  test(`tool call ids have the format that the model accepts: ${source}`, async (t) => {
    for (const [model, form] of TAKEN) {
      const script = ({ messages }) =>
        messages.at(-1).role === 'tool' ? says('ok') : { tool_calls: [recall(id), recall(id)] }
      const { receptionist, requests } = await openRaw(t, script, { model: { model } })
      for (const prompt of ['Hi', 'Again']) await receptionist.text.generate({ prompt, conversationId: 'c' })
      const [first] = requests[1].body.messages.filter((message) => message.tool_calls)
      const sent = ids(requests[3].body)
      t.true(
        sent.every((id) => form.test(id)),
        sent.join(),
      )
      t.is(sent.length, 8)
      // Every call has a unique id, and its result has the same id.
      t.deepEqual([sent[2], sent[3], sent[6], sent[7]], [sent[0], sent[1], sent[4], sent[5]])
      t.is(new Set(sent).size, 4)
      t.deepEqual(
        first.tool_calls.map(({ id }) => id),
        sent.slice(0, 2),
      )
    }
  })
}

test('a model that rejects long tool call ids gets short ones from then on', async (t) => {
  const message = 'Tool call id was call_abc but must be a-z, A-Z, 0-9, with a length of 9.'
  for (const [status, body] of [
    [400, { object: 'error', message, type: 'invalid_function_call', code: '3280' }],
    [500, { detail: message }],
  ]) {
    const script = (request) => {
      if (ids(request).some((id) => !/^[a-zA-Z0-9]{9}$/.test(id))) return { status, body }
      return request.messages.at(-1).role === 'tool' ? says('ok') : { tool_calls: [recall('call_abcdefgh')] }
    }
    const { receptionist, requests } = await openRaw(t, script)
    for (const prompt of ['Hi', 'Again'])
      t.is(await ways.generate(receptionist, { prompt, conversationId: 'c' }), 'ok')
    t.is(requests.length, 5)
  }
})
