import type { DatabaseConfig, StorageConfig } from './config/database'
import type { AIReceptionistConfig } from './config/receptionist'
import { addModels } from './custom-model'
import { giveStorage, type GivenStorage } from './custom-storage'
import { CustomTools } from './custom-tools'
import { type Connected, readDrizzle } from './drizzle'
import { addCallbacks, callbacksOf } from './events'
import { attempt, settle } from './errors'
import { clientOf, withClient } from './handle'
import { encodeConfig, readable } from './json'
import { LogDestination } from './logging/destination'
import { binding, type AnswerJson, type NativeInMemoryVectorStore, type NativeReceptionist } from './native'
import { requireTenants } from './tenant'
import { UserCode } from './user-code'
import { addEmbedder, giveVectorStore, isCustomEmbedder } from './vector-store'
import { report, warn, Warnings } from './warnings'

/** A receptionist of the core, the user's code that it calls, and where its log goes. */
export interface Made {
  native: NativeReceptionist
  user: UserCode
  log: LogDestination
  /** To the developer's logger, if there is one. */
  warnings: Pick<Warnings, 'warn' | 'report'>
}

/** By options: the receptionist whose database and inbox to use. */
const kinOf = new WeakMap<object, NativeReceptionist>()
const allMade = new WeakMap<NativeReceptionist, Made>()

/** Options of which a receptionist is made that uses the database and inbox of `kin`. */
export function relate<Config extends AIReceptionistConfig>(config: Config, kin: NativeReceptionist): Config {
  const related = { ...config }
  kinOf.set(related, kin)
  return related
}

/** Makes a receptionist of the core from options. */
export function makeNative(config: AIReceptionistConfig): Made {
  return readable('INVALID_CONFIG', 'config', () => make(config))
}

function make(config: AIReceptionistConfig): Made {
  const user = new UserCode()
  const kin = kinOf.get(config)
  const log = new LogDestination(config?.logger)
  const { json, storage, isCustom, run, vectorStore } = split(config, user, log)
  const native = attempt(
    () =>
      new binding.AIReceptionist(
        json,
        user.answer,
        storage,
        isCustom,
        run,
        kin ?? null,
        log.deliver,
        vectorStore,
      ),
  )
  const client = kin === undefined ? run : clientOf(kin)
  if (client !== null) withClient(native, client)
  const warnings = log.isChosen ? new Warnings((warning) => native.logWarning(warning)) : { warn, report }
  addCallbacks(user, config, warnings)
  user.add('warn', (warning: string) => warnings.warn([warning]))
  new CustomTools(native, user, warnings, config.tools?.custom ?? [])
  const made = { native, user, log, warnings }
  allMade.set(native, made)
  return made
}

/** Opens what a receptionist needs, and tells what works but not as well as it could. */
export async function initialize(native: NativeReceptionist): Promise<void> {
  const { user, log, warnings } = allMade.get(native) as Made
  warnings.warn(await settle(() => native.initialize(user.answer, clientOf(native), log.deliver)))
}

/** Ends a receptionist; what it logged until then has been delivered. */
export async function dispose(native: NativeReceptionist): Promise<void> {
  const { log } = allMade.get(native) as Made
  // Room for what is logged on the way.
  log.deliver(native.takeLog())
  await settle(() => native.dispose())
  log.deliver(native.takeLog())
}

interface Split extends GivenStorage {
  json: string
  run: AnswerJson | null
  /** A vector store of ours, or `true` for one of the user's own. */
  vectorStore: NativeInMemoryVectorStore | true | null
}

/** Objects and functions cannot cross as JSON: they go beside it, as native counterparts or in `user`. */
function split(config: AIReceptionistConfig, user: UserCode, log: LogDestination): Split {
  const memory = config?.agent?.memory
  const storage: unknown = memory?.longTermStorage
  const vectorStore: unknown = memory?.vectorStore
  const database = databaseOf(config)
  let rest: object = config
  if (storage != null || vectorStore != null || isCustomEmbedder(memory?.embedder)) {
    const { longTermStorage: _, vectorStore: __, embedder, ...plain } = memory ?? {}
    const options = isCustomEmbedder(embedder) ? addEmbedder(user, embedder) : embedder
    rest = { ...rest, agent: { ...config.agent, memory: { ...plain, embedder: options } } }
  }
  if (log.isChosen) rest = { ...rest, logger: log.settings }
  if (config?.tools?.custom != null) rest = { ...rest, tools: { ...config.tools, custom: undefined } }
  if (typeof config?.model === 'object' && config.model !== null) {
    rest = { ...rest, model: addModels(user, config.model) }
  }
  const callbacks = callbacksOf(config)
  if (callbacks.length > 0) rest = { ...rest, callbacks }
  return {
    json: encodeConfig('config', database ? { ...rest, ...database.section } : rest),
    ...giveStorage(user, 'agent.memory.longTermStorage', storage),
    run: database?.run ?? null,
    vectorStore: giveVectorStore(user, 'agent.memory.vectorStore', vectorStore),
  }
}

/** The section that describes the database, without the Drizzle object. */
function databaseOf(config: AIReceptionistConfig): { section: object; run: AnswerJson | null } | undefined {
  const read = (option: string, object: unknown, rest: object): Connected => readDrizzle(option, object, rest)
  requireTenants(config)
  const { connection, ...others }: Partial<DatabaseConfig> = config?.database ?? {}
  if (connection != null && typeof connection !== 'string') {
    const { options, run } = read('database.connection', connection, others)
    return { section: { database: options }, run }
  }
  const { db, ...settings }: NonNullable<StorageConfig['database']> = config?.storage?.database ?? {}
  if (db == null) return undefined
  const { options, run } = read('storage.database.db', db, settings)
  return { section: { storage: { ...config.storage, database: options } }, run }
}
