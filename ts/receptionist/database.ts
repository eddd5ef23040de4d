import type { Customer } from '../agent/customer'
import { callNativeAsync } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import { invalidInput } from '../bridge/invalid-input'
import { copyOf, encodeArgument } from '../bridge/json'
import type { NativeReceptionist } from '../bridge/native'
import type { Memory } from '../storage/memory'
import type { OptionTypes } from '../options/types'
import { decodeExport, type ForgetReport, type PersonExport } from './personal-data'

/** Options of `migrate`. */
export interface MigrateOptions {
  /** `true` to return the SQL without executing it. @defaultValue false */
  dryRun?: boolean
}

/** Options of `migrateConversations`. */
export interface MigrateConversationsOptions {
  /** Table of the old conversations. @defaultValue 'ai_receptionist_conversations' */
  from?: string
  /** Conversations per batch, 1 to 10,000. @defaultValue 100 */
  batchSize?: number
  /**
   * Callback after each batch, with the totals so far. If it throws, the migration stops; it can be
   * restarted.
   */
  onProgress?: (progress: { conversations: number; messages: number; skipped: number }) => void
}

/** Result of `migrateConversations`. */
export interface ConversationsReport {
  /** Number of conversations read. */
  conversations: number
  /** Number of messages moved into memory. */
  messages: number
  /**
   * Skipped conversations and messages with the reason. `message` is the index in the conversation;
   * absent if the whole conversation was skipped.
   */
  skipped: { conversationId: string; message?: number; reason: string }[]
}

/** Options of `prune`. */
export interface PruneOptions {
  /** Memories older than this time are deleted. */
  before: Date
  /** Memory type or types to delete. @defaultValue all types */
  type?: Memory['type'] | Memory['type'][]
  /**
   * Callback after each batch, with the total so far. If it throws, the pruning stops; it can be
   * restarted.
   */
  onProgress?: (progress: { memories: number }) => void
}

/** `receptionist.database`: table maintenance and personal data. Usable before `initialize()`. */
export class DatabaseResource {
  private constructor() {}

  /** Creates the database resource of a native receptionist. @internal */
  static of(native: NativeReceptionist): DatabaseResource {
    const instance = new DatabaseResource()
    attachNative(instance, native)
    return instance
  }

  /**
   * Creates missing tables, columns and indexes, even if `autoMigrate` is off. Never drops or
   * rewrites anything. Safe to call from many processes at once.
   * @returns the executed SQL in order, or with `dryRun` the SQL that would be executed; empty if
   *   nothing is missing
   * @throws {@link DatabaseError} if the database is unreachable or rejects a statement
   *
   * @example
   * ```ts
   * const sql = await receptionist.database.migrate({ dryRun: true })
   * console.log(sql.join(';\n'))
   * ```
   */
  async migrate(options: MigrateOptions = {}): Promise<string[]> {
    const json = encodeArgument('options', options, 'MigrateOptions')
    return JSON.parse(await callNativeAsync(() => nativeOf<NativeReceptionist>(this).migrate(json)))
  }

  /**
   * Deletes old memories and their vectors, oldest first. Works in batches of 200, so that
   * concurrent saves are not delayed. Call it from a scheduled job as often as you like. If it is
   * interrupted, the next call continues. Leads, call logs and documents are kept.
   * @returns the number of deleted memories
   * @throws {@link ValidationError} if `before` is not a valid date or `type` is not a memory type
   *
   * @example
   * ```ts
   * const aYearAgo = new Date(Date.now() - 365 * 86_400_000)
   * await receptionist.database.prune({ before: aYearAgo, type: ['conversation', 'tool_execution'] })
   * ```
   */
  async prune(options: PruneOptions): Promise<{ memories: number }> {
    const { onProgress, rest } = withProgress(options, 'PruneOptions')
    const json = encodeArgument('options', rest, null)
    let memories = 0
    for (;;) {
      const deleted = await callNativeAsync(() => nativeOf<NativeReceptionist>(this).pruneMemories(json))
      if (deleted === 0) return { memories }
      memories += deleted
      onProgress?.({ memories })
    }
  }

  /**
   * Moves conversations of the pre-memory architecture (one row each, with the messages as a JSON
   * array) into memory. The old table is not changed. Running it again, also after a failure, does
   * not change moved messages.
   * @throws {@link ValidationError} if the table does not exist
   *
   * @example
   * ```ts
   * const { messages, skipped } = await receptionist.database.migrateConversations()
   * ```
   */
  async migrateConversations(options: MigrateConversationsOptions = {}): Promise<ConversationsReport> {
    const { onProgress, rest } = withProgress(options, 'MigrateConversationsOptions')
    const report: ConversationsReport = { conversations: 0, messages: 0, skipped: [] }
    let after: string | undefined
    do {
      const json = encodeArgument('options', { ...rest, after }, null)
      const page = JSON.parse(
        await callNativeAsync(() => nativeOf<NativeReceptionist>(this).migrateConversations(json)),
      )
      report.conversations += page.conversations
      report.messages += page.messages
      report.skipped.push(...page.skipped)
      after = page.next ?? undefined
      onProgress?.({ ...report, skipped: report.skipped.length })
    } while (after !== undefined)
    return report
  }

  /**
   * Exports all data of a person, identified by e-mail address, phone number, your own id, or
   * several of them. The export contains memories of the person's conversations, leads, call logs
   * and inbound messages.
   * @throws {@link ValidationError} `INVALID_ARGUMENT` if no identifier is given
   *
   * @example
   * ```ts
   * const held = await receptionist.database.export({ email: 'john@example.com' })
   * await writeFile('john.json', JSON.stringify(held, null, 2))
   * ```
   */
  async export(person: Customer): Promise<PersonExport> {
    const json = encodeArgument('person', person, 'Customer')
    return decodeExport(await callNativeAsync(() => nativeOf<NativeReceptionist>(this).exportPerson(json)))
  }

  /**
   * Erases all data of a person: everything that {@link DatabaseResource.export} returns, and
   * vectors, in the database and in this receptionist.
   *
   * In conversations with other participants, only memories with the person's address are deleted.
   * An opt-out is kept as a hash. Running it again, also after a failure, deletes what is left.
   * @throws {@link ValidationError} `INVALID_ARGUMENT` if no identifier is given
   *
   * @example
   * ```ts
   * const { memories } = await receptionist.database.forget({ phone: '+15551234567' })
   * ```
   */
  async forget(person: Customer): Promise<ForgetReport> {
    const json = encodeArgument('person', person, 'Customer')
    return JSON.parse(await callNativeAsync(() => nativeOf<NativeReceptionist>(this).forgetPerson(json)))
  }
}

/** Separates the progress callback from the options that are passed to the core. */
function withProgress<T extends { onProgress?: unknown }>(options: T, type: keyof OptionTypes) {
  const { onProgress, ...rest } = copyOf('options', options, type)
  if (onProgress != null && typeof onProgress !== 'function') {
    throw invalidInput('INVALID_ARGUMENT', 'options.onProgress', 'must be a function')
  }
  return { onProgress: onProgress as T['onProgress'], rest }
}
