import { settle } from './errors'
import { held, hold } from './handle'
import { encodeArgument } from './json'
import type { NativeReceptionist } from './native'

/** How to migrate. */
export interface MigrateOptions {
  /** Only tell what would be run. @defaultValue false */
  dryRun?: boolean
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
}
