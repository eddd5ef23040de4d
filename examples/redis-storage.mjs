// Agent memory in Redis: a custom storage in one file to copy and change.
//
//   const redis = await createClient({ url: process.env.REDIS_URL, disableOfflineQueue: true }).connect()
//   agent: { memory: { longTermStorage: new RedisStorage(redis) } }
import { InMemoryStorage } from '@loctelli/ai-receptionist'

/** Memories per read, so that replies of Redis stay small. */
const PAGE = 1_000

/**
 * An `IStorage` over a client of the `redis` package, which you connect and close. All keys begin with `prefix`:
 *
 * - `memories`: a hash, from a memory's id to its JSON
 * - `places`: a hash, from a memory's id to its position in the order of saving; saving again keeps the position
 * - `saved`: the number of assigned positions
 * - `conversation:<id>`: a set of the ids of memories that belong, or once belonged, to that conversation
 *
 * A search within a conversation reads that conversation. Any other search reads everything, which is fine for some ten
 * thousand memories. For more, let RediSearch narrow down the candidates, or use a `DatabaseStorage`.
 */
export class RedisStorage {
  constructor(redis, { prefix = 'ai_receptionist:' } = {}) {
    this.redis = redis
    this.memories = `${prefix}memories`
    this.places = `${prefix}places`
    this.saved = `${prefix}saved`
    this.conversation = (id) => `${prefix}conversation:${id}`
  }

  async save(memory) {
    await this.saveBatch([memory])
  }

  /** Saves all or none, in one transaction. */
  async saveBatch(memories) {
    if (memories.length === 0) return
    const last = await this.redis.incrBy(this.saved, memories.length)
    const transaction = this.redis.multi()
    for (const [n, memory] of memories.entries()) {
      transaction.hSetNX(this.places, memory.id, String(last - memories.length + n))
      transaction.hSet(this.memories, memory.id, JSON.stringify(memory))
      const conversation = memory.sessionMetadata?.conversationId
      if (conversation !== undefined) transaction.sAdd(this.conversation(conversation), memory.id)
    }
    await transaction.exec()
  }

  async get(id) {
    return read(await this.redis.hGet(this.memories, id))
  }

  async search(query) {
    const candidates = await this.candidates(query.conversationId)
    // InMemoryStorage applies filters, order and limit. It gets the candidates in the order of saving.
    const shelf = new InMemoryStorage()
    await shelf.saveBatch(candidates)
    return await shelf.search(query)
  }

  async delete(id) {
    await this.redis.multi().hDel(this.memories, id).hDel(this.places, id).exec()
  }

  async healthCheck() {
    try {
      return (await this.redis.ping()) === 'PONG'
    } catch {
      return false
    }
  }

  /** Returns the candidates of a search, in the order of saving. */
  async candidates(conversation) {
    const ids =
      conversation === undefined
        ? await this.redis.hKeys(this.memories)
        : await this.redis.sMembers(this.conversation(conversation))
    const found = []
    for (let from = 0; from < ids.length; from += PAGE) {
      const page = ids.slice(from, from + PAGE)
      const [memories, places] = await Promise.all([
        this.redis.hmGet(this.memories, page),
        this.redis.hmGet(this.places, page),
      ])
      // A memory is null if it was deleted meanwhile, or since it joined the conversation.
      for (const [n, json] of memories.entries()) {
        if (json !== null) found.push({ memory: read(json), place: Number(places[n]) })
      }
    }
    return found.sort((a, b) => a.place - b.place).map(({ memory }) => memory)
  }
}

/** Parses a memory. JSON has no dates, so `timestamp` was written as text. */
function read(json) {
  if (json == null) return null
  const memory = JSON.parse(json)
  return { ...memory, timestamp: new Date(memory.timestamp) }
}
