import { Allowlist } from './allowlist'
import { settle } from './errors'
import { held, hold } from './handle'
import { encodeArgument } from './json'
import type { NativeReceptionist } from './native'

/** What to send, and to whom. */
export interface SendSMSOptions {
  /** A phone number; E.164, or as it is dialled in `tools.defaultCountry`. */
  to: string
  /** At most 1,600 characters. */
  body: string
  /** Another number of the account. @defaultValue the configured `phoneNumber` */
  from?: string
  /** Public addresses of pictures. */
  mediaUrl?: string[]
  /** Kept with the message. */
  metadata?: Record<string, any>
  /** The conversation it belongs to, to which answers then belong too. @defaultValue the customer's */
  conversationId?: string
}

/** A message that was sent. */
export interface SMSSession {
  /** Twilio's id of the message, `SM…`. */
  id: string
  /** The same. */
  messageSid: string
  /** The customer's conversation. */
  conversationId: string
  /** E.164. */
  to: string
  /** E.164. */
  from: string
  /** What was written. */
  body: string
  /** Always `sms`. */
  channel: 'sms'
  /** Always `outbound`. */
  direction: 'outbound'
  /** How far it is: `queued`, `sent`, `delivered`, `failed`, … */
  status: string
  /** When it was sent. */
  sentAt: Date
}

/** `receptionist.sms`: messages that you send, and who is answered. */
export class SMSResource {
  /** Who is answered: the first message of a number adds it, STOP removes it, START adds it again. */
  readonly allowlist: Allowlist

  private constructor(native: NativeReceptionist) {
    this.allowlist = Allowlist.of(native, 'sms')
  }

  /** @internal */
  static of(native: NativeReceptionist): SMSResource {
    const made = new SMSResource(native)
    hold(made, native)
    return made
  }

  /**
   * Sends an SMS and remembers it in the customer's conversation. Never tried again when it may have arrived.
   * @throws {@link ValidationError} if an option cannot be used, or `RECIPIENT_OPTED_OUT`; nothing was sent
   * @throws {@link ProviderError} if Twilio is not configured, or refuses, or does not answer: `PROVIDER_OUTCOME_UNKNOWN` when the
   * message may arrive nevertheless
   */
  async send(options: SendSMSOptions): Promise<SMSSession> {
    const json = encodeArgument('options', options)
    const session = JSON.parse(await settle(() => held<NativeReceptionist>(this).sendSms(json)))
    session.sentAt = new Date(session.sentAt)
    return session
  }
}
