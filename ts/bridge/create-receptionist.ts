import type { AgentConfig } from '../config/agent'
import type { DatabaseConfig, StorageConfig } from '../config/database'
import type { AIReceptionistConfig } from '../config/receptionist'
import { withCaller, runInContextOf } from './caller-context'
import { addModels } from '../models/custom-model'
import { resolveStorage } from '../storage/custom-storage'
import { CustomTools } from '../tools/custom-tools'
import { type ResolvedConnection, resolveDrizzle } from '../drizzle/resolve'
import { addCallbacks, callbackNames } from '../receptionist/events'
import { addExtraction } from '../receptionist/extraction'
import { addContext, addGreeting, withoutFunctions } from '../receptionist/prompt-functions'
import { callNative, callNativeAsync } from '../errors'
import { guardRead } from './invalid-input'
import { encodeConfig, requireKnown } from './json'
import { LogDestination } from '../logging/destination'
import {
  binding,
  type JsonCallback,
  type NativeArguments,
  type NativeReceptionist,
  type NativeSharedResources,
} from './native'
import { validateTenantIds } from '../config/tenant'
import { currentTurns } from './turn-context'
import { UserCode } from './user-code'
import { addEmbedder, resolveVectorStore, isCustomEmbedder } from '../vectors/vector-store'
import { report, warn, Warnings } from '../logging/warnings'

/** A native receptionist with the user code that it calls and its log destination. */
export interface NativeInstance {
  native: NativeReceptionist
  user: UserCode
  log: LogDestination
  /** Query runner of the developer's own database client, if any. */
  run: JsonCallback | null
  /** Warnings, sent to the developer's logger if there is one. */
  warnings: Pick<Warnings, 'warn' | 'report'>
}

/** Database and inbox of a receptionist, for its clones or the other agents of a factory. */
export interface SharedResources {
  native: NativeSharedResources
  /** Query runner of the developer's own database client, if any. */
  run: JsonCallback | null
}

const instances = new WeakMap<NativeReceptionist, NativeInstance>()

/**
 * Creates a native receptionist from its configuration. With `shared`, it uses these resources
 * instead of its own.
 */
export function createNative(config: AIReceptionistConfig, shared?: SharedResources): NativeInstance {
  return guardRead('INVALID_CONFIG', 'config', () => create(config, shared, true))
}

/** Returns the resources of a receptionist, for other receptionists. */
export function shareResources({ native, run }: NativeInstance): SharedResources {
  return { native: native.share(), run }
}

/** Validates the options that the agents of a factory share, and creates the shared resources. */
export function createSharedResources(config: Omit<AIReceptionistConfig, 'agent'>): SharedResources {
  return guardRead('INVALID_CONFIG', 'config', () => shareResources(create(config, undefined, false)))
}

function create(
  config: Omit<AIReceptionistConfig, 'agent'> & Partial<AIReceptionistConfig>,
  shared: SharedResources | undefined,
  requiresAgent: boolean,
): NativeInstance {
  requireKnown('INVALID_CONFIG', 'config', config, 'AIReceptionistConfig')
  const user = new UserCode()
  const log = new LogDestination(config?.logger)
  const split = splitConfig(config, user, log)
  const construct = () =>
    new binding.AIReceptionist({
      ...split,
      shared: shared?.native,
      requiresAgent,
      user: user.answer,
      log: log.deliver,
    })
  const native = callNative(() => withCaller(() => runInContextOf(null, construct)))
  const warnings = log.isChosen
    ? new Warnings((warning) => withCaller(() => native.logWarning(warning)))
    : { warn, report }
  addCallbacks(user, config, warnings)
  warnings.warn(ineffectiveOptionWarnings(config))
  user.add('warn', (warning: string) => warnings.warn([warning]))
  new CustomTools(native, user, warnings, config.tools?.custom ?? [])
  const { run } = shared ?? split
  const instance = { native, user, log, run: run ?? null, warnings }
  instances.set(native, instance)
  return instance
}

/**
 * Returns warnings about options of the TypeScript SDK that have no effect, with the replacement.
 */
function ineffectiveOptionWarnings({ agent, providers }: AIReceptionistConfig): string[] {
  const warnings: string[] = []
  if (agent?.memory?.sharedLongTermMemory != null) {
    warnings.push(
      'The option `agent.memory.sharedLongTermMemory` has no effect: agents with the same storage share it; write `longTermStorage: storage`',
    )
  }
  if (providers?.custom != null && providers.custom.length !== 0) {
    warnings.push(
      'The option `providers.custom` has no effect: provide your service as a tool; write `tools: { custom: [tool] }`',
    )
  }
  return warnings
}

/** Returns the warnings of a receptionist. */
export function warningsOf(native: NativeReceptionist): Pick<Warnings, 'warn'> {
  return (instances.get(native) as NativeInstance).warnings
}

/** Opens the resources of a receptionist and reports warnings about its configuration. */
export async function initialize(native: NativeReceptionist): Promise<void> {
  const { user, log, run, warnings } = instances.get(native) as NativeInstance
  const connect = () => native.initialize(user.answer, run, log.deliver)
  warnings.warn(await callNativeAsync(() => runInContextOf(null, connect)))
}

/** Disposes a receptionist after its running turns. Its log is delivered completely. */
export async function dispose(native: NativeReceptionist): Promise<void> {
  const { log } = instances.get(native) as NativeInstance
  // Makes room in the log buffer for entries during disposal.
  log.deliver(native.takeLog())
  await callNativeAsync(() => native.dispose(currentTurns()))
  log.deliver(native.takeLog())
}

/**
 * Splits the configuration. Objects and functions cannot cross as JSON, so they are passed as
 * native counterparts or registered in `user`.
 */
function splitConfig(
  config: Partial<AIReceptionistConfig>,
  user: UserCode,
  log: LogDestination,
): Pick<
  NativeArguments,
  | 'config'
  | 'storage'
  | 'isCustom'
  | 'run'
  | 'vectorStore'
  | 'hasContext'
  | 'hasGreeting'
  | 'hasExtractionValidator'
> {
  const hasContext = addContext(user, config?.agent)
  const hasGreeting = addGreeting(user, config?.channels)
  if (hasContext || hasGreeting) config = withoutFunctions(config)
  const extraction = addExtraction(user, config?.agent)
  if (extraction)
    config = { ...config, agent: { ...config.agent, extract: extraction.options } as AgentConfig }
  const memory = config?.agent?.memory
  const storage: unknown = memory?.longTermStorage
  const vectorStore: unknown = memory?.vectorStore
  const database = databaseSection(config)
  let rest: object = config
  if (storage != null || vectorStore != null || isCustomEmbedder(memory?.embedder)) {
    const { longTermStorage: _, vectorStore: __, embedder, ...plain } = memory ?? {}
    const options = isCustomEmbedder(embedder) ? addEmbedder(user, embedder) : embedder
    rest = { ...rest, agent: { ...config.agent, memory: { ...plain, embedder: options } } }
  }
  if (log.isChosen) rest = { ...rest, logger: log.settings }
  if (config?.tools?.custom != null) rest = { ...rest, tools: { ...config.tools, custom: undefined } }
  if (typeof config?.model === 'object' && config.model !== null) {
    rest = { ...rest, model: addModels(user, withBaseUrl(config.model)) }
  }
  const callbacks = callbackNames(config)
  if (callbacks.length > 0) rest = { ...rest, callbacks }
  return {
    config: encodeConfig('config', database ? { ...rest, ...database.section } : rest, null),
    hasContext,
    hasGreeting,
    hasExtractionValidator: extraction?.hasValidator ?? false,
    ...resolveStorage(user, 'agent.memory.longTermStorage', storage),
    // The addon takes an absent field, but not `null`, for none.
    run: database?.run ?? undefined,
    vectorStore: resolveVectorStore(user, 'agent.memory.vectorStore', vectorStore) ?? undefined,
  }
}

/**
 * Returns a model with the base URL of `OPENAI_BASE_URL`, which OpenAI's own clients use too,
 * unless it has one. Applies to its fallbacks too.
 */
function withBaseUrl<Model extends object>(model: Model): Model {
  const address = process.env['OPENAI_BASE_URL']?.trim()
  if (!address) return model
  const { provider, baseUrl, fallbacks } = model as {
    provider?: string
    baseUrl?: unknown
    fallbacks?: unknown
  }
  const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
  return {
    ...model,
    ...(provider === 'openai' && baseUrl == null && { baseUrl: address }),
    ...(Array.isArray(fallbacks) && {
      fallbacks: fallbacks.map((other) => (isObject(other) ? withBaseUrl(other) : other)),
    }),
  }
}

/** Returns the section that describes the database, without the Drizzle object. */
function databaseSection(
  config: AIReceptionistConfig,
): { section: object; run: JsonCallback | null } | undefined {
  const resolve = (option: string, object: unknown, rest: object): ResolvedConnection =>
    resolveDrizzle(option, object, rest)
  validateTenantIds(config)
  const { connection, ...others }: Partial<DatabaseConfig> = config?.database ?? {}
  if (connection != null && typeof connection !== 'string') {
    const { options, run } = resolve('database.connection', connection, others)
    return { section: { database: options }, run }
  }
  const { db, ...settings }: NonNullable<StorageConfig['database']> = config?.storage?.database ?? {}
  if (db == null) return undefined
  const { options, run } = resolve('storage.database.db', db, settings)
  return { section: { storage: { ...config.storage, database: options } }, run }
}
