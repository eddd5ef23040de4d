import type { KnownCustomer } from '../agent/customer'
import type { CalendarProviderConfig } from './calendar'
import type { EmailChannelConfig, EmailProviderConfig } from './email'

/** Providers of calls, messages, e-mail and calendars. */
export interface ProviderConfig {
  /** Providers of calls and SMS. */
  communication?: {
    /** Twilio account. */
    twilio?: TwilioConfig
  }
  /** E-mail providers. */
  email?: EmailProviderConfig
  /** Calendar providers. */
  calendar?: CalendarProviderConfig
  /** Accepted for compatibility with the TypeScript SDK; without effect. */
  custom?: any[]
}

/** A Twilio account and phone number. */
export interface TwilioConfig {
  /** Account SID, `AC…`. */
  accountSid: string | undefined
  /**
   * Auth token of the account, also used to verify webhook signatures. Never included in messages,
   * logs or stacks.
   */
  authToken: string | undefined
  /** Phone number for inbound and outbound calls and SMS, E.164. */
  phoneNumber: string | undefined
  /** WhatsApp sender, E.164. @defaultValue `phoneNumber` */
  whatsappNumber?: string
  /**
   * Public base URL of this server: `https://example.com`. Without it, outbound calls only play the
   * greeting.
   */
  webhookBaseUrl?: string
  /** Path of the voice webhook. @defaultValue '/webhooks/voice/inbound' */
  voiceWebhookPath?: string
  /** Path of the SMS webhook. @defaultValue '/webhooks/sms/inbound' */
  smsWebhookPath?: string
  /** Text-to-speech voice for calls. @defaultValue Twilio's own */
  voice?: VoiceConfig
  /** Base URL of the API, for a region, an edge or tests. @defaultValue 'https://api.twilio.com' */
  baseUrl?: string
}

/** A text-to-speech voice of Twilio. */
export interface VoiceConfig {
  /**
   * Voice provider: Amazon Polly or Google. Twilio's `<Say>` has no ElevenLabs voices;
   * `initialize()` warns about `elevenlabs`.
   */
  provider?: 'amazon' | 'google' | 'elevenlabs'
  /** Name of the voice: `Joanna-Neural`, `en-US-Chirp3-HD-Aoede`. */
  voiceId?: string
  /** Accepted for compatibility with the TypeScript SDK; without effect. */
  stability?: number
  /** Accepted for compatibility with the TypeScript SDK; without effect. */
  similarityBoost?: number
}

/** An inbound call that is greeted. */
export interface GreetingRequest {
  /** The customer on the line, as far as the number identifies one. */
  customer: KnownCustomer
  /** Twilio SID of the call. */
  callSid: string
  /** Number or address of the caller. */
  from: string
}

/** A function that returns the first sentence of an inbound call. */
export type GreetingFunction = (
  request: GreetingRequest,
) => string | null | undefined | Promise<string | null | undefined>

/**
 * Speech of live calls: attributes of Twilio's `<ConversationRelay>`, under their names. What is left
 * out has Twilio's default.
 */
export interface RelayConfig {
  /** Input that interrupts the greeting; `false` for none. @defaultValue 'any' */
  welcomeGreetingInterruptible?: 'none' | 'dtmf' | 'speech' | 'any' | boolean
  /**
   * Text-to-speech service.
   * @defaultValue that of `providers.communication.twilio.voice`, else 'ElevenLabs'
   */
  ttsProvider?: 'ElevenLabs' | 'Google' | 'Amazon'
  /** Voice at that service. @defaultValue that of `providers.communication.twilio.voice` */
  voice?: string
  /** Speech-to-text service. @defaultValue 'Deepgram' */
  transcriptionProvider?: 'Deepgram' | 'Google'
  /** Speech model: `flux`, `nova-3-general`, `telephony`. @defaultValue that of the service */
  speechModel?: string
  /** Likely words, such as names; a list, or a text with commas. */
  hints?: string | string[]
  /** Input that interrupts the agent; `false` for none. @defaultValue 'any' */
  interruptible?: 'none' | 'dtmf' | 'speech' | 'any' | boolean
  /** Sensitivity to interrupting speech. @defaultValue 'high' */
  interruptSensitivity?: 'low' | 'medium' | 'high'
  /** `false` to ignore keys. @defaultValue true */
  dtmfDetection?: boolean
  /** `true` to receive intermediate transcripts. @defaultValue false */
  partialPrompts?: boolean
  /** `true` to ignore words such as "mhm" while the agent speaks. @defaultValue false */
  ignoreBackchannel?: boolean
  /** Milliseconds of silence that end an utterance, 600 to 5,000. @defaultValue 'auto' */
  speechTimeout?: number | 'auto'
}

/** A further language of live calls. What is left out is that of the first language. */
export interface LanguageOption {
  /** Language, BCP 47: `es-ES`. */
  code: string
  /** Text-to-speech service. */
  ttsProvider?: 'ElevenLabs' | 'Google' | 'Amazon'
  /** Voice at that service. */
  voice?: string
  /** Speech-to-text service. */
  transcriptionProvider?: 'Deepgram' | 'Google'
  /** Speech model. */
  speechModel?: string
}

/** Channel settings. */
export interface ChannelsConfig {
  /** Voice calls. */
  voice?: {
    /**
     * Mode of calls: `'relay'` live, with streamed speech and interruptions, over a WebSocket;
     * `'gather'` turn by turn, with requests.
     * @defaultValue `'relay'` once `receptionist.webhooks.upgrade` is used, else `'gather'`
     */
    mode?: 'relay' | 'gather'
    /** Speech of live calls. */
    relay?: RelayConfig
    /** Maximum number of calls answered per customer and hour. @defaultValue 5 */
    maxPerHour?: number
    /**
     * Further languages of live calls, to which the agent can switch with the tool `switch_language`.
     * @defaultValue none
     */
    languages?: LanguageOption[]
    /** Language for speech recognition and synthesis, BCP 47. @defaultValue Twilio's, `en-US` */
    language?: string
    /**
     * Seconds to wait for the first word. After a second timeout, the call is ended.
     * @defaultValue 5
     */
    noInputTimeoutSeconds?: number
    /** `true` to reject callers that hide their number. @defaultValue false */
    rejectAnonymous?: boolean
    /**
     * First sentence of an inbound call, or a function that returns it. A function that fails, takes
     * longer than 3 seconds or returns nothing is replaced by the default.
     * @defaultValue the agent's name and business, in the language of `language`
     */
    greeting?: string | GreetingFunction
    /**
     * Fixed phrases outside the agent's answers.
     * @defaultValue in the language of `language`, if it is one of twelve, else English
     */
    phrases?: {
      /** Phrase after a first silence. */
      noInput?: string
      /** Phrase after a second silence, before the call is ended. */
      goodbye?: string
      /** Phrase if nothing was understood. */
      noMatch?: string
      /** Phrase if the answer takes long. */
      pleaseWait?: string
      /** Phrases of live calls while a tool takes long, one after the other. */
      fillers?: string[]
      /** Phrase if the model or the database is unavailable. */
      apology?: string
      /** Phrase for a caller over the rate limit. */
      limit?: string
    }
  }
  /**
   * Authentication of webhooks: the signature of Twilio, the secret of an e-mail webhook.
   *
   * - `'auto'`: `receptionist.webhooks` only accepts authenticated requests. `handle…Webhook` checks
   *   the authentication that it is given, and accepts requests without, with a warning.
   * - `'required'`: `handle…Webhook` rejects requests without authentication too.
   * - `'off'`: `receptionist.webhooks` accepts requests from anybody; only for tests.
   * @defaultValue 'auto'
   */
  webhookAuth?: 'required' | 'auto' | 'off'
  /**
   * `true` to derive the public URL, which is part of the signature, from `X-Forwarded-Proto` and
   * `X-Forwarded-Host` if `webhookBaseUrl` is not set.
   * @defaultValue false
   */
  trustProxy?: boolean
  /** Numbers that are not answered, in E.164, or prefixes: `+1900*`. @defaultValue none */
  blocked?: string[]
  /** SMS and WhatsApp messages. */
  sms?: {
    /** Maximum number of messages answered per customer and hour. @defaultValue 10 */
    maxPerHour?: number
    /** Hours of inactivity after which a conversation ends. @defaultValue 24 */
    sessionTimeoutHours?: number
    /** `false` to store messages without answering them. @defaultValue true */
    autoReply?: boolean
    /** Replies to STOP, START and HELP, if Twilio's own replies are disabled. @defaultValue none */
    keywordReplies?: { stop?: string; start?: string; help?: string }
  }
  /** E-mail. */
  email?: EmailChannelConfig
}
