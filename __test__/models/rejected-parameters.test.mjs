// Rejected parameters are omitted from then on, and messages of services reach the developer
// without secrets and message text.
import { inspect } from 'node:util'
import test from 'ava'
import { openRaw, startRawModel, ways } from '../support/models/raw-model.mjs'

const says = { content: 'ok' }
const limits = ({ max_tokens, max_completion_tokens }) => [max_tokens, max_completion_tokens]

/** Each row: a model, and the parameter name of its token limit behind a `baseUrl`. */
const NAMES = [
  ['gpt-5-nano', 'max_completion_tokens'],
  ['openai/gpt-5.1', 'max_completion_tokens'],
  ['azure/o3-mini', 'max_completion_tokens'],
  ['o1', 'max_completion_tokens'],
  ['o4-mini-2025-04-16', 'max_completion_tokens'],
  ['gpt-4o', 'max_tokens'],
  ['gpt-oss:20b', 'max_tokens'],
  ['llama3.2', 'max_tokens'],
  ['olmo2', 'max_tokens'],
  ['mistral-small-latest', 'max_tokens'],
  ['deepseek-chat', 'max_tokens'],
]

test('the token limit has the parameter name that the model accepts, also behind a gateway', async (t) => {
  for (const [model, name] of NAMES) {
    const { receptionist, requests } = await openRaw(t, () => says, { model: { model, maxTokens: 99 } })
    await receptionist.text.generate({ prompt: 'Hi' })
    t.is(requests[0].body[name], 99, model)
    t.is(limits(requests[0].body).filter(Boolean).length, 1)
  }
})

const openai = (code, param, message) => ({ error: { code, param, message, type: 'invalid_request_error' } })
const plain = (message) => ({ error: { message, type: 'invalid_request_error' } })

/**
 * Each row: source, model, rejected field, status and body. `src/llm/unsupported_features/tests.rs` has more.
 */
const REFUSALS = [
  [
    'Azure (OpenHands #11662)',
    'my-deployment',
    'max_tokens',
    400,
    openai(
      'unsupported_parameter',
      'max_tokens',
      "Unsupported parameter: 'max_tokens' is not supported with this model.",
    ),
  ],
  ['a gateway without words', 'm', 'max_tokens', 400, openai('unsupported_parameter', 'max_tokens', 'x')],
  ['in words only', 'm', 'max_tokens', 400, 'Unsupported parameter: max_tokens'],
  [
    'OpenAI’s older models (phoenix #7144)',
    'gpt-5-x',
    'max_completion_tokens',
    400,
    plain('Unrecognized request argument supplied: max_completion_tokens'),
  ],
  [
    'Mistral',
    'gpt-5-x',
    'max_completion_tokens',
    422,
    {
      detail: [
        {
          type: 'extra_forbidden',
          loc: ['body', 'max_completion_tokens'],
          msg: 'Extra inputs are not permitted',
        },
      ],
    },
  ],
  [
    'Google’s endpoint',
    'gpt-5-x',
    'max_completion_tokens',
    400,
    [
      {
        error: {
          code: 400,
          message: 'Unknown name "max_completion_tokens": Cannot find field.',
          status: 'INVALID_ARGUMENT',
        },
      },
    ],
  ],
  [
    'OpenAI gpt-5',
    'gpt-5-nano',
    'temperature',
    400,
    openai(
      'unsupported_value',
      'temperature',
      "Unsupported value: 'temperature' does not support 0.2 with this model.",
    ),
  ],
  [
    'LiteLLM',
    'm',
    'temperature',
    400,
    plain("litellm.UnsupportedParamsError: gpt-5 models don't support temperature=0.2."),
  ],
  ['Moonshot', 'kimi', 'temperature', 400, plain('invalid temperature: only 1 is allowed for this model')],
  [
    'xAI',
    'grok-4',
    'temperature',
    400,
    { code: 'invalid', error: 'Argument not supported on this model: temperature' },
  ],
  [
    'FastAPI',
    'm',
    'temperature',
    422,
    { detail: [{ loc: ['body', 'temperature'], msg: 'extra fields not permitted' }] },
  ],
]

for (const [source, model, field, status, body] of REFUSALS) {
  test(`a rejected parameter is omitted from then on: ${source}`, async (t) => {
    const script = (request) => (field in request ? { status, body } : says)
    for (const ask of Object.values(ways)) {
      const options = { model, maxTokens: 99, temperature: 0.2 }
      const { receptionist, requests, logged } = await openRaw(t, script, { model: options })
      for (const prompt of ['Hi', 'And?']) t.is(await ask(receptionist, { prompt }), 'ok')
      t.is(requests.length, 3)
      t.deepEqual(limits(requests[2].body).filter(Boolean), [99])
      await receptionist.dispose()
      t.is(
        logged.filter(({ level, message }) => level === 'WARN' && /retrying without it/.test(message)).length,
        1,
      )
    }
  })
}

test('several rejections are handled one after the other, each once', async (t) => {
  const script = ({ max_tokens, temperature, stream }) => {
    if (max_tokens) return { status: 400, body: openai('unsupported_parameter', 'max_tokens', 'x') }
    if (temperature) return { status: 400, body: openai('unsupported_value', 'temperature', 'x') }
    return stream
      ? { status: 400, body: openai('unsupported_value', 'stream', 'Your organization must be verified') }
      : says
  }
  const { receptionist, requests } = await openRaw(t, script, { model: { maxTokens: 9, temperature: 0.2 } })
  for (const prompt of ['Hi', 'And?']) t.is(await ways.stream(receptionist, { prompt }), 'ok')
  t.is(requests.length, 5)
})

test('a parameter with a rejected value is reported to the developer', async (t) => {
  const bodies = [
    openai(
      'invalid_value',
      'max_tokens',
      'max_tokens is too large: 99. This model supports at most 9 completion tokens.',
    ),
    plain('The `reasoning_content` in the thinking mode must be passed back to the API.'),
  ]
  for (const body of bodies) {
    const { receptionist, requests } = await openRaw(t, () => ({ status: 400, body }), {
      model: { maxTokens: 99 },
    })
    const { message } = await t.throwsAsync(ways.generate(receptionist, { prompt: 'Hi' }))
    t.true(message.includes(body.error.message), message)
    t.is(requests.length, 1)
  }
})

test('rejected reasoning fields are omitted from then on', async (t) => {
  const refused =
    "'messages.2' : for 'role:assistant' the following must be satisfied[('messages.2' : property 'reasoning' is unsupported)]"
  const calls = [
    { id: 'k1', type: 'function', function: { name: 'recall_preference', arguments: '{"key":"x"}' } },
  ]
  const script = ({ messages }) => {
    if (messages.some((message) => 'reasoning' in message)) return { status: 400, body: plain(refused) }
    return messages.at(-1).role === 'tool' ? says : { reasoning: 'Hm.', tool_calls: calls }
  }
  const { receptionist, requests } = await openRaw(t, script)
  for (const prompt of ['Hi', 'And?']) t.is(await ways.generate(receptionist, { prompt }), 'ok')
  t.is(requests.length, 5)
})

/**
 * The messages of services that require reasoning: DeepSeek V4 (hermes-agent #17341) and Kimi
 * (crush #2696).
 */
const MISSED = [
  'The `reasoning_content` in the thinking mode must be passed back to the API.',
  'thinking is enabled but reasoning_content is missing in assistant tool call message at index 2',
]

for (const words of MISSED) {
  test(`a model that requires reasoning of earlier turns gets an empty value: ${words}`, async (t) => {
    const script = ({ messages }) => {
      const without = ({ role, reasoning_content: thoughts }) => role === 'assistant' && !thoughts
      if (messages.some(without)) return { status: 400, body: plain(words) }
      const id = `k${messages.length}`
      const calls = [
        { id, type: 'function', function: { name: 'recall_preference', arguments: '{"key":"x"}' } },
      ]
      return messages.at(-1).role === 'tool' ? says : { reasoning_content: 'Hm.', tool_calls: calls }
    }
    for (const ask of Object.values(ways)) {
      const { receptionist, requests } = await openRaw(t, script)
      const conversationId = 'c'
      for (const prompt of ['Hi', 'And?', 'So?'])
        t.is(await ask(receptionist, { prompt, conversationId }), 'ok')
      t.is(requests.length, 7)
      const thoughts = requests.at(-1).body.messages.filter(({ role }) => role === 'assistant')
      t.deepEqual(
        thoughts.map((message) => message.reasoning_content),
        [' ', ' ', ' ', ' ', 'Hm.'],
      )
    }
  })
}

/** Each row: source, status, body, the expected message, and the code. */
const WORDS = [
  [
    'Ollama',
    400,
    { error: { message: 'registry.ollama.ai/library/gemma:2b does not support tools', type: 'api_error' } },
    'registry.ollama.ai/library/gemma:2b does not support tools',
  ],
  [
    'Ollama, native form',
    400,
    { error: 'registry.ollama.ai/library/x does not support tools' },
    'does not support tools',
  ],
  [
    'OpenAI',
    404,
    openai('model_not_found', null, 'The model `gpt-9` does not exist or you do not have access to it.'),
    'model_not_found: The model `gpt-9` does not exist',
  ],
  [
    'Ollama, no such model',
    404,
    { error: { message: 'model "llama9" not found, try pulling it first' } },
    'model "llama9" not found',
  ],
  [
    'OpenRouter',
    400,
    { error: { code: 400, message: 'x/y is not a valid model ID' } },
    'x/y is not a valid model ID',
  ],
  [
    'OpenRouter, no endpoints',
    404,
    { error: { code: 404, message: 'No endpoints found that support tool use.' } },
    'No endpoints found that support tool use',
  ],
  [
    'OpenRouter’s upstream',
    400,
    {
      error: {
        code: 400,
        message: 'Provider returned error',
        metadata: { raw: '{"error":{"message":"too many images"}}' },
      },
    },
    'Provider returned error: too many images',
  ],
  [
    'vLLM',
    400,
    { object: 'error', message: "This model's maximum context length is 8192 tokens.", code: 400 },
    'maximum context length is 8192 tokens',
  ],
  [
    'OpenAI, context',
    400,
    openai('context_length_exceeded', 'messages', "This model's maximum context length is 128000 tokens."),
    'context_length_exceeded: ',
  ],
  [
    'OpenAI, quota',
    429,
    openai('insufficient_quota', null, 'You exceeded your current quota, please check your plan.'),
    'You exceeded your current quota',
    'MODEL_RATE_LIMITED',
  ],
  [
    'OpenAI, region',
    403,
    openai('unsupported_country_region_territory', null, 'Country, region, or territory not supported'),
    'Country, region, or territory not supported',
    'MODEL_AUTHENTICATION_FAILED',
  ],
  [
    'Anthropic',
    404,
    { type: 'error', error: { type: 'not_found_error', message: 'model: claude-9' } },
    'model: claude-9',
  ],
  [
    'Google',
    404,
    {
      error: {
        code: 404,
        message: 'models/gemini-9 is not found for API version v1beta',
        status: 'NOT_FOUND',
      },
    },
    'NOT_FOUND: models/gemini-9 is not found',
  ],
  [
    'Azure',
    404,
    {
      error: { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' },
    },
    'DeploymentNotFound: The API deployment',
  ],
  [
    'Mistral',
    422,
    { detail: [{ loc: ['body', 'messages', 1, 'role'], msg: 'Input should be a valid string' }] },
    'body.messages.1.role: Input should be a valid string',
  ],
  [
    'xAI',
    400,
    { code: 'Client specified an invalid argument', error: 'Model not found: grok-9' },
    'Model not found: grok-9',
  ],
  [
    'LiteLLM',
    400,
    { error: { message: 'litellm.BadRequestError: LLM Provider NOT provided.', code: '400' } },
    'LLM Provider NOT provided',
  ],
  [
    'llama.cpp',
    500,
    { error: { code: 500, message: 'tools param requires --jinja flag', type: 'server_error' } },
    'tools param requires --jinja flag',
    'MODEL_UNAVAILABLE',
  ],
  [
    'Together',
    400,
    { error: { message: 'Unable to access model x/y', type: 'invalid_request_error' } },
    'Unable to access model x/y',
  ],
  ['plain text', 400, 'upstream model is cold', 'upstream model is cold'],
  [
    'OpenAI, key',
    401,
    openai('invalid_api_key', null, 'Incorrect API key provided: sk-test-4f1c2b.'),
    'Incorrect API key provided: […]',
    'MODEL_AUTHENTICATION_FAILED',
  ],
  // An unreachable server.
  [
    'nginx',
    404,
    '<html><head><title>404 Not Found</title></head></html>',
    'check that `model.baseUrl` ends in /v1',
  ],
  ['nothing', 404, '', 'check that `model.baseUrl` ends in /v1'],
  ['Go', 404, '404 page not found', 'check that `model.baseUrl` ends in /v1'],
  ['FastAPI', 404, { detail: 'Not Found' }, 'check that `model.baseUrl` ends in /v1'],
  [
    'FastAPI, another method',
    405,
    { detail: 'Method Not Allowed' },
    'check that `model.baseUrl` ends in /v1',
  ],
  [
    'OpenAI, path',
    404,
    plain('Invalid URL (POST /chat/completions)'),
    'Invalid URL (POST /chat/completions); check that `model.baseUrl` ends in /v1',
  ],
  [
    'LM Studio (bug tracker #618)',
    200,
    { error: 'Unexpected endpoint or method. (POST /chat/completions)' },
    'Unexpected endpoint or method. (POST /chat/completions); check that `model.baseUrl` ends in /v1',
  ],
  [
    'Open WebUI',
    200,
    '<!doctype html><html></html>',
    'check that `model.baseUrl` ends in /v1',
    'MODEL_RESPONSE_INVALID',
  ],
]

for (const [source, status, body, words, code = 'MODEL_REQUEST_REJECTED'] of WORDS) {
  test(`the reason of the service reaches the developer: ${source}`, async (t) => {
    const headers =
      typeof body === 'string' ? { 'content-type': body.startsWith('<') ? 'text/html' : 'text/plain' } : {}
    for (const ask of Object.values(ways)) {
      const { receptionist, logged } = await openRaw(t, () => ({ status, body, headers }))
      const error = await t.throwsAsync(ask(receptionist, { prompt: 'Hi' }), { code })
      t.true(error.message.includes(words), error.message)
      await receptionist.dispose()
      const failed = logged.find(({ message }) => message === 'Turn failed')
      t.true(inspect(failed, { depth: 9, breakLength: Infinity }).includes(words.split(/["'`]/)[0]))
      t.false(inspect([error, logged], { depth: 9 }).includes('sk-test-4f1c2b'))
    }
  })
}

/** A customer's message, and the ways in which services quote it. */
const SAID = 'My card is 4111 1111 1111 1111, call Zoë Ångström at +43 660 1234567 or zoe@example.com'
const QUOTES = [
  ['all of it', (said) => said],
  ['Google', (said) => `Invalid value at 'contents[0].parts[0].text' (TYPE_STRING), "${said}"`],
  [
    'vLLM',
    (said) =>
      `1 validation error:\n  {'type': 'string_type', 'loc': ('body', 'messages', 1), 'msg': 'Input should be valid', 'input': '${said}'}`,
  ],
  [
    'pydantic',
    (said) =>
      `1 validation error for Message [type=string_type, input_value={'content': '${said}'}, input_type=dict]`,
  ],
  ['Groq', (said) => `Failed to call a function. failed_generation: ${said}`],
  ['its beginning', (said) => `Invalid content: ${said.slice(0, 30)}…`],
  ['its end', (said) => `Invalid content: …${said.slice(-50)}`],
  ['a name', () => "Invalid name 'Zoë Ångström'"],
  ['a number', () => 'Invalid number +43 660 1234567'],
  ['an address', () => 'Invalid address zoe@example.com.'],
  ['JSON in text', (said) => `Bad request: ${JSON.stringify({ role: 'user', content: said })}`],
  ['in capitals', (said) => said.toUpperCase()],
]

for (const [source, quote] of QUOTES) {
  test(`the reason never repeats message text: ${source}`, async (t) => {
    const bodies = [
      (words) => ({ error: { message: words } }),
      (words) => words,
      (words) => ({ detail: [{ msg: words, input: SAID }] }),
    ]
    for (const body of bodies) {
      for (const ask of Object.values(ways)) {
        const { receptionist, logged, memory } = await openRaw(t, () => ({
          status: 400,
          body: body(quote(SAID)),
        }))
        const error = await t.throwsAsync(ask(receptionist, { prompt: SAID, conversationId: 'c' }))
        t.is(error.code, 'MODEL_REQUEST_REJECTED')
        await receptionist.dispose()
        const shown = inspect([error, logged], { depth: 9, breakLength: Infinity })
        t.notRegex(shown, /4111|Zoë|Ångström|ZOË|1234567|zoe@/, shown)
        t.truthy(memory)
      }
    }
  })
}

test('a failing embedder reports the reason of the service', async (t) => {
  const refused = {
    status: 404,
    body: { error: { message: 'model "nomic" not found, try pulling it first' } },
  }
  const { url } = await startRawModel(t, () => refused)
  const embedder = { provider: 'openai', apiKey: 'sk-test-4f1c2b', baseUrl: `${url}/v1`, model: 'nomic' }
  const agent = { identity: { name: 'Sarah', role: 'Agent' }, memory: { vectorEnabled: true, embedder } }
  const { receptionist, memory } = await openRaw(t, () => says, { agent })
  await receptionist.text.generate({ prompt: 'Hi' })
  const error = await t.throwsAsync(memory.reindex(), { code: 'EMBEDDING_FAILED' })
  t.regex(error.message, /HTTP 404\): model "nomic" not found, try pulling it first/)
})
