import type { IStorage, Memory } from '../memory'
import type { CustomEmbedder, EmbedFunction, IVectorStore } from '../vector-store'

/** A service that turns texts into vectors. */
export interface EmbedderConfig {
  /** The service; `openai` for any server that speaks OpenAI's embeddings. */
  provider: 'openai' | 'openrouter' | 'google'
  /** Name of the model. @defaultValue `text-embedding-3-small`, Google `gemini-embedding-001` */
  model?: string
  /** The service's key. Appears in no message, log or stack. @defaultValue the model's, if that is of the same service */
  apiKey?: string | undefined
  /** Another server with the same API, up to and including its version. @defaultValue the model's, if that is of the same service */
  baseUrl?: string
  /** Numbers of a vector, where the model lets one choose. @defaultValue the model's */
  dimensions?: number
}

/** What the agent remembers and what of it is kept. */
export interface MemoryConfig {
  /**
   * Memories kept in the window of each conversation. When set, it also caps what the model sees of the
   * conversation; unset, only the token budget does. @defaultValue 20
   */
  contextWindow?: number
  /**
   * Whether the storage is used. `false` wins over a storage; `true` without one is an error.
   * @defaultValue true when there is a storage
   */
  longTermEnabled?: boolean
  /**
   * Where memories are kept: a {@link DatabaseStorage}, an {@link InMemoryStorage} or a storage of your own.
   * @defaultValue a {@link DatabaseStorage} over `database`, when that is given
   */
  longTermStorage?: IStorage
  /**
   * Whether memories are found by what they mean, and join the prompt of the customer they are of.
   * @defaultValue true when there is a `vectorStore` or an `embedder`
   */
  vectorEnabled?: boolean
  /**
   * Where vectors are kept: a store of your own, or an {@link InMemoryVectorStore}.
   * @defaultValue the table `<tablePrefix>vectors` of the database that memories are in
   */
  vectorStore?: IVectorStore
  /**
   * What turns memories into vectors: a service, or your own function.
   * @defaultValue `text-embedding-3-small` or `gemini-embedding-001` with the model's key and `baseUrl`, if the model is OpenAI's or
   * Google's
   */
  embedder?: EmbedderConfig | CustomEmbedder | EmbedFunction
  /**
   * Which memories are persisted; any rule that matches suffices, and `goalAchieved` always is.
   * What is not persisted is still in the window. @defaultValue everything is
   */
  autoPersist?: {
    /** From this importance on. @defaultValue 7 */
    minImportance?: number
    /** These kinds. */
    types?: Memory['type'][]
    /** Everything. */
    persistAll?: boolean
  }
}
