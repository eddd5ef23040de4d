import type { Agent } from '../agent/agent'
import type { VoiceResource } from '../channels/calls'
import type { AgentConfig } from '../config/agent'
import type { AIReceptionistConfig } from '../config/receptionist'
import { DatabaseStorage } from '../storage/database-storage'
import { receptionistError } from '../errors'
import type { EmailResource } from '../channels/email'
import { InMemoryStorage } from '../storage/in-memory-storage'
import { guardRead, invalidInput } from '../bridge/invalid-input'
import { copyOf, requireKnown } from '../bridge/json'
import { createSharedResources, type SharedResources } from '../bridge/create-receptionist'
import { AIReceptionist } from './receptionist'
import type { SMSResource } from '../channels/sms'
import type { TextResource } from '../channels/text'

/** Configuration shared by all agents of a factory: the receptionist options without `agent`. */
export type FactoryConfig = Omit<AIReceptionistConfig, 'agent'> & { agent?: never }

/**
 * Configuration of one agent of a factory. Its `memory.longTermStorage`, if given, replaces the
 * shared storage.
 */
export type AgentInstanceConfig = AgentConfig

/** An agent of a factory, ready to answer. */
export interface AgentInstance {
  /** Agent. */
  agent: Agent
  /** Receptionist that owns the agent, with webhooks, events and health check. */
  receptionist: AIReceptionist
  /** Text conversations of the agent. */
  text: TextResource
  /** Calls of the agent. */
  voice: VoiceResource
  /** SMS messages of the agent. */
  sms: SMSResource
  /** E-mail of the agent. */
  email: EmailResource
  /** Disposes the agent. Shared resources stay open. Idempotent. */
  dispose: () => Promise<void>
}

/**
 * A factory of agents that share model options, a connection pool and a storage. Each agent has
 * separate tools, short-term memory and conversations. Creating an agent takes about a millisecond,
 * so one agent per request is fine.
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
  /** Resources that the agents share in addition to the storage. */
  readonly #shared: SharedResources
  readonly #agents = new Set<AgentInstance>()
  #disposed = false

  private constructor(config: FactoryConfig) {
    const { storage, database, ...rest } = requireKnown(
      'INVALID_CONFIG',
      'config',
      copyOf('config', config, null),
      'FactoryConfig',
    )
    this.#storage = guardRead('INVALID_CONFIG', 'config', () => storageOf({ storage, database }))
    this.#config = rest
    this.#shared = createSharedResources(rest)
  }

  /**
   * Creates a factory, connects, and creates missing tables.
   * @throws {@link ConfigurationError} if a required option is missing or an option is invalid
   * @throws {@link DatabaseError} if the database cannot be used
   */
  static async create(config: FactoryConfig): Promise<AIReceptionistFactory> {
    const factory = new AIReceptionistFactory(config)
    if (factory.#storage instanceof DatabaseStorage) await factory.#storage.initialize()
    return factory
  }

  /**
   * Creates an agent that is ready to answer.
   * @throws {@link ConfigurationError} if it has no identity, or an option is invalid
   * @throws {@link LifecycleError} `DISPOSED` after `dispose()`
   */
  async createAgent(config: AgentInstanceConfig): Promise<AgentInstance> {
    if (this.#disposed)
      throw receptionistError('DISPOSED', 'The factory has been disposed. Create another one.')
    const receptionist = new AIReceptionist(
      guardRead('INVALID_CONFIG', 'config', () => this.#optionsOf(config)),
      this.#shared,
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

  /** Returns the shared storage; `undefined` without `storage` and `database`. */
  getStorage(): DatabaseStorage | InMemoryStorage | undefined {
    return this.#storage
  }

  /** Disposes all agents and closes the connections. Idempotent. */
  async dispose(): Promise<void> {
    this.#disposed = true
    await Promise.all([...this.#agents].map((agent) => agent.dispose()))
    if (this.#storage instanceof DatabaseStorage) await this.#storage.dispose()
  }

  #optionsOf(agent: AgentInstanceConfig): AIReceptionistConfig {
    const memory = this.#storage ? { longTermStorage: this.#storage, ...agent?.memory } : agent?.memory
    return { ...this.#config, agent: { ...agent, ...(memory && { memory }) } }
  }
}

/** Creates the storage described by `storage` or `database`. */
function storageOf({
  storage,
  database,
}: Pick<FactoryConfig, 'storage' | 'database'>): DatabaseStorage | InMemoryStorage | undefined {
  if (storage != null && database != null) {
    throw invalidInput('INVALID_CONFIG', 'storage', 'duplicates `database`; give only one of them')
  }
  if (database != null) {
    const { connection, ...options } = database
    return typeof connection === 'string' || connection === undefined
      ? new DatabaseStorage({ ...options, connectionString: connection })
      : new DatabaseStorage({ ...options, db: connection })
  }
  if (storage == null) return undefined
  if (storage.type === 'memory') return new InMemoryStorage()
  return new DatabaseStorage((storage.database ?? {}) as ConstructorParameters<typeof DatabaseStorage>[0])
}
