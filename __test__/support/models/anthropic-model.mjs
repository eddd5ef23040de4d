// The requests that Anthropic's Messages API accepts, and its responses, after the types of
// @anthropic-ai/sdk and the published rules for transcripts with tools.
import { event, halves } from '../../../examples/scripted-model.mjs'
import {
  anyText,
  flag,
  list,
  matching,
  number,
  object,
  of,
  oneOf,
  positive,
  problem,
  text,
} from './api-fields.mjs'

export const config = { provider: 'anthropic', model: 'claude-sonnet-4-5' }

const ID = matching(/^[a-zA-Z0-9_-]+$/)
const NAME = matching(/^[a-zA-Z0-9_-]{1,128}$/)

const BLOCKS = {
  text: { type: oneOf('text'), text },
  tool_use: { type: oneOf('tool_use'), id: ID, name: NAME, input: object },
  tool_result: { type: oneOf('tool_result'), tool_use_id: ID, 'content?': anyText, 'is_error?': flag },
}
const block = (value, path) => {
  const shape = BLOCKS[value?.type]
  return shape ? problem(path, value, shape) : `${path}.type is ${value?.type}`
}
const REQUEST = {
  model: text,
  max_tokens: positive,
  messages: list(of({ role: oneOf('user', 'assistant'), content: list(block) })),
  'system?': text,
  'temperature?': number,
  'stream?': flag,
  'tools?': list(
    of({ name: NAME, 'description?': anyText, input_schema: of({ type: oneOf('object'), ...anySchema() }) }),
  ),
  'tool_choice?': of({ type: oneOf('auto', 'any', 'none') }),
}

function anySchema() {
  const keywords = [
    'properties',
    'required',
    'additionalProperties',
    'description',
    'anyOf',
    '$defs',
    'title',
  ]
  return Object.fromEntries(keywords.map((keyword) => [`${keyword}?`, () => undefined]))
}

export function problemOf(request, body, key) {
  if (request.method !== 'POST') return `method ${request.method}`
  if (request.url !== '/v1/messages') return `path ${request.url}`
  if (request.headers['x-api-key'] !== key) return `x-api-key ${request.headers['x-api-key']}`
  if (request.headers['anthropic-version'] !== '2023-06-01')
    return `anthropic-version ${request.headers['anthropic-version']}`
  if ('authorization' in request.headers) return 'authorization'
  if (request.headers['content-type'] !== 'application/json')
    return `content-type ${request.headers['content-type']}`
  return problem('body', body, REQUEST) ?? transcriptProblem(body)
}

/**
 * Checks messages: roles alternate, the user starts, and every tool call is answered at the start
 * of the next message.
 */
function transcriptProblem({ messages, tools = [] }) {
  const ids = new Set()
  let open = []
  for (const [index, { role, content }] of messages.entries()) {
    const path = `messages[${index}]`
    if (role !== (index % 2 === 0 ? 'user' : 'assistant')) return `${path} has role ${role}`
    const answered = content.filter(({ type }) => type === 'tool_result').map((block) => block.tool_use_id)
    if (content.slice(0, answered.length).some(({ type }) => type !== 'tool_result'))
      return `${path} has results that are not at its beginning`
    if (answered.toSorted().join() !== open.toSorted().join())
      return `${path} answers [${answered}] where [${open}] were called`
    const calls = content.filter(({ type }) => type === 'tool_use')
    if (role === 'user' && calls.length > 0) return `${path} calls tools as the user`
    if (calls.length > 0 && tools.length === 0)
      return `${path} has tool calls, but the request defines no tools`
    open = calls.map(({ id }) => id)
    for (const id of open) {
      if (ids.has(id)) return `${path} repeats the id ${id}`
      ids.add(id)
    }
  }
  if (open.length > 0) return `the transcript ends before the results of [${open}]`
  return messages.at(-1).role === 'user' ? undefined : 'the transcript ends with the assistant'
}

const usage = {
  input_tokens: 1,
  output_tokens: 1,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
}
const idOf = ({ id }, number, index) => id ?? `toolu_${number}_${index}`

function message({ body, number }, content, stop_reason) {
  const id = `msg_${number}`
  return {
    id,
    type: 'message',
    role: 'assistant',
    model: body.model,
    content,
    stop_reason,
    stop_sequence: null,
    usage,
  }
}

export const wording = {
  problem: (message) => ({ type: 'error', error: { type: 'invalid_request_error', message } }),
  isStreamed: (_request, body) => body?.stream === true,
  completion(answer) {
    const { number, text, toolCalls = [] } = answer
    const content = text ? [{ type: 'text', text }] : []
    const calls = toolCalls.map((call, index) => {
      return { type: 'tool_use', id: idOf(call, number, index), name: call.name, input: call.parameters }
    })
    return message(answer, [...content, ...calls], toolCalls.length > 0 ? 'tool_use' : 'end_turn')
  },
  begin: (answer) => [
    typed({ type: 'message_start', message: message(answer, [], null) }),
    typed({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    typed({ type: 'ping' }),
  ],
  piece: (text) => [typed({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })],
  end({ number, toolCalls = [] }) {
    const calls = toolCalls.flatMap((call, n) => {
      const index = n + 1
      const tool = { type: 'tool_use', id: idOf(call, number, n), name: call.name, input: {} }
      const json = typeof call.parameters === 'string' ? call.parameters : JSON.stringify(call.parameters)
      return [
        typed({ type: 'content_block_start', index, content_block: tool }),
        ...['', ...halves(json)].map((partial_json) =>
          typed({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json } }),
        ),
        typed({ type: 'content_block_stop', index }),
      ]
    })
    const stop_reason = toolCalls.length > 0 ? 'tool_use' : 'end_turn'
    return [
      typed({ type: 'content_block_stop', index: 0 }),
      ...calls,
      typed({
        type: 'message_delta',
        delta: { stop_reason, stop_sequence: null },
        usage: { output_tokens: 1 },
      }),
      typed({ type: 'message_stop' }),
    ]
  },
}

const typed = (data) => event(data, data.type)
