import { types } from 'node:util'
import { Agent } from './agent'
import type { AIReceptionistConfig } from './config/receptionist'
import { addStorage } from './custom-storage'
import { DatabaseResource } from './database'
import { DatabaseStorage } from './database-storage'
import { readDrizzle } from './drizzle'
import { attempt, settle } from './errors'
import { clientOf, held, hold, isBare, withClient } from './handle'
import { InMemoryStorage } from './in-memory-storage'
import { encodeArgument, encodeConfig } from './json'
import { binding, type NativeReceptionist, type NativeStorage, type AnswerJson } from './native'
import { TextResource } from './text'
import { ToolRegistry } from './tools'
import { UserCode } from './user-code'
import { warn } from './warnings'
import { encodeProof, warnUnlessProven, type WebhookPayload, type WebhookProof } from './webhooks'

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
  /** The tables; `database.migrate()` works before `initialize()` too. */
  readonly database: DatabaseResource

  /**
   * Checks the configuration; connects to nothing yet.
   * @throws {@link ConfigurationError} if something is missing or cannot be used
   */
  constructor(config: AIReceptionistConfig) {
    const user = new UserCode()
    const { json, storage, run } = split(config, user)
    const native = attempt(() => new binding.AIReceptionist(json, user.answer, storage, run))
    if (run !== null) withClient(native, run)
    hold(this, { native, user, agent: Agent.of(native), tools: ToolRegistry.of(native) } satisfies Parts)
    this.text = TextResource.of(native)
    this.database = DatabaseResource.of(native)
  }

  /**
   * Connects, creates missing tables (unless `autoMigrate` is off) and registers the tools.
   * @throws {@link DatabaseError} if the database cannot be used: wrong password, host, file, missing tables
   */
  async initialize(): Promise<void> {
    const { native, user } = held<Parts>(this)
    warn(await settle(() => native.initialize(user.answer, clientOf(native))))
  }

  /** Finishes what is under way and closes the connections this receptionist opened. */
  async dispose(): Promise<void> {
    await settle(() => held<Parts>(this).native.dispose())
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
    const { native } = held<Parts>(this)
    const [form, json] = [encodeArgument('payload', payload), encodeProof(proof)]
    const twiml = await settle(() => native.handleSmsWebhook(form, json))
    warnUnlessProven(proof)
    return twiml
  }

  /**
   * The agent; always the same object.
   * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`
   */
  get agent(): Agent {
    return ready(this).agent
  }

  /**
   * The agent: the same object as `agent`.
   * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`
   */
  getAgent(): Agent {
    return ready(this).agent
  }

  /**
   * The tools; always the same object.
   * @throws {@link LifecycleError} `NOT_INITIALIZED` before `initialize()`
   */
  getToolRegistry(): ToolRegistry {
    return ready(this).tools
  }
}

/** What a receptionist holds; `agent` and `tools` are handed out once it is initialized. */
interface Parts {
  native: NativeReceptionist
  user: UserCode
  agent: Agent
  tools: ToolRegistry
}

function ready(receptionist: AIReceptionist): Parts {
  const parts = held<Parts>(receptionist)
  // The cheapest call that fails unless the receptionist is initialized.
  attempt(() => parts.native.memoryStats())
  return parts
}

interface Split {
  json: string
  /** A storage of ours, or `true` for one of the user's own. */
  storage: NativeStorage | true | null
  run: AnswerJson | null
}

/** Objects and functions cannot cross as JSON: they go beside it, as native counterparts or in `user`. */
function split(config: AIReceptionistConfig, user: UserCode): Split {
  const memory = config?.agent?.memory
  const given: unknown = memory?.longTermStorage
  const { options, run } = databaseOf(config)
  let rest: AIReceptionistConfig = config
  if (given != null) {
    rest = {
      ...rest,
      agent: { ...rest.agent, memory: { ...memory, longTermStorage: undefined } },
    } as typeof rest
  }
  const json = encodeConfig('config', options ? { ...rest, database: options } : rest)
  return { json, storage: given == null ? null : storageOf(given, user), run }
}

/** The database's options without the Drizzle object. */
function databaseOf(config: AIReceptionistConfig): { options?: object; run: AnswerJson | null } {
  const database = config?.database
  if (database?.connection == null || typeof database.connection === 'string') return { run: null }
  const { connection, ...rest } = database
  return readDrizzle('database.connection', connection, rest)
}

/** The short cut for storages of ours as they came from `new`; everything else is called as the user's own code. */
function storageOf(given: unknown, user: UserCode): NativeStorage | true {
  if (typeof given === 'object' && given !== null && !types.isProxy(given) && isBare(given)) {
    const prototype = Object.getPrototypeOf(given)
    if (prototype === DatabaseStorage.prototype || prototype === InMemoryStorage.prototype) {
      return held<NativeStorage>(given)
    }
  }
  addStorage(user, 'agent.memory.longTermStorage', given)
  return true
}
