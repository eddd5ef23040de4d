import type { Agent } from './agent'
import type { VoiceResource } from './calls'
import type { AgentConfig } from './config/agent'
import type { AIReceptionistConfig } from './config/receptionist'
import { DatabaseStorage } from './database-storage'
import { receptionistError } from './errors'
import type { EmailResource } from './email'
import { InMemoryStorage } from './in-memory-storage'
import { copyOf, readable } from './json'
import { makeNative, relate } from './make-native'
import type { NativeReceptionist } from './native'
import { AIReceptionist } from './receptionist'
import type { SMSResource } from './sms'
import type { TextResource } from './text'

/** What all agents of a factory have in common: the options of a receptionist without an agent. */
export type FactoryConfig = Omit<AIReceptionistConfig, 'agent'> & { agent?: never }

/** What one agent of a factory is; a `memory.longTermStorage` of its own takes the place of the common one. */
export type AgentInstanceConfig = AgentConfig

/** An agent of a factory, ready to answer. */
export interface AgentInstance {
  /** The agent. */
  agent: Agent
  /** The receptionist it is the agent of: its webhooks, events and health. */
  receptionist: AIReceptionist
  /** Its conversations by text. */
  text: TextResource
  /** Its calls. */
  voice: VoiceResource
  /** Its messages. */
  sms: SMSResource
  /** Its e-mail. */
  email: EmailResource
  /** Ends it; what it has in common with others stays open. Twice is as good as once. */
  dispose: () => Promise<void>
}

/**
 * Makes agents that share a model's options, a pool of connections and a storage. Each has tools, windows and conversations of its
 * own, and is made in about a millisecond: one for each request is fine.
 *
 * @example
 * ```ts
 * const factory = await AIReceptionistFactory.create({
 *   model: { provider: 'openai', apiKey: process.env.OPENAI_API_KEY, model: 'gpt-4o-mini' },
 *   storage: { type: 'database', database: { connectionString: process.env.DATABASE_URL } },
 * })
 * const { text, dispose } = await factory.createAgent({ identity: { name: 'Sarah', role: 'Sales' } })
 * const reply = await text.generate({ prompt: 'Hello!', conversationId: 'conv_123' })
 * await dispose()
 * await factory.dispose()
 * ```
 */
export class AIReceptionistFactory {
  readonly #config: FactoryConfig
  readonly #storage: DatabaseStorage | InMemoryStorage | undefined
  /** Never initialized: it checked the options, and holds what agents have in common. */
  readonly #kin: NativeReceptionist
  readonly #agents = new Set<AgentInstance>()
  #disposed = false

  private constructor(config: FactoryConfig) {
    const { storage, database, ...rest } = copyOf('config', config)
    this.#storage = readable('INVALID_CONFIG', 'config', () => storageOf({ storage, database }))
    this.#config = rest
    this.#kin = makeNative(this.#optionsOf({ customSystemPrompt: 'None: this agent never speaks.' })).native
  }

  /**
   * Connects and creates missing tables.
   * @throws {@link ConfigurationError} if an option is missing or cannot be used
   * @throws {@link DatabaseError} if the database cannot be used
   */
  static async create(config: FactoryConfig): Promise<AIReceptionistFactory> {
    const factory = new AIReceptionistFactory(config)
    if (factory.#storage instanceof DatabaseStorage) await factory.#storage.initialize()
    return factory
  }

  /**
   * Makes an agent that is ready to answer.
   * @throws {@link ConfigurationError} if it has no identity, or an option cannot be used
   * @throws {@link LifecycleError} `DISPOSED` after `dispose()`
   */
  async createAgent(config: AgentInstanceConfig): Promise<AgentInstance> {
    if (this.#disposed)
      throw receptionistError('DISPOSED', 'The factory has been disposed. Create another one.')
    const receptionist = new AIReceptionist(
      readable('INVALID_CONFIG', 'config', () => this.#optionsOf(config)),
    )
    await receptionist.initialize()
    const instance: AgentInstance = {
      agent: receptionist.agent,
      receptionist,
      text: receptionist.text,
      voice: receptionist.voice,
      sms: receptionist.sms,
      email: receptionist.email,
      dispose: async () => {
        this.#agents.delete(instance)
        await receptionist.dispose()
      },
    }
    this.#agents.add(instance)
    return instance
  }

  /** The common storage; `undefined` without `storage` and `database`. */
  getStorage(): DatabaseStorage | InMemoryStorage | undefined {
    return this.#storage
  }

  /** Ends all its agents and closes the connections. Twice is as good as once. */
  async dispose(): Promise<void> {
    this.#disposed = true
    await Promise.all([...this.#agents].map((agent) => agent.dispose()))
    if (this.#storage instanceof DatabaseStorage) await this.#storage.dispose()
  }

  #optionsOf(agent: AgentInstanceConfig): AIReceptionistConfig {
    const memory = this.#storage ? { longTermStorage: this.#storage, ...agent?.memory } : agent?.memory
    const options = { ...this.#config, agent: { ...agent, ...(memory && { memory }) } }
    return this.#kin === undefined ? options : relate(options, this.#kin)
  }
}

/** The storage that `storage` or `database` describes. */
function storageOf({
  storage,
  database,
}: Pick<FactoryConfig, 'storage' | 'database'>): DatabaseStorage | InMemoryStorage | undefined {
  if (storage != null && database != null) {
    const reason = 'says what `database` says; give one of them'
    throw receptionistError('INVALID_CONFIG', `Invalid option \`storage\`: ${reason}`, {
      details: { field: 'storage', reason },
    })
  }
  if (database != null) {
    const { connection, ...options } = database
    return typeof connection === 'string'
      ? new DatabaseStorage({ ...options, connectionString: connection })
      : new DatabaseStorage({ ...options, db: connection })
  }
  if (storage == null) return undefined
  if (storage.type === 'memory') return new InMemoryStorage()
  return new DatabaseStorage((storage.database ?? {}) as ConstructorParameters<typeof DatabaseStorage>[0])
}
