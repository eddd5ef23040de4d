import { randomUUID } from 'node:crypto'
import { AgentBuilder } from './agent-builder'
import type { AgentConfiguration, AgentRequest, AgentResponse } from './types'
import type { AIReceptionistConfig } from '../config/receptionist'
import { callNative, callNativeAsync } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import { invalidInput } from '../bridge/invalid-input'
import { copyOf, encodeArgument, requireString } from '../bridge/json'
import { dispose, initialize, createNative } from '../bridge/create-receptionist'
import { currentTurns } from '../bridge/turn-context'
import { MemoryManager } from './memory-manager'
import type { Channel } from '../storage/memory'
import type { NativeReceptionist } from '../bridge/native'
import { GoalSystem } from '../pillars/goals'
import { Identity } from '../pillars/identity'
import { KnowledgeBase } from '../pillars/knowledge'
import { PersonalityEngine } from '../pillars/personality'
import { changeProfile, profileOf, type Profile } from '../pillars/profile'
import { attachRegistry, ToolRegistry } from '../tools/tool-registry'

/** Lifecycle state of an agent. */
export enum AgentStatus {
  /** Created but not initialized yet. */
  INITIALIZING = 'INITIALIZING',
  /** Ready, waiting for a message. */
  READY = 'READY',
  /** Answering a message. */
  PROCESSING = 'PROCESSING',
  /** `initialize()` failed. */
  ERROR = 'ERROR',
  /** Disposed. */
  DISPOSED = 'DISPOSED',
}

/**
 * An AI agent, owned by a receptionist or standalone. Initialize and dispose a standalone agent
 * yourself.
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
  /** Globally unique id of the agent. */
  readonly id: string = `agent-${randomUUID()}`
  /** Conversation memory. */
  readonly memory: MemoryManager

  private constructor(memory: MemoryManager) {
    this.memory = memory
  }

  /** Creates the agent of a native receptionist. @internal */
  static of(native: NativeReceptionist): Agent {
    const instance = new Agent(MemoryManager.of(native))
    attachNative(instance, native)
    pillars.set(instance, {
      identity: Identity.of(native),
      personality: PersonalityEngine.of(native),
      knowledge: KnowledgeBase.of(native),
      goals: GoalSystem.of(native),
      tools: ToolRegistry.of(native),
    })
    return instance
  }

  /** Creates a standalone agent. @internal */
  static from(config: AIReceptionistConfig): Agent {
    return Agent.of(createNative(config).native)
  }

  /** Creates a builder for a standalone agent. */
  static builder(): AgentBuilder {
    return new AgentBuilder()
  }

  /** Initializes the agent, like the receptionist's `initialize()`. Idempotent. */
  async initialize(): Promise<void> {
    await initialize(native(this))
  }

  /** Disposes the agent and the receptionist that owns it. `initialize()` reopens it. */
  async dispose(): Promise<void> {
    await dispose(native(this))
  }

  /**
   * Answers a message, running tools as needed, and stores the conversation in memory. A request
   * with the same `id` writes the same memories again.
   * @throws {@link ModelError} if the model fails; the customer's message is stored nevertheless
   * @throws {@link ValidationError} if the request is invalid
   */
  async process(request: AgentRequest): Promise<AgentResponse> {
    const json = encodeArgument('request', request, 'AgentRequest')
    return JSON.parse(await callNativeAsync(() => native(this).process(json)))
  }

  /**
   * Extracts the values that the option `agent.extract` describes from a conversation, stores them,
   * and calls `onExtract`. This happens automatically when a conversation has ended. Returns null if the
   * customer wrote nothing.
   * @throws {@link ModelError} if the model fails, or its values are invalid twice
   * @throws {@link ConfigurationError} without the option `agent.extract`
   */
  async extract(conversationId: string): Promise<Record<string, any> | null> {
    const id = requireString('conversationId', conversationId)
    const json = await callNativeAsync(() => native(this).extract(id, currentTurns()))
    return json === null ? null : JSON.parse(json)
  }

  /** Returns the lifecycle state. */
  getStatus(): AgentStatus {
    return JSON.parse(callNative(() => native(this).status()))
  }

  /**
   * Returns the current system prompt, with the instructions of `channel` if given.
   * @throws {@link LifecycleError} before `initialize()`
   */
  getSystemPrompt(channel?: Channel): string {
    if (channel != null) requireString('channel', channel)
    return callNative(() => native(this).systemPrompt(channel ?? null))
  }

  /** Resolves immediately: the prompt is rebuilt for every answer. */
  async rebuildSystemPrompt(): Promise<void> {
    this.getSystemPrompt()
  }

  /** Does nothing: the prompt is rebuilt for every answer. */
  markPromptForRebuild(): void {}

  /** Returns the identity. Changes take effect with the next answer. */
  getIdentity(): Identity {
    return pillarsOf(this).identity
  }

  /** Returns the personality. Changes take effect with the next answer. */
  getPersonality(): PersonalityEngine {
    return pillarsOf(this).personality
  }

  /** Returns the knowledge. Changes take effect with the next answer. */
  getKnowledge(): KnowledgeBase {
    return pillarsOf(this).knowledge
  }

  /** Returns the goals. Changes take effect with the next answer. */
  getGoals(): GoalSystem {
    return pillarsOf(this).goals
  }

  /** Returns the memory: the same object as `memory`. */
  getMemory(): MemoryManager {
    return this.memory
  }

  /** Returns the agent's tool registry. */
  getToolRegistry(): ToolRegistry {
    return pillarsOf(this).tools
  }

  /**
   * Adds the tools of a registry to the agent. Tools registered in it later become available too.
   */
  setToolRegistry(registry: ToolRegistry): void {
    attachRegistry(registry, this)
  }

  /**
   * Changes the configuration of a running agent. Accepts the given fields of `identity`,
   * `personality`, `knowledge` and `goals`, `customSystemPrompt`, `memory.contextWindow`, and tools
   * by `toolRegistry`. All other options are fixed at construction.
   * @throws {@link ConfigurationError} if the result is invalid; then nothing is changed
   */
  withAgentConfig(config: Partial<AgentConfiguration>): this {
    const { identity, personality, knowledge, goals, memory, customSystemPrompt, toolRegistry, ...others } =
      copyOf('config', config, 'AgentConfiguration')
    const { contextWindow, ...kept } = copyOf('config.memory', memory ?? {}, null)
    refuseFixed('config', others)
    refuseFixed('config.memory', kept)
    if (toolRegistry != null) this.setToolRegistry(toolRegistry)
    const now = profileOf(this)
    changeProfile(this, {
      ...(identity != null && {
        identity: { ...now.identity, ...copyOf('config.identity', identity, null) },
      }),
      ...(knowledge != null && {
        knowledge: { ...now.knowledge, ...copyOf('config.knowledge', knowledge, null) },
      }),
      ...(goals != null && { goals: { ...now.goals, ...copyOf('config.goals', goals, null) } }),
      ...(contextWindow != null && { memory: { contextWindow } }),
      ...(customSystemPrompt !== undefined && { customSystemPrompt }),
    } satisfies Profile)
    return this
  }
}

/** Throws if `options` contains an option that cannot change after construction. */
function refuseFixed(at: string, options: object): void {
  const fixed = Object.entries(options).find(([, value]) => value != null)
  if (fixed === undefined) return
  const field = `${at}.${fixed[0]}`
  const reason =
    'cannot be changed while the agent works; use updateConfig() and reinitialize() of its receptionist'
  throw invalidInput('INVALID_ARGUMENT', field, reason)
}

interface Pillars {
  identity: Identity
  personality: PersonalityEngine
  knowledge: KnowledgeBase
  goals: GoalSystem
  tools: ToolRegistry
}

/** Pillars by agent, kept outside the agents so that `inspect` prints an agent on one line. */
const pillars = new WeakMap<Agent, Pillars>()

function pillarsOf(agent: Agent): Pillars {
  return pillars.get(agent) as Pillars
}

function native(agent: Agent): NativeReceptionist {
  return nativeOf(agent)
}
