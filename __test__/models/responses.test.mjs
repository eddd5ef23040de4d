// Responses and streams of services and gateways: what counts as an answer, as a failure, and as a
// tool call.
import test from 'ava'
import { DONE, call, chunk, completion, event, openRaw, ways } from '../support/models/raw-model.mjs'

const said = (text) => chunk({ content: text })
const half = { message: { role: 'assistant', content: 'The price is' } }

/** Each row: source, a 200 response with a failure, and its code. */
const FAILURES = [
  [
    'OpenRouter (docs, “Errors”)',
    { error: { code: 502, message: 'Provider returned error' } },
    'MODEL_UNAVAILABLE',
  ],
  [
    'OpenRouter, in the choice',
    completion({}, { ...half, finish_reason: 'error', error: { code: 524, message: 'x' } }),
    'MODEL_UNAVAILABLE',
  ],
  [
    'OpenRouter, limited',
    completion({}, { ...half, error: { code: 429, message: 'x' } }),
    'MODEL_RATE_LIMITED',
  ],
  ['OpenRouter, without words', completion({}, { ...half, finish_reason: 'error' }), 'MODEL_UNAVAILABLE'],
  [
    'DeepSeek',
    completion({}, { ...half, finish_reason: 'insufficient_system_resource' }),
    'MODEL_UNAVAILABLE',
  ],
  ['vLLM', completion({}, { ...half, finish_reason: 'abort' }), 'MODEL_UNAVAILABLE'],
  ['an empty reason', completion({}, { ...half, finish_reason: '' }), 'MODEL_UNAVAILABLE', 'whole'],
  ['in capitals', completion({}, { ...half, finish_reason: 'ERROR' }), 'MODEL_UNAVAILABLE'],
  [
    'Gemini behind a gateway',
    completion({}, { ...half, finish_reason: 'MALFORMED_FUNCTION_CALL' }),
    'MODEL_UNAVAILABLE',
  ],
  ['a gateway that gives up', completion({}, { ...half, finish_reason: 'timeout' }), 'MODEL_UNAVAILABLE'],
  [
    'in the message',
    completion(
      {},
      { finish_reason: 'stop', message: { ...half.message, error: { message: 'x', code: 502 } } },
    ),
    'MODEL_UNAVAILABLE',
  ],
  [
    'MiniMax',
    { choices: null, base_resp: { status_code: 1004, status_msg: 'login fail' } },
    'MODEL_UNAVAILABLE',
  ],
  ['Baidu', { error_code: 336000, error_msg: 'Internal error' }, 'MODEL_UNAVAILABLE'],
  ['Cloudflare', { success: false, errors: [{ code: 5007, message: 'No such model' }] }, 'MODEL_UNAVAILABLE'],
  ['FastAPI', { detail: 'Model is loading' }, 'MODEL_UNAVAILABLE'],
  ['iFlow', { status: 435, msg: 'Model not support', body: null }, 'MODEL_REQUEST_REJECTED'],
  ['Z.ai', completion({}, { ...half, finish_reason: 'network_error' }), 'MODEL_UNAVAILABLE'],
  [
    'LM Studio',
    { error: 'Unexpected endpoint or method. (POST /chat/completions)' },
    'MODEL_REQUEST_REJECTED',
  ],
  ['vLLM, older', { object: 'error', message: 'busy', code: 503 }, 'MODEL_UNAVAILABLE'],
  ['Mistral', { object: 'error', message: 'Service unavailable', code: '3505' }, 'MODEL_UNAVAILABLE'],
  ['Google', [{ error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } }], 'MODEL_UNAVAILABLE'],
  ['Groq', { error: { type: 'rate_limit_exceeded', message: 'x' } }, 'MODEL_RATE_LIMITED'],
  ['OpenAI', { error: { code: 'insufficient_quota', message: 'x' } }, 'MODEL_RATE_LIMITED'],
  ['a gateway that checks keys', { error: { code: '401', message: 'x' } }, 'MODEL_AUTHENTICATION_FAILED'],
  ['LiteLLM', { error: { code: '400', message: 'ContextWindowExceeded' } }, 'MODEL_REQUEST_REJECTED'],
  ['no choices', { id: 'x', object: 'chat.completion', choices: [] }, 'MODEL_RESPONSE_INVALID'],
]

for (const [source, body, code, kind] of FAILURES) {
  test(`an error in a 200 response is an error: ${source}`, async (t) => {
    const scripts = [
      () => ({ body }),
      ({ stream }) => (stream ? { events: [body, DONE] } : { body }),
      ({ stream }) => (stream ? { events: [`event: x\n`, body, DONE] } : { body }),
    ]
    // An event that means nothing in a stream is a failure in a whole response.
    for (const script of kind === 'whole' ? scripts.slice(0, 1) : scripts) {
      for (const ask of Object.values(ways)) {
        const { receptionist, memory } = await openRaw(t, script)
        await t.throwsAsync(ask(receptionist, { prompt: 'Price?', conversationId: 'c' }), { code })
        const stored = await memory.getConversationHistory('c')
        t.false(JSON.stringify(stored).includes('The price is'))
      }
    }
    const second = await openRaw(t, () => ({ content: 'Five.' }))
    const { baseUrl } = second.receptionist.getConfig().model
    const fallbacks = [{ provider: 'openai', apiKey: 'sk-other', model: 'n', baseUrl }]
    const { receptionist } = await openRaw(t, scripts[kind === 'whole' ? 0 : 1], { model: { fallbacks } })
    for (const ask of Object.values(ways)) t.is(await ask(receptionist, { prompt: 'Price?' }), 'Five.')
  })
}

/** Each row: source, events, and the resulting text or code. */
const STREAMS = [
  ['NIM: [DONE] without a reason', [said('Yes.'), DONE], 'Yes.'],
  ['a reason and no [DONE]', [said('Yes.'), chunk({}, 'stop')], 'Yes.'],
  ['the reason with the words', [chunk({ content: 'Yes.' }, 'stop'), DONE], 'Yes.'],
  [
    'Azure: an event without choices first',
    [{ choices: [], prompt_filter_results: [] }, said('Yes.'), DONE],
    'Yes.',
  ],
  ['usage last', [said('Yes.'), chunk({}, 'stop'), { choices: [], usage: {} }, DONE], 'Yes.'],
  [
    'an empty reason in every piece',
    [chunk({ content: 'Yes.' }, ''), chunk({ content: ' No.' }, ''), DONE],
    'Yes. No.',
  ],
  [
    'an empty reason, and the connection breaks',
    [chunk({ content: 'Yes' }, '')],
    'MODEL_STREAM_INTERRUPTED',
    true,
  ],
  ['the connection breaks', [said('Yes')], 'MODEL_STREAM_INTERRUPTED', true],
  ['it ends without an end', [said('Yes')], 'MODEL_STREAM_INTERRUPTED'],
  ['it breaks before the first word', [chunk({ role: 'assistant' })], 'MODEL_UNAVAILABLE', true],
  ['it breaks after the end', [said('Yes.'), chunk({}, 'stop')], 'Yes.', true],
  ['nothing but [DONE]', [DONE], 'MODEL_RESPONSE_INVALID'],
  [
    'OpenRouter: an error after words',
    [said('Yes'), { error: { code: 502, message: 'x' }, choices: [] }],
    'MODEL_STREAM_INTERRUPTED',
  ],
  [
    'OpenRouter: an error in the choice',
    [chunk({ content: '' }, 'error', { error: { code: 502, message: 'x' } })],
    'MODEL_UNAVAILABLE',
  ],
  ['a reason that is a failure, after words', [said('Yes'), chunk({}, 'error')], 'MODEL_STREAM_INTERRUPTED'],
  [
    'TGI: an event called error',
    ['event: error\ndata: {"message":"overloaded","http_status_code":422}\n\n'],
    'MODEL_REQUEST_REJECTED',
  ],
  ['an event called error, in plain text', ['event: error\ndata: upstream failed\n\n'], 'MODEL_UNAVAILABLE'],
  ['OpenRouter: comments', [': OPENROUTER PROCESSING\n\n', said('Yes.'), ': ping\n\n', DONE], 'Yes.'],
  ['CRLF', [`data: ${JSON.stringify(said('Yes.'))}\r\n\r\ndata: [DONE]\r\n\r\n`], 'Yes.'],
  ['CR', [`data: ${JSON.stringify(said('Yes.'))}\r\rdata: [DONE]\r\r`], 'Yes.'],
  ['no space', [`data:${JSON.stringify(said('Yes.'))}\n\ndata:[DONE]\n\n`], 'Yes.'],
  [
    'fields beside',
    [`id: 7\nevent: completion\nretry: 5\ndata: ${JSON.stringify(said('Yes.'))}\n\n`, DONE],
    'Yes.',
  ],
  ['a byte order mark', [`\ufeff${event(said('One '))}`, said('two'), DONE], 'One two'],
  ['a byte order mark before a comment', [`\ufeff: hello\n\n${event(said('Yes.'))}`, DONE], 'Yes.'],
  [
    'a whole message instead of a piece',
    [{ choices: [{ message: { content: 'Yes.' }, finish_reason: 'stop' }] }],
    'Yes.',
  ],
  [
    'one line end between events',
    [`data: ${JSON.stringify(said('One '))}\n`, `data: ${JSON.stringify(said('two'))}\n`, 'data: [DONE]\n'],
    'One two',
  ],
  [
    'Ollama: an error in a line of its own',
    ['{"error":{"message":"x","code":400}}\n'],
    'MODEL_REQUEST_REJECTED',
  ],
  ['an event called ERROR', ['event: ERROR\ndata: {"code":503}\n\n'], 'MODEL_UNAVAILABLE'],
  ['[done]', [said('Yes.'), 'data: [done]\n\n'], 'Yes.'],
  ['no empty line at the end', [said('Yes.'), `data: ${JSON.stringify(chunk({}, 'stop'))}`], 'Yes.'],
  ['events cut anywhere', [...(event(said('Größe 👋')) + DONE)], 'Größe 👋'],
  ['a reason of its own', [said('Yes.'), chunk({}, 'eos_token')], 'Yes.'],
  ['cut at the limit', [said('Yes, and'), chunk({}, 'length')], 'Yes, and'],
]

for (const [source, events, expected, cut] of STREAMS) {
  test(`a stream: ${source}`, async (t) => {
    const { receptionist } = await openRaw(t, () => ({ events, cut }), { model: { model: 'gpt-4o' } })
    const outcome = await ways.stream(receptionist, { prompt: 'Hi' }).catch(({ code }) => code)
    t.is(outcome, expected)
  })
}

test('a body can start with a byte order mark, and can be whole where a stream was requested', async (t) => {
  const body = `\ufeff${JSON.stringify(completion({ content: 'Yes.' }))}`
  for (const type of ['application/json', 'application/json; charset=utf-8', 'application/vnd.api+json']) {
    const { receptionist } = await openRaw(t, () => ({ body, headers: { 'content-type': type } }))
    for (const ask of Object.values(ways)) t.is(await ask(receptionist, { prompt: 'Hi' }), 'Yes.')
  }
})

test('a server can stream without being asked, with a JSON content type', async (t) => {
  const body = `${event(said('One '))}${event(chunk({ content: 'two.' }, 'stop'))}${DONE}`
  const failed = `${event(said('One '))}${event({ error: { code: 503, message: 'x' } })}`
  for (const type of ['text/event-stream', 'application/json', 'text/plain']) {
    const headers = { 'content-type': type }
    const { receptionist } = await openRaw(t, () => ({ body, headers }))
    for (const ask of Object.values(ways)) t.is(await ask(receptionist, { prompt: 'Hi' }), 'One two.')
    const broken = await openRaw(t, () => ({ body: failed, headers }))
    const cut = await openRaw(t, () => ({ body: event(said('One ')), headers }))
    for (const { receptionist } of [broken, cut]) {
      for (const ask of Object.values(ways)) {
        await t.throwsAsync(ask(receptionist, { prompt: 'Hi' }), { code: 'MODEL_UNAVAILABLE' })
      }
    }
  }
})

const log = (n, id, more) => call('log', { n }, id, more)
const delta = (...tool_calls) => chunk({ tool_calls })
const fn = (name, args) => ({ function: { name, arguments: args } })

/** Each row: source, pieces of calls, and the arguments that the tool gets. */
const CALLS = [
  ['Gemini, no index and no ids', [delta(log(1), log(2))], [1, 2]],
  ['Gemini (AstrBot #6661), an event each', [delta(log(1)), delta(log(2))], [1, 2]],
  ['Gemini (OpenMAIC #1556), ids and no index', [delta(log(1, 'a')), delta(log(2, 'b'))], [1, 2]],
  [
    'gcli2api #406, every index 0',
    [
      delta({ index: 0, ...log(1, 'a') }),
      delta({ index: 0, ...log(2, 'b') }),
      delta({ index: 0, ...log(3, 'c') }),
    ],
    [1, 2, 3],
  ],
  [
    'omnigent #28, one event, every index 0',
    [delta({ index: 0, ...log(1) }, { index: 0, ...log(2) })],
    [1, 2],
  ],
  [
    'lens #49, arguments of the second under the first',
    [
      delta({ index: 0, id: 'a', ...fn('log', '') }),
      delta({ index: 0, ...fn('', '{"n":1}') }),
      delta({ index: 0, ...fn('', '{"n":2}') }),
    ],
    [1, 2],
  ],
  [
    'Ollama, arguments as an object',
    [delta({ index: 0, id: 'a', ...fn('log', { n: 1 }) }, { index: 1, id: 'b', ...fn('log', { n: 2 }) })],
    [1, 2],
  ],
  [
    'empty ids',
    [delta({ id: '', ...fn('log', '{"n":1}') }), delta({ id: '', ...fn('log', '{"n":2}') })],
    [1, 2],
  ],
  [
    'ids null',
    [
      delta({ index: 0, id: null, ...fn('log', '{"n":1}') }),
      delta({ index: 1, id: null, ...fn('log', '{"n":2}') }),
    ],
    [1, 2],
  ],
  [
    'vLLM, an id of its own for every piece',
    [
      delta({ index: 0, id: 'a', ...fn('log', '{"n"') }),
      delta({ index: 0, id: 'b', ...fn(null, ':1') }),
      delta({ index: 0, id: 'c', ...fn(undefined, '}') }),
    ],
    [1],
  ],
  [
    'the name in every piece',
    [
      delta({ index: 0, ...fn('log', '') }),
      delta({ index: 0, ...fn('log', '{"n"') }),
      delta({ index: 0, ...fn('log', ':1}') }),
    ],
    [1],
  ],
  [
    'a last piece with the name alone',
    [delta({ index: 0, ...fn('log', '{"n":1}') }), delta({ index: 0, ...fn('log', '') })],
    [1],
  ],
  [
    'OpenAI, woven',
    [
      delta({ index: 0, id: 'a', ...fn('log', '') }),
      delta({ index: 1, id: 'b', ...fn('log', '{"n"') }),
      delta({ index: 0, ...fn(undefined, '{"n":1}') }),
      delta({ index: 1, ...fn(undefined, ':2}') }),
    ],
    [1, 2],
  ],
  ['indexes from 1', [delta({ index: 1, ...log(1, 'a') }), delta({ index: 2, ...log(2, 'b') })], [1, 2]],
  ['one call that is no list', [chunk({ tool_calls: { index: 0, ...log(1, 'a') } })], [1]],
  [
    'before 2024: function_call',
    [
      chunk({ function_call: { name: 'log', arguments: '{"n"' } }),
      chunk({ function_call: { arguments: ':1}' } }),
    ],
    [1],
  ],
  ['JSON within JSON', [delta({ index: 0, id: 'a', ...fn('log', JSON.stringify('{"n":1}')) })], [1]],
]

function logger(ran) {
  const parameters = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }
  return { name: 'log', description: 'x', parameters, handlers: { default: ({ n }) => void ran.push(n) } }
}

for (const [source, events, expected] of CALLS) {
  test(`streamed tool calls: ${source}`, async (t) => {
    const ran = []
    const script = ({ messages }) =>
      messages.at(-1).role === 'tool'
        ? { content: 'ok' }
        : { events: [...events, chunk({}, 'tool_calls'), DONE] }
    const { receptionist } = await openRaw(t, script, { tools: { custom: [logger(ran)] } })
    t.is(await ways.stream(receptionist, { prompt: 'Hi' }).catch(({ code }) => code), 'ok')
    t.deepEqual(ran.sort(), expected)
  })
}

/** Each row: source, and a whole message with calls. */
const MESSAGES = [
  ['Ollama', { tool_calls: [{ id: 'a', ...fn('log', { n: 1 }) }] }],
  ['no ids', { tool_calls: [fn('log', '{"n":1}')] }],
  ['content null', { content: null, tool_calls: [log(1, 'a')] }],
  ['content empty', { content: '', tool_calls: [log(1, 'a')] }],
  ['no content', { content: undefined, tool_calls: [log(1, 'a')] }],
  ['function_call', { function_call: { name: 'log', arguments: '{"n":1}' } }],
  [
    'function_call beside an empty list',
    { tool_calls: [], function_call: { name: 'log', arguments: '{"n":1}' } },
  ],
  ['another reason (Ollama: stop)', { tool_calls: [log(1, 'a')] }, { finish_reason: 'stop' }],
  ['no reason', { tool_calls: [log(1, 'a')] }, { finish_reason: null }],
  ['an empty reason', { tool_calls: [log(1, 'a')] }, { finish_reason: '' }],
  ['JSON within JSON', { tool_calls: [{ id: 'a', ...fn('log', JSON.stringify('{"n":1}')) }] }],
  ['function_call null', { tool_calls: [log(1, 'a')], function_call: null }],
]

for (const [source, message, choice] of MESSAGES) {
  test(`whole tool calls: ${source}`, async (t) => {
    const ran = []
    const script = ({ messages }) =>
      messages.at(-1).role === 'tool' ? { content: 'ok' } : { body: completion(message, choice) }
    const { receptionist } = await openRaw(t, script, { tools: { custom: [logger(ran)] } })
    t.is(await ways.generate(receptionist, { prompt: 'Hi' }), 'ok')
    t.deepEqual(ran, [1])
  })
}

test('dispose() waits for running turns, also those of a custom model', async (t) => {
  for (const provider of ['custom', 'openai']) {
    let answer
    const answered = new Promise((resolve) => (answer = resolve))
    let ask
    const asked = new Promise((resolve) => (ask = resolve))
    const chat = async () => {
      ask()
      await answered
      return { content: 'Yes.' }
    }
    const wait = async function* () {
      ask()
      await answered
      yield `{"choices":[{"message":{"content":"Yes."}}]}`
    }
    const model = provider === 'custom' ? { provider, chat } : {}
    const { receptionist } = await openRaw(
      t,
      () => ({ events: wait(), headers: { 'content-type': 'application/json' } }),
      { model },
    )
    const turn = receptionist.text.generate({ prompt: 'Hi' })
    await asked
    const disposed = receptionist.dispose()
    answer()
    const [{ text }] = await Promise.all([turn, disposed])
    t.is(text, 'Yes.')
  }
})

test('dispose() does not wait for the turn that calls it', async (t) => {
  const { receptionist } = await openRaw(t, () => t.fail(), {
    model: {
      provider: 'custom',
      async chat() {
        await receptionist.dispose()
        return { content: 'Bye.' }
      },
    },
  })
  // The storage is closed by then. The turn must still end.
  await t.throwsAsync(receptionist.text.generate({ prompt: 'Hi' }), { code: 'DISPOSED' })
})
