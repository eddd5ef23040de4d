import { settle } from './errors'
import { held, hold } from './handle'
import { encodeArgument } from './json'
import type { NativeReceptionist } from './native'

/** How to migrate. */
export interface MigrateOptions {
  /** Only tell what would be run. @defaultValue false */
  dryRun?: boolean
}

/** What a migration did. */
export interface MigrationResult {
  /** Whether nothing was run. */
  dryRun: boolean
  /** The SQL that was run, or would be; empty when everything is in place. */
  statements: string[]
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
   * @throws {@link DatabaseError} if the database cannot be reached or refuses
   *
   * @example
   * ```ts
   * const { statements } = await receptionist.database.migrate({ dryRun: true })
   * console.log(statements.join(';\n'))
   * ```
   */
  async migrate(options: MigrateOptions = {}): Promise<MigrationResult> {
    const json = encodeArgument('options', options)
    return JSON.parse(await settle(() => held<NativeReceptionist>(this).migrate(json)))
  }
}
