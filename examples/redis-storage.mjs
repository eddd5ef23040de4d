// Agent memory in Redis: a storage of your own in one file to copy and change.
//
//   const redis = await createClient({ url: process.env.REDIS_URL, disableOfflineQueue: true }).connect()
//   agent: { memory: { longTermStorage: new RedisStorage(redis) } }
import { InMemoryStorage } from '@loctelli/ai-receptionist'

/** Memories read at a time: a reply of Redis should not be arbitrarily large. */
const PAGE = 1_000

/**
 * An `IStorage` over a client of the `redis` package, which you connect and close. Its keys, all beginning with `prefix`:
 *
 * - `memories`: a hash, from a memory's id to its JSON
 * - `places`: a hash, from a memory's id to its place in the order of saving, which it keeps when saved again
 * - `saved`: how many places were given
 * - `conversation:<id>`: a set of the ids of memories that are, or once were, of that conversation
 *
 * A search within a conversation reads that conversation; any other search reads everything, which is fine for some ten
 * thousand memories. Beyond, let RediSearch narrow down the candidates, or use a `DatabaseStorage`.
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

  /** One transaction: Redis carries out all of it or nothing. */
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
    // What a query means, InMemoryStorage knows: filters, order, limit. It gets the candidates in the order of saving.
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

  /** Memories among which a search looks, in the order of saving. */
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
      // A memory deleted meanwhile, or since it joined the conversation, is null.
      for (const [n, json] of memories.entries()) {
        if (json !== null) found.push({ memory: read(json), place: Number(places[n]) })
      }
    }
    return found.sort((a, b) => a.place - b.place).map(({ memory }) => memory)
  }
}

/** JSON has no dates: `timestamp` was written as text. */
function read(json) {
  if (json == null) return null
  const memory = JSON.parse(json)
  return { ...memory, timestamp: new Date(memory.timestamp) }
}
