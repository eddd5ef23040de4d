// The requests that OpenAI's chat completions accept: method, path, key, schema, no unknown fields,
// and every tool call followed by its result.
import { readContract } from '../api-contracts.mjs'

export const config = { provider: 'openai', model: 'gpt-4o-mini' }

const FIELDS = {
  system: ['role', 'content', 'name'],
  user: ['role', 'content', 'name'],
  assistant: ['role', 'content', 'name', 'tool_calls', 'refusal'],
  tool: ['role', 'content', 'tool_call_id'],
}

export function problemOf(request, body, key) {
  if (request.method !== 'POST') return `method ${request.method}`
  if (request.url !== '/v1/chat/completions') return `path ${request.url}`
  if (request.headers.authorization !== `Bearer ${key}`)
    return `authorization ${request.headers.authorization}`
  if (!/^application\/json\b/.test(request.headers['content-type']))
    return `content-type ${request.headers['content-type']}`
  return schemaProblem(body) ?? unknownField(body) ?? transcriptProblem(body.messages)
}

const contract = loadContract()

function loadContract() {
  const description = readContract('openai-chat-embeddings.json')
  if (!description) return undefined
  const { document, compile } = description
  return {
    validate: compile('/components/schemas/CreateChatCompletionRequest'),
    fields: propertiesOf(document, document.components.schemas.CreateChatCompletionRequest),
  }
}

function propertiesOf(document, schema) {
  if (schema.$ref) return propertiesOf(document, document.components.schemas[schema.$ref.split('/').pop()])
  return [
    ...Object.keys(schema.properties ?? {}),
    ...(schema.allOf ?? []).flatMap((part) => propertiesOf(document, part)),
  ]
}

function schemaProblem(body) {
  if (!contract || contract.validate(body)) return undefined
  const [error] = contract.validate.errors
  return `schema: ${error.instancePath} ${error.message}`
}

function unknownField(body) {
  const known = contract?.fields ?? Object.keys(body)
  const unknown = Object.keys(body).find((field) => !known.includes(field))
  if (unknown) return `unknown field ${unknown}`
  for (const [index, message] of body.messages.entries()) {
    const fields = FIELDS[message.role]
    if (!fields) return `messages[${index}] has role ${message.role}`
    const extra = Object.keys(message).find((field) => !fields.includes(field))
    if (extra) return `unknown field messages[${index}].${extra}`
  }
  return undefined
}

/**
 * Checks messages: every tool call is answered once before the next message, and there are no other
 * results.
 */
function transcriptProblem(messages) {
  let open = new Set()
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id))
        return `messages[${index}] answers no open call ${message.tool_call_id}`
      continue
    }
    if (open.size > 0) return `messages[${index}] comes before the result of ${[...open]}`
    open = new Set(message.tool_calls?.map((call) => call.id))
    if (message.tool_calls?.length === 0) return `messages[${index}] has an empty tool_calls`
    for (const call of message.tool_calls ?? []) {
      try {
        JSON.parse(call.function.arguments)
      } catch {
        return `messages[${index}] has arguments that are no JSON`
      }
    }
  }
  return open.size > 0 ? `the transcript ends before the result of ${[...open]}` : undefined
}
