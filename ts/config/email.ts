/**
 * E-mail providers. If both are configured, Postmark is used unless an e-mail specifies `provider`.
 */
export interface EmailProviderConfig {
  /** Postmark server. */
  postmark?: PostmarkConfig
  /** SMTP server. */
  smtp?: SmtpConfig
}

/** Sender settings. */
export interface EmailSenderConfig {
  /** Sender address. Replies are sent to it unless `replyTo` is given. */
  fromEmail: string | undefined
  /** Sender name. */
  fromName?: string
  /** Address for replies, if it differs from `fromEmail`. */
  replyTo?: string
  /** Tags for e-mails without tags. Postmark groups its statistics by the first one. */
  tags?: string[]
  /** Addresses that receive a copy of every e-mail. */
  archiveCc?: string | string[]
}

/** A Postmark server. */
export interface PostmarkConfig extends EmailSenderConfig {
  /** API token of the server. Never included in messages, logs or stacks. */
  apiKey: string | undefined
  /**
   * Secret of inbound webhooks: the password in their URL, `https://any:secret@…`, or
   * `user:password`.
   */
  webhookSecret?: string
  /** Postmark message stream. @defaultValue Postmark's `outbound` */
  messageStream?: string
  /** Base URL of the API, for tests. @defaultValue 'https://api.postmarkapp.com' */
  baseUrl?: string
  /**
   * Accepted for compatibility with the TypeScript SDK; without effect, because Postmark comes
   * first.
   */
  priority?: number
  /** Accepted for compatibility with the TypeScript SDK; set `provider` on an e-mail instead. */
  domains?: string[]
}

/** An SMTP server. */
export interface SmtpConfig extends EmailSenderConfig {
  /** Host name, which the server's certificate must contain. */
  host: string | undefined
  /** Port. @defaultValue 465 with `secure: true`, else 587 */
  port?: number
  /**
   * Encryption. `true`: TLS from the first byte. `false`: STARTTLS, required. `'none'`: no
   * encryption.
   * @defaultValue derived from `port`
   */
  secure?: boolean | 'none'
  /** User name; requires `password`. */
  user?: string
  /** Password. Never included in messages, logs or stacks. */
  password?: string
  /** PEM of a certificate authority to trust, in addition to those of the system. */
  ca?: string
}

/** Settings of inbound e-mail. */
export interface EmailChannelConfig {
  /** Maximum number of e-mails answered per customer and hour. @defaultValue 10 */
  maxPerHour?: number
  /** Maximum number of e-mails answered per customer and day. @defaultValue 40 */
  maxPerDay?: number
  /** `false` to store e-mails without answering them. @defaultValue true */
  autoReply?: boolean
}
