// Models that are unavailable or reject the request: retries, error codes, and what is stored.
import { createServer } from 'node:net'
import { once } from 'node:events'
import { inspect } from 'node:util'
import test from 'ava'
import { ModelError } from '../../index.js'
import { API_KEY } from '../support/models/strict-model.mjs'
import { open, said } from '../support/receptionist-harness.mjs'

test('429 with Retry-After and 503 are retried', async (t) => {
  const { receptionist, requests } = await open(t, (_, n) => {
    if (n === 0)
      return { status: 429, headers: { 'retry-after': '0' }, body: { error: { message: 'slow down' } } }
    if (n === 1) return { status: 503, headers: { 'retry-after': '0' }, body: 'overloaded' }
    return 'Here I am.'
  })
  t.is((await receptionist.text.generate({ prompt: 'Hi' })).text, 'Here I am.')
  t.is(requests.length, 3)
})

test('a failing model rejects with a code, and the message of the customer is stored', async (t) => {
  const failures = [
    [
      'MODEL_AUTHENTICATION_FAILED',
      { status: 401, body: { error: { message: `bad key ${API_KEY}`, code: 'invalid_api_key' } } },
      {},
    ],
    ['MODEL_RATE_LIMITED', { status: 429, headers: { 'retry-after': '0' }, body: {} }, { maxRetries: 1 }],
    ['MODEL_REQUEST_REJECTED', { status: 400, body: { error: { message: 'no', code: 'bad' } } }, {}],
    ['MODEL_UNAVAILABLE', { status: 500, body: 'oops' }, { maxRetries: 0 }],
    ['MODEL_UNAVAILABLE', { drop: true }, { maxRetries: 0 }],
    ['MODEL_TIMEOUT', { text: 'late', delay: 5_000 }, { maxRetries: 0, timeout: 100 }],
    ['MODEL_RESPONSE_INVALID', { body: '<html>' }, { maxRetries: 0 }],
    ['MODEL_RESPONSE_INVALID', { body: { choices: [] } }, { maxRetries: 0 }],
  ]
  for (const [code, answer, options] of failures) {
    const { receptionist, memory } = await open(t, () => answer, { model: options })
    const error = await t.throwsAsync(
      receptionist.text.generate({ prompt: 'Are you there?', conversationId: 'c1' }),
      { instanceOf: ModelError, code },
      code,
    )
    t.false(inspect(error, { depth: 9 }).includes(API_KEY), 'the key leaks')
    const history = await memory.getConversationHistory('c1')
    t.true(said(history).includes('user: Are you there?'))
    const stored = await memory.search({ conversationId: 'c1', role: 'user' })
    t.is(stored.length, 1)
  }
})

test('an unreachable model rejects within seconds', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  const { receptionist } = await open(t, () => 'unused', {
    model: { baseUrl: `http://127.0.0.1:${port}/v1`, maxRetries: 1 },
  })
  const start = Date.now()
  const error = await t.throwsAsync(async () => await receptionist.text.generate({ prompt: 'Hi' }), {
    instanceOf: ModelError,
    code: 'MODEL_UNAVAILABLE',
  })
  t.true(error.message.includes(`127.0.0.1:${port}`))
  t.true(error.stack.includes('unavailable-models.test.mjs'), 'the stack leads to the caller')
  t.true(Date.now() - start < 10_000)
})
