import type { IStorage, Memory } from '../storage/memory'
import type { CustomEmbedder, EmbedFunction, IVectorStore } from '../vectors/vector-store'

/** An embedding service. */
export interface EmbedderConfig {
  /** Service; use `openai` for any server with OpenAI's embeddings API. */
  provider: 'openai' | 'openrouter' | 'google'
  /**
   * Name of the embedding model.
   * @defaultValue 'text-embedding-3-small'; for Google 'gemini-embedding-001'
   */
  model?: string
  /**
   * API key. Never included in messages, logs or stacks.
   * @defaultValue the language model's, if it uses the same service
   */
  apiKey?: string | undefined
  /**
   * Base URL of a server with the same API, including the version.
   * @defaultValue the language model's, if it uses the same service
   */
  baseUrl?: string
  /** Number of dimensions, if the model supports a choice. @defaultValue the model's */
  dimensions?: number
}

/** Memory options. */
export interface MemoryConfig {
  /**
   * Size of the short-term memory of each conversation. If set, it also limits the number of
   * memories in the prompt; otherwise only the token budget does.
   * @defaultValue 20
   */
  contextWindow?: number
  /**
   * `true` to use long-term storage. `false` disables a given storage; `true` without a storage is
   * an error.
   * @defaultValue true if there is a storage
   */
  longTermEnabled?: boolean
  /**
   * Long-term storage: a {@link DatabaseStorage}, an {@link InMemoryStorage} or a custom storage.
   * @defaultValue a {@link DatabaseStorage} over `database`, if that is given
   */
  longTermStorage?: IStorage
  /** Accepted for compatibility with the TypeScript SDK; without effect. */
  sharedLongTermMemory?: any
  /**
   * `true` to enable semantic memory: memories are found by meaning and added to the prompt of the
   * customer that they belong to.
   * @defaultValue true if there is a `vectorStore` or an `embedder`
   */
  vectorEnabled?: boolean
  /**
   * Vector store: a custom one, or an {@link InMemoryVectorStore}.
   * @defaultValue the table `<tablePrefix>vectors` in the database of the memories
   */
  vectorStore?: IVectorStore
  /**
   * Embedder: a service, or a custom function.
   * @defaultValue `text-embedding-3-small` or `gemini-embedding-001` with the model's key and
   *   `baseUrl`, if the model is OpenAI's or Google's
   */
  embedder?: EmbedderConfig | CustomEmbedder | EmbedFunction
  /**
   * Memories that bear on a message are added to the prompt of the reply: those that the customer
   * may be told. `tokens` is the maximum of all of them (default 2,000, and never more than an
   * eighth of the model's context), and `limit` their maximum number (default 12). `false` adds none.
   * @defaultValue on, if there is a storage
   */
  retrieval?: boolean | { tokens?: number; limit?: number }
  /**
   * Summaries of conversations and facts that customers tell. A conversation without a message for
   * `silenceMinutes` (default 60, at most 10,080) has ended and is summarized by the model, in the
   * background. `false` summarizes calls and `memory.summarize` only, and records facts only by
   * `memory.summarize`.
   * @defaultValue on, if there is a storage
   */
  summaries?: boolean | { silenceMinutes?: number }
  /**
   * Rules for persisting memories. A memory is persisted if any rule matches or `goalAchieved` is
   * set. Other memories are kept in short-term memory only.
   * @defaultValue all memories are persisted
   */
  autoPersist?: {
    /** Minimum importance. @defaultValue 7 */
    minImportance?: number
    /** Memory types. */
    types?: Memory['type'][]
    /** `true` to persist all memories. */
    persistAll?: boolean
  }
  /**
   * `true` to tell the agent in every turn who is on the line, what is known about them, and the date.
   * @defaultValue true
   */
  knownCustomer?: boolean
}
