import { callNativeAsync } from '../errors'
import { encodeArgument } from '../bridge/json'
import { warningsOf } from '../bridge/create-receptionist'
import type { NativeReceptionist } from '../bridge/native'
import { whenReady } from '../bridge/readiness'
import {
  encodeEmail,
  warnUnlessAuthorized,
  type EmailPayload,
  type EmailReceipt,
  type EmailWebhookOptions,
} from './payloads'

/**
 * Stores and answers an inbound e-mail. A string in place of the options is the `Authorization`
 * header; a string that does not start with `Basic` is ignored.
 */
export async function receiveEmail(
  current: () => NativeReceptionist,
  payload: EmailPayload,
  given: EmailWebhookOptions | string | null | undefined,
): Promise<EmailReceipt> {
  const options = typeof given === 'string' ? (/^basic /i.test(given) ? { authorization: given } : {}) : given
  const [mail, json] = [encodeEmail(payload), encodeArgument('options', options ?? {}, 'EmailWebhookOptions')]
  const native = await whenReady(current)
  const receipt = await callNativeAsync(() => native.handleEmailWebhook(mail, json))
  warnUnlessAuthorized(options ?? undefined, warningsOf(native))
  return JSON.parse(receipt)
}
