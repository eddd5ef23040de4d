/** What any model may be told. */
interface ModelOptions {
  /** Sampling temperature. @defaultValue the provider's */
  temperature?: number
  /** Longest answer in tokens. @defaultValue the provider's; 4096 for Anthropic, which has none */
  maxTokens?: number
  /**
   * Milliseconds one attempt may take; of a streamed answer, until it begins and between its pieces.
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
