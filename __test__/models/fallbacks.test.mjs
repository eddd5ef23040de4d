// Failing models and their fallbacks.
import test from 'ava'
import { AIReceptionist, ConfigurationError, ModelError } from '../../index.js'
import { startModel } from '../support/models/strict-model.mjs'
import { salesIdentity as identity } from '../support/fixtures.mjs'

async function open(t, model, options) {
  const receptionist = new AIReceptionist({
    agent: { identity },
    model,
    ...options,
    database: { connection: 'sqlite::memory:' },
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return receptionist
}

async function read(stream) {
  const pieces = []
  for await (const piece of stream) pieces.push(piece)
  return pieces
}

const busy = () => ({ status: 429, headers: { 'retry-after': '3600' }, body: {} })

test('the next model answers after any failure of the first, and the answer names the model', async (t) => {
  const failures = [
    busy,
    () => ({ status: 401, body: {} }),
    () => ({ status: 404, body: {} }),
    () => ({ status: 500, body: {} }),
    () => ({ drop: true }),
    () => ({ body: {} }),
  ]
  for (const failure of failures) {
    const first = await startModel(t, failure, 'anthropic')
    const second = await startModel(t, () => 'Here I am.', 'google')
    const fallbacks = [second.config]
    const entries = []
    const logger = (entry) => entries.push(entry)
    const receptionist = await open(t, { ...first.config, maxRetries: 0, fallbacks }, { logger })
    const { text, metadata } = await receptionist.text.generate({ prompt: 'Hi' })
    t.is(text, 'Here I am.')
    t.like(metadata, { provider: 'google', model: second.config.model })
    const stream = receptionist.text.stream({ prompt: 'Hi' })
    t.is((await read(stream)).join(''), 'Here I am.')
    t.is(stream.response.metadata.provider, 'google')
    t.is(first.requests.length, 2)
    await receptionist.dispose()
    const told = entries.filter(({ message }) => message === 'Model failed, trying the next one')
    t.deepEqual(
      told.map(({ level }) => level),
      ['WARN', 'WARN'],
    )
  }
})

test('a fallback within a turn receives the tool calls and results so far', async (t) => {
  const call = { name: 'remember_preference', parameters: { key: 'time', value: 'morning' } }
  for (const [one, other] of [
    ['openai', 'google'],
    ['google', 'anthropic'],
    ['anthropic', 'openai'],
  ]) {
    const first = await startModel(t, (_, n) => (n === 0 ? { toolCalls: [call, call] } : busy()), one)
    const second = await startModel(t, () => 'Noted.', other)
    const receptionist = await open(t, { ...first.config, fallbacks: [second.config] })
    const { text, metadata } = await receptionist.text.generate({ prompt: 'Mornings.' })
    t.is(text, 'Noted.')
    t.is(metadata.provider, other)
    t.regex(JSON.stringify(second.requests[0]), /morning/)
  }
})

test('a custom model can be a fallback and can have fallbacks', async (t) => {
  const own = { provider: 'custom', model: 'mine', chat: () => ({ content: 'I stand in.' }) }
  const server = await startModel(t, busy)
  const receptionist = await open(t, { ...server.config, fallbacks: [{ ...server.config }, own] })
  t.like((await receptionist.text.generate({ prompt: 'Hi' })).metadata, { provider: 'custom', model: 'mine' })
  t.is(server.requests.length, 2)

  const good = await startModel(t, () => 'Here I am.')
  const failing = { provider: 'custom', chat: () => Promise.reject(new Error('mine')) }
  const other = await open(t, { ...failing, fallbacks: [good.config] })
  t.is((await other.text.generate({ prompt: 'Hi' })).text, 'Here I am.')
})

test('when every model fails, the error is that of the first model', async (t) => {
  const mine = new Error('mine')
  const server = await startModel(t, busy)
  const custom = { provider: 'custom', chat: () => Promise.reject(mine) }
  const receptionist = await open(t, { ...custom, fallbacks: [server.config] })
  t.is(await t.throwsAsync(receptionist.text.generate({ prompt: 'Hi' })), mine)
  const other = await open(t, { ...server.config, fallbacks: [custom] })
  const expected = { instanceOf: ModelError, code: 'MODEL_RATE_LIMITED' }
  await t.throwsAsync(other.text.generate({ prompt: 'Hi' }), expected)
})

test('there is no fallback after the first text, nor for invalid options', async (t) => {
  const text = async function* () {
    yield 'Well, '
    throw new Error('cut')
  }
  const first = await startModel(t, () => ({ text: text() }))
  const second = await startModel(t, () => t.fail())
  const receptionist = await open(t, { ...first.config, fallbacks: [second.config] })
  const expected = { code: 'MODEL_STREAM_INTERRUPTED' }
  await t.throwsAsync(read(receptionist.text.stream({ prompt: 'Hi' })), expected)

  const keyless = await open(t, { provider: 'openai', model: 'm', fallbacks: [second.config] })
  await t.throwsAsync(keyless.text.generate({ prompt: 'Hi' }), {
    instanceOf: ConfigurationError,
    message: /model\.apiKey/,
  })
  t.is(second.requests.length, 0)
})

test('options of a fallback are validated like those of a model', (t) => {
  const model = { provider: 'openai', model: 'm' }
  for (const [fallback, message] of [
    [{ provider: 'openai' }, /model\.fallbacks\[1\]\.model/],
    [{ ...model, baseUrl: 'localhost' }, /model\.fallbacks\[1\]\.baseUrl/],
    [{ ...model, fallbacks: [model] }, /model\.fallbacks\[1\]\.fallbacks/],
  ]) {
    const expected = { instanceOf: ConfigurationError, code: 'INVALID_CONFIG', message }
    const config = { agent: { identity }, model: { ...model, fallbacks: [model, fallback] } }
    t.throws(() => new AIReceptionist(config), expected)
  }
})
