import { Agent } from './agent'
import type { ConfigChanges } from './config/changes'
import { merge } from './config/merge'
import type { AIReceptionistConfig } from './config/receptionist'
import { redact } from './config/redact'
import { VoiceResource } from './calls'
import { CustomTools } from './custom-tools'
import { DatabaseResource } from './database'
import { EmailResource } from './email'
import { attempt, settle } from './errors'
import { held, hold, replace } from './handle'
import { encodeArgument, readable, requireObject } from './json'
import { dispose, initialize, makeNative, relate, type Made } from './make-native'
import { SMSResource } from './sms'
import type { ReceptionistHealth, ReceptionistInfo } from './status'
import { requireTenants } from './tenant'
import { TextResource } from './text'
import type { ToolRegistry } from './tool-registry'
import { ToolStore } from './tool-store'
import { webhookHandler, type WebhookHandler } from './webhook-handler'
import {
  encodeEmail,
  encodeProof,
  warnUnlessAuthorized,
  warnUnlessProven,
  type EmailPayload,
  type EmailReceipt,
  type EmailWebhookOptions,
  type WebhookPayload,
  type WebhookProof,
} from './webhooks'

/**
 * An agent with an identity that answers, uses tools, and remembers everything in your own database.
 *
 * @example
 * ```ts
 * const receptionist = new AIReceptionist({
 *   agent: { identity: { name: 'Sarah', role: 'Sales Representative', company: 'Acme Corp' } },
 *   model: { provider: 'openai', apiKey: process.env.OPENAI_API_KEY, model: 'gpt-4o-mini' },
 *   database: { connection: 'sqlite:receptionist.db' },
 * })
 * await receptionist.initialize()
 * const reply = await receptionist.text.generate({ prompt: 'Hello!', conversationId: 'conv_123' })
 * await receptionist.dispose()
 * ```
 */
export class AIReceptionist {
  /** Conversations by text. */
  readonly text: TextResource
  /** Calls that you make. */
  readonly calls: VoiceResource
  /** The same object as `calls`. */
  readonly voice: VoiceResource
  /** Messages that you send, and who is answered by SMS. */
  readonly sms: SMSResource
  /** One handler for everything that providers post; see {@link WebhookHandler}. */
  readonly webhooks: WebhookHandler
  /** E-mails of your own, and who is answered by e-mail. */
  readonly email: EmailResource
  /** The tables; `database.migrate()` works before `initialize()` too. */
  readonly database: DatabaseResource

  /**
   * Checks the configuration; connects to nothing yet.
   * @throws {@link ConfigurationError} if something is missing or cannot be used
   */
  constructor(config: AIReceptionistConfig) {
    const made = makeNative(config)
    const { native } = made
    hold(this, {
      config: () => config,
      made,
      agent: Agent.of(native),
      executions: ToolStore.of(native),
    } satisfies Parts)
    this.text = TextResource.of(native)
    this.calls = this.voice = VoiceResource.of(native)
    this.sms = SMSResource.of(native)
    this.webhooks = webhookHandler(native)
    this.email = EmailResource.of(native)
    this.database = DatabaseResource.of(native)
  }

  /**
   * Connects, creates missing tables (unless `autoMigrate` is off) and registers the tools.
   * @throws {@link DatabaseError} if the database cannot be used: wrong password, host, file, missing tables
   */
  async initialize(): Promise<void> {
    const parts = held<Parts>(this)
    if (parts.next !== undefined && !infoOf(parts).initialized) await adopt(parts, parts.next)
    await initialize(parts.made.native)
  }

  /**
   * Finishes what is under way and closes the connections this receptionist opened, unless clones still use them. Twice is as
   * good as once; `initialize()` opens it again. The log is complete then.
   */
  async dispose(): Promise<void> {
    await dispose(held<Parts>(this).made.native)
  }

  /** `dispose()` and `initialize()`, with what {@link updateConfig} changed. The objects you hold stay the same. */
  async reinitialize(): Promise<void> {
    await this.dispose()
    await this.initialize()
  }

  /**
   * Another receptionist with the same options, changed by `overrides`: sections are merged, lists and everything else replaced,
   * `null` takes an option away; a `model` of another provider replaces the whole section. Unless `overrides` has a `database` or
   * `storage`, both use one pool of connections, which is closed when the last of them is disposed of.
   * Tools, windows and conversations are its own. Call `initialize()` on it.
   * @throws {@link ConfigurationError} if the result cannot be used
   *
   * @example
   * ```ts
   * const bob = sarah.clone({ agent: { identity: { name: 'Bob', role: 'Support Specialist' } } })
   * await bob.initialize()
   * ```
   */
  clone(overrides: ConfigChanges = {}): AIReceptionist {
    const { config, made, next } = held<Parts>(this)
    const merged = readable('INVALID_ARGUMENT', 'overrides', () =>
      changed(config(), requireObject('overrides', overrides)),
    )
    const { native } = next ?? made
    return new AIReceptionist(usesSameDatabase(merged, config()) ? relate(merged, native) : merged)
  }

  /**
   * What it is; channels, providers and tools are those of an initialized receptionist.
   *
   * @example
   * ```ts
   * const { version, agentName, tools } = receptionist.getInfo()
   * ```
   */
  getInfo(): ReceptionistInfo {
    return infoOf(held<Parts>(this))
  }

  /**
   * A copy of the options, to be looked at and logged: secrets read `[redacted]`, passwords in URLs `***`, and what is not plain data
   * (storages, Drizzle objects, functions) is left out. Passed back to {@link updateConfig}, what was redacted stays as it is.
   */
  getConfig(): Readonly<AIReceptionistConfig> {
    return redact(held<Parts>(this).config()) as AIReceptionistConfig
  }

  /**
   * Changes options as {@link clone} does; they take effect on `reinitialize()`.
   * @throws {@link ConfigurationError} if the result cannot be used; then nothing is changed
   *
   * @example
   * ```ts
   * receptionist.updateConfig({ model: { ...receptionist.getConfig().model, model: 'gpt-4o' } })
   * await receptionist.reinitialize()
   * ```
   */
  updateConfig(updates: ConfigChanges): void {
    const parts = held<Parts>(this)
    const config = readable('INVALID_ARGUMENT', 'updates', () =>
      changed(parts.config(), requireObject('updates', updates)),
    )
    const { native } = parts.next ?? parts.made
    parts.next = makeNative(usesSameDatabase(config, parts.config()) ? relate(config, native) : config)
    parts.config = () => config
  }

  /**
   * Whether everything it depends on answers: the database, the model's service, Twilio, e-mail, the calendar; asked at once, and
   * never for longer than five seconds. Costs no tokens.
   * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after `dispose()`
   *
   * @example
   * ```ts
   * app.get('/health', async (_, res) => {
   *   const health = await receptionist.healthCheck()
   *   res.status(health.healthy ? 200 : 503).json(health)
   * })
   * ```
   */
  async healthCheck(): Promise<ReceptionistHealth> {
    return JSON.parse(await settle(() => held<Parts>(this).made.native.healthCheck()))
  }

  /**
   * Answers what Twilio posted about a call, with TwiML: the call itself, what the caller said, the call's end, its
   * recording. The same request delivered again gets the same answer, on any process. While the model thinks longer than Twilio
   * waits, Twilio is told to ask again; when the model or the database is down, the caller hears an apology.
   * @param payload - the parsed form of the request
   * @param proof - what shows that Twilio sent it; without it anybody can
   * @throws {@link WebhookError} if the payload is no call, or Twilio did not sign it
   * @throws {@link DatabaseError} if the end of a call cannot be kept: answer 503, and Twilio tries again
   *
   * @example
   * ```ts
   * app.post('/webhooks/voice/inbound', express.urlencoded({ extended: false }), async (req, res) => {
   *   const signature = req.get('X-Twilio-Signature')
   *   const twiml = await receptionist.handleVoiceWebhook(req.body, { signature, url: 'https://example.com' + req.originalUrl })
   *   res.type('text/xml').send(twiml)
   * })
   * ```
   */
  async handleVoiceWebhook(payload: WebhookPayload, proof?: WebhookProof): Promise<string> {
    const { native, warnings } = held<Parts>(this).made
    const [form, json] = [encodeArgument('payload', payload), encodeProof(proof)]
    const twiml = await settle(() => native.handleVoiceWebhook(form, json))
    warnUnlessProven(proof, warnings)
    return twiml
  }

  /**
   * Answers an SMS that Twilio posted, with TwiML. The same message delivered again gets the same answer, on any process.
   * @param payload - the parsed form of the request
   * @param proof - what shows that Twilio sent it; without it anybody can
   * @throws {@link WebhookError} if the payload is no SMS, or Twilio did not sign it
   * @throws {@link DatabaseError} if the message cannot be kept: answer 503, and Twilio tries again
   *
   * @example
   * ```ts
   * app.post('/webhooks/sms/inbound', express.urlencoded({ extended: false }), async (req, res) => {
   *   const signature = req.get('X-Twilio-Signature')
   *   const twiml = await receptionist.handleSMSWebhook(req.body, { signature, url: 'https://example.com' + req.originalUrl })
   *   res.type('text/xml').send(twiml)
   * })
   * ```
   */
  async handleSMSWebhook(payload: WebhookPayload, proof?: WebhookProof): Promise<string> {
    const { native, warnings } = held<Parts>(this).made
    const [form, json] = [encodeArgument('payload', payload), encodeProof(proof)]
    const twiml = await settle(() => native.handleSmsWebhook(form, json))
    warnUnlessProven(proof, warnings)
    return twiml
  }

  /**
   * Keeps an e-mail that came in and answers it by e-mail. The same e-mail delivered again is answered once, whatever process
   * gets it; what machines send is kept and not answered.
   * @param payload - the JSON that Postmark posted, or `{ raw }`: a MIME message
   * @param options - what shows that Postmark sent it; without it anybody can
   * @throws {@link WebhookError} if the payload is no e-mail, or the secret is wrong
   * @throws {@link DatabaseError} if it cannot be kept, {@link ProviderError} if the answer cannot go out now: answer 503, and
   *   Postmark tries again
   *
   * @example
   * ```ts
   * app.post('/webhooks/email/inbound', express.json({ limit: '50mb' }), async (req, res) => {
   *   res.json(await receptionist.handleEmailWebhook(req.body, { authorization: req.get('Authorization') }))
   * })
   * ```
   */
  async handleEmailWebhook(payload: EmailPayload, options?: EmailWebhookOptions): Promise<EmailReceipt> {
    const { native, warnings } = held<Parts>(this).made
    const [mail, json] = [encodeEmail(payload), encodeArgument('options', options ?? {})]
    const receipt = await settle(() => native.handleEmailWebhook(mail, json))
    warnUnlessAuthorized(options, warnings)
    return JSON.parse(receipt)
  }

  /**
   * The agent; always the same object.
   * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after `dispose()`
   */
  get agent(): Agent {
    return ready(this).agent
  }

  /**
   * The agent: the same object as `agent`.
   * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after `dispose()`
   */
  getAgent(): Agent {
    return ready(this).agent
  }

  /**
   * The tools; always the same object.
   * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after `dispose()`
   */
  getToolRegistry(): ToolRegistry {
    return ready(this).agent.getToolRegistry()
  }

  /**
   * What tools did, found in memory; always the same object.
   * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after `dispose()`
   */
  getToolStore(): ToolStore {
    return ready(this).executions
  }
}

/** What a receptionist holds; `agent` is handed out once it is initialized. */
interface Parts {
  /** A function, because `inspect` shows what objects hold, and there are secrets in it. */
  config: () => AIReceptionistConfig
  made: Made
  /** What changed options made, for the next `initialize()`. */
  next?: Made | undefined
  agent: Agent
  executions: ToolStore
}

async function adopt(parts: Parts, next: Made): Promise<void> {
  const { made } = parts
  CustomTools.of(next.native).follow(CustomTools.of(made.native))
  replace(made.native, next.native)
  parts.made = next
  parts.next = undefined
  // It may have worked with the database already.
  await dispose(made.native)
}

function changed(config: AIReceptionistConfig, changes: ConfigChanges): AIReceptionistConfig {
  requireTenants(changes)
  return merge(config, changes)
}

function usesSameDatabase(a: AIReceptionistConfig, b: AIReceptionistConfig): boolean {
  return a.database === b.database && a.storage === b.storage
}

function infoOf({ made }: Parts): ReceptionistInfo {
  return JSON.parse(attempt(() => made.native.info()))
}

function ready(receptionist: AIReceptionist): Parts {
  const parts = held<Parts>(receptionist)
  // The cheapest call that fails unless the receptionist is initialized.
  attempt(() => parts.made.native.memoryStats())
  return parts
}
