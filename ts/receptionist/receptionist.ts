import { Agent } from '../agent/agent'
import type { ConfigChanges } from '../config/changes'
import { merge } from '../config/merge'
import type { AIReceptionistConfig } from '../config/receptionist'
import { redact } from '../config/redact'
import { VoiceResource } from '../channels/calls'
import { CustomTools } from '../tools/custom-tools'
import { CustomersResource } from './customers'
import { DatabaseResource } from './database'
import { KnowledgeResource } from '../knowledge/knowledge'
import { EmailResource } from '../channels/email'
import { callNative, callNativeAsync } from '../errors'
import { nativeOf, attachNative, swapNative } from '../bridge/native-handle'
import { guardRead } from '../bridge/invalid-input'
import { encodeArgument, requireObject } from '../bridge/json'
import {
  dispose,
  initialize,
  createNative,
  shareResources,
  warningsOf,
  type NativeInstance,
  type SharedResources,
} from '../bridge/create-receptionist'
import type { NativeReceptionist } from '../bridge/native'
import { trackStartup, whenReady } from '../bridge/readiness'
import { receiveEmail } from '../webhooks/receive-email'
import { SMSResource } from '../channels/sms'
import type { ReceptionistHealth, ReceptionistInfo } from './status'
import { validateTenantIds } from '../config/tenant'
import { TextResource } from '../channels/text'
import type { ToolRegistry } from '../tools/tool-registry'
import { ToolStore } from '../tools/tool-store'
import { webhookHandler, type WebhookHandler } from '../webhooks/webhook-handler'
import {
  encodeWebhookAuth,
  warnUnlessSigned,
  type EmailPayload,
  type EmailReceipt,
  type EmailWebhookOptions,
  type WebhookPayload,
  type WebhookAuth,
} from '../webhooks/payloads'

/**
 * An AI receptionist: an agent with an identity that answers customers, runs tools, and stores
 * everything in your own database.
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
  /** Text conversations. */
  readonly text: TextResource
  /** Outbound calls. */
  readonly calls: VoiceResource
  /** Alias of `calls`. */
  readonly voice: VoiceResource
  /** Outbound SMS messages and the SMS allowlist. */
  readonly sms: SMSResource
  /** Handler for all provider webhooks; see {@link WebhookHandler}. */
  readonly webhooks: WebhookHandler
  /** Outbound e-mail and the e-mail allowlist. */
  readonly email: EmailResource
  /** Facts that are recorded about customers. */
  readonly customers: CustomersResource
  /** Documents of the owner, told to all customers. */
  readonly knowledge: KnowledgeResource
  /** Table maintenance; `database.migrate()` works before `initialize()` too. */
  readonly database: DatabaseResource

  /**
   * Validates the configuration. Does not connect to anything yet.
   * @throws {@link ConfigurationError} if a required option is missing or an option is invalid
   */
  constructor(config: AIReceptionistConfig)
  /** Creates a receptionist that shares the resources of another one. @internal */
  constructor(config: AIReceptionistConfig, shared: SharedResources | undefined)
  constructor(config: AIReceptionistConfig, shared?: SharedResources) {
    const instance = createNative(config, shared)
    const { native } = instance
    attachNative(this, {
      config: () => config,
      instance,
      agent: Agent.of(native),
      executions: ToolStore.of(native),
    } satisfies ReceptionistState)
    this.text = TextResource.of(native)
    this.calls = this.voice = VoiceResource.of(native)
    this.sms = SMSResource.of(native)
    this.webhooks = webhookHandler(native)
    this.email = EmailResource.of(native)
    this.customers = CustomersResource.of(native)
    this.knowledge = KnowledgeResource.of(native)
    this.database = DatabaseResource.of(native)
  }

  /**
   * Connects, creates missing tables (unless `autoMigrate` is off) and registers the tools.
   * @throws {@link DatabaseError} if the database cannot be used: wrong password, host or file,
   *   missing tables
   */
  async initialize(): Promise<void> {
    const parts = nativeOf<ReceptionistState>(this)
    await trackStartup(nativesOf(parts), async () => {
      if (parts.next !== undefined && !infoOf(parts).initialized) await activateNext(parts, parts.next)
      await initialize(parts.instance.native)
    })
  }

  /**
   * Finishes running work and closes the connections opened by this receptionist, unless clones
   * still use them. Idempotent; `initialize()` reopens the receptionist. All log entries are
   * delivered before it resolves.
   */
  async dispose(): Promise<void> {
    await dispose(nativeOf<ReceptionistState>(this).instance.native)
  }

  /**
   * Disposes and initializes the receptionist, applying the changes of {@link updateConfig}.
   * Existing objects such as `agent` stay valid.
   */
  async reinitialize(): Promise<void> {
    await trackStartup(nativesOf(nativeOf<ReceptionistState>(this)), async () => {
      await this.dispose()
      await this.initialize()
    })
  }

  /**
   * Creates another receptionist with the same options, changed by `overrides`. Call `initialize()`
   * on it.
   *
   * Sections are merged; lists and all other values are replaced; `null` removes an option. A
   * `model` with another provider replaces the whole section.
   *
   * Unless `overrides` has a `database` or `storage`, both receptionists share one connection pool,
   * which is closed when the last of them is disposed. Tools, short-term memory and conversations
   * are separate.
   * @throws {@link ConfigurationError} if the result is invalid
   *
   * @example
   * ```ts
   * const bob = sarah.clone({ agent: { identity: { name: 'Bob', role: 'Support Specialist' } } })
   * await bob.initialize()
   * ```
   */
  clone(overrides: ConfigChanges = {}): AIReceptionist {
    const { config, instance, next } = nativeOf<ReceptionistState>(this)
    const merged = guardRead('INVALID_ARGUMENT', 'overrides', () =>
      withChanges(config(), requireObject('overrides', overrides, null)),
    )
    const isShared = usesSameDatabase(merged, config())
    return new AIReceptionist(merged, isShared ? shareResources(next ?? instance) : undefined)
  }

  /**
   * Returns version, agent name and status. Channels, providers and tools require an initialized
   * receptionist.
   *
   * @example
   * ```ts
   * const { version, agentName, tools } = receptionist.getInfo()
   * ```
   */
  getInfo(): ReceptionistInfo {
    return infoOf(nativeOf<ReceptionistState>(this))
  }

  /**
   * Returns a copy of the options that is safe to log. Secrets are `[redacted]`, passwords in URLs
   * `***`; everything except plain data (storages, Drizzle objects, functions) is left out. Passed
   * to {@link updateConfig}, redacted values stay unchanged.
   */
  getConfig(): Readonly<AIReceptionistConfig> {
    return redact(nativeOf<ReceptionistState>(this).config()) as AIReceptionistConfig
  }

  /**
   * Changes options like {@link clone}. The changes take effect on `reinitialize()`.
   * @throws {@link ConfigurationError} if the result is invalid; then nothing is changed
   *
   * @example
   * ```ts
   * receptionist.updateConfig({ model: { ...receptionist.getConfig().model, model: 'gpt-4o' } })
   * await receptionist.reinitialize()
   * ```
   */
  updateConfig(updates: ConfigChanges): void {
    const parts = nativeOf<ReceptionistState>(this)
    const config = guardRead('INVALID_ARGUMENT', 'updates', () =>
      withChanges(parts.config(), requireObject('updates', updates, null)),
    )
    const isShared = usesSameDatabase(config, parts.config())
    parts.next = createNative(config, isShared ? shareResources(parts.next ?? parts.instance) : undefined)
    parts.config = () => config
  }

  /**
   * Checks all dependencies concurrently: the database, the model's service, Twilio, e-mail, the
   * calendar. Takes at most five seconds and consumes no tokens.
   * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after
   *   `dispose()`
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
    return JSON.parse(
      await callNativeAsync(() => nativeOf<ReceptionistState>(this).instance.native.healthCheck()),
    )
  }

  /**
   * Handles a Twilio webhook about a call: the incoming call, the caller's speech, the end of the
   * call, its recording. Returns TwiML.
   *
   * A redelivered request gets the same response, on any process. If the model takes longer than
   * Twilio waits, Twilio is redirected to request again. If the model or the database is
   * unavailable, the caller hears an apology.
   * @param payload - the parsed form body of the request
   * @param auth - the signature, which proves that Twilio sent the request; without it, anybody
   *   could
   * @throws {@link WebhookError} if the payload is not a call, or the signature is invalid
   * @throws {@link DatabaseError} if the end of a call cannot be stored: respond with 503, and
   *   Twilio retries
   *
   * @example
   * ```ts
   * app.post('/webhooks/voice/inbound', express.urlencoded({ extended: false }), async (req, res) => {
   *   const signature = req.get('X-Twilio-Signature')
   *   const url = 'https://example.com' + req.originalUrl
   *   const twiml = await receptionist.handleVoiceWebhook(req.body, { signature, url })
   *   res.type('text/xml').send(twiml)
   * })
   * ```
   */
  async handleVoiceWebhook(payload: WebhookPayload, auth?: WebhookAuth): Promise<string> {
    const [form, json] = [encodeArgument('payload', payload, null), encodeWebhookAuth(auth)]
    const native = await whenReady(() => nativeOf<ReceptionistState>(this).instance.native)
    const twiml = await callNativeAsync(() => native.handleVoiceWebhook(form, json))
    warnUnlessSigned(auth, warningsOf(native))
    return twiml
  }

  /**
   * Handles an inbound SMS from a Twilio webhook. Returns TwiML. A redelivered message gets the
   * same response, on any process.
   * @param payload - the parsed form body of the request
   * @param auth - the signature, which proves that Twilio sent the request; without it, anybody
   *   could
   * @throws {@link WebhookError} if the payload is not an SMS, or the signature is invalid
   * @throws {@link DatabaseError} if the message cannot be stored: respond with 503, and Twilio
   *   retries
   *
   * @example
   * ```ts
   * app.post('/webhooks/sms/inbound', express.urlencoded({ extended: false }), async (req, res) => {
   *   const signature = req.get('X-Twilio-Signature')
   *   const url = 'https://example.com' + req.originalUrl
   *   const twiml = await receptionist.handleSMSWebhook(req.body, { signature, url })
   *   res.type('text/xml').send(twiml)
   * })
   * ```
   */
  async handleSMSWebhook(payload: WebhookPayload, auth?: WebhookAuth): Promise<string> {
    const [form, json] = [encodeArgument('payload', payload, null), encodeWebhookAuth(auth)]
    const native = await whenReady(() => nativeOf<ReceptionistState>(this).instance.native)
    const twiml = await callNativeAsync(() => native.handleSmsWebhook(form, json))
    warnUnlessSigned(auth, warningsOf(native))
    return twiml
  }

  /**
   * Stores an inbound e-mail and answers it by e-mail. A redelivered e-mail is answered once,
   * across all processes. Automatic e-mails are stored but not answered.
   * @param payload - the JSON body that Postmark posted, or `{ raw }`: a MIME message
   * @param options - the webhook's secret, which proves that Postmark sent the request, or the
   *   `Authorization` header alone; without it, anybody could
   * @throws {@link WebhookError} if the payload is not an e-mail, or the secret is wrong
   * @throws {@link DatabaseError} if the e-mail cannot be stored: respond with 503, and Postmark
   *   retries
   * @throws {@link ProviderError} if the answer cannot be sent now: respond with 503, and Postmark
   *   retries
   *
   * @example
   * ```ts
   * app.post('/webhooks/email/inbound', express.json({ limit: '50mb' }), async (req, res) => {
   *   const authorization = req.get('Authorization')
   *   res.json(await receptionist.handleEmailWebhook(req.body, { authorization }))
   * })
   * ```
   */
  async handleEmailWebhook(
    payload: EmailPayload,
    options?: EmailWebhookOptions | string,
  ): Promise<EmailReceipt> {
    return await receiveEmail(() => nativeOf<ReceptionistState>(this).instance.native, payload, options)
  }

  /**
   * Agent of the receptionist; always the same object.
   * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after
   *   `dispose()`
   */
  get agent(): Agent {
    return requireInitialized(this).agent
  }

  /**
   * Returns the agent: the same object as `agent`.
   * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after
   *   `dispose()`
   */
  getAgent(): Agent {
    return requireInitialized(this).agent
  }

  /**
   * Returns the tool registry; always the same object.
   * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after
   *   `dispose()`
   */
  getToolRegistry(): ToolRegistry {
    return requireInitialized(this).agent.getToolRegistry()
  }

  /**
   * Returns the store of tool executions; always the same object.
   * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`, `DISPOSED` after
   *   `dispose()`
   */
  getToolStore(): ToolStore {
    return requireInitialized(this).executions
  }
}

/** State of a receptionist. `agent` is exposed once it is initialized. */
interface ReceptionistState {
  /**
   * A function, because `inspect` prints the fields of objects and the configuration contains
   * secrets.
   */
  config: () => AIReceptionistConfig
  instance: NativeInstance
  /** Native instance with changed options, for the next `initialize()`. */
  next?: NativeInstance | undefined
  agent: Agent
  executions: ToolStore
}

/** Returns the current native receptionist and its pending replacement. */
function nativesOf({ instance, next }: ReceptionistState): NativeReceptionist[] {
  return next === undefined ? [instance.native] : [instance.native, next.native]
}

async function activateNext(parts: ReceptionistState, next: NativeInstance): Promise<void> {
  const { instance } = parts
  CustomTools.of(next.native).copyChangesFrom(CustomTools.of(instance.native))
  if (instance.native.acceptsLines) next.native.acceptLines()
  swapNative(instance.native, next.native)
  parts.instance = next
  parts.next = undefined
  // It may have used the database already.
  await dispose(instance.native)
}

function withChanges(config: AIReceptionistConfig, changes: ConfigChanges): AIReceptionistConfig {
  validateTenantIds(changes)
  return merge(config, changes)
}

function usesSameDatabase(a: AIReceptionistConfig, b: AIReceptionistConfig): boolean {
  return a.database === b.database && a.storage === b.storage
}

function infoOf({ instance }: ReceptionistState): ReceptionistInfo {
  return JSON.parse(callNative(() => instance.native.info()))
}

function requireInitialized(receptionist: AIReceptionist): ReceptionistState {
  const parts = nativeOf<ReceptionistState>(receptionist)
  callNative(() => parts.instance.native.assertInitialized())
  return parts
}
