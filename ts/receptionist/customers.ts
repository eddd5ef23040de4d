import { decodeKnownCustomer, type Customer, type KnownCustomer } from '../agent/customer'
import { encodeArgument } from '../bridge/json'
import type { NativeReceptionist } from '../bridge/native'
import { attachNative, nativeOf } from '../bridge/native-handle'
import { callNativeAsync } from '../errors'

/** `receptionist.customers`: the facts that are recorded about your customers. */
export class CustomersResource {
  private constructor() {}

  /** Creates the resource of a native receptionist. @internal */
  static of(native: NativeReceptionist): CustomersResource {
    const instance = new CustomersResource()
    attachNative(instance, native)
    return instance
  }

  /**
   * Returns the facts about a customer: those from which the prompt of a turn is made. Of a person of
   * whom nothing is recorded, all lists are empty.
   * @throws {@link ValidationError} `INVALID_ARGUMENT` if no identifier is given
   * @throws {@link LifecycleError} before `initialize()`
   *
   * @example
   * ```ts
   * const { name, notes } = await receptionist.customers.get({ phone: '+15551234567' })
   * ```
   */
  async get(person: Customer): Promise<KnownCustomer> {
    const json = encodeArgument('person', person, 'Customer')
    const known = await callNativeAsync(() => nativeOf<NativeReceptionist>(this).knownCustomer(json))
    return decodeKnownCustomer(JSON.parse(known))
  }

  /**
   * Makes one person of two identifiers, and returns the facts about the person. A turn under one of
   * them then knows what was said under the other. Repeating it changes nothing.
   * @throws {@link ValidationError} `INVALID_ARGUMENT` if one names nobody, if both name the same
   * identifiers, or if the person would have more than 10
   * @throws {@link ConfigError} `INVALID_CONFIG` without a storage
   * @throws {@link LifecycleError} before `initialize()`
   *
   * @example
   * ```ts
   * await receptionist.customers.merge({ phone: '+15551234567' }, { email: 'anna@example.com' })
   * ```
   */
  async merge(person: Customer, other: Customer): Promise<KnownCustomer> {
    const json = encodeArgument('person', person, 'Customer')
    const otherJson = encodeArgument('other', other, 'Customer')
    const known = await callNativeAsync(() =>
      nativeOf<NativeReceptionist>(this).mergeCustomers(json, otherJson),
    )
    return decodeKnownCustomer(JSON.parse(known))
  }

  /**
   * Splits an identifier from its person, and returns the facts that are left under it. No
   * conversation links the two again; `merge` does. Repeating it changes nothing.
   * @throws {@link ValidationError} `INVALID_ARGUMENT` unless exactly one identifier is given
   * @throws {@link LifecycleError} before `initialize()`
   *
   * @example
   * ```ts
   * await receptionist.customers.split({ phone: '+15551234567' })
   * ```
   */
  async split(identifier: Customer): Promise<KnownCustomer> {
    const json = encodeArgument('identifier', identifier, 'Customer')
    const known = await callNativeAsync(() => nativeOf<NativeReceptionist>(this).splitCustomer(json))
    return decodeKnownCustomer(JSON.parse(known))
  }
}
