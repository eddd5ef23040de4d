import type { Agent } from '../agent/agent'
import { Allowlist } from './allowlist'
import { callNativeAsync } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import { invalidInput } from '../bridge/invalid-input'
import { encodeArgument } from '../bridge/json'
import { warningsOf } from '../bridge/create-receptionist'
import type { NativeReceptionist } from '../bridge/native'
import { whenReady } from '../bridge/readiness'
import { nativeOfAgent, refuseOptions, agentHandle } from '../bridge/agent-handle'
import {
  encodeWebhookAuth,
  payloadOf,
  warnUnlessSigned,
  type WebhookContext,
  type WebhookAuth,
} from '../webhooks/payloads'

/** An outbound SMS or WhatsApp message. */
export interface SendSMSOptions {
  /**
   * Phone number, in E.164 or as dialled in `tools.defaultCountry`. Prefix it with `whatsapp:` to
   * use WhatsApp.
   */
  to: string
  /** Text, at most 1,600 characters. Required unless there are `mediaUrl`s or a template. */
  body?: string
  /**
   * Sender: a number, a short code, a Messaging Service (`MG…`) or `whatsapp:+…`.
   * @defaultValue the configured `phoneNumber`; for WhatsApp `whatsappNumber`
   */
  from?: string
  /**
   * Template of Twilio's Content API, `HX…`, instead of `body` and `mediaUrl`. WhatsApp accepts
   * templates at any time.
   */
  contentSid?: string
  /** Variables of the template: `{ 1: 'Ann' }`, or its JSON. */
  contentVariables?: Record<string, string | number> | string
  /** Public URLs of media. */
  mediaUrl?: string[]
  /** Custom fields, stored with the message. */
  metadata?: Record<string, any>
  /**
   * Conversation id; replies belong to this conversation too.
   * @defaultValue the customer's conversation
   */
  conversationId?: string
}

/** A sent message. */
export interface SMSSession {
  /** Twilio SID of the message, `SM…`. */
  id: string
  /** Twilio SID, equal to `id`. */
  messageSid: string
  /** Conversation id. */
  conversationId: string
  /** Recipient: E.164, or `whatsapp:+…`. */
  to: string
  /** Sender: E.164, `whatsapp:+…`, or as given. */
  from: string
  /** Text; empty for a template. */
  body: string
  /** Always `sms`. */
  channel: 'sms'
  /** Always `outbound`. */
  direction: 'outbound'
  /** Twilio's message status: `queued`, `sent`, `delivered`, `failed`, … */
  status: string
  /** Time of sending. */
  sentAt: Date
}

/** `receptionist.sms`: outbound messages and the SMS allowlist. */
export class SMSResource {
  /**
   * Allowlist of numbers that are answered. The first message of a number adds it, STOP removes it,
   * START adds it again.
   */
  readonly allowlist: Allowlist

  /**
   * Creates the SMS resource of an agent. A receptionist has one at `sms`, configured by
   * `channels.sms`.
   * @param db - refused: the allowlist is in the receptionist's database
   * @throws {@link ValidationError} if `agent` is not an agent of this package, or an option is
   *   given here
   */
  constructor(agent: Agent, config?: Record<string, unknown>, db?: unknown) {
    const native = nativeOfAgent(agent)
    refuseOptions(config, {
      autoReplyEnabled: 'is an option of the receptionist: channels: { sms: { autoReply: false } }',
      rateLimitConfig: 'is an option of the receptionist: channels: { sms: { maxPerHour: 10 } }',
    })
    if (db != null) {
      throw invalidInput(
        'INVALID_ARGUMENT',
        'db',
        'is not accepted: the allowlist is stored in the `database` of the receptionist',
      )
    }
    this.allowlist = Allowlist.of(native, 'sms')
    attachNative(this, native)
  }

  /** Creates the SMS resource of a native receptionist. @internal */
  static of(native: NativeReceptionist): SMSResource {
    return new SMSResource(agentHandle(native))
  }

  /**
   * Handles an inbound SMS from a Twilio webhook, like `receptionist.handleSMSWebhook`.
   * @param context - the parsed form body of the request, or `{ payload }` with it
   */
  async handleWebhook(context: WebhookContext, auth?: WebhookAuth): Promise<string> {
    const [form, json] = [encodeArgument('payload', payloadOf(context), null), encodeWebhookAuth(auth)]
    const native = await whenReady(() => nativeOf<NativeReceptionist>(this))
    const twiml = await callNativeAsync(() => native.handleSmsWebhook(form, json))
    warnUnlessSigned(auth, warningsOf(native))
    return twiml
  }

  /** Does nothing: the receptionist's `dispose()` releases all resources. */
  dispose(): void {}

  /**
   * Sends an SMS or a WhatsApp message and stores it in the customer's conversation. The message is
   * not retried if it may have been delivered.
   * @throws {@link ValidationError} if an option is invalid, or `RECIPIENT_OPTED_OUT`; nothing was
   *   sent
   * @throws {@link ProviderError} if Twilio is not configured, rejects the message or does not
   *   respond; `PROVIDER_OUTCOME_UNKNOWN` if the message may be delivered nevertheless;
   *   `MESSAGING_WINDOW_CLOSED` if WhatsApp only accepts a template
   */
  async send(options: SendSMSOptions): Promise<SMSSession> {
    const json = encodeArgument('options', options, 'SendSMSOptions')
    const session = JSON.parse(await callNativeAsync(() => nativeOf<NativeReceptionist>(this).sendSms(json)))
    session.sentAt = new Date(session.sentAt)
    return session
  }
}
