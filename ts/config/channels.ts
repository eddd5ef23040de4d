import type { CalendarProviderConfig } from './calendar'
import type { EmailChannelConfig, EmailProviderConfig } from './email'

/** Who carries calls, messages and mail. */
export interface ProviderConfig {
  /** Calls and SMS. */
  communication?: {
    /** Twilio. */
    twilio?: TwilioConfig
  }
  /** E-mail. */
  email?: EmailProviderConfig
  /** Appointments. */
  calendar?: CalendarProviderConfig
}

/** An account and number of Twilio's. */
export interface TwilioConfig {
  /** `AC…`. */
  accountSid: string | undefined
  /** The account's token, with which webhooks are signed. Appears in no message, log or stack. */
  authToken: string | undefined
  /** The number that calls and is called, E.164. */
  phoneNumber: string | undefined
  /** Where Twilio reaches this server: `https://example.com`. Without it calls go out, but nobody listens. */
  webhookBaseUrl?: string
  /** Path of the webhook for calls. @defaultValue '/webhooks/voice/inbound' */
  voiceWebhookPath?: string
  /** Path of the webhook for SMS. @defaultValue '/webhooks/sms/inbound' */
  smsWebhookPath?: string
  /** Whose voice speaks in calls. Of ElevenLabs' `<Say>` has none: `initialize()` warns. @defaultValue Twilio's own */
  voice?: VoiceConfig
  /** Another address than `https://api.twilio.com`: a region, an edge, a test. */
  baseUrl?: string
}

/** A voice that Twilio speaks with. */
export interface VoiceConfig {
  /** Amazon Polly's, Google's. */
  provider?: 'amazon' | 'google' | 'elevenlabs'
  /** The voice's name there: `Joanna-Neural`, `en-US-Chirp3-HD-Aoede`. */
  voiceId?: string
  /** Known from the TypeScript SDK; without effect. */
  stability?: number
  /** Known from the TypeScript SDK; without effect. */
  similarityBoost?: number
}

/** How the channels behave. */
export interface ChannelsConfig {
  /** Calls. */
  voice?: {
    /** Calls of one customer answered an hour. @defaultValue 5 */
    maxPerHour?: number
    /** Language that is spoken and listened to, BCP 47. @defaultValue Twilio's, `en-US` */
    language?: string
    /** Seconds to wait for the first word; asked once more, then the line hangs up. @defaultValue 5 */
    silenceSeconds?: number
    /** Whether callers who hide their number are turned away. @defaultValue false */
    rejectAnonymous?: boolean
    /** What is said first. @defaultValue who answers, and for whom */
    greeting?: string
    /** What else the line itself says. @defaultValue English */
    phrases?: {
      /** After a silence. */
      silence?: string
      /** After a second silence; then the line hangs up. */
      goodbye?: string
      /** When nothing was understood. */
      repeat?: string
      /** When the answer takes long. */
      moment?: string
      /** When the model or the database is down. */
      apology?: string
      /** To who called too often. */
      limit?: string
    }
  }
  /**
   * Whether `receptionist.webhooks` takes only what the provider has signed. @defaultValue true; `false` lets anybody post, for tests
   */
  verifySignatures?: boolean
  /**
   * Whether `X-Forwarded-Proto` and `X-Forwarded-Host` tell the public address, which is signed too, where `webhookBaseUrl` does
   * not. @defaultValue false
   */
  trustProxy?: boolean
  /** Numbers that are not answered, E.164, or their beginnings: `+1900*`. @defaultValue none */
  blocked?: string[]
  /** SMS. */
  sms?: {
    /** Messages of one customer answered an hour. @defaultValue 10 */
    maxPerHour?: number
    /** Hours of silence after which a conversation is over. @defaultValue 24 */
    conversationHours?: number
    /** Whether messages are answered at all. @defaultValue true */
    autoReply?: boolean
    /** What STOP, START and HELP are answered, if you told Twilio not to. @defaultValue nothing */
    keywordReplies?: { stop?: string; start?: string; help?: string }
  }
  /** E-mail. */
  email?: EmailChannelConfig
  /** Whether `handle…Webhook` refuses what comes without a signature. @defaultValue false, with a warning */
  requireSignature?: boolean
}
