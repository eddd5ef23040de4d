import { base64 } from '../bridge/base64'
import { guardRead } from '../bridge/invalid-input'
import { encodeArgument } from '../bridge/json'
import type { Warnings } from '../logging/warnings'

/** Parsed form body of a webhook, as body parsers return it. */
export type WebhookPayload = Record<string, any>

/**
 * A webhook as accepted by a channel's resource: the parsed form body, or an object that contains
 * it.
 */
export type WebhookContext = WebhookPayload | { payload: WebhookPayload; provider?: string; timestamp?: Date }

/** Returns the parsed form body of a webhook. */
export function payloadOf(context: WebhookContext): WebhookPayload {
  const payload: unknown = context?.payload
  return typeof payload === 'object' && payload !== null ? (payload as WebhookPayload) : context
}

/** Authentication of a Twilio webhook. */
export interface WebhookAuth {
  /** Value of the header `X-Twilio-Signature`. */
  signature?: string | undefined
  /** Public URL that Twilio posted to, including the query. */
  url?: string
}

/** Returns the JSON of a webhook's authentication. */
export function encodeWebhookAuth(auth: WebhookAuth | undefined): string {
  return encodeArgument('auth', auth ?? {}, 'WebhookAuth')
}

/** Warns, once, about a webhook that was accepted without a signature. */
export function warnUnlessSigned(auth: WebhookAuth | undefined, warnings: Pick<Warnings, 'warn'>): void {
  if (auth?.signature !== undefined) return
  warnings.warn([
    'A webhook was handled without its signature, so anybody could have sent it. Pass { signature, url }, or use receptionist.webhooks.',
  ])
}

/**
 * An inbound e-mail: the JSON body that Postmark posts, or `{ raw }`, a MIME message from any other
 * source.
 */
export type EmailPayload = Record<string, any> | { raw: string | Uint8Array }

/** Options for handling an inbound e-mail. */
export interface EmailWebhookOptions {
  /**
   * Value of the header `Authorization`, which Postmark derives from `https://user:secret@…` in the
   * webhook URL.
   */
  authorization?: string | undefined
  /** `true` to answer the e-mail. @defaultValue `channels.email.autoReply` */
  autoReply?: boolean
  /**
   * Instructions for this answer, added to the agent's own; at most 10,000 characters. Not visible
   * to the customer.
   */
  instructions?: string
}

/** Result of handling an inbound e-mail. */
export interface EmailReceipt {
  /** Conversation id; absent while the status is `pending`. */
  conversationId?: string
  /** `Message-ID` of the e-mail, without angle brackets. */
  emailId: string
  /** `true` if an answer was sent. */
  autoReplied: boolean
  /** Reason for not answering. `unknown` means that an answer may have been sent. */
  reason?:
    | 'automatic'
    | 'bulk'
    | 'no_reply'
    | 'own_message'
    | 'spam'
    | 'rate_limited'
    | 'auto_reply_off'
    | 'not_allowlisted'
    | 'rejected'
    | 'pending'
    | 'unknown'
}

/** Returns the JSON of an e-mail, with bytes as base64. */
export function encodeEmail(payload: EmailPayload): string {
  const read = (): object => {
    const raw: unknown = payload?.raw
    return raw instanceof Uint8Array ? { raw: { base64: base64(raw) } } : payload
  }
  return encodeArgument('payload', guardRead('INVALID_ARGUMENT', 'payload', read), null)
}

/** Warns, once, about an e-mail that was accepted without the webhook's secret. */
export function warnUnlessAuthorized(
  options: EmailWebhookOptions | undefined,
  warnings: Pick<Warnings, 'warn'>,
): void {
  if (options?.authorization !== undefined) return
  warnings.warn([
    'An e-mail was handled without the secret of its webhook, so anybody could have sent it. Pass { authorization }, or use receptionist.webhooks.',
  ])
}
