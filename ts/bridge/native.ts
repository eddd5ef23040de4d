/**
 * Interface of the native addon (`src/node/`). Records cross as JSON strings. Every failure is an
 * `Error` with a JSON message, which `errors.ts` converts to an error class.
 */

import { addonMissing } from './addon-missing'

/** Callback for requests of the core: JSON in, a promise of JSON out. It never rejects. */
export type JsonCallback = (request: string) => Promise<string>

/** Callback for log entries, a JSON array. It never throws. */
export type LogCallback = (entries: string) => void

/** The in-memory storage. Its methods are synchronous. */
export interface NativeInMemoryStorage {
  save(memory: string): void
  saveBatch(memories: string): void
  get(id: string): string | null
  search(query: string): string
  delete(id: string): void
  count(): number
  clear(): void
  getAll(): string
}

export interface NativeDatabaseStorage {
  initialize(run: JsonCallback | null): Promise<string[]>
  migrate(options: string): Promise<string>
  dispose(): Promise<void>
  /** Saves each memory separately. Returns null, or each one's failure. */
  saveEach(memories: string): Promise<(string | null)[] | null>
  saveBatch(memories: string): Promise<void>
  get(id: string): Promise<string | null>
  search(query: string): Promise<string>
  delete(id: string): Promise<void>
  healthCheck(): Promise<boolean>
  count(): Promise<number>
  clear(): Promise<void>
  allowed(channel: string): Promise<string[]>
  allow(channel: string, identifier: string, addedBy: string): Promise<void>
  disallow(channel: string, identifier: string | null): Promise<void>
}

export type NativeStorage = NativeInMemoryStorage | NativeDatabaseStorage

export interface NativeInMemoryVectorStore {
  upsert(entries: string): Promise<void>
  search(query: string): Promise<string>
  delete(ids: string): Promise<void>
  has(ids: string, space: string): Promise<string>
  count(): number
  clear(): void
}

declare const brand: unique symbol

/** Database and inbox of a receptionist, for other receptionists. */
export interface NativeSharedResources {
  readonly [brand]: true
}

/** Arguments of a native receptionist: its options as JSON, and values that JSON cannot express. */
export interface NativeArguments {
  /** Options, as JSON. */
  config: string
  /** `false` for the options that the agents of a factory share: `agent` is not required. */
  requiresAgent: boolean
  user: JsonCallback
  /** Built-in long-term storage. */
  storage: NativeStorage | undefined
  /** `true` if memories go through user code, even with a built-in storage. */
  isCustom: boolean
  /** Query runner of the developer's own database client. */
  run: JsonCallback | undefined
  shared: NativeSharedResources | undefined
  log: LogCallback
  /** `true` if `agent.context` is given. */
  hasContext: boolean
  /** `true` if `channels.voice.greeting` is a function. */
  hasGreeting: boolean
  /** `true` if `agent.extract.schema` validates in user code. */
  hasExtractionValidator: boolean
  /** Native vector store, or `true` for a custom one. */
  vectorStore: NativeInMemoryVectorStore | true | undefined
}

export interface NativeTools {
  registerTool(tool: string, option: string | null): boolean
  unregisterTool(name: string): boolean
  listTools(channel: string | null): string
  executeTool(name: string, parameters: string, context: string, timeoutMs: number | null): Promise<string>
}

export interface NativeReceptionist extends NativeTools {
  initialize(user: JsonCallback, run: JsonCallback | null, log: LogCallback): Promise<string[]>
  share(): NativeSharedResources
  /** Throws unless the receptionist is initialized. */
  assertInitialized(): void
  dispose(waitingTurns: number[]): Promise<void>
  info(): string
  process(request: string): Promise<string>
  /** Resolves to the extracted values, or to null if the customer wrote nothing. */
  extract(conversationId: string, waitingTurns: number[]): Promise<string | null>
  status(): string
  systemPrompt(channel: string | null): string
  profile(): string
  setProfile(profile: string): void
  healthCheck(): Promise<string>
  takeLog(): string
  logWarning(warning: string): void
  migrate(options: string): Promise<string>
  knownCustomer(person: string): Promise<string>
  mergeCustomers(person: string, other: string): Promise<string>
  splitCustomer(identifier: string): Promise<string>
  exportPerson(person: string): Promise<string>
  forgetPerson(person: string): Promise<string>
  pruneMemories(options: string): Promise<number>
  migrateConversations(options: string): Promise<string>
  generate(prompt: string, options: string): Promise<string>
  stream(prompt: string, options: string): NativeTextStream
  readonly acceptsLines: boolean
  acceptLines(): void
  isLine(target: string): boolean
  admitLine(request: string): Promise<NativeLine>
  createConversation(options: string): Promise<string>
  findExecutions(params: string): Promise<string>
  makeCall(options: string): Promise<string>
  getCall(id: string): Promise<string>
  listCalls(query: string): Promise<string>
  endCall(id: string): Promise<string>
  sendSms(options: string): Promise<string>
  allow(channel: string, identifier: string, addedBy: string): Promise<void>
  disallow(channel: string, identifier: string | null): Promise<void>
  isAllowed(channel: string, identifier: string): boolean
  allowed(channel: string): string[]
  inspectWebhook(request: string): NativeInspectedWebhook
  handleWebhook(
    webhook: NativeInspectedWebhook,
    body: Uint8Array | null,
    parsed: string | null,
  ): Promise<string>
  refuseLargeWebhook(webhook: NativeInspectedWebhook): Promise<string>
  failWebhook(reason: string): string
  handleVoiceWebhook(payload: string, auth: string): Promise<string>
  sendEmail(options: string): Promise<string>
  sendBulkEmail(options: string): Promise<string>
  generateEmail(options: string): Promise<string>
  replyEmail(options: string): Promise<string>
  handleEmailWebhook(payload: string, options: string): Promise<string>
  handleSmsWebhook(payload: string, auth: string): Promise<string>
  memoryStore(memory: string): Promise<void>
  memoryStoreBatch(memories: string): Promise<void>
  memoryGet(id: string): Promise<string | null>
  memoryDelete(id: string): Promise<void>
  memorySearch(query: string): Promise<string>
  memoryHistory(conversationId: string): Promise<string>
  memoryChannelHistory(channel: string, options: string): Promise<string>
  memoryStartSession(session: string): Promise<void>
  memoryEndSession(conversationId: string, summary: string | null): Promise<void>
  memorySummarize(conversationId: string, waitingTurns: number[]): Promise<string | null>
  memoryFind(key: string): Promise<string>
  memoryAttach(conversationId: string, field: string, value: string): Promise<void>
  memoryRetrieve(text: string, options: string): Promise<string>
  memoryReindex(options: string): Promise<string>
  knowledgeAdd(document: string, file: Uint8Array | null): Promise<string>
  knowledgeAddFolder(path: string, options: string): Promise<string>
  knowledgeList(): Promise<string>
  knowledgeGet(id: string): Promise<string>
  knowledgeRemove(id: string): Promise<boolean>
  knowledgeSearch(text: string, options: string): Promise<string>
  knowledgeGaps(options: string): Promise<string>
  memoryStats(): string
  memoryClearShortTerm(): void
  memoryClearLongTerm(): void
}

/** A webhook request that was routed and judged before its body is read. */
export interface NativeInspectedWebhook {
  /** HTTP status of a request that is already rejected; 0 if its body is needed. */
  readonly status: number
  /** Maximum size of the body, in bytes. */
  readonly maxBodyBytes: number
}

/** The socket of a live call. */
export interface NativeLine {
  /** HTTP status of the handshake; 101 if the socket is admitted. */
  readonly status: number
  /** Starts the call. `send` gets `{ frame }` or `{ close }` as JSON. */
  start(send: JsonCallback): void
  receive(frame: string): void
  closed(): void
}

export interface NativeTextStream {
  next(): Promise<string | null>
  response(): string
  cancel(): Promise<void>
}

export interface NativeAsyncContexts {
  enter(number: number): void
  clear(): void
  exit(number: number): boolean
}

interface Binding {
  AsyncContexts: new (release: (number: number) => void) => NativeAsyncContexts
  buildPrompt(context: string): string
  describePillar(profile: string, pillar: string): string
  fitPrompt(prompt: string, maxTokens: number | null): string
  measurePrompt(prompt: string): string
  promptAdvice(prompt: string, maxTokens: number): string[]
  newestThatFit(messages: string, maxTokens: number): number
  inspectInput(text: string): string
  apology(): string
  newConversationId(): string
  InMemoryStorage: new () => NativeInMemoryStorage
  InMemoryVectorStore: new () => NativeInMemoryVectorStore
  DatabaseStorage: new (options: string, run: JsonCallback | null) => NativeDatabaseStorage
  AIReceptionist: new (options: NativeArguments) => NativeReceptionist
}

export const binding: Binding = load()

function load(): Binding {
  try {
    return require('../../binding.js')
  } catch (error) {
    throw addonMissing(error)
  }
}
