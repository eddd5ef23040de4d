// examples/express.mjs unchanged: a chat over HTTP with errors mapped by code.
import { once } from 'node:events'
import test from 'ava'
import { chatApp } from '../../examples/express.mjs'
import { AIReceptionist } from '../../index.js'
import { startModel } from '../support/models/strict-model.mjs'

test('the Express app answers, remembers, and maps errors by code', async (t) => {
  const model = await startModel(t, ({ messages }) => {
    const said = messages.at(-1).content
    if (said === 'fail') return { status: 503, body: {} }
    return `You said: ${said}`
  })
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
    model: { ...model.config, maxRetries: 0 },
    database: { connection: 'sqlite::memory:' },
    logger: { level: 'NONE' },
  })
  await receptionist.initialize()
  const server = chatApp(receptionist).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.close()
    await receptionist.dispose()
  })
  const address = `http://127.0.0.1:${server.address().port}/chat`
  const post = async (conversation, body) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${address}/${conversation}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    return [response.status, await response.json()]
  }

  t.deepEqual(await post('a', { prompt: 'Hi' }), [200, { text: 'You said: Hi', conversationId: 'a' }])
  const many = await Promise.all(Array.from({ length: 8 }, (_, n) => post(`b${n}`, { prompt: `Hi ${n}` })))
  t.deepEqual(
    many.map(([status, { text }]) => [status, text]),
    Array.from({ length: 8 }, (_, n) => [200, `You said: Hi ${n}`]),
  )
  const history = await (await fetch(`${address}/a`)).json()
  t.deepEqual(
    history.map(({ role, content }) => [role, content]),
    [
      ['user', 'Hi'],
      ['assistant', 'You said: Hi'],
    ],
  )
  const [status, { code, message }] = await post('a', {})
  t.deepEqual([status, code], [400, 'INVALID_ARGUMENT'])
  t.regex(message, /options\.prompt/)
  t.deepEqual(await post('a', { prompt: 'fail' }), [503, { code: 'MODEL_UNAVAILABLE' }])
})
