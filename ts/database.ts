import type { Customer } from './customer'
import { settle } from './errors'
import { held, hold } from './handle'
import { copyOf, encodeArgument, refusal } from './json'
import type { NativeReceptionist } from './native'
import type { Memory } from './memory'
import { decodeExport, type ForgetReport, type PersonExport } from './person'

/** How to migrate. */
export interface MigrateOptions {
  /** Only tell what would be run. @defaultValue false */
  dryRun?: boolean
}

/** How to move old conversations. */
export interface MigrateConversationsOptions {
  /** The table they are in. @defaultValue 'ai_receptionist_conversations' */
  from?: string
  /** Conversations moved at a time, 1 to 10,000. @defaultValue 100 */
  batchSize?: number
  /** Called after each batch, with the totals so far. What it throws ends the migration, which can be started again. */
  onProgress?: (progress: { conversations: number; messages: number; skipped: number }) => void
}

/** What became of old conversations. */
export interface ConversationsReport {
  /** Conversations read. */
  conversations: number
  /** Messages that are memories now. */
  messages: number
  /** What was left out and why; `message` is the position in the conversation, absent when it is all of it. */
  skipped: { conversationId: string; message?: number; reason: string }[]
}

/** Which memories are to be kept no longer. */
export interface PruneOptions {
  /** Memories from before this moment are deleted. */
  before: Date
  /** Only memories of this type, or of these. @defaultValue all types */
  type?: Memory['type'] | Memory['type'][]
  /** Called after each batch, with the total so far. What it throws ends the work, which can be started again. */
  onProgress?: (progress: { memories: number }) => void
}

/** `receptionist.database`: the tables, usable before `initialize()` too. */
export class DatabaseResource {
  private constructor() {}

  /** @internal */
  static of(native: NativeReceptionist): DatabaseResource {
    const made = new DatabaseResource()
    hold(made, native)
    return made
  }

  /**
   * Creates missing tables, columns and indexes, whatever `autoMigrate` says; never drops or rewrites.
   * Safe to call from many processes at once.
   * @returns the SQL that was run, or would be, in order; empty when everything is in place
   * @throws {@link DatabaseError} if the database cannot be reached or refuses
   *
   * @example
   * ```ts
   * const sql = await receptionist.database.migrate({ dryRun: true })
   * console.log(sql.join(';\n'))
   * ```
   */
  async migrate(options: MigrateOptions = {}): Promise<string[]> {
    const json = encodeArgument('options', options)
    return JSON.parse(await settle(() => held<NativeReceptionist>(this).migrate(json)))
  }

  /**
   * Deletes old memories and their vectors, the oldest first, a batch of 200 at a time, so that nobody who saves waits long. Call it
   * from a job of yours, as often as you like; if it ends early, the next call goes on. Leads and call logs stay.
   * @returns how many were deleted
   * @throws {@link ValidationError} if `before` is no date or `type` no type of memories
   *
   * @example
   * ```ts
   * const aYearAgo = new Date(Date.now() - 365 * 86_400_000)
   * await receptionist.database.prune({ before: aYearAgo, type: ['conversation', 'tool_execution'] })
   * ```
   */
  async prune(options: PruneOptions): Promise<{ memories: number }> {
    const { onProgress, rest } = withProgress(options)
    const json = encodeArgument('options', rest)
    let memories = 0
    for (;;) {
      const deleted = await settle(() => held<NativeReceptionist>(this).pruneMemories(json))
      if (deleted === 0) return { memories }
      memories += deleted
      onProgress?.({ memories })
    }
  }

  /**
   * Moves conversations of the architecture before memory (a row each, their messages as a JSON array) into
   * memory. The old table stays as it is; running it again, also after a failure, changes nothing that was moved.
   * @throws {@link ValidationError} if there is no such table
   *
   * @example
   * ```ts
   * const { messages, skipped } = await receptionist.database.migrateConversations()
   * ```
   */
  async migrateConversations(options: MigrateConversationsOptions = {}): Promise<ConversationsReport> {
    const { onProgress, rest } = withProgress(options)
    const report: ConversationsReport = { conversations: 0, messages: 0, skipped: [] }
    let after: string | undefined
    do {
      const json = encodeArgument('options', { ...rest, after })
      const page = JSON.parse(await settle(() => held<NativeReceptionist>(this).migrateConversations(json)))
      report.conversations += page.conversations
      report.messages += page.messages
      report.skipped.push(...page.skipped)
      after = page.next ?? undefined
      onProgress?.({ ...report, skipped: report.skipped.length })
    } while (after !== undefined)
    return report
  }

  /**
   * Everything that is held of a person, named by an e-mail address, a phone number, your own id, or several of them: memories
   * of their conversations, leads, call logs, what came in from them.
   * @throws {@link ValidationError} `INVALID_ARGUMENT` if it names nobody
   *
   * @example
   * ```ts
   * const held = await receptionist.database.export({ email: 'john@example.com' })
   * await writeFile('john.json', JSON.stringify(held, null, 2))
   * ```
   */
  async export(person: Customer): Promise<PersonExport> {
    const json = encodeArgument('person', person)
    return decodeExport(await settle(() => held<NativeReceptionist>(this).exportPerson(json)))
  }

  /**
   * Forgets a person: removes what {@link DatabaseResource.export} shows, and vectors, in the database and in this receptionist.
   * In conversations with others too, only what carries the person's address goes. That they want no messages stays, as a
   * hash. Doing it again, also after a failure, removes what is left.
   * @throws {@link ValidationError} `INVALID_ARGUMENT` if it names nobody
   *
   * @example
   * ```ts
   * const { memories } = await receptionist.database.forget({ phone: '+15551234567' })
   * ```
   */
  async forget(person: Customer): Promise<ForgetReport> {
    const json = encodeArgument('person', person)
    return JSON.parse(await settle(() => held<NativeReceptionist>(this).forgetPerson(json)))
  }
}

/** Options apart from what is told of progress. */
function withProgress<T extends { onProgress?: unknown }>(options: T) {
  const { onProgress, ...rest } = copyOf('options', options)
  if (onProgress != null && typeof onProgress !== 'function') {
    throw refusal('INVALID_ARGUMENT', 'options.onProgress', 'must be a function')
  }
  return { onProgress: onProgress as T['onProgress'], rest }
}
