import type {
  AIModelConfig,
  CustomModelConfig,
  ModelConfig,
  ModelRequest,
  ModelResponse,
} from './config/model'
import { refusal } from './json'
import { unusable, usable } from './returned'
import type { UserCode } from './user-code'

/** What of a model of the user's own the core is told: its functions go beside, and whatever else it holds stays there. */
const TOLD = ['provider', 'model', 'temperature', 'maxTokens', 'timeout', 'maxContextTokens'] as const

/** Lets the core call the models of the user's own among these; the options without their code. */
export function addModels(user: UserCode, config: ModelConfig): ModelConfig {
  const model = addModel(user, 'model', config) as ModelConfig
  const { fallbacks } = config
  if (!Array.isArray(fallbacks)) return fallbacks == null ? model : { ...model, fallbacks }
  const told = fallbacks.map((fallback, n) => addModel(user, `model.fallbacks[${n}]`, fallback))
  return { ...model, fallbacks: told as AIModelConfig[] }
}

function addModel(user: UserCode, option: string, model: AIModelConfig | CustomModelConfig): object {
  if (model?.provider !== 'custom') return model
  if (typeof model.chat !== 'function')
    throw refusal('INVALID_CONFIG', `${option}.chat`, 'must be a function')
  if (model.stream != null && typeof model.stream !== 'function') {
    throw refusal('INVALID_CONFIG', `${option}.stream`, 'must be a function')
  }
  const opened = new Map<number, AnyIterator>()
  let last = 0

  user.add(`${option}.chat`, async (request: ModelRequest, { signal }) => {
    const answer: unknown = await model.chat(request, { signal })
    return isAsyncIterable(answer) ? collect(`${option}.chat`, answer) : response(`${option}.chat`, answer)
  })
  user.add(`${option}.stream`, async (request: ModelRequest, { signal }) => {
    const ask = model.stream ? 'stream' : 'chat'
    const answer: unknown = await model[ask]?.(request, { signal })
    const iterator = iteratorOf(answer)
    if (iterator === undefined) return { response: response(`${option}.stream`, answer) }
    // Too late: nobody will ask for its pieces.
    if (signal.aborted) return void iterator.return?.()
    opened.set(++last, iterator)
    return { stream: last }
  })
  user.add(`${option}.stream.next`, async (number: number) => {
    const iterator = opened.get(number)
    if (iterator === undefined) return { done: true }
    let next: IteratorResult<unknown> | undefined
    try {
      next = await iterator.next()
      if (typeof next !== 'object' || next === null)
        throw unusable(`${option}.stream`, 'its next() must return an object')
      return next.done ? { done: true } : { done: false, piece: piece(`${option}.stream`, next.value) }
    } finally {
      if (next?.done !== false) opened.delete(number)
    }
  })
  user.add(`${option}.stream.return`, async (number: number) => {
    const iterator = opened.get(number)
    opened.delete(number)
    await iterator?.return?.()
  })
  return Object.fromEntries(TOLD.map((name) => [name, model[name]]))
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

/** All pieces as one answer. */
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

/** Refuses what is no answer; what is in it is checked by the core, but for what JSON cannot express. */
function response(what: string, value: unknown): ModelResponse {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unusable(what, 'must be an object with `content`, `toolCalls` or both')
  }
  const { content, toolCalls } = value as ModelResponse
  return usable(what, 'answer', { content, toolCalls } as ModelResponse)
}
