/**
 * What the binding (`src/node/`) offers. Records cross as JSON strings; every failure is an `Error` whose
 * message is JSON, which `errors.ts` turns into a class of its own.
 */

import { addonMissing } from './addon-missing'

/** Answers the core: JSON in, a promise of JSON out, which never rejects. */
export type AnswerJson = (request: string) => Promise<string>

/** Takes what was logged, a JSON array; it never throws. */
export type TakeEntries = (entries: string) => void

/** What is at hand needs no promise. */
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
  initialize(run: AnswerJson | null): Promise<string[]>
  migrate(options: string): Promise<string>
  dispose(): Promise<void>
  /** Each by itself; null, or each one's failure. */
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

export interface NativeTools {
  registerTool(tool: string, option: string | null): boolean
  unregisterTool(name: string): boolean
  listTools(channel: string | null): string
  executeTool(name: string, parameters: string, context: string, timeoutMs: number | null): Promise<string>
}

export interface NativeReceptionist extends NativeTools {
  initialize(user: AnswerJson, run: AnswerJson | null, log: TakeEntries): Promise<string[]>
  dispose(): Promise<void>
  info(): string
  process(request: string): Promise<string>
  status(): string
  systemPrompt(channel: string | null): string
  profile(): string
  setProfile(profile: string): void
  healthCheck(): Promise<string>
  takeLog(): string
  logWarning(warning: string): void
  migrate(options: string): Promise<string>
  exportPerson(person: string): Promise<string>
  forgetPerson(person: string): Promise<string>
  pruneMemories(old: string): Promise<number>
  migrateConversations(options: string): Promise<string>
  generate(prompt: string, options: string): Promise<string>
  stream(prompt: string, options: string): NativeTextStream
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
  refuseWebhook(request: string): number
  limitOfWebhook(request: string): number
  handleWebhook(request: string, body: Uint8Array | null): Promise<string>
  handleVoiceWebhook(payload: string, proof: string): Promise<string>
  sendEmail(options: string): Promise<string>
  sendBulkEmail(options: string): Promise<string>
  generateEmail(options: string): Promise<string>
  replyEmail(options: string): Promise<string>
  handleEmailWebhook(payload: string, options: string): Promise<string>
  handleSmsWebhook(payload: string, proof: string): Promise<string>
  memoryStore(memory: string): Promise<void>
  memoryStoreBatch(memories: string): Promise<void>
  memoryGet(id: string): Promise<string | null>
  memoryDelete(id: string): Promise<void>
  memorySearch(query: string): Promise<string>
  memoryHistory(conversationId: string): Promise<string>
  memoryChannelHistory(channel: string, options: string): Promise<string>
  memoryStartSession(session: string): Promise<void>
  memoryEndSession(conversationId: string, summary: string | null): Promise<void>
  memoryFind(by: string): Promise<string>
  memoryAttach(conversationId: string, field: string, value: string): Promise<void>
  memoryRetrieve(text: string, options: string): Promise<string>
  memoryReindex(options: string): Promise<string>
  memoryStats(): string
  memoryClearShortTerm(): void
  memoryClearLongTerm(): void
}

export interface NativeTextStream {
  next(): Promise<string | null>
  response(): string
  leave(): Promise<void>
}

interface Binding {
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
  DatabaseStorage: new (options: string, run: AnswerJson | null) => NativeDatabaseStorage
  AIReceptionist: new (
    config: string,
    user: AnswerJson,
    storage: NativeStorage | null,
    isCustom: boolean,
    run: AnswerJson | null,
    kin: NativeReceptionist | null,
    log: TakeEntries,
    vectorStore: NativeInMemoryVectorStore | true | null,
  ) => NativeReceptionist
}

export const binding: Binding = load()

function load(): Binding {
  try {
    return require('../binding.js')
  } catch (error) {
    throw addonMissing(error)
  }
}
