import { randomUUID } from 'node:crypto'
import { AgentBuilder } from './agent-builder'
import type { AgentConfiguration, AgentRequest, AgentResponse } from './agent-types'
import type { AIReceptionistConfig } from './config/receptionist'
import { attempt, receptionistError, settle } from './errors'
import { held, hold } from './handle'
import { copyOf, encodeArgument, requireString } from './json'
import { dispose, initialize, makeNative } from './make-native'
import { MemoryManager } from './memory-manager'
import type { Channel } from './memory'
import type { NativeReceptionist } from './native'
import { GoalSystem } from './pillars/goals'
import { Identity } from './pillars/identity'
import { KnowledgeBase } from './pillars/knowledge'
import { PersonalityEngine } from './pillars/personality'
import { changeProfile, profileOf, type Profile } from './pillars/profile'
import { ToolRegistry } from './tool-registry'

/** Where an agent is in its life. */
export enum AgentStatus {
  /** Not initialized yet. */
  INITIALIZING = 'INITIALIZING',
  /** Waiting for somebody to say something. */
  READY = 'READY',
  /** Answering. */
  PROCESSING = 'PROCESSING',
  /** `initialize()` failed. */
  ERROR = 'ERROR',
  /** Disposed of. */
  DISPOSED = 'DISPOSED',
}

/**
 * An agent: that of a receptionist, or one of its own, which you initialize and dispose of yourself.
 *
 * @example
 * ```ts
 * const agent = Agent.builder()
 *   .withIdentity({ name: 'Sarah', role: 'Receptionist' })
 *   .withProvider({ provider: 'openai', apiKey: process.env.OPENAI_API_KEY, model: 'gpt-4o-mini' })
 *   .build()
 * await agent.initialize()
 * const { content } = await agent.process({
 *   id: 'request-1',
 *   input: 'Are you open on Sundays?',
 *   channel: 'text',
 *   context: { conversationId: 'conv_123' },
 * })
 * await agent.dispose()
 * ```
 */
export class Agent {
  /** Unique in this process and others. */
  readonly id: string = `agent-${randomUUID()}`
  /** What it remembers. */
  readonly memory: MemoryManager

  private constructor(memory: MemoryManager) {
    this.memory = memory
  }

  /** @internal */
  static of(native: NativeReceptionist): Agent {
    const made = new Agent(MemoryManager.of(native))
    hold(made, native)
    pillars.set(made, {
      identity: Identity.of(native),
      personality: PersonalityEngine.of(native),
      knowledge: KnowledgeBase.of(native),
      goals: GoalSystem.of(native),
      tools: ToolRegistry.of(native),
    })
    return made
  }

  /** @internal */
  static from(config: AIReceptionistConfig): Agent {
    return Agent.of(makeNative(config).native)
  }

  /** Builds an agent of its own. */
  static builder(): AgentBuilder {
    return new AgentBuilder()
  }

  /** Makes it ready, as the `initialize()` of its receptionist does. Twice is as good as once. */
  async initialize(): Promise<void> {
    await initialize(native(this))
  }

  /** Ends it, and the receptionist it belongs to. `initialize()` opens it again. */
  async dispose(): Promise<void> {
    await dispose(native(this))
  }

  /**
   * Answers, with tools, and remembers all of it. A request of the same `id` writes the same memories again.
   * @throws {@link ModelError} if the model cannot answer; what was said is remembered nevertheless
   * @throws {@link ValidationError} if the request cannot be used
   */
  async process(request: AgentRequest): Promise<AgentResponse> {
    const json = encodeArgument('request', request)
    return JSON.parse(await settle(() => native(this).process(json)))
  }

  /** Where it is in its life. */
  getStatus(): AgentStatus {
    return JSON.parse(attempt(() => native(this).status()))
  }

  /**
   * The instructions it works by, as they are now: with those of a channel, or without any.
   * @throws {@link LifecycleError} before `initialize()`
   */
  getSystemPrompt(channel?: Channel): string {
    if (channel != null) requireString('channel', channel)
    return attempt(() => native(this).systemPrompt(channel ?? null))
  }

  /** Nothing to wait for: the prompt is made anew for every answer. */
  async rebuildSystemPrompt(): Promise<void> {
    this.getSystemPrompt()
  }

  /** Nothing to do: the prompt is made anew for every answer. */
  markPromptForRebuild(): void {}

  /** Who it is; what you change counts from the next answer on. */
  getIdentity(): Identity {
    return pillarsOf(this).identity
  }

  /** How it behaves; what you change counts from the next answer on. */
  getPersonality(): PersonalityEngine {
    return pillarsOf(this).personality
  }

  /** What it knows; what you change counts from the next answer on. */
  getKnowledge(): KnowledgeBase {
    return pillarsOf(this).knowledge
  }

  /** What it aims at; what you change counts from the next answer on. */
  getGoals(): GoalSystem {
    return pillarsOf(this).goals
  }

  /** What it remembers: the same object as `memory`. */
  getMemory(): MemoryManager {
    return this.memory
  }

  /** What it can do. */
  getToolRegistry(): ToolRegistry {
    return pillarsOf(this).tools
  }

  /**
   * Changes who it is while it works: the fields of `identity`, `personality`, `knowledge` and `goals` that are given, and
   * `customSystemPrompt`. Everything else is decided when it is made.
   * @throws {@link ConfigurationError} if the result cannot be used; then nothing is changed
   */
  withAgentConfig(config: Partial<AgentConfiguration>): this {
    const { identity, personality, knowledge, goals, customSystemPrompt, ...others } = copyOf(
      'config',
      config,
    )
    const fixed = Object.entries(others).find(([, value]) => value != null)
    if (fixed !== undefined) {
      const reason =
        'cannot be changed while the agent works; use updateConfig() and reinitialize() of its receptionist'
      throw receptionistError('INVALID_ARGUMENT', `Invalid argument \`config.${fixed[0]}\`: ${reason}`, {
        details: { field: `config.${fixed[0]}`, reason },
      })
    }
    const now = profileOf(this)
    changeProfile(this, {
      ...(identity != null && { identity: { ...now.identity, ...copyOf('config.identity', identity) } }),
      ...(personality != null && {
        personality: { ...now.personality, ...copyOf('config.personality', personality) },
      }),
      ...(knowledge != null && { knowledge: { ...now.knowledge, ...copyOf('config.knowledge', knowledge) } }),
      ...(goals != null && { goals: { ...now.goals, ...copyOf('config.goals', goals) } }),
      ...(customSystemPrompt !== undefined && { customSystemPrompt }),
    } satisfies Profile)
    return this
  }
}

interface Pillars {
  identity: Identity
  personality: PersonalityEngine
  knowledge: KnowledgeBase
  goals: GoalSystem
  tools: ToolRegistry
}

/** Beside the agents, so that `inspect` shows an agent in a line. */
const pillars = new WeakMap<Agent, Pillars>()

function pillarsOf(agent: Agent): Pillars {
  return pillars.get(agent) as Pillars
}

function native(agent: Agent): NativeReceptionist {
  return held(agent)
}
