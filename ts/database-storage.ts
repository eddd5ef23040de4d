import type { DatabaseStorageConfig } from './config/database'
import type { MigrateOptions } from './database'
import { readDrizzle } from './drizzle'
import { answerOf, attempt, settle } from './errors'
import { clientOf, held, hold, withClient } from './handle'
import {
  decodeMemories,
  decodeMemory,
  encodeArgument,
  encodeConfig,
  encodeMemories,
  encodeMemory,
  encodeQuery,
  readable,
  requireString,
} from './json'
import type { IStorage, Memory, MemorySearchQuery } from './memory'
import { binding, type NativeDatabaseStorage, type AnswerJson } from './native'
import { SaveQueue } from './save-queue'
import { requireTenant } from './tenant'
import { warn } from './warnings'

/**
 * Keeps memories in your PostgreSQL, MySQL, MariaDB or SQLite database, given as a Drizzle object or a URL, in a
 * table you can query: `<tablePrefix>memory`. Connects, and creates the tables unless `autoMigrate` is off, on first use or on
 * `initialize()`. Any failure of the database rejects with a {@link DatabaseError} within seconds.
 *
 * @example
 * ```ts
 * const storage = new DatabaseStorage({ db: drizzle(pool) })
 * await storage.save({ id: 'm1', content: 'Hello', timestamp: new Date(), type: 'conversation' })
 * await storage.dispose()
 * ```
 */
export class DatabaseStorage implements IStorage {
  /** @throws {@link ConfigurationError} if the options describe no supported database */
  constructor(config: DatabaseStorageConfig) {
    const { json, run } = read(config)
    const native = attempt(() => new binding.DatabaseStorage(json, run))
    hold(this, run === null ? native : withClient(native, run))
  }

  /**
   * Connects and, unless `autoMigrate` is off, creates what is missing. Optional: first use does it.
   * @throws {@link DatabaseError} `DATABASE_TABLES_MISSING` if `autoMigrate` is off and tables are missing
   */
  async initialize(): Promise<void> {
    warn(await settle(() => native(this).initialize(clientOf(native(this)))))
  }

  /**
   * Creates missing tables, columns and indexes, whatever `autoMigrate` says; never drops or rewrites.
   * Safe to call from many processes at once.
   * @returns the SQL that was run, or with `dryRun` would be
   */
  async migrate(options: MigrateOptions = {}): Promise<string[]> {
    const json = encodeArgument('options', options)
    return JSON.parse(await settle(() => native(this).migrate(json)))
  }

  /** Finishes what is under way and closes the connections that are not yours. Later calls reject with `DISPOSED`. */
  async dispose(): Promise<void> {
    await settle(() => native(this).dispose())
  }

  /**
   * Saves a memory; resolves once it is committed. The same id again replaces it and keeps its place.
   * @throws {@link ValidationError} if no supported database could hold it
   */
  async save(memory: Memory): Promise<void> {
    const json = encodeMemory(memory)
    await settle(() => queueOf(held(this)).add(json))
  }

  /**
   * Saves all or none; of several with the same id the last one wins.
   * @throws {@link ValidationError} if one of them could not be held
   */
  async saveBatch(memories: Memory[]): Promise<void> {
    const json = encodeMemories(memories)
    await settle(() => native(this).saveBatch(json))
  }

  /** The memory of that id, or null. */
  async get(id: string): Promise<Memory | null> {
    requireString('id', id)
    const json = await settle(() => native(this).get(id))
    return json === null ? null : decodeMemory(json)
  }

  /**
   * The memories a query asks for, in its order: by default the newest 100, newest first.
   * @throws {@link ValidationError} if the query cannot be answered
   */
  async search(query: MemorySearchQuery = {}): Promise<Memory[]> {
    const json = encodeQuery(query)
    return decodeMemories(await settle(() => native(this).search(json)))
  }

  /** Removes the memory of that id, if there is one. */
  async delete(id: string): Promise<void> {
    requireString('id', id)
    await settle(() => native(this).delete(id))
  }

  /** Whether the database answers; never rejects for a database that does not. */
  async healthCheck(): Promise<boolean> {
    return await settle(() => native(this).healthCheck())
  }

  /** How many memories the table holds. */
  async count(): Promise<number> {
    return await settle(() => native(this).count())
  }

  /** Removes all memories; leads and call logs stay. */
  async clear(): Promise<void> {
    await settle(() => native(this).clear())
  }

  /** The addresses that are answered by e-mail, as the table `<tablePrefix>allowlist` has them, oldest first. */
  async getAllAllowlistedEmails(): Promise<{ email: string }[]> {
    return (await settle(() => native(this).allowed('email'))).map((email) => ({ email }))
  }

  /** Adds an address, in lower case, to those that are answered by e-mail; `addedBy` is noted with it. */
  async addToEmailAllowlist(email: string, addedBy = 'manual'): Promise<void> {
    requireString('email', email)
    requireString('addedBy', addedBy)
    await settle(() => native(this).allow('email', email, addedBy))
  }

  /** Removes an address: its e-mails are kept, but not answered. */
  async removeFromEmailAllowlist(email: string): Promise<void> {
    requireString('email', email)
    await settle(() => native(this).disallow('email', email))
  }

  /** Removes all addresses. */
  async clearEmailAllowlist(): Promise<void> {
    await settle(() => native(this).disallow('email', null))
  }

  /** The numbers that are answered by SMS, as the table `<tablePrefix>allowlist` has them, oldest first. */
  async getAllAllowlistedPhoneNumbers(): Promise<{ phoneNumber: string }[]> {
    return (await settle(() => native(this).allowed('sms'))).map((phoneNumber) => ({ phoneNumber }))
  }

  /** Adds a number, as E.164, to those that are answered by SMS; `addedBy` is noted with it. */
  async addToPhoneAllowlist(phoneNumber: string, addedBy = 'manual'): Promise<void> {
    requireString('phoneNumber', phoneNumber)
    requireString('addedBy', addedBy)
    await settle(() => native(this).allow('sms', phoneNumber, addedBy))
  }

  /** Removes a number: its messages are kept, but not answered. */
  async removeFromPhoneAllowlist(phoneNumber: string): Promise<void> {
    requireString('phoneNumber', phoneNumber)
    await settle(() => native(this).disallow('sms', phoneNumber))
  }

  /** Removes all numbers. */
  async clearPhoneAllowlist(): Promise<void> {
    await settle(() => native(this).disallow('sms', null))
  }
}

/** A Drizzle object cannot cross as JSON: what it says of the connection does. */
function read(config: DatabaseStorageConfig): { json: string; run: AnswerJson | null } {
  return readable('INVALID_CONFIG', 'config', () => readParts(config))
}

function readParts(config: DatabaseStorageConfig): { json: string; run: AnswerJson | null } {
  requireTenant('', config)
  if (typeof config !== 'object' || config === null || !('db' in config)) {
    return { json: encodeConfig('config', config), run: null }
  }
  const { db, ...rest } = config
  const { options, run } = readDrizzle('db', db, rest)
  return { json: encodeConfig('config', { ...options, inherit: true }), run }
}

const queues = new WeakMap<NativeDatabaseStorage, SaveQueue>()

function queueOf(native: NativeDatabaseStorage): SaveQueue {
  let queue = queues.get(native)
  if (queue === undefined) {
    queue = new SaveQueue((memories) => answerOf(native.saveEach(memories)))
    queues.set(native, queue)
  }
  return queue
}

/** For a call that comes after those before it: a memory saved and deleted is gone. */
function native(storage: DatabaseStorage): NativeDatabaseStorage {
  const native = held<NativeDatabaseStorage>(storage)
  queues.get(native)?.flush()
  return native
}
