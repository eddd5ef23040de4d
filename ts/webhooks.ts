import { base64 } from './email'
import { encodeArgument, readable } from './json'
import type { Warnings } from './warnings'

/** The parsed form of a webhook, as body parsers give it. */
export type WebhookPayload = Record<string, any>

/** What shows where a webhook comes from. */
export interface WebhookProof {
  /** The header `X-Twilio-Signature`. */
  signature?: string | undefined
  /** The public URL that Twilio posted to, as Twilio has it, with its query. */
  url?: string
}

/** The JSON of a proof. */
export function encodeProof(proof: WebhookProof | undefined): string {
  return encodeArgument('proof', proof ?? {})
}

/** Tells, once, that a webhook was taken without proof. */
export function warnUnlessProven(proof: WebhookProof | undefined, warnings: Pick<Warnings, 'warn'>): void {
  if (proof?.signature !== undefined) return
  warnings.warn([
    'A webhook was handled without its signature, so anybody could have sent it. Pass { signature, url }, or use receptionist.webhooks.',
  ])
}

/** An e-mail that came in: what Postmark posts, or `{ raw }`, a MIME message from any other source. */
export type EmailPayload = Record<string, any> | { raw: string | Uint8Array }

/** How an e-mail that came in is treated. */
export interface EmailWebhookOptions {
  /** The header `Authorization`, which Postmark makes of `https://user:secret@…` in the webhook's address. */
  authorization?: string | undefined
  /** Whether it is answered. @defaultValue `channels.email.autoReply` */
  autoReply?: boolean
  /** What you want of this answer, beside the agent's own instructions; at most 10,000 characters. The customer does not see it. */
  instructions?: string
}

/** What became of an e-mail that came in. */
export interface EmailReceipt {
  /** The conversation it belongs to; absent while it is `pending`. */
  conversationId?: string
  /** Its `Message-ID`, without angle brackets. */
  emailId: string
  /** Whether an answer went out. */
  autoReplied: boolean
  /** Why none did; `unknown`: one may have. */
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

/** The JSON of an e-mail; bytes cross as base64. */
export function encodeEmail(payload: EmailPayload): string {
  const read = (): object => {
    const raw: unknown = payload?.raw
    return raw instanceof Uint8Array ? { raw: { base64: base64(raw) } } : payload
  }
  return encodeArgument('payload', readable('INVALID_ARGUMENT', 'payload', read))
}

/** Tells, once, that an e-mail was taken without proof. */
export function warnUnlessAuthorized(
  options: EmailWebhookOptions | undefined,
  warnings: Pick<Warnings, 'warn'>,
): void {
  if (options?.authorization !== undefined) return
  warnings.warn([
    'An e-mail was handled without the secret of its webhook, so anybody could have sent it. Pass { authorization }, or use receptionist.webhooks.',
  ])
}
