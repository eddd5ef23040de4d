// A chat completions server that sends exactly the bytes of a test, for responses that the strict
// servers never send.
import { createServer } from 'node:http'
import { once } from 'node:events'
import { AIReceptionist } from '../../../index.js'
import { salesIdentity as identity } from '../fixtures.mjs'

/** A whole chat completion. */
export const completion = (message, choice = {}) => ({
  id: 'x',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: null, ...message },
      finish_reason: message.tool_calls ? 'tool_calls' : 'stop',
      ...choice,
    },
  ],
})

/** A chunk of a completion. */
export const chunk = (delta, finish_reason = null, choice = {}) => ({
  id: 'x',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason, ...choice }],
})

export const call = (name, args, id, more = {}) => ({
  ...(id === undefined ? {} : { id }),
  type: 'function',
  function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
  ...more,
})

export const event = (data) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
export const DONE = event('[DONE]')

/** The events of a message: one chunk per field, and text in chunks of `size` characters. */
export function pieces(message, size = 7) {
  const { content, tool_calls, ...more } = message
  const letters = typeof content === 'string' ? [...content] : []
  const deltas = [{ role: 'assistant', content: '' }]
  for (const [name, value] of Object.entries(more)) deltas.push({ [name]: value })
  for (let at = 0; at < letters.length; at += size)
    deltas.push({ content: letters.slice(at, at + size).join('') })
  if (Array.isArray(content)) for (const part of content) deltas.push({ content: [part] })
  for (const [index, call] of (tool_calls ?? []).entries()) deltas.push({ tool_calls: [{ index, ...call }] })
  return [...deltas.map((delta) => chunk(delta)), chunk({}, tool_calls ? 'tool_calls' : 'stop')]
}

/**
 * Starts the server. `script(body, n)` returns a message, which is sent whole or streamed as
 * requested, or `{ status?, headers?, body?, events?, cut? }`: a raw body, or events, after which
 * the connection breaks if `cut` is set.
 */
export async function startRawModel(t, script) {
  const requests = []
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const raw = Buffer.concat(chunks).toString()
    const isJson = /json/.test(request.headers['content-type'])
    const body = isJson ? JSON.parse(raw || 'null') : raw
    requests.push({ body, headers: request.headers, path: request.url })
    const answer = script(body, requests.length - 1)
    const isReply = ['status', 'body', 'events'].some((field) => field in answer)
    const reply = isReply
      ? answer
      : body.stream
        ? { events: [...pieces(answer).map(event), DONE] }
        : { body: completion(answer) }
    const type = reply.events ? 'text/event-stream' : 'application/json'
    response.writeHead(reply.status ?? 200, { 'content-type': type, ...reply.headers })
    for await (const part of reply.events ?? [])
      await new Promise((sent) => response.write(typeof part === 'string' ? part : event(part), sent))
    if (reply.cut) return response.destroy()
    response.end(
      typeof reply.body === 'string' || !('body' in reply) ? reply.body : JSON.stringify(reply.body),
    )
  })
  // A long keep-alive, so that a busy machine does not lose a connection that is reused while it
  // closes.
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${server.address().port}`, requests }
}

/** An initialized receptionist with this model, and its log entries. */
export async function openRaw(t, script, { model = {}, path = '/v1', ...config } = {}) {
  const { url, requests } = await startRawModel(t, script)
  const logged = []
  const receptionist = new AIReceptionist({
    agent: { identity },
    model: {
      provider: 'openai',
      apiKey: 'sk-test-4f1c2b',
      model: 'm',
      baseUrl: url + path,
      maxRetries: 0,
      ...model,
    },
    database: { connection: 'sqlite::memory:' },
    logger: (entry) => logged.push(entry),
    ...config,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { receptionist, requests, logged, memory: receptionist.agent.memory }
}

/** The two ways to get an answer: generate and stream. */
export const ways = {
  generate: async (receptionist, request) => (await receptionist.text.generate(request)).text,
  stream: async (receptionist, request) => {
    let text = ''
    for await (const piece of receptionist.text.stream(request)) text += piece
    return text
  },
}
