import { attempt, settle } from './errors'
import { held, hold } from './handle'
import {
  decodeMemories,
  decodeMemory,
  encodeArgument,
  encodeMemories,
  encodeMemory,
  encodeQuery,
  requireString,
} from './json'
import type { Channel, Memory, MemorySearchQuery, MemoryStats } from './memory'
import { binding, type NativeReceptionist } from './native'

/** `receptionist.agent.memory`: all that was said and decided, from the windows and the storage as one. */
export class MemoryManager {
  private constructor() {}

  /** @internal */
  static of(native: NativeReceptionist): MemoryManager {
    const made = new MemoryManager()
    hold(made, native)
    return made
  }

  /**
   * Remembers something, and persists it as `autoPersist` says.
   * @throws {@link ValidationError} if no supported database could hold it
   */
  async store(memory: Memory): Promise<void> {
    const json = encodeMemory(memory)
    await settle(() => native(this).memoryStore(json))
  }

  /**
   * Remembers several, all or none of them, and persists each as `autoPersist` says.
   * @throws {@link ValidationError} if no supported database could hold one of them
   */
  async storeBatch(memories: Memory[]): Promise<void> {
    const json = encodeMemories(memories)
    await settle(() => native(this).memoryStoreBatch(json))
  }

  /** The memory of that id, persisted or not, or null. */
  async get(id: string): Promise<Memory | null> {
    requireString('id', id)
    const json = await settle(() => native(this).memoryGet(id))
    return json === null ? null : decodeMemory(json)
  }

  /** Forgets the memory of that id, in the window and in the storage; no error if there is none. */
  async delete(id: string): Promise<void> {
    requireString('id', id)
    await settle(() => native(this).memoryDelete(id))
  }

  /**
   * The memories a query asks for, in its order: by default the newest 100, newest first.
   * @throws {@link ValidationError} if the query cannot be answered
   */
  async search(query: MemorySearchQuery = {}): Promise<Memory[]> {
    const json = encodeQuery(query)
    return decodeMemories(await settle(() => native(this).memorySearch(json)))
  }

  /** The whole conversation, oldest first, however long. */
  async getConversationHistory(conversationId: string): Promise<Memory[]> {
    requireString('conversationId', conversationId)
    return decodeMemories(await settle(() => native(this).memoryHistory(conversationId)))
  }

  /**
   * What happened on a channel, newest first.
   * @param options - `limit` (100 unless given), and `conversationId` for one conversation only
   */
  async getChannelHistory(
    channel: Channel,
    options: { limit?: number; conversationId?: string } = {},
  ): Promise<Memory[]> {
    requireString('channel', channel)
    const json = encodeArgument('options', options)
    return decodeMemories(await settle(() => native(this).memoryChannelHistory(channel, json)))
  }

  /** Notes that a session began. `metadata` becomes part of its `sessionMetadata`. */
  async startSession(session: {
    conversationId: string
    channel: Channel
    metadata?: Record<string, any>
  }): Promise<void> {
    const json = encodeArgument('session', session)
    await settle(() => native(this).memoryStartSession(json))
  }

  /** Notes that a session ended, with what came of it. */
  async endSession(conversationId: string, summary?: string): Promise<void> {
    requireString('conversationId', conversationId)
    if (summary != null) requireString('summary', summary)
    await settle(() => native(this).memoryEndSession(conversationId, summary ?? null))
  }

  /**
   * Embeds the memories that have no vector of the present embedder, and removes the vectors of other ones; resolves when every memory
   * can be found by its meaning. The same goes on in the background by itself.
   * @param options - `everything`: embed anew what has a vector, too
   * @throws {@link ConfigurationError} without vectors
   * @throws {@link ModelError} if the embedder fails
   */
  async reindex(options: { everything?: boolean } = {}): Promise<{ embedded: number; skipped: number }> {
    const json = encodeArgument('options', options)
    return JSON.parse(await settle(() => native(this).memoryReindex(json)))
  }

  /** An id for a new conversation: `conv_<milliseconds>_<random>`. */
  generateConversationId(): string {
    return binding.newConversationId()
  }

  /** The newest memory of a channel that came from or went to a number or address. */
  async getConversationByIdentifier(channel: Channel, identifier: string): Promise<Memory | null> {
    requireString('channel', channel)
    requireString('identifier', identifier)
    return await find(this, { channel, address: identifier })
  }

  /** The newest memory of a call. */
  async getConversationByCallId(callSid: string): Promise<Memory | null> {
    requireString('callSid', callSid)
    return await find(this, { field: 'callSid', value: callSid })
  }

  /** The newest memory of a text message. */
  async getConversationByMessageId(messageSid: string): Promise<Memory | null> {
    requireString('messageSid', messageSid)
    return await find(this, { field: 'messageSid', value: messageSid })
  }

  /** Notes which call a conversation is, so that it is found by it. */
  async attachCallSid(conversationId: string, callSid: string): Promise<void> {
    await attach(this, conversationId, 'callSid', callSid)
  }

  /** Notes which text message a conversation is, so that it is found by it. */
  async attachMessageSid(conversationId: string, messageSid: string): Promise<void> {
    await attach(this, conversationId, 'messageSid', messageSid)
  }

  /**
   * Does nothing beyond checking that it works: the receptionist's `initialize()` makes it ready.
   * @throws {@link LifecycleError} before that
   */
  async initialize(): Promise<void> {
    this.getStats()
  }

  /** Empties the windows; the storage is closed by whoever opened it. */
  async dispose(): Promise<void> {
    this.clearShortTerm()
  }

  /** How much is remembered; answers at once. */
  getStats(): MemoryStats {
    return JSON.parse(attempt(() => native(this).memoryStats()))
  }

  /** Empties the windows of all conversations; what was persisted stays. */
  clearShortTerm(): void {
    attempt(() => native(this).memoryClearShortTerm())
  }

  /** Forgets what is known of persisted memories; nothing is deleted from the storage. */
  clearLongTerm(): void {
    attempt(() => native(this).memoryClearLongTerm())
  }

  /**
   * Memories that bear on `text`, of all customers: those that share words with it, and with vectors those of a similar meaning.
   * @param options - narrow it to a conversation or channel; `limit` caps the number
   */
  async retrieve(
    text: string,
    options: { conversationId?: string; channel?: Channel; limit?: number } = {},
  ): Promise<Memory[]> {
    requireString('text', text)
    const json = encodeArgument('options', options)
    return decodeMemories(await settle(() => native(this).memoryRetrieve(text, json)))
  }
}

function native(manager: MemoryManager): NativeReceptionist {
  return held(manager)
}

async function find(manager: MemoryManager, by: object): Promise<Memory | null> {
  const json = await settle(() => native(manager).memoryFind(JSON.stringify(by)))
  return json === 'null' ? null : decodeMemory(json)
}

async function attach(
  manager: MemoryManager,
  conversationId: string,
  field: 'callSid' | 'messageSid',
  value: string,
): Promise<void> {
  requireString('conversationId', conversationId)
  requireString(field, value)
  await settle(() => native(manager).memoryAttach(conversationId, field, value))
}
