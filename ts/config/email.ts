/** Who carries e-mail. With both, Postmark does unless an e-mail says otherwise. */
export interface EmailProviderConfig {
  /** Postmark. */
  postmark?: PostmarkConfig
  /** Any server that speaks SMTP. */
  smtp?: SmtpConfig
}

/** In whose name e-mails go out. */
export interface EmailSenderConfig {
  /** The address; answers come back to it unless `replyTo` is given. */
  fromEmail: string | undefined
  /** The name with it. */
  fromName?: string
  /** Where answers are to go, when that is elsewhere. */
  replyTo?: string
  /** The first is what Postmark's statistics group e-mails by that have no tag of their own. */
  tags?: string[]
  /** Who gets a copy of every e-mail. */
  archiveCc?: string | string[]
}

/** A server of Postmark's. */
export interface PostmarkConfig extends EmailSenderConfig {
  /** The server's API token. Appears in no message, log or stack. */
  apiKey: string | undefined
  /** What inbound webhooks prove themselves with: the password in their address, `https://any:secret@…`, or `user:password`. */
  webhookSecret?: string
  /** Postmark's message stream. @defaultValue Postmark's `outbound` */
  messageStream?: string
  /** Another address than `https://api.postmarkapp.com`: a test. */
  baseUrl?: string
  /** Read by the TypeScript SDK; here Postmark comes first. */
  priority?: number
  /** Read by the TypeScript SDK; say `provider` with an e-mail instead. */
  domains?: string[]
}

/** A server that speaks SMTP. */
export interface SmtpConfig extends EmailSenderConfig {
  /** Its name, which its certificate must have. */
  host: string | undefined
  /** @defaultValue 465 with `secure: true`, else 587 */
  port?: number
  /** `true`: TLS from the first byte. `false`: STARTTLS, without which nothing is sent. `'none'`: no encryption. @defaultValue by port */
  secure?: boolean | 'none'
  /** Who logs in; with `password`. */
  user?: string
  /** Appears in no message, log or stack. */
  password?: string
  /** PEM of an authority that the server's certificate may be signed by, beside those of the system. */
  ca?: string
}

/** How e-mail is answered. */
export interface EmailChannelConfig {
  /** E-mails of one customer answered an hour. @defaultValue 10 */
  maxPerHour?: number
  /** E-mails of one customer answered a day. @defaultValue 40 */
  maxPerDay?: number
  /** Whether e-mails are answered at all. @defaultValue true */
  autoReply?: boolean
}
