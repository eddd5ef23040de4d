import type {
  AIModelConfig,
  CustomModelConfig,
  ModelConfig,
  ModelRequest,
  ModelResponse,
} from '../config/model'
import { invalidInput } from '../bridge/invalid-input'
import { invalidResult, assertSerializable } from '../bridge/returned-values'
import type { UserCode } from '../bridge/user-code'

/**
 * Options of a custom model that are passed to the core. Functions are registered separately, and
 * other fields stay in JavaScript.
 */
const SERIALIZED_OPTIONS = [
  'provider',
  'model',
  'temperature',
  'maxTokens',
  'timeout',
  'maxContextTokens',
] as const

/**
 * Registers the custom models among `config` and its fallbacks. Returns the options without
 * functions.
 */
export function addModels(user: UserCode, config: ModelConfig): ModelConfig {
  const model = addModel(user, 'model', config) as ModelConfig
  const { fallbacks } = config
  if (!Array.isArray(fallbacks)) return fallbacks == null ? model : { ...model, fallbacks }
  const serialized = fallbacks.map((fallback, n) => addModel(user, `model.fallbacks[${n}]`, fallback))
  return { ...model, fallbacks: serialized as AIModelConfig[] }
}

function addModel(user: UserCode, option: string, model: AIModelConfig | CustomModelConfig): object {
  if (model?.provider !== 'custom') return model
  if (typeof model.chat !== 'function')
    throw invalidInput('INVALID_CONFIG', `${option}.chat`, 'must be a function')
  if (model.stream != null && typeof model.stream !== 'function') {
    throw invalidInput('INVALID_CONFIG', `${option}.stream`, 'must be a function')
  }
  const streams = new Map<number, AnyIterator>()
  let lastStream = 0

  user.add(`${option}.chat`, async (request: ModelRequest, { signal }) => {
    const answer: unknown = await model.chat(request, { signal })
    return isAsyncIterable(answer) ? collect(`${option}.chat`, answer) : response(`${option}.chat`, answer)
  })
  user.add(`${option}.stream`, async (request: ModelRequest, { signal }) => {
    const ask = model.stream ? 'stream' : 'chat'
    const answer: unknown = await model[ask]?.(request, { signal })
    const iterator = iteratorOf(answer)
    if (iterator === undefined) return { response: response(`${option}.stream`, answer) }
    // The call was cancelled, so its chunks will not be requested.
    if (signal.aborted) return void iterator.return?.()
    streams.set(++lastStream, iterator)
    return { stream: lastStream }
  })
  user.add(`${option}.stream.next`, async (number: number) => {
    const iterator = streams.get(number)
    if (iterator === undefined) return { done: true }
    let next: IteratorResult<unknown> | undefined
    try {
      next = await iterator.next()
      if (typeof next !== 'object' || next === null)
        throw invalidResult(`${option}.stream`, 'its next() must return an object')
      return next.done ? { done: true } : { done: false, piece: piece(`${option}.stream`, next.value) }
    } finally {
      if (next?.done !== false) streams.delete(number)
    }
  })
  user.add(`${option}.stream.return`, async (number: number) => {
    const iterator = streams.get(number)
    streams.delete(number)
    await iterator?.return?.()
  })
  return Object.fromEntries(SERIALIZED_OPTIONS.map((name) => [name, model[name]]))
}

type AnyIterator = AsyncIterator<unknown> | Iterator<unknown>

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return (
    typeof (value as Partial<AsyncIterable<unknown>> | null | undefined)?.[Symbol.asyncIterator] ===
    'function'
  )
}

function iteratorOf(value: unknown): AnyIterator | undefined {
  if (isAsyncIterable(value)) return value[Symbol.asyncIterator]()
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) return undefined
  return (value as Iterable<unknown>)[Symbol.iterator]()
}

/** Collects all chunks into one answer. */
async function collect(what: string, pieces: AsyncIterable<unknown>): Promise<ModelResponse> {
  const whole = { content: '', toolCalls: [] as NonNullable<ModelResponse['toolCalls']> }
  for await (const given of pieces) {
    const { content, toolCalls } = piece(what, given)
    whole.content += content ?? ''
    whole.toolCalls.push(...(toolCalls ?? []))
  }
  return whole
}

function piece(what: string, value: unknown): ModelResponse {
  return typeof value === 'string' ? { content: value } : response(what, value)
}

/** Checks that a value is an answer object that JSON can express. The core checks its contents. */
function response(what: string, value: unknown): ModelResponse {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidResult(what, 'must be an object with `content`, `toolCalls` or both')
  }
  const { content, toolCalls } = value as ModelResponse
  return assertSerializable(what, 'answer', { content, toolCalls } as ModelResponse)
}
