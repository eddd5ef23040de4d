import { runInContextOf } from '../bridge/caller-context'
import type { DatabaseStorageConfig } from '../config/database'
import type { MigrateOptions } from '../receptionist/database'
import { resolveDrizzle } from '../drizzle/resolve'
import { pendingIfTerminating, callNative, callNativeAsync } from '../errors'
import { queryRunnerOf, nativeOf, attachNative, attachQueryRunner } from '../bridge/native-handle'
import { guardRead } from '../bridge/invalid-input'
import {
  decodeMemories,
  decodeMemory,
  encodeArgument,
  encodeConfig,
  encodeMemories,
  encodeMemory,
  encodeQuery,
  requireKnown,
  requireString,
} from '../bridge/json'
import type { IStorage, Memory, MemorySearchQuery } from './memory'
import { binding, type NativeDatabaseStorage, type JsonCallback } from '../bridge/native'
import { SaveBatcher } from './save-batcher'
import { validateTenantId } from '../config/tenant'
import { warn } from '../logging/warnings'

/**
 * A storage in your PostgreSQL, MySQL, MariaDB or SQLite database, given as a Drizzle database or a
 * URL.
 *
 * Memories are stored in a table that you can query: `<tablePrefix>memory`. The storage connects,
 * and creates the tables unless `autoMigrate` is off, on first use or on `initialize()`. A database
 * failure rejects with a {@link DatabaseError} within seconds.
 *
 * @example
 * ```ts
 * const storage = new DatabaseStorage({ db: drizzle(pool) })
 * await storage.save({ id: 'm1', content: 'Hello', timestamp: new Date(), type: 'conversation' })
 * await storage.dispose()
 * ```
 */
export class DatabaseStorage implements IStorage {
  /**
   * Creates the storage. Does not connect yet.
   * @throws {@link ConfigurationError} if the options do not describe a supported database
   */
  constructor(config: DatabaseStorageConfig) {
    const { json, run } = read(config)
    const native = callNative(() => runInContextOf(null, () => new binding.DatabaseStorage(json, run)))
    attachNative(this, run === null ? native : attachQueryRunner(native, run))
  }

  /**
   * Connects and, unless `autoMigrate` is off, creates missing tables. Optional: first use does the
   * same.
   * @throws {@link DatabaseError} `DATABASE_TABLES_MISSING` if `autoMigrate` is off and tables are
   *   missing
   */
  async initialize(): Promise<void> {
    const connect = () => native(this).initialize(queryRunnerOf(native(this)))
    warn(await callNativeAsync(() => runInContextOf(null, connect)))
  }

  /**
   * Creates missing tables, columns and indexes, even if `autoMigrate` is off. Never drops or
   * rewrites anything. Safe to call from many processes at once.
   * @returns the executed SQL, or with `dryRun` the SQL that would be executed
   */
  async migrate(options: MigrateOptions = {}): Promise<string[]> {
    const json = encodeArgument('options', options, 'MigrateOptions')
    return JSON.parse(await callNativeAsync(() => native(this).migrate(json)))
  }

  /**
   * Finishes running work and closes the connections opened by this package. Later calls reject
   * with `DISPOSED`.
   */
  async dispose(): Promise<void> {
    await callNativeAsync(() => native(this).dispose())
  }

  /**
   * Saves a memory; resolves once it is committed. An existing memory with the same id is replaced
   * and keeps its position.
   * @throws {@link ValidationError} if a supported database could not store it
   */
  async save(memory: Memory): Promise<void> {
    const json = encodeMemory(memory)
    await callNativeAsync((caller) => queueOf(nativeOf(this)).add(json, caller))
  }

  /**
   * Saves all memories or none. If several have the same id, the last one wins.
   * @throws {@link ValidationError} if a supported database could not store one of them
   */
  async saveBatch(memories: Memory[]): Promise<void> {
    const json = encodeMemories(memories)
    await callNativeAsync(() => native(this).saveBatch(json))
  }

  /** Returns the memory with that id, or null. */
  async get(id: string): Promise<Memory | null> {
    requireString('id', id)
    const json = await callNativeAsync(() => native(this).get(id))
    return json === null ? null : decodeMemory(json)
  }

  /**
   * Returns the memories that match a query, by default the newest 100, newest first.
   * @throws {@link ValidationError} if the query is invalid
   */
  async search(query: MemorySearchQuery = {}): Promise<Memory[]> {
    const json = encodeQuery(query)
    return decodeMemories(await callNativeAsync(() => native(this).search(json)))
  }

  /** Deletes the memory with that id, if it exists. */
  async delete(id: string): Promise<void> {
    requireString('id', id)
    await callNativeAsync(() => native(this).delete(id))
  }

  /** Returns `true` if the database responds. Never rejects because of an unreachable database. */
  async healthCheck(): Promise<boolean> {
    return await callNativeAsync(() => native(this).healthCheck())
  }

  /** Returns the number of memories in the table. */
  async count(): Promise<number> {
    return await callNativeAsync(() => native(this).count())
  }

  /** Deletes all memories. Leads and call logs are kept. */
  async clear(): Promise<void> {
    await callNativeAsync(() => native(this).clear())
  }

  /** Returns the e-mail allowlist from the table `<tablePrefix>allowlist`, oldest first. */
  async getAllAllowlistedEmails(): Promise<{ email: string }[]> {
    return (await callNativeAsync(() => native(this).allowed('email'))).map((email) => ({ email }))
  }

  /** Adds an address, in lower case, to the e-mail allowlist. `addedBy` is stored with it. */
  async addToEmailAllowlist(email: string, addedBy = 'manual'): Promise<void> {
    requireString('email', email)
    requireString('addedBy', addedBy)
    await callNativeAsync(() => native(this).allow('email', email, addedBy))
  }

  /** Removes an address from the e-mail allowlist. Its e-mails are stored but not answered. */
  async removeFromEmailAllowlist(email: string): Promise<void> {
    requireString('email', email)
    await callNativeAsync(() => native(this).disallow('email', email))
  }

  /** Removes all addresses from the e-mail allowlist. */
  async clearEmailAllowlist(): Promise<void> {
    await callNativeAsync(() => native(this).disallow('email', null))
  }

  /** Returns the SMS allowlist from the table `<tablePrefix>allowlist`, oldest first. */
  async getAllAllowlistedPhoneNumbers(): Promise<{ phoneNumber: string }[]> {
    return (await callNativeAsync(() => native(this).allowed('sms'))).map((phoneNumber) => ({ phoneNumber }))
  }

  /** Adds a number, in E.164, to the SMS allowlist. `addedBy` is stored with it. */
  async addToPhoneAllowlist(phoneNumber: string, addedBy = 'manual'): Promise<void> {
    requireString('phoneNumber', phoneNumber)
    requireString('addedBy', addedBy)
    await callNativeAsync(() => native(this).allow('sms', phoneNumber, addedBy))
  }

  /** Removes a number from the SMS allowlist. Its messages are stored but not answered. */
  async removeFromPhoneAllowlist(phoneNumber: string): Promise<void> {
    requireString('phoneNumber', phoneNumber)
    await callNativeAsync(() => native(this).disallow('sms', phoneNumber))
  }

  /** Removes all numbers from the SMS allowlist. */
  async clearPhoneAllowlist(): Promise<void> {
    await callNativeAsync(() => native(this).disallow('sms', null))
  }
}

/**
 * Returns the options as JSON. A Drizzle object cannot cross as JSON, so its connection settings
 * do.
 */
function read(config: DatabaseStorageConfig): { json: string; run: JsonCallback | null } {
  return guardRead('INVALID_CONFIG', 'config', () => readParts(config))
}

function readParts(config: DatabaseStorageConfig): { json: string; run: JsonCallback | null } {
  requireKnown('INVALID_CONFIG', 'config', config, 'DatabaseStorageConfig')
  validateTenantId('', config)
  if (typeof config !== 'object' || config === null || !('db' in config)) {
    return { json: encodeConfig('config', config, null), run: null }
  }
  const { db, ...rest } = config
  const { options, run } = resolveDrizzle('db', db, rest)
  return { json: encodeConfig('config', { ...options, inherit: true }, null), run }
}

const queues = new WeakMap<NativeDatabaseStorage, SaveBatcher>()

function queueOf(native: NativeDatabaseStorage): SaveBatcher {
  let queue = queues.get(native)
  if (queue === undefined) {
    queue = new SaveBatcher((memories) => pendingIfTerminating(native.saveEach(memories)))
    queues.set(native, queue)
  }
  return queue
}

/**
 * Returns the native storage after flushing queued saves, for calls that must see them: a memory
 * that is saved and deleted is gone.
 */
function native(storage: DatabaseStorage): NativeDatabaseStorage {
  const native = nativeOf<NativeDatabaseStorage>(storage)
  queues.get(native)?.flush()
  return native
}
