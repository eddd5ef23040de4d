/** Options of every model. */
interface ModelOptions {
  /** Sampling temperature. @defaultValue the provider's */
  temperature?: number
  /**
   * Maximum number of tokens of an answer.
   * @defaultValue the provider's; for Anthropic, which requires one, 4096
   */
  maxTokens?: number
  /**
   * Timeout of one attempt in milliseconds. For a streamed answer, it applies to the first chunk
   * and between chunks; the whole stream may take ten times as long.
   * @defaultValue 60000
   */
  timeout?: number
  /**
   * Maximum number of tokens of prompt and history; the newest messages are kept.
   * @defaultValue 16000
   */
  maxContextTokens?: number
}

/** A model of an LLM service. */
export interface AIModelConfig extends ModelOptions {
  /** Service; use `openai` for any server with OpenAI's chat completions API. */
  provider: 'openai' | 'openrouter' | 'anthropic' | 'google'
  /** API key. Never included in messages, logs or stacks. */
  apiKey?: string | undefined
  /** Name of the model, for example `gpt-4o-mini`. */
  model: string
  /** Base URL of a server with the same API, including the version: `http://localhost:11434/v1`. */
  baseUrl?: string
  /** `HTTP-Referer` header for OpenRouter. */
  httpReferer?: string
  /**
   * Maximum number of retries after 429, 5xx and network errors; `Retry-After` is honoured.
   * @defaultValue 2
   */
  maxRetries?: number
}

/** A request to a custom model, in a provider-independent format. */
export interface ModelRequest {
  /** Messages, starting with the system prompt. Every tool call is followed by its result. */
  messages: ModelMessage[]
  /** Tools that the model may call. An empty list means no tool calls. */
  tools: { name: string; description: string; parameters: Record<string, any> }[]
  /** Conversation id. */
  conversationId: string
  /** `model` option. */
  model?: string
  /** `temperature` option. */
  temperature?: number
  /** `maxTokens` option. */
  maxTokens?: number
}

/** A message of a model request. */
export type ModelMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls?: { id: string; name: string; parameters: any }[] }
  | { role: 'tool'; toolCallId: string; content: string }

/** Answer of a custom model, or a chunk of one: text, tool calls, or both. */
export interface ModelResponse {
  /** Text of the answer. */
  content?: string | null
  /** Tool calls. `parameters` is an object or its JSON; a missing `id` is generated. */
  toolCalls?: { id?: string; name: string; parameters?: any }[] | null
}

/** Context of a call of a custom model. */
export interface ModelCall {
  /** Signal that is aborted when the answer is not needed any more: timeout, or reader stopped. */
  signal: AbortSignal
}

/** A streamed answer: text chunks, or chunks with tool calls. */
export type ModelStream = AsyncIterable<string | ModelResponse> | Iterable<string | ModelResponse>

/**
 * A custom model. Its functions are looked up at every call and may return a promise or a value.
 * Errors they throw are rethrown as the same object. A promise that does not settle within
 * `timeout` fails the call.
 */
export interface CustomModelConfig extends ModelOptions {
  /** Marks a custom model. */
  provider: 'custom'
  /** Name of the model, as reported in answers. @defaultValue 'custom' */
  model?: string
  /** Answers a request, as a whole or as an async iterable of chunks. */
  chat(
    request: ModelRequest,
    call: ModelCall,
  ):
    | ModelResponse
    | AsyncIterable<string | ModelResponse>
    | Promise<ModelResponse | AsyncIterable<string | ModelResponse>>
  /** Answers a request in chunks, for `text.stream()`. @defaultValue `chat` */
  stream?(
    request: ModelRequest,
    call: ModelCall,
  ): ModelStream | ModelResponse | Promise<ModelStream | ModelResponse>
}

/** Language model of the agent. */
export type ModelConfig = (AIModelConfig | CustomModelConfig) & {
  /**
   * Fallback models, tried in order if the previous one fails: unavailable, timed out, rate
   * limited, rejected key or request, or unusable answer.
   */
  fallbacks?: (AIModelConfig | CustomModelConfig)[]
}
