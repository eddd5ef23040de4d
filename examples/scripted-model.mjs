// A server that speaks OpenAI's chat completions and plays a script instead of thinking.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Starts the server on a free port of this machine.
 *
 * @param script called with each request's body and its number from 0; answers with a string, or
 *   `{ text?, toolCalls?: [{ name, parameters }], status?, headers?, body?, delay? }` where `parameters` may be a
 *   string to be sent as it is.
 * @param check called with `(request, body)` before the script; what it returns is the problem that is
 *   answered with HTTP 400.
 * @returns `{ url, requests, close }`: the base URL, the bodies received so far, and the way to stop
 */
export async function startScriptedModel(script, { check = () => undefined } = {}) {
  const requests = []
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const body = JSON.parse(Buffer.concat(chunks).toString() || 'null')
    const problem = check(request, body)
    const number = requests.push(body) - 1
    const answer = problem
      ? {
          status: 400,
          body: { error: { message: problem, type: 'invalid_request_error', code: null, param: null } },
        }
      : await play(script, body, number)
    if (answer.delay) await wait(answer.delay, undefined, { ref: false })
    if (answer.drop) return request.socket.destroy()
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
    response.end(
      typeof answer.body === 'string'
        ? answer.body
        : JSON.stringify(answer.body ?? completion(body, number, answer)),
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

async function play(script, body, number) {
  try {
    const answer = await script(body, number)
    return typeof answer === 'string' ? { text: answer } : answer
  } catch (error) {
    return {
      status: 400,
      body: { error: { message: String(error), type: 'script', code: 'script', param: null } },
    }
  }
}

/** A chat completion as OpenAI words it. */
function completion(body, number, { text, toolCalls }) {
  const message = { role: 'assistant', content: text ?? null, refusal: null }
  if (toolCalls) {
    message.tool_calls = toolCalls.map(({ id, name, parameters }, index) => ({
      id: id ?? `call_${number}_${index}`,
      type: 'function',
      function: { name, arguments: typeof parameters === 'string' ? parameters : JSON.stringify(parameters) },
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
}
