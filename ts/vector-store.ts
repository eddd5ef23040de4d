import { attempt, receptionistError, settle } from './errors'
import { held, hold } from './handle'
import { encodeArgument, encodeList, requireString } from './json'
import { binding, type NativeInMemoryVectorStore } from './native'
import { unusable } from './returned'
import { unmodified } from './unmodified'
import type { UserCode } from './user-code'

/** The vector of a memory. */
export interface VectorEntry {
  /** Id of the memory. */
  id: string
  /** Of length 1, so that the dot product is the cosine. */
  vector: number[]
  /**
   * What searches filter by: `space` (model and dimensions; vectors of different spaces cannot be compared), and as far as they
   * are known `conversationId`, `channel`, `customerId`, `customerEmail`, `customerPhone`, `shared`.
   */
  metadata: Record<string, string | boolean>
}

/** What a search lets through: entries whose metadata has all fields of `all` and those of at least one of `anyOf`, if there are any. */
export interface VectorFilter {
  /** Fields that must be equal. */
  all: Record<string, string | boolean>
  /** Alternatives: of at least one of these, all fields must be equal. Empty means that everything passes. */
  anyOf: Record<string, string | boolean>[]
}

/** What is looked for. */
export interface VectorQuery {
  /** Of length 1. */
  vector: number[]
  /** At most so many. */
  limit: number
  /**
   * What may be found. A store that ignores it finds less than it should; nobody is told what is another customer's, because that is
   * decided by the memories themselves.
   */
  filter: VectorFilter
}

/** A vector that was found. */
export interface VectorMatch {
  /** Id of the memory. */
  id: string
  /** Cosine similarity: 1 is the same meaning, 0 is none in common. */
  score: number
}

/**
 * A place that keeps vectors and finds the nearest: {@link InMemoryVectorStore}, or your own over whatever you have. Methods may
 * also return without a promise; one that does not settle within 30 s fails the call. While it fails, memories are found by keywords.
 */
export interface IVectorStore {
  /** Keeps vectors; the same id again replaces it. */
  upsert(entries: VectorEntry[]): Promise<void> | void
  /** The nearest vectors that pass the filter, the nearest first. */
  search(query: VectorQuery): Promise<VectorMatch[]> | VectorMatch[]
  /** Removes the vectors of these memories. */
  delete(ids: string[]): Promise<void> | void
  /**
   * Which of these memories have a vector whose metadata has this `space`. Without it, memories that were saved before, or while your
   * store was down, are only embedded by `memory.reindex()`.
   */
  has?(ids: string[], space: string): Promise<string[]> | string[]
}

/** Your own function from texts to vectors: one for each text, in order, all of the same length. */
export type EmbedFunction = (texts: string[]) => Promise<ArrayLike<number>[]> | ArrayLike<number>[]

/** Your own embedder. */
export interface CustomEmbedder {
  /** Name of what it computes with, so that another model is noticed. @defaultValue 'custom' */
  model?: string
  /** Numbers of a vector, if they are to be checked. */
  dimensions?: number
  /** From texts (at most 64, of 4,000 characters) to vectors; fails when it takes longer than 30 s. */
  embed: EmbedFunction
}

/**
 * Keeps vectors in this process and searches them exactly: gone when it ends, and made again at the next start.
 *
 * @example
 * ```ts
 * const vectorStore = new InMemoryVectorStore()
 * new AIReceptionist({ …, agent: { …, memory: { vectorEnabled: true, vectorStore } } })
 * ```
 */
export class InMemoryVectorStore implements IVectorStore {
  constructor() {
    hold(
      this,
      attempt(() => new binding.InMemoryVectorStore()),
    )
  }

  /**
   * Keeps vectors; the same id again replaces it.
   * @throws {@link ValidationError} if one is empty or holds NaN
   */
  async upsert(entries: VectorEntry[]): Promise<void> {
    const json = encodeList('entries', entries)
    await settle(() => native(this).upsert(json))
  }

  /** The nearest vectors that pass the filter, the nearest first. */
  async search(
    query: Omit<VectorQuery, 'filter'> & Partial<Pick<VectorQuery, 'filter'>>,
  ): Promise<VectorMatch[]> {
    const json = encodeArgument('query', query)
    return JSON.parse(await settle(() => native(this).search(json)))
  }

  /** Removes the vectors of these memories. */
  async delete(ids: string[]): Promise<void> {
    const json = encodeList('ids', ids)
    await settle(() => native(this).delete(json))
  }

  /** Which of these memories have a vector of that space. */
  async has(ids: string[], space: string): Promise<string[]> {
    const json = encodeList('ids', ids)
    requireString('space', space)
    return JSON.parse(await settle(() => native(this).has(json, space)))
  }

  /** How many vectors there are. */
  count(): number {
    return attempt(() => native(this).count())
  }

  /** Removes all vectors. */
  clear(): void {
    attempt(() => native(this).clear())
  }
}

const isUnmodified = unmodified(InMemoryVectorStore)

/** A vector store as the core is given it: natively where it is ours as it came from `new`, else as the user's own code. */
export function giveVectorStore(
  user: UserCode,
  option: string,
  given: unknown,
): NativeInMemoryVectorStore | true | null {
  if (given == null) return null
  if (isUnmodified(given)) return held<NativeInMemoryVectorStore>(given)
  addVectorStore(user, option, given)
  return true
}

/** Lets the core call a vector store of the user's own; methods are looked up at every call. */
function addVectorStore(user: UserCode, option: string, given: unknown): void {
  const store = requireVectorStore(option, given)
  user.add('vectorStore.upsert', async (entries) => {
    await store.upsert(entries)
  })
  user.add('vectorStore.search', async (query) => {
    const found: unknown = await store.search(query)
    if (!Array.isArray(found)) throw unusable('vectorStore.search', 'must be an array of { id, score }')
    return found.map(({ id, score }) => ({ id, score }))
  })
  user.add('vectorStore.delete', async (ids) => {
    await store.delete(ids)
  })
  user.add('vectorStore.has', async ({ ids, space }) => {
    return typeof store.has === 'function' ? await store.has(ids, space) : null
  })
}

/** Lets the core call an embedder of the user's own; what is left of it crosses as options. */
export function addEmbedder(user: UserCode, given: EmbedFunction | CustomEmbedder): object {
  const embed: EmbedFunction = typeof given === 'function' ? given : (texts) => given.embed(texts)
  user.add('embedder.embed', async (texts) => {
    const vectors: unknown = await embed(texts)
    if (!Array.isArray(vectors)) throw unusable('embedder.embed', 'must be an array of vectors')
    // Typed arrays are objects to JSON, and NaN is null.
    return vectors.map((vector) => Array.from(vector as ArrayLike<number>, checkedNumber))
  })
  const { model, dimensions } = typeof given === 'function' ? ({} as CustomEmbedder) : given
  return { provider: 'custom', model, dimensions }
}

/** Whether an embedder is code of the user's, and not the name of a service. */
export function isCustomEmbedder(given: unknown): given is EmbedFunction | CustomEmbedder {
  return typeof given === 'function' || typeof (given as Partial<CustomEmbedder> | null)?.embed === 'function'
}

function checkedNumber(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw receptionistError(
    'EMBEDDING_INVALID',
    "The embedder's answer could not be used: a vector holds something that is no finite number.",
  )
}

function requireVectorStore(option: string, given: unknown): IVectorStore {
  const methods = ['upsert', 'search', 'delete'] as const
  const missing =
    typeof given === 'object' && given !== null
      ? methods.filter((method) => typeof (given as Partial<IVectorStore>)[method] !== 'function')
      : methods
  if (missing.length === 0) return given as IVectorStore
  const reason = `must be a vector store; it lacks ${missing.map((method) => `${method}()`).join(', ')}`
  throw receptionistError('INVALID_CONFIG', `Invalid option \`${option}\`: ${reason}`, {
    details: { field: option, reason },
  })
}

function native(store: InMemoryVectorStore): NativeInMemoryVectorStore {
  return held(store)
}
