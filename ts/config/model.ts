/** What any model may be told. */
interface ModelOptions {
  /** Sampling temperature. @defaultValue the provider's */
  temperature?: number
  /** Longest answer in tokens. @defaultValue the provider's; 4096 for Anthropic, which has none */
  maxTokens?: number
  /**
   * Milliseconds one attempt may take; of a streamed answer, until it begins and between its pieces, ten times as many
   * for all of it.
   * @defaultValue 60000
   */
  timeout?: number
  /** Tokens of prompt and history sent at most; the newest messages are kept. @defaultValue 16000 */
  maxContextTokens?: number
}

/** A model of a service. */
export interface AIModelConfig extends ModelOptions {
  /** The service, or `openai` for any server that speaks OpenAI's chat completions. */
  provider: 'openai' | 'openrouter' | 'anthropic' | 'google'
  /** The service's key. Appears in no message, log or stack. */
  apiKey?: string | undefined
  /** Name of the model, for example `gpt-4o-mini`. */
  model: string
  /** Another server with the same API, up to and including its version: `http://localhost:11434/v1`. */
  baseUrl?: string
  /** OpenRouter's `HTTP-Referer`. */
  httpReferer?: string
  /** Further attempts after 429, 5xx and network failures; `Retry-After` is honoured. @defaultValue 2 */
  maxRetries?: number
}

/** What a model of your own is asked: the same shape whatever service is behind it. */
export interface ModelRequest {
  /** The transcript, instructions first. Every tool call is followed by its result. */
  messages: ModelMessage[]
  /** The tools that may be asked for; none forbids them. */
  tools: { name: string; description: string; parameters: Record<string, any> }[]
  /** The conversation that is answered. */
  conversationId: string
  /** `model` of the options. */
  model?: string
  /** `temperature` of the options. */
  temperature?: number
  /** `maxTokens` of the options. */
  maxTokens?: number
}

/** One message of a transcript. */
export type ModelMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls?: { id: string; name: string; parameters: any }[] }
  | { role: 'tool'; toolCallId: string; content: string }

/** What a model of your own answers, whole or a piece of it: text, tools to be called, or both. */
export interface ModelResponse {
  /** What the agent says. */
  content?: string | null
  /** Tools to be called; `parameters` is an object or its JSON, `id` is made when there is none. */
  toolCalls?: { id?: string; name: string; parameters?: any }[] | null
}

/** About the call of a model of your own. */
export interface ModelCall {
  /** Aborted when nobody waits for the answer any more: it took too long, or its reader left. */
  signal: AbortSignal
}

/** An answer that arrives in pieces: texts, or pieces with tool calls. */
export type ModelStream = AsyncIterable<string | ModelResponse> | Iterable<string | ModelResponse>

/**
 * A model of your own. Its functions are looked up at every call and may return a promise or not; what they throw reaches you as
 * the same object; a promise that does not settle within `timeout` fails the call.
 */
export interface CustomModelConfig extends ModelOptions {
  /** Says that the model is your own. */
  provider: 'custom'
  /** Its name, as answers tell it. @defaultValue 'custom' */
  model?: string
  /** Answers a transcript, whole or as an async iterable of pieces. */
  chat(
    request: ModelRequest,
    call: ModelCall,
  ):
    | ModelResponse
    | AsyncIterable<string | ModelResponse>
    | Promise<ModelResponse | AsyncIterable<string | ModelResponse>>
  /** Answers a transcript in pieces, for `text.stream()`. @defaultValue `chat` */
  stream?(
    request: ModelRequest,
    call: ModelCall,
  ): ModelStream | ModelResponse | Promise<ModelStream | ModelResponse>
}

/** What the agent thinks with. */
export type ModelConfig = (AIModelConfig | CustomModelConfig) & {
  /**
   * Models that are asked in this order when the one before cannot answer: not available, too slow, limited, refusing the key or
   * the request, or answering nothing that can be used.
   */
  fallbacks?: (AIModelConfig | CustomModelConfig)[]
}
