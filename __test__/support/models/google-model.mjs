// The requests that Google's Gemini API accepts, and its responses, after the types of
// @google/genai.
import { event } from '../../../examples/scripted-model.mjs'
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

export const config = { provider: 'google', model: 'gemini-3-flash-preview' }

const NAME = matching(/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/)
const count = number

const schema = (value, path) =>
  problem(path, value, SCHEMA) ?? emptyObject(value, path) ?? besideAnyOf(value, path)
const emptyObject = ({ properties }, path) =>
  properties && Object.keys(properties).length === 0 ? `${path}.properties must not be empty` : undefined
const besideAnyOf = (value, path) =>
  value.anyOf && Object.keys(value).length > 1
    ? `${path} specified other fields alongside any_of. When using any_of, it must be the only field set`
    : undefined
const schemas = (value, path) =>
  Object.entries(value)
    .map(([name, item]) => schema(item, `${path}.${name}`))
    .find(Boolean)
const SCHEMA = {
  'type?': oneOf('STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT'),
  'format?': oneOf('date-time', 'enum', 'int32', 'int64', 'float', 'double'),
  'title?': anyText,
  'description?': anyText,
  'nullable?': flag,
  'enum?': list(anyText),
  'properties?': schemas,
  'required?': list(anyText),
  'items?': (value, path) => schema(value, path),
  'anyOf?': (value, path) => list(schema)(value, path),
  'minItems?': count,
  'maxItems?': count,
  'minProperties?': count,
  'maxProperties?': count,
  'minLength?': count,
  'maxLength?': count,
  'minimum?': number,
  'maximum?': number,
  'pattern?': anyText,
}

const PARTS = {
  text: { text },
  functionCall: { functionCall: of({ 'id?': text, name: NAME, args: object }), 'thoughtSignature?': text },
  functionResponse: { functionResponse: of({ 'id?': text, name: NAME, response: object }) },
}
const part = (value, path) => {
  const shape = PARTS[Object.keys(PARTS).find((kind) => kind in (value ?? {}))]
  return shape ? problem(path, value, shape) : `${path} is no part: ${Object.keys(value ?? {})}`
}
const REQUEST = {
  contents: list(of({ role: oneOf('user', 'model'), parts: list(part) })),
  'systemInstruction?': of({ parts: list(of({ text })) }),
  'generationConfig?': of({ 'temperature?': number, 'maxOutputTokens?': positive }),
  'tools?': list(
    of({ functionDeclarations: list(of({ name: NAME, description: text, 'parameters?': schema })) }),
  ),
}

export function problemOf(request, body, key) {
  if (request.method !== 'POST') return `method ${request.method}`
  const place = `/v1/models/${config.model}`
  if (![`${place}:generateContent`, `${place}:streamGenerateContent?alt=sse`].includes(request.url))
    return `path ${request.url}`
  if (request.headers['x-goog-api-key'] !== key) return `x-goog-api-key ${request.headers['x-goog-api-key']}`
  if ('authorization' in request.headers) return 'authorization'
  if (request.headers['content-type'] !== 'application/json')
    return `content-type ${request.headers['content-type']}`
  return problem('body', body, REQUEST) ?? transcriptProblem(body.contents)
}

/**
 * Checks contents: the user starts; calls are signed and answered once, by the next content, which
 * holds nothing else.
 */
function transcriptProblem(contents) {
  let open = []
  for (const [index, { role, parts }] of contents.entries()) {
    const path = `contents[${index}]`
    if (index === 0 && role !== 'user') return `${path} has role ${role}`
    const responses = parts.filter((part) => part.functionResponse).map((part) => part.functionResponse)
    const calls = parts.filter((part) => part.functionCall).map((part) => part.functionCall)
    const names = (list) => list.map(({ id, name }) => `${id} ${name}`)
    if (names(responses).join() !== names(open).join())
      return `${path} answers [${names(responses)}] where [${names(open)}] were called`
    if (responses.length > 0 && (role !== 'user' || responses.length < parts.length))
      return `${path} mixes results with something else`
    if (calls.length > 0 && role !== 'model') return `${path} calls functions as the user`
    if (calls.length > 0 && !parts.find((part) => part.functionCall).thoughtSignature)
      return `${path}: Function call is missing a thought_signature`
    open = calls
  }
  return open.length > 0
    ? `the transcript ends before the results of [${open.map(({ id }) => id)}]`
    : undefined
}

function answered({ body, number }, parts, finishReason) {
  return {
    candidates: [{ content: { role: 'model', parts }, ...(finishReason && { finishReason }), index: 0 }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    modelVersion: config.model,
    responseId: `response-${number}-${body.contents.length}`,
  }
}

/** Only the first of several parallel calls is signed. */
const calls = ({ number, toolCalls = [] }) =>
  toolCalls.map(({ id, name, parameters: args }, index) => ({
    functionCall: { ...(id !== null && { id: id ?? `fc_${number}_${index}` }), name, args },
    ...(index === 0 && { thoughtSignature: `c2lnbmVk${number}` }),
  }))

export const wording = {
  problem: (message) => ({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }),
  isStreamed: (request) => request.url.includes(':streamGenerateContent'),
  completion: (answer) =>
    answered(answer, [...(answer.text ? [{ text: answer.text }] : []), ...calls(answer)], 'STOP'),
  begin: () => [],
  piece: (text, answer) => [event(answered(answer, [{ text }]))],
  end: (answer) => [
    ...calls(answer).map((part) => event(answered(answer, [part]))),
    event(answered(answer, [{ text: '' }], 'STOP')),
  ],
}
