import { attempt, settle } from './errors'
import { held, hold } from './handle'
import { requireString } from './json'
import type { NativeReceptionist } from './native'

/**
 * Who is answered on a channel, by number or address. The first message of a customer adds them; whom you remove is kept, but not
 * answered until you add them again. Kept in the table `<prefix>allowlist`, which every process asks before it answers;
 * `has`, `getAll` and `count` tell what this process knows: the table as of `initialize()` and what it did itself. Without a
 * database it lasts as long as the process.
 */
export class Allowlist {
  private constructor(
    /** Whose list it is. */
    readonly channel: 'sms' | 'email',
  ) {}

  /** @internal */
  static of(native: NativeReceptionist, channel: 'sms' | 'email'): Allowlist {
    const made = new Allowlist(channel)
    hold(made, native)
    return made
  }

  /**
   * Adds a number or address; `addedBy` is noted with it.
   * @throws {@link ValidationError} if it is none
   */
  async add(identifier: string, addedBy = 'manual'): Promise<void> {
    requireString('identifier', identifier)
    requireString('addedBy', addedBy)
    await settle(() => native(this).allow(this.channel, identifier, addedBy))
  }

  /** Whether a number or address is on the list. */
  has(identifier: string): boolean {
    requireString('identifier', identifier)
    return attempt(() => native(this).isAllowed(this.channel, identifier))
  }

  /**
   * Removes a number or address.
   * @throws {@link ValidationError} if it is none
   */
  async remove(identifier: string): Promise<void> {
    requireString('identifier', identifier)
    await settle(() => native(this).disallow(this.channel, identifier))
  }

  /** All of them: numbers in E.164, addresses in lower case. */
  getAll(): string[] {
    return attempt(() => native(this).allowed(this.channel))
  }

  /** How many there are. */
  count(): number {
    return this.getAll().length
  }

  /** Removes all of them. */
  async clear(): Promise<void> {
    await settle(() => native(this).disallow(this.channel, null))
  }
}

function native(allowlist: Allowlist): NativeReceptionist {
  return held(allowlist)
}
