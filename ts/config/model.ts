/** What the agent thinks with. */
export interface AIModelConfig {
  /** The service, or `openai` for any server that speaks OpenAI's chat completions. */
  provider: 'openai' | 'openrouter'
  /** The service's key. Appears in no message, log or stack. */
  apiKey?: string | undefined
  /** Name of the model, for example `gpt-4o-mini`. */
  model: string
  /** Another server with the same API, up to and including its version: `http://localhost:11434/v1`. */
  baseUrl?: string
  /** Sampling temperature. @defaultValue the provider's */
  temperature?: number
  /** Longest answer in tokens. @defaultValue the provider's */
  maxTokens?: number
  /** OpenRouter's `HTTP-Referer`. */
  httpReferer?: string
  /** Milliseconds one attempt may take. @defaultValue 60000 */
  timeout?: number
  /** Further attempts after 429, 5xx and network failures; `Retry-After` is honoured. @defaultValue 2 */
  maxRetries?: number
  /** Tokens of prompt and history sent at most; the newest messages are kept. @defaultValue 16000 */
  maxContextTokens?: number
}
