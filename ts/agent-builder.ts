import { Agent } from './agent'
import type { AgentConfiguration } from './agent-types'
import type { GoalConfig, IdentityConfig, KnowledgeConfig, PersonalityConfig } from './config/agent'
import type { MemoryConfig } from './config/memory'
import type { AIReceptionistConfig } from './config/receptionist'
import type { ToolDefinition } from './tools'

/** Builds an {@link Agent} of its own, part by part. An identity (or a prompt) and a model are needed. */
export class AgentBuilder {
  private readonly config: Partial<AgentConfiguration> = {}

  /** Begins to build. */
  static create(): AgentBuilder {
    return new AgentBuilder()
  }

  /** Who it is. */
  withIdentity(identity: IdentityConfig): this {
    this.config.identity = identity
    return this
  }

  /** How it behaves. */
  withPersonality(personality: PersonalityConfig): this {
    this.config.personality = personality
    return this
  }

  /** What it knows. */
  withKnowledge(knowledge: KnowledgeConfig): this {
    this.config.knowledge = knowledge
    return this
  }

  /** What it remembers; a storage makes the tools for customers available too. */
  withMemory(memory: MemoryConfig): this {
    this.config.memory = memory
    return this
  }

  /** What it aims at. */
  withGoals(goals: GoalConfig): this {
    this.config.goals = goals
    return this
  }

  /** What it can do, beside our own tools. */
  withTools(tools: ToolDefinition[]): this {
    this.config.tools = tools
    return this
  }

  /** What it thinks with: the options that a receptionist's `model` takes. */
  withProvider(model: NonNullable<AIReceptionistConfig['model']>): this {
    this.config.aiProvider = model
    return this
  }

  /** The same as {@link withProvider}. */
  withAIProvider(model: NonNullable<AIReceptionistConfig['model']>): this {
    return this.withProvider(model)
  }

  /** Replaces the whole system prompt. */
  withCustomSystemPrompt(customPrompt: string): this {
    this.config.customSystemPrompt = customPrompt
    return this
  }

  /**
   * The agent; connects to nothing yet.
   * @throws {@link ConfigurationError} if something is missing or cannot be used
   */
  build(): Agent {
    const { aiProvider, tools, ...agent } = this.config
    return Agent.from({
      agent,
      ...(aiProvider && { model: aiProvider }),
      ...(tools && { tools: { custom: tools } }),
    })
  }
}
