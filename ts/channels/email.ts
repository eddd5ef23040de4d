import type { Agent } from '../agent/agent'
import { Allowlist } from './allowlist'
import { base64 } from '../bridge/base64'
import { callNativeAsync } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import { guardRead } from '../bridge/invalid-input'
import { encodeArgument, requireObject } from '../bridge/json'
import type { NativeReceptionist } from '../bridge/native'
import { nativeOfAgent, agentHandle } from '../bridge/agent-handle'
import { receiveEmail } from '../webhooks/receive-email'
import {
  payloadOf,
  type EmailReceipt,
  type EmailWebhookOptions,
  type WebhookContext,
} from '../webhooks/payloads'

/** An e-mail attachment, given by its `content` or by the `path` of a file. */
export interface EmailAttachment {
  /** File name. @defaultValue the last segment of `path` */
  name?: string
  /** File name; alias of `name`, as in nodemailer. */
  filename?: string
  /** MIME type. @defaultValue 'application/octet-stream' */
  contentType?: string
  /** Content as bytes, or as a base64 string. */
  content?: string | Uint8Array
  /** Path of a local file, at most 10 MiB. */
  path?: string
  /** Content id, referenced in `html` as `cid:…`. */
  contentId?: string
  /** Accepted for compatibility with the TypeScript SDK; without effect. */
  contentLength?: number
  /**
   * Accepted for compatibility with the TypeScript SDK; without effect. Use `content` or `path`.
   */
  url?: string
}

/** An outbound e-mail. */
export interface SendEmailOptions {
  /**
   * Recipient, or up to 50 recipients: `ann@example.com` or `Ann <ann@example.com>`. The
   * conversation belongs to the first one.
   */
  to: string | string[]
  /** Subject, one line of at most 500 characters. @defaultValue `Re: …` with `inReplyTo` */
  subject?: string
  /** Plain text. @defaultValue the text of `html` */
  body?: string
  /** HTML version. */
  html?: string
  /** Attachments. Text, HTML and attachments may have at most 10 MiB together. */
  attachments?: EmailAttachment[]
  /** Custom fields, stored with the e-mail in memory and not sent. */
  metadata?: Record<string, any>
  /**
   * Conversation id.
   * @defaultValue the conversation of the e-mail that it answers, else a new one
   */
  conversationId?: string
  /** Id of the e-mail that it answers, as sent or received here. */
  inReplyTo?: string
  /** Provider to use. @defaultValue 'postmark' if configured, else 'smtp' */
  provider?: 'postmark' | 'smtp'
  /** Tags. Postmark groups its statistics by the first one. */
  tags?: string[]
}

/** A sent e-mail, or a draft. */
export interface EmailSession {
  /** `Message-ID` without angle brackets. Pass it as `inReplyTo` to answer. */
  id: string
  /** `Message-ID`, equal to `id`; absent for a draft. */
  messageId?: string
  /** Postmark's id of the e-mail. */
  providerId?: string
  /** Conversation id. Replies continue this conversation. */
  conversationId: string
  /** Recipients. */
  to: string | string[]
  /** Sender. */
  from: string
  /** Subject. */
  subject: string
  /** Always `email`. */
  channel: 'email'
  /** Always `outbound`. */
  direction: 'outbound'
  /** Status. `sent`: the provider accepted it. `draft`: nothing was sent. */
  status: 'sent' | 'draft'
  /** Id of the e-mail that it answers. */
  inReplyTo?: string
  /** Creation time. */
  startedAt: Date
  /** Time of sending; absent for a draft. */
  sentAt?: Date
  /** Custom fields as given; for a draft `{ draft: { subject, body } }`. */
  metadata?: Record<string, any>
}

/** A bulk e-mail. */
export interface SendBulkOptions {
  /** E-mails, at most 10,000, each in its own conversation. */
  emails: (SendEmailOptions & { tag?: string })[]
  /** Number of e-mails sent concurrently, at most 10. @defaultValue 10 */
  chunkSize?: number
}

/** Result of one e-mail of a bulk. */
export interface BulkEmailResult {
  /** Recipients. */
  to: string | string[]
  /** `true` if the provider accepted the e-mail. */
  success: boolean
  /** `Message-ID` of the e-mail. */
  messageId?: string
  /** Error message. */
  error?: string
  /** Error code. `PROVIDER_OUTCOME_UNKNOWN` means that the e-mail may have been sent. */
  code?: string
}

/** Options for generating an e-mail. */
export interface GenerateEmailOptions {
  /** Instructions for the content. */
  prompt: string
  /** Background information for the agent. */
  context?: string
  /** Tone. @defaultValue 'professional' */
  tone?: string
  /** Custom fields, stored with the conversation. */
  metadata?: Record<string, any>
}

/** Options for answering an e-mail. */
export interface ReplyEmailOptions {
  /** Id of the e-mail to answer, as returned by `handleEmailWebhook` and `send`. */
  inReplyTo: string
  /** Instructions for the answer. @defaultValue the agent decides */
  prompt?: string
  /** `true` to send the answer; otherwise a draft is returned. @defaultValue false */
  autoSend?: boolean
}

/**
 * `receptionist.email`: outbound e-mail and the e-mail allowlist. Inbound e-mail is answered by
 * `handleEmailWebhook`.
 */
export class EmailResource {
  /**
   * Allowlist of addresses that are answered. The first e-mail of an address adds it if it would be
   * answered.
   */
  readonly allowlist: Allowlist

  /**
   * Creates the e-mail resource of an agent. A receptionist has one at `email`, configured by
   * `channels.email` and `providers.email`.
   * @throws {@link ValidationError} if `agent` is not an agent of this package
   */
  constructor(agent: Agent) {
    const native = nativeOfAgent(agent)
    this.allowlist = Allowlist.of(native, 'email')
    attachNative(this, native)
  }

  /** Creates the e-mail resource of a native receptionist. @internal */
  static of(native: NativeReceptionist): EmailResource {
    return new EmailResource(agentHandle(native))
  }

  /**
   * Stores and answers an inbound e-mail, like `receptionist.handleEmailWebhook`.
   * @param context - the JSON body that Postmark posted, or `{ payload }` with it
   */
  async handleWebhook(context: WebhookContext, options?: EmailWebhookOptions): Promise<EmailReceipt> {
    return await receiveEmail(() => native(this), payloadOf(context), options)
  }

  /**
   * Sends an e-mail, once, and stores it in memory. A reply continues the conversation.
   * @throws {@link ValidationError} if an option is invalid; nothing was sent
   * @throws {@link ProviderError} `PROVIDER_OUTCOME_UNKNOWN` if it may have been sent; with other
   *   codes it was not
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
      guardRead('INVALID_ARGUMENT', 'options', () => withContents(options)),
      'SendEmailOptions',
    )
    return session(await callNativeAsync(() => native(this).sendEmail(json)))
  }

  /**
   * Sends many e-mails. Resolves to the results in the same order.
   * @throws {@link ProviderError} `PROVIDER_NOT_CONFIGURED` without a provider
   */
  async sendBulk(options: SendBulkOptions): Promise<BulkEmailResult[]> {
    const given = requireObject('options', options, 'SendBulkOptions')
    const json = encodeArgument(
      'options',
      guardRead('INVALID_ARGUMENT', 'options', () => {
        const { emails, ...rest } = given
        return { ...rest, emails: Array.isArray(emails) ? emails.map(withContents) : emails }
      }),
      null,
    )
    return JSON.parse(await callNativeAsync(() => native(this).sendBulkEmail(json)))
  }

  /** Generates an e-mail with the agent. Nothing is sent. */
  async generate(options: GenerateEmailOptions): Promise<{ subject: string; body: string; html?: string }> {
    const json = encodeArgument('options', options, 'GenerateEmailOptions')
    return JSON.parse(await callNativeAsync(() => native(this).generateEmail(json)))
  }

  /**
   * Answers an e-mail with the agent, in the same conversation and thread. Sends the answer with
   * `autoSend`.
   */
  async reply(options: ReplyEmailOptions): Promise<EmailSession> {
    const json = encodeArgument('options', options, 'ReplyEmailOptions')
    return session(await callNativeAsync(() => native(this).replyEmail(json)))
  }
}

/** Encodes the bytes of attachments as base64. */
function withContents(options: SendEmailOptions): SendEmailOptions {
  if (!Array.isArray(options?.attachments)) return options
  const attachments = options.attachments.map((file) =>
    file?.content instanceof Uint8Array ? { ...file, content: base64(file.content) } : file,
  )
  return { ...options, attachments }
}

function session(json: string): EmailSession {
  const session = JSON.parse(json)
  session.startedAt = new Date(session.startedAt)
  if (session.status === 'sent') session.sentAt = new Date(session.startedAt)
  return session
}

function native(email: EmailResource): NativeReceptionist {
  return nativeOf(email)
}
