// A server with OpenAI's chat completions, or another API, that answers from a script.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Starts the server on a free port of this machine.
 *
 * @param script called with each request's body and its number from 0; returns a string, or
 *   `{ text?, toolCalls?: [{ name, parameters }], status?, headers?, body?, delay? }`. `parameters` may be a string that
 *   is sent unchanged. `text` may be an async iterable of the streamed pieces: the connection breaks where it throws.
 * @param check called with `(request, body)` before the script; a returned problem is answered with HTTP 400
 * @param wording the API's format of answers
 * @returns `{ url, requests, close }`: the base URL, the bodies received so far, and a function that stops the server
 */
export async function startScriptedModel(
  script,
  { check = () => undefined, wording = chatCompletions } = {},
) {
  const requests = []
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const body = JSON.parse(Buffer.concat(chunks).toString() || 'null')
    const problem = check(request, body)
    const number = requests.push(body) - 1
    const answer = problem
      ? { status: 400, body: wording.problem(problem) }
      : await play(script, body, number)
    if (answer.delay) await wait(answer.delay, undefined, { ref: false })
    if (answer.drop) return request.socket.destroy()
    const streamed = wording.isStreamed(request, body)
    if (streamed && answer.body === undefined && (answer.status ?? 200) === 200) {
      return stream(response, wording, { body, number, ...answer })
    }
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
    response.end(
      typeof answer.body === 'string'
        ? answer.body
        : JSON.stringify(answer.body ?? wording.completion({ body, number, ...answer })),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    requests,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Sends an answer as server-sent events. */
async function stream(response, wording, answer) {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...answer.headers })
  const send = (events) =>
    Promise.all(events.map((event) => new Promise((sent) => response.write(event, sent))))
  const { text = [] } = answer
  const pieces = typeof text === 'string' ? (text.match(/\S+\s*|\s+/g) ?? []) : text
  try {
    await send(wording.begin(answer))
    for await (const piece of pieces) {
      if (response.destroyed) return
      await send(wording.piece(piece, answer))
    }
    await send(wording.end(answer))
    response.end()
  } catch {
    response.destroy()
  }
}

async function play(script, body, number) {
  try {
    const answer = await script(body, number)
    return typeof answer === 'string' ? { text: answer } : answer
  } catch (error) {
    return {
      status: 400,
      body: {
        error: { message: String(error), type: 'script', code: 'script', param: null, status: 'SCRIPT' },
      },
    }
  }
}

/** Returns one event of a stream. */
export function event(data, name) {
  return `${name ? `event: ${name}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
}

/** Returns arguments as text, as they are sent. */
const written = (parameters) => (typeof parameters === 'string' ? parameters : JSON.stringify(parameters))

/** The format of OpenAI's chat completions. */
const chatCompletions = {
  problem: (message) => ({ error: { message, type: 'invalid_request_error', code: null, param: null } }),
  isStreamed: (_request, body) => body?.stream === true,
  completion({ body, number, text, toolCalls }) {
    const message = { role: 'assistant', content: text ?? null, refusal: null }
    if (toolCalls) {
      message.tool_calls = toolCalls.map(({ id, name, parameters }, index) => ({
        id: id ?? `call_${number}_${index}`,
        type: 'function',
        function: { name, arguments: written(parameters) },
      }))
    }
    return {
      id: `chatcmpl-${number}`,
      object: 'chat.completion',
      created: Math.floor(Date.now() / 1000),
      model: body?.model ?? 'scripted',
      choices: [{ index: 0, message, logprobs: null, finish_reason: toolCalls ? 'tool_calls' : 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    }
  },
  begin: (answer) => [chunk(answer, { role: 'assistant', content: '', refusal: null })],
  piece: (text, answer) => [chunk(answer, { content: text })],
  end(answer) {
    const calls = (answer.toolCalls ?? []).flatMap(({ id, name, parameters }, index) => {
      const call = { index, id: id ?? `call_${answer.number}_${index}`, type: 'function' }
      const [first, second] = halves(written(parameters))
      return [
        chunk(answer, { tool_calls: [{ ...call, function: { name, arguments: '' } }] }),
        chunk(answer, { tool_calls: [{ index, function: { arguments: first } }] }),
        chunk(answer, { tool_calls: [{ index, function: { arguments: second } }] }),
      ]
    })
    return [...calls, chunk(answer, {}, answer.toolCalls ? 'tool_calls' : 'stop'), event('[DONE]')]
  },
}

function chunk({ body, number }, delta, finish_reason = null) {
  return event({
    id: `chatcmpl-${number}`,
    object: 'chat.completion.chunk',
    created: Math.floor(Date.now() / 1000),
    model: body.model,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  })
}

/** Splits a text into two pieces. */
export const halves = (text) => [text.slice(0, text.length / 2), text.slice(text.length / 2)]
