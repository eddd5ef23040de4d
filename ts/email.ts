import { Allowlist } from './allowlist'
import { settle } from './errors'
import { held, hold } from './handle'
import { encodeArgument, readable, requireObject } from './json'
import type { NativeReceptionist } from './native'

/** A file that goes with an e-mail: its `content`, or the `path` it is read from. */
export interface EmailAttachment {
  /** Its file name. @defaultValue the last part of `path` */
  name?: string
  /** The same, as nodemailer calls it. */
  filename?: string
  /** MIME type. @defaultValue 'application/octet-stream' */
  contentType?: string
  /** The bytes; a string is base64. */
  content?: string | Uint8Array
  /** A file of this machine, at most 10 MiB. */
  path?: string
  /** What `html` refers to it by: `cid:…`. */
  contentId?: string
}

/** An e-mail to send. */
export interface SendEmailOptions {
  /** To whom: `ann@example.com` or `Ann <ann@example.com>`, or up to 50 of them; the first is whose conversation it belongs to. */
  to: string | string[]
  /** One line of at most 500 characters. @defaultValue `Re: …` with `inReplyTo` */
  subject?: string
  /** The plain text. @defaultValue the text of `html` */
  body?: string
  /** The same as HTML. */
  html?: string
  /** Files; text, HTML and files are at most 10 MiB together. */
  attachments?: EmailAttachment[]
  /** Kept with the e-mail in memory; nothing of it is sent. */
  metadata?: Record<string, any>
  /** The conversation it belongs to. @defaultValue that of the mail it answers, else a new one */
  conversationId?: string
  /** The id of an e-mail that was sent or received here, which this one answers. */
  inReplyTo?: string
  /** Which of the configured providers sends it. @defaultValue 'postmark' when it is configured */
  provider?: 'postmark' | 'smtp'
  /** The first is what Postmark's statistics group it by. */
  tags?: string[]
}

/** An e-mail that was sent, or drafted. */
export interface EmailSession {
  /** The `Message-ID`, without angle brackets: pass it as `inReplyTo`. */
  id: string
  /** The same; absent from a draft. */
  messageId?: string
  /** Postmark's own id of it. */
  providerId?: string
  /** The conversation it belongs to; its answers arrive there. */
  conversationId: string
  /** To whom. */
  to: string | string[]
  /** From whom. */
  from: string
  /** Its subject. */
  subject: string
  /** Always `email`. */
  channel: 'email'
  /** Always `outbound`. */
  direction: 'outbound'
  /** `sent`: the provider took it. `draft`: nothing was sent. */
  status: 'sent' | 'draft'
  /** The e-mail it answers. */
  inReplyTo?: string
  /** When. */
  startedAt: Date
  /** When it was sent; absent from a draft. */
  sentAt?: Date
  /** What was given along; `{ draft: { subject, body } }` of a draft. */
  metadata?: Record<string, any>
}

/** Many e-mails to send. */
export interface SendBulkOptions {
  /** Up to 10,000, each in a conversation of its own. */
  emails: (SendEmailOptions & { tag?: string })[]
  /** On their way at once, at most 10. @defaultValue 10 */
  chunkSize?: number
}

/** What became of one of many. */
export interface BulkEmailResult {
  /** To whom. */
  to: string | string[]
  /** Whether the provider took it. */
  success: boolean
  /** Its `Message-ID`. */
  messageId?: string
  /** Why not, for people. */
  error?: string
  /** Why not, for programs; `PROVIDER_OUTCOME_UNKNOWN` means that it may have gone out. */
  code?: string
}

/** What an e-mail is to say. */
export interface GenerateEmailOptions {
  /** In a sentence or more. */
  prompt: string
  /** What else the agent should know. */
  context?: string
  /** How it sounds. @defaultValue 'professional' */
  tone?: string
  /** Kept with the conversation it is written in. */
  metadata?: Record<string, any>
}

/** Which e-mail to answer. */
export interface ReplyEmailOptions {
  /** Its id, as `handleEmailWebhook` and `send` return it. */
  inReplyTo: string
  /** What the answer is to say. @defaultValue what the agent finds right */
  prompt?: string
  /** Whether it is sent. @defaultValue false: a draft */
  autoSend?: boolean
}

/** `receptionist.email`: e-mails of your own, and who is answered. Those that come in are answered by `handleEmailWebhook`. */
export class EmailResource {
  /** Who is answered: the first e-mail of an address that would be answered adds it. */
  readonly allowlist: Allowlist

  private constructor(native: NativeReceptionist) {
    this.allowlist = Allowlist.of(native, 'email')
  }

  /** @internal */
  static of(native: NativeReceptionist): EmailResource {
    const made = new EmailResource(native)
    hold(made, native)
    return made
  }

  /**
   * Sends an e-mail, once, and remembers it: the customer's answer continues the conversation.
   * @throws {@link ValidationError} if an argument cannot be used; nothing was sent
   * @throws {@link ProviderError} `PROVIDER_OUTCOME_UNKNOWN` if it may have gone out; with other codes it has not
   *
   * @example
   * ```ts
   * const { conversationId } = await receptionist.email.send({
   *   to: 'john@example.com',
   *   subject: 'Your demo',
   *   body: 'See you on Tuesday at 10.',
   * })
   * ```
   */
  async send(options: SendEmailOptions): Promise<EmailSession> {
    const json = encodeArgument(
      'options',
      readable('INVALID_ARGUMENT', 'options', () => withContents(options)),
    )
    return session(await settle(() => native(this).sendEmail(json)))
  }

  /**
   * Sends many e-mails; resolves to what became of each, in their order.
   * @throws {@link ProviderError} `PROVIDER_NOT_CONFIGURED` without a provider
   */
  async sendBulk(options: SendBulkOptions): Promise<BulkEmailResult[]> {
    const given = requireObject('options', options)
    const json = encodeArgument(
      'options',
      readable('INVALID_ARGUMENT', 'options', () => {
        const { emails, ...rest } = given
        return { ...rest, emails: Array.isArray(emails) ? emails.map(withContents) : emails }
      }),
    )
    return JSON.parse(await settle(() => native(this).sendBulkEmail(json)))
  }

  /** Has the agent write an e-mail; nothing is sent. */
  async generate(options: GenerateEmailOptions): Promise<{ subject: string; body: string; html?: string }> {
    const json = encodeArgument('options', options)
    return JSON.parse(await settle(() => native(this).generateEmail(json)))
  }

  /** Has the agent answer an e-mail, in its conversation and thread; sends it with `autoSend`. */
  async reply(options: ReplyEmailOptions): Promise<EmailSession> {
    const json = encodeArgument('options', options)
    return session(await settle(() => native(this).replyEmail(json)))
  }
}

/** Bytes cross as base64. */
function withContents(options: SendEmailOptions): SendEmailOptions {
  if (!Array.isArray(options?.attachments)) return options
  const attachments = options.attachments.map((file) =>
    file?.content instanceof Uint8Array ? { ...file, content: base64(file.content) } : file,
  )
  return { ...options, attachments }
}

/** @internal */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

function session(json: string): EmailSession {
  const session = JSON.parse(json)
  session.startedAt = new Date(session.startedAt)
  if (session.status === 'sent') session.sentAt = new Date(session.startedAt)
  return session
}

function native(email: EmailResource): NativeReceptionist {
  return held(email)
}
