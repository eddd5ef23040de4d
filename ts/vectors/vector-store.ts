import { callNative, receptionistError, callNativeAsync } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import { invalidInput } from '../bridge/invalid-input'
import { encodeArgument, encodeList, requireString } from '../bridge/json'
import { binding, type NativeInMemoryVectorStore } from '../bridge/native'
import { invalidResult } from '../bridge/returned-values'
import { unpatched } from '../bridge/unpatched'
import type { UserCode } from '../bridge/user-code'

/** A vector of a memory. */
export interface VectorEntry {
  /** Id of the memory. */
  id: string
  /** Unit vector, so that the dot product is the cosine. */
  vector: number[]
  /**
   * Metadata for filters: `space` (model and dimensions; vectors of different spaces cannot be
   * compared) and, if known, `conversationId`, `channel`, `customerId`, `customerEmail`,
   * `customerPhone`, `shared`.
   */
  metadata: Record<string, string | boolean>
}

/**
 * A filter on metadata. An entry matches if it has all fields of `all` and, if `anyOf` is not
 * empty, all fields of at least one of its items.
 */
export interface VectorFilter {
  /** Fields that must be equal. */
  all: Record<string, string | boolean>
  /**
   * Alternatives: all fields of at least one item must be equal. An empty list matches everything.
   */
  anyOf: Record<string, string | boolean>[]
}

/** A vector search query. */
export interface VectorQuery {
  /** Unit vector to search for. */
  vector: number[]
  /** Maximum number of results. */
  limit: number
  /**
   * Filter on metadata. A store that ignores it returns too few results. It never exposes another
   * customer's data, because access is decided from the memories themselves.
   */
  filter: VectorFilter
}

/** A search result. */
export interface VectorMatch {
  /** Id of the memory. */
  id: string
  /** Cosine similarity: 1 for the same meaning, 0 for unrelated. */
  score: number
}

/**
 * A vector store: {@link InMemoryVectorStore}, or a custom one. Methods may also return a value
 * instead of a promise. A promise that does not settle within 30 s fails the call. While the store
 * fails, memories are found by words alone.
 */
export interface IVectorStore {
  /** Saves vectors. An existing vector with the same id is replaced. */
  upsert(entries: VectorEntry[]): Promise<void> | void
  /** Returns the nearest vectors that match the filter, nearest first. */
  search(query: VectorQuery): Promise<VectorMatch[]> | VectorMatch[]
  /** Deletes the vectors of these memories. */
  delete(ids: string[]): Promise<void> | void
  /**
   * Returns the ids of the memories that have a vector whose metadata has this `space`. Without
   * this method, memories saved before, or while the store was unavailable, are only embedded by
   * `memory.reindex()`.
   */
  has?(ids: string[], space: string): Promise<string[]> | string[]
}

/**
 * A custom embedding function. Returns one vector for each text, in order, all of the same length.
 */
export type EmbedFunction = (texts: string[]) => Promise<ArrayLike<number>[]> | ArrayLike<number>[]

/** A custom embedder. */
export interface CustomEmbedder {
  /** Name of the embedding model, used to detect a change of the model. @defaultValue 'custom' */
  model?: string
  /** Number of dimensions, if it is to be checked. */
  dimensions?: number
  /** Embedding function. Receives at most 64 texts of 4,000 characters; times out after 30 s. */
  embed: EmbedFunction
}

/**
 * A vector store in this process with exact search. Vectors are lost when the process ends, and are
 * computed again at the next start.
 *
 * @example
 * ```ts
 * const vectorStore = new InMemoryVectorStore()
 * new AIReceptionist({ …, agent: { …, memory: { vectorEnabled: true, vectorStore } } })
 * ```
 */
export class InMemoryVectorStore implements IVectorStore {
  constructor() {
    attachNative(
      this,
      callNative(() => new binding.InMemoryVectorStore()),
    )
  }

  /**
   * Saves vectors. An existing vector with the same id is replaced.
   * @throws {@link ValidationError} if a vector is empty or contains NaN
   */
  async upsert(entries: VectorEntry[]): Promise<void> {
    const json = encodeList('entries', entries, 'VectorEntries')
    await callNativeAsync(() => native(this).upsert(json))
  }

  /** Returns the nearest vectors that match the filter, nearest first. */
  async search(
    query: Omit<VectorQuery, 'filter'> & Partial<Pick<VectorQuery, 'filter'>>,
  ): Promise<VectorMatch[]> {
    const json = encodeArgument('query', query, 'VectorQuery')
    return JSON.parse(await callNativeAsync(() => native(this).search(json)))
  }

  /** Deletes the vectors of these memories. */
  async delete(ids: string[]): Promise<void> {
    const json = encodeList('ids', ids, null)
    await callNativeAsync(() => native(this).delete(json))
  }

  /** Returns the ids of the memories that have a vector of that space. */
  async has(ids: string[], space: string): Promise<string[]> {
    const json = encodeList('ids', ids, null)
    requireString('space', space)
    return JSON.parse(await callNativeAsync(() => native(this).has(json, space)))
  }

  /** Returns the number of vectors. */
  count(): number {
    return callNative(() => native(this).count())
  }

  /** Deletes all vectors. */
  clear(): void {
    callNative(() => native(this).clear())
  }
}

const isUnpatchedInstance = unpatched(InMemoryVectorStore)

/**
 * Converts the vector store option for the core: an unmodified built-in store by its native
 * counterpart, anything else as user code.
 */
export function resolveVectorStore(
  user: UserCode,
  option: string,
  given: unknown,
): NativeInMemoryVectorStore | true | null {
  if (given == null) return null
  if (isUnpatchedInstance(given)) return nativeOf<NativeInMemoryVectorStore>(given)
  addVectorStore(user, option, given)
  return true
}

/** Registers a custom vector store. Its methods are looked up at every call. */
function addVectorStore(user: UserCode, option: string, given: unknown): void {
  const store = requireVectorStore(option, given)
  user.add('vectorStore.upsert', async (entries) => {
    await store.upsert(entries)
  })
  user.add('vectorStore.search', async (query) => {
    const found: unknown = await store.search(query)
    if (!Array.isArray(found)) throw invalidResult('vectorStore.search', 'must be an array of { id, score }')
    return found.map(({ id, score }) => ({ id, score }))
  })
  user.add('vectorStore.delete', async (ids) => {
    await store.delete(ids)
  })
  user.add('vectorStore.has', async ({ ids, space }) => {
    return typeof store.has === 'function' ? await store.has(ids, space) : null
  })
}

/** Registers a custom embedder. Returns its remaining options. */
export function addEmbedder(user: UserCode, given: EmbedFunction | CustomEmbedder): object {
  const embed: EmbedFunction = typeof given === 'function' ? given : (texts) => given.embed(texts)
  user.add('embedder.embed', async (texts) => {
    const vectors: unknown = await embed(texts)
    if (!Array.isArray(vectors)) throw invalidResult('embedder.embed', 'must be an array of vectors')
    // In JSON, typed arrays become objects, and NaN becomes null.
    return vectors.map((vector) => Array.from(vector as ArrayLike<number>, checkedNumber))
  })
  const { model, dimensions } = typeof given === 'function' ? ({} as CustomEmbedder) : given
  return { provider: 'custom', model, dimensions }
}

/** Returns `true` if an embedder is user code and not the options of a service. */
export function isCustomEmbedder(given: unknown): given is EmbedFunction | CustomEmbedder {
  return typeof given === 'function' || typeof (given as Partial<CustomEmbedder> | null)?.embed === 'function'
}

function checkedNumber(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw receptionistError(
    'EMBEDDING_INVALID',
    "The embedder's answer could not be used: a vector contains a value that is not a finite number.",
  )
}

function requireVectorStore(option: string, given: unknown): IVectorStore {
  const methods = ['upsert', 'search', 'delete'] as const
  const missing =
    typeof given === 'object' && given !== null
      ? methods.filter((method) => typeof (given as Partial<IVectorStore>)[method] !== 'function')
      : methods
  if (missing.length === 0) return given as IVectorStore
  const missingText = `must be a vector store; it lacks ${missing.map((method) => `${method}()`).join(', ')}`
  const hasNoMethod = missing.length === methods.length
  const reason = hasNoMethod
    ? `${missingText}; write \`vectorStore: new InMemoryVectorStore()\``
    : missingText
  throw invalidInput('INVALID_CONFIG', option, reason)
}

function native(store: InMemoryVectorStore): NativeInMemoryVectorStore {
  return nativeOf(store)
}
