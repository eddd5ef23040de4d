import { Agent } from './agent'
import type { AgentConfiguration } from './agent-types'
import type { GoalConfig, IdentityConfig, KnowledgeConfig, PersonalityConfig } from './config/agent'
import type { MemoryConfig } from './config/memory'
import type { AIReceptionistConfig } from './config/receptionist'
import { held, hold } from './handle'
import type { ToolDefinition } from './tools'

/** What a builder was told so far. */
interface Parts {
  config: () => Partial<AgentConfiguration>
}

const configOf = (builder: AgentBuilder) => held<Parts>(builder).config()

/** Builds an {@link Agent} of its own, part by part. An identity (or a prompt) and a model are needed. */
export class AgentBuilder {
  constructor() {
    const config: Partial<AgentConfiguration> = {}
    // Out of sight of `inspect` and JSON: options hold keys.
    hold(this, { config: () => config } satisfies Parts)
  }

  /** Begins to build. */
  static create(): AgentBuilder {
    return new AgentBuilder()
  }

  /** Who it is. */
  withIdentity(identity: IdentityConfig): this {
    configOf(this).identity = identity
    return this
  }

  /** How it behaves. */
  withPersonality(personality: PersonalityConfig): this {
    configOf(this).personality = personality
    return this
  }

  /** What it knows. */
  withKnowledge(knowledge: KnowledgeConfig): this {
    configOf(this).knowledge = knowledge
    return this
  }

  /** What it remembers; a storage makes the tools for customers available too. */
  withMemory(memory: MemoryConfig): this {
    configOf(this).memory = memory
    return this
  }

  /** What it aims at. */
  withGoals(goals: GoalConfig): this {
    configOf(this).goals = goals
    return this
  }

  /** What it can do, beside our own tools. */
  withTools(tools: ToolDefinition[]): this {
    configOf(this).tools = tools
    return this
  }

  /** What it thinks with: the options that a receptionist's `model` takes. */
  withProvider(model: NonNullable<AIReceptionistConfig['model']>): this {
    configOf(this).aiProvider = model
    return this
  }

  /** The same as {@link withProvider}. */
  withAIProvider(model: NonNullable<AIReceptionistConfig['model']>): this {
    return this.withProvider(model)
  }

  /** Replaces the whole system prompt. */
  withCustomSystemPrompt(customPrompt: string): this {
    configOf(this).customSystemPrompt = customPrompt
    return this
  }

  /**
   * The agent; connects to nothing yet.
   * @throws {@link ConfigurationError} if something is missing or cannot be used
   */
  build(): Agent {
    const { aiProvider, tools, ...agent } = configOf(this)
    return Agent.from({
      agent,
      ...(aiProvider && { model: aiProvider }),
      ...(tools && { tools: { custom: tools } }),
    })
  }
}
