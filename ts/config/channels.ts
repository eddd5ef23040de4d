/** Who carries calls, messages and mail. */
export interface ProviderConfig {
  /** Calls and SMS. */
  communication?: {
    /** Twilio. */
    twilio?: TwilioConfig
  }
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
  /** Another address than `https://api.twilio.com`: a region, an edge, a test. */
  baseUrl?: string
}

/** How the channels behave. */
export interface ChannelsConfig {
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
  /** Whether `handle…Webhook` refuses what comes without a signature. @defaultValue false, with a warning */
  requireSignature?: boolean
}
