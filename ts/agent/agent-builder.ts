import { Agent } from './agent'
import type { AgentConfiguration } from './types'
import type { GoalConfig, IdentityConfig, KnowledgeConfig, PersonalityConfig } from '../config/agent'
import type { MemoryConfig } from '../config/memory'
import type { AIReceptionistConfig } from '../config/receptionist'
import { nativeOf, attachNative } from '../bridge/native-handle'
import type { ToolRegistry } from '../tools/tool-registry'
import type { ToolDefinition } from '../tools/types'

/** Configuration collected by a builder. */
interface BuilderState {
  config: () => Partial<AgentConfiguration>
}

const configOf = (builder: AgentBuilder) => nativeOf<BuilderState>(builder).config()

/**
 * Builder of a standalone {@link Agent}. Requires a model, and an identity or a custom system
 * prompt.
 */
export class AgentBuilder {
  constructor() {
    const config: Partial<AgentConfiguration> = {}
    // Kept out of `inspect` and JSON because options contain API keys.
    attachNative(this, { config: () => config } satisfies BuilderState)
  }

  /** Creates a builder. */
  static create(): AgentBuilder {
    return new AgentBuilder()
  }

  /** Sets the identity: name, role, company and background. */
  withIdentity(identity: IdentityConfig): this {
    configOf(this).identity = identity
    return this
  }

  /** Sets the personality: traits and communication style. */
  withPersonality(personality: PersonalityConfig): this {
    configOf(this).personality = personality
    return this
  }

  /** Sets the knowledge: domain, expertise, languages and limitations. */
  withKnowledge(knowledge: KnowledgeConfig): this {
    configOf(this).knowledge = knowledge
    return this
  }

  /** Sets the memory options. A storage also enables the built-in customer tools. */
  withMemory(memory: MemoryConfig): this {
    configOf(this).memory = memory
    return this
  }

  /** Sets the goals. */
  withGoals(goals: GoalConfig): this {
    configOf(this).goals = goals
    return this
  }

  /** Sets custom tools, in addition to the built-in ones. */
  withTools(tools: ToolDefinition[]): this {
    configOf(this).tools = tools
    return this
  }

  /** Sets a shared tool registry. Tools registered in it later become available too. */
  withToolRegistry(registry: ToolRegistry): this {
    configOf(this).toolRegistry = registry
    return this
  }

  /** Sets the language model; takes the same options as the receptionist's `model`. */
  withProvider(model: NonNullable<AIReceptionistConfig['model']>): this {
    configOf(this).aiProvider = model
    return this
  }

  /** Sets the language model. Alias of {@link withProvider}. */
  withAIProvider(model: NonNullable<AIReceptionistConfig['model']>): this {
    return this.withProvider(model)
  }

  /** Replaces the whole system prompt. */
  withCustomSystemPrompt(customPrompt: string): this {
    configOf(this).customSystemPrompt = customPrompt
    return this
  }

  /**
   * Creates the agent. Does not connect to anything yet.
   * @throws {@link ConfigurationError} if a required option is missing or an option is invalid
   */
  build(): Agent {
    const { aiProvider, tools, toolRegistry, ...config } = configOf(this)
    const agent = Agent.from({
      agent: config,
      ...(aiProvider && { model: aiProvider }),
      ...(tools && { tools: { custom: tools } }),
    })
    if (toolRegistry != null) agent.setToolRegistry(toolRegistry)
    return agent
  }
}
