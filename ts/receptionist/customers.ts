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
}
