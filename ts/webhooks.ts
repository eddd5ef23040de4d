import { encodeArgument } from './json'
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
