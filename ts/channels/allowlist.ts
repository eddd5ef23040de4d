import { callNative, callNativeAsync } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import { requireString } from '../bridge/json'
import type { NativeReceptionist } from '../bridge/native'

/**
 * The numbers or addresses that are answered on a channel.
 *
 * A customer's first message adds the customer automatically. Messages of a removed customer are
 * stored but not answered until the customer is added again.
 *
 * Stored in the table `<prefix>allowlist`, which every process queries before it answers. `has`,
 * `getAll` and `count` use the state known to this process: the table as of `initialize()` plus its
 * own changes. Without a database, the list lasts as long as the process.
 */
export class Allowlist {
  private constructor(
    /** Channel of the list. */
    readonly channel: 'sms' | 'email',
  ) {}

  /** Creates the allowlist of a native receptionist. @internal */
  static of(native: NativeReceptionist, channel: 'sms' | 'email'): Allowlist {
    const instance = new Allowlist(channel)
    attachNative(instance, native)
    return instance
  }

  /**
   * Adds a number or address. `addedBy` is stored with it.
   * @throws {@link ValidationError} if `identifier` is not a valid number or address
   */
  async add(identifier: string, addedBy = 'manual'): Promise<void> {
    requireString('identifier', identifier)
    requireString('addedBy', addedBy)
    await callNativeAsync(() => native(this).allow(this.channel, identifier, addedBy))
  }

  /** Returns `true` if a number or address is on the list. */
  has(identifier: string): boolean {
    requireString('identifier', identifier)
    return callNative(() => native(this).isAllowed(this.channel, identifier))
  }

  /**
   * Removes a number or address.
   * @throws {@link ValidationError} if `identifier` is not a valid number or address
   */
  async remove(identifier: string): Promise<void> {
    requireString('identifier', identifier)
    await callNativeAsync(() => native(this).disallow(this.channel, identifier))
  }

  /** Returns all entries: numbers in E.164, addresses in lower case. */
  getAll(): string[] {
    return callNative(() => native(this).allowed(this.channel))
  }

  /** Returns the number of entries. */
  count(): number {
    return this.getAll().length
  }

  /** Removes all entries. */
  async clear(): Promise<void> {
    await callNativeAsync(() => native(this).disallow(this.channel, null))
  }
}

function native(allowlist: Allowlist): NativeReceptionist {
  return nativeOf(allowlist)
}
