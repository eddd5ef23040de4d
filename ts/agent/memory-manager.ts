import { callNative, callNativeAsync } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import {
  decodeMemories,
  decodeMemory,
  encodeArgument,
  encodeMemories,
  encodeMemory,
  encodeQuery,
  requireString,
} from '../bridge/json'
import type { ConversationDigest } from './customer'
import {
  evaluate,
  type EvaluationOptions,
  type RetrievalEvaluation,
  type RetrievalQuestion,
} from './evaluation'
import { decodeRetrieved, type RetrievedMemory, type RetrieveOptions } from './retrieval'
import type { Channel, Memory, MemorySearchQuery, MemoryStats } from '../storage/memory'
import { binding, type NativeReceptionist } from '../bridge/native'
import { currentTurns } from '../bridge/turn-context'

/** `receptionist.agent.memory`: all memories, from short-term memory and the storage combined. */
export class MemoryManager {
  private constructor() {}

  /** Creates the memory manager of a native receptionist. @internal */
  static of(native: NativeReceptionist): MemoryManager {
    const instance = new MemoryManager()
    attachNative(instance, native)
    return instance
  }

  /**
   * Stores a memory, and persists it according to `autoPersist`.
   * @throws {@link ValidationError} if a supported database could not store it
   */
  async store(memory: Memory): Promise<void> {
    const json = encodeMemory(memory)
    await callNativeAsync(() => native(this).memoryStore(json))
  }

  /**
   * Stores all memories or none, and persists each according to `autoPersist`.
   * @throws {@link ValidationError} if a supported database could not store one of them
   */
  async storeBatch(memories: Memory[]): Promise<void> {
    const json = encodeMemories(memories)
    await callNativeAsync(() => native(this).memoryStoreBatch(json))
  }

  /** Returns the memory with that id, persisted or not, or null. */
  async get(id: string): Promise<Memory | null> {
    requireString('id', id)
    const json = await callNativeAsync(() => native(this).memoryGet(id))
    return json === null ? null : decodeMemory(json)
  }

  /** Deletes the memory with that id from short-term memory and storage, if it exists. */
  async delete(id: string): Promise<void> {
    requireString('id', id)
    await callNativeAsync(() => native(this).memoryDelete(id))
  }

  /**
   * Returns the memories that match a query, by default the newest 100, newest first.
   * @throws {@link ValidationError} if the query is invalid
   */
  async search(query: MemorySearchQuery = {}): Promise<Memory[]> {
    const json = encodeQuery(query)
    return decodeMemories(await callNativeAsync(() => native(this).memorySearch(json)))
  }

  /** Returns all memories of a conversation, oldest first, without a limit. */
  async getConversationHistory(conversationId: string): Promise<Memory[]> {
    requireString('conversationId', conversationId)
    return decodeMemories(await callNativeAsync(() => native(this).memoryHistory(conversationId)))
  }

  /**
   * Returns the memories of a channel, newest first. `voice` is an alias of `call`.
   * @param options - `limit`, by default 100, and `conversationId` to select one conversation
   */
  async getChannelHistory(
    channel: Channel | 'voice',
    options: { limit?: number; conversationId?: string } = {},
  ): Promise<Memory[]> {
    const json = encodeArgument('options', options, 'ChannelHistoryOptions')
    const of = channelOf(channel)
    return decodeMemories(await callNativeAsync(() => native(this).memoryChannelHistory(of, json)))
  }

  /** Records the start of a session. `metadata` is merged into its `sessionMetadata`. */
  async startSession(session: {
    conversationId: string
    channel: Channel
    metadata?: Record<string, any>
  }): Promise<void> {
    const json = encodeArgument('session', session, 'Session')
    await callNativeAsync(() => native(this).memoryStartSession(json))
  }

  /**
   * Records the end of a session with its summary. Without a summary, the conversation is summarized
   * in the background, unless `agent.memory.summaries` is `false`.
   */
  async endSession(conversationId: string, summary?: string): Promise<void> {
    requireString('conversationId', conversationId)
    if (summary != null) requireString('summary', summary)
    await callNativeAsync(() => native(this).memoryEndSession(conversationId, summary ?? null))
  }

  /**
   * Summarizes a conversation by the model and records facts that the customer told. Only messages
   * since the last summary are read. Resolves to `null` if the customer wrote nothing. If the model
   * fails, the summary is the customer's first and last message, without facts.
   *
   * Conversations that end are summarized without this call; see `agent.memory.summaries`.
   * @throws {@link UserCodeError} `CONVERSATION_DEADLOCK` inside a turn of the conversation
   */
  async summarize(conversationId: string): Promise<ConversationDigest | null> {
    requireString('conversationId', conversationId)
    const digest = await callNativeAsync(() => native(this).memorySummarize(conversationId, currentTurns()))
    return digest === null ? null : (JSON.parse(digest) as ConversationDigest)
  }

  /**
   * Rebuilds the lexical index. With semantic memory, embeds memories that have no vector of the
   * current embedder, and deletes vectors of other embedders. Resolves when all memories can be
   * found. The same happens automatically in the background, except for memories that other programs
   * have written.
   * @param options - `force`: `true` to embed memories again that have a vector
   * @returns the number of memories in the lexical index, of those embedded, and of those that the
   *   embedder rejected
   * @throws {@link ModelError} if the embedder fails
   */
  async reindex(
    options: { force?: boolean } = {},
  ): Promise<{ indexed: number; embedded: number; skipped: number }> {
    const json = encodeArgument('options', options, 'ReindexOptions')
    return JSON.parse(await callNativeAsync(() => native(this).memoryReindex(json)))
  }

  /** Returns an id for a new conversation: `conv_<milliseconds>_<random>`. */
  generateConversationId(): string {
    return binding.newConversationId()
  }

  /** Returns the newest memory of a channel with that sender or recipient, or null. */
  async getConversationByIdentifier(channel: Channel | 'voice', identifier: string): Promise<Memory | null> {
    requireString('identifier', identifier)
    return await find(this, { channel: channelOf(channel), address: identifier })
  }

  /** Returns the newest memory of a call, or null. */
  async getConversationByCallId(callSid: string): Promise<Memory | null> {
    requireString('callSid', callSid)
    return await find(this, { field: 'callSid', value: callSid })
  }

  /** Returns the newest memory of an SMS message, or null. */
  async getConversationByMessageId(messageSid: string): Promise<Memory | null> {
    requireString('messageSid', messageSid)
    return await find(this, { field: 'messageSid', value: messageSid })
  }

  /** Links a call to a conversation, so that the conversation is found by the call SID. */
  async attachCallSid(conversationId: string, callSid: string): Promise<void> {
    await attach(this, conversationId, 'callSid', callSid)
  }

  /**
   * Links an SMS message to a conversation, so that the conversation is found by the message SID.
   */
  async attachMessageSid(conversationId: string, messageSid: string): Promise<void> {
    await attach(this, conversationId, 'messageSid', messageSid)
  }

  /**
   * Checks that the memory is ready. The receptionist's `initialize()` does the initialization.
   * @throws {@link LifecycleError} before the receptionist's `initialize()`
   */
  async initialize(): Promise<void> {
    this.getStats()
  }

  /** Clears short-term memory. The storage is closed by its owner. */
  async dispose(): Promise<void> {
    this.clearShortTerm()
  }

  /** Returns statistics, without a database query. */
  getStats(): MemoryStats {
    return JSON.parse(callNative(() => native(this).memoryStats()))
  }

  /** Clears the short-term memory of all conversations. Persisted memories are kept. */
  clearShortTerm(): void {
    callNative(() => native(this).memoryClearShortTerm())
  }

  /** Clears what is cached about persisted memories. Nothing is deleted from the storage. */
  clearLongTerm(): void {
    callNative(() => native(this).memoryClearLongTerm())
  }

  /**
   * Returns the memories that bear on `text`, best match first: by words in any language, the words
   * of the messages around them, times that the text names, and with semantic memory by meaning.
   */
  async retrieve(text: string, options?: RetrieveOptions & { explain?: false }): Promise<Memory[]>
  /** Returns the memories with their scores, and the parts of each score. */
  async retrieve(text: string, options: RetrieveOptions & { explain: true }): Promise<RetrievedMemory[]>
  async retrieve(text: string, options: RetrieveOptions = {}): Promise<Memory[] | RetrievedMemory[]> {
    requireString('text', text)
    const json = encodeArgument('options', options, 'RetrieveOptions')
    const found = await callNativeAsync(() => native(this).memoryRetrieve(text, json))
    return options.explain === true ? decodeRetrieved(found) : decodeMemories(found)
  }

  /**
   * Measures `retrieve` on questions of your own, with the ids of the memories that answer them: recall,
   * mean reciprocal rank and latency. Asks one question after the other.
   * @throws {@link ValidationError} `INVALID_ARGUMENT` for unusable questions or options
   *
   * @example
   * ```ts
   * const questions = [{ question: 'Which colour should the bicycle have?', expected: ['m1'] }]
   * const { recallAt, mrr } = await receptionist.agent.memory.evaluateRetrieval(questions)
   * ```
   */
  async evaluateRetrieval(
    questions: RetrievalQuestion[],
    options: EvaluationOptions = {},
  ): Promise<RetrievalEvaluation> {
    return await evaluate(questions, options, (text, filters) => this.retrieve(text, filters))
  }
}

function native(manager: MemoryManager): NativeReceptionist {
  return nativeOf(manager)
}

/** Returns the channel for its name or the name of its resource. */
function channelOf(channel: Channel | 'voice'): string {
  return requireString('channel', channel === 'voice' ? 'call' : channel)
}

async function find(manager: MemoryManager, by: object): Promise<Memory | null> {
  const json = await callNativeAsync(() => native(manager).memoryFind(JSON.stringify(by)))
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
  await callNativeAsync(() => native(manager).memoryAttach(conversationId, field, value))
}
