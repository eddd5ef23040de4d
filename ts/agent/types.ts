import type { AgentStatus } from './agent'
import type { GoalConfig, IdentityConfig, KnowledgeConfig, PersonalityConfig } from '../config/agent'
import type { MemoryConfig } from '../config/memory'
import type { AIReceptionistConfig } from '../config/receptionist'
import type { Customer } from './customer'
import type { Channel, MemoryStats } from '../storage/memory'
import type { Goal } from '../pillars/goals'
import type { ToolRegistry } from '../tools/tool-registry'
import type { ToolDefinition } from '../tools/types'

/** A message for an agent to process. */
export interface AgentRequest {
  /** Id of the request. A request with the same id writes the same memories again. */
  id: string
  /** The customer's message; must not be empty. */
  input: string
  /** Channel of the conversation. */
  channel: Channel
  /**
   * Context of the conversation. Additional fields are stored with the message and passed to tools.
   */
  context: {
    /** Conversation id, 1 to 512 characters. */
    conversationId: string
    /** The customer, if known. */
    customer?: Customer
    /** Twilio SID of the call. */
    callSid?: string
    /** Twilio SID of the message. */
    messageSid?: string
    /** Background information for this answer only. */
    businessContext?: string | { companyInfo?: string; leadInfo?: string; additionalContext?: string }
    /** Instructions for this answer only, added to the agent's own. */
    systemPromptEnhancement?: string
    /**
     * Tool arguments that you fix instead of the model; applied to every tool that accepts them.
     */
    toolParams?: Record<string, any>
    [key: string]: any
  }
}

/** An agent's answer. */
export interface AgentResponse {
  /** Text of the answer. */
  content: string
  /** Channel of the conversation. */
  channel: Channel
  /** Details of the answer. */
  metadata?: {
    /** Conversation id. */
    conversationId?: string
    /** Names of the executed tools, in order, including repetitions. */
    toolsUsed?: string[]
    /** Results of the executed tools, in the same order. */
    toolResults?: any[]
    [key: string]: any
  }
}

/** Configuration of a standalone agent. */
export interface AgentConfiguration {
  /** Name, role and background. */
  identity?: IdentityConfig
  /** Traits and communication style. */
  personality?: PersonalityConfig
  /** Domain, expertise and limitations. */
  knowledge?: KnowledgeConfig
  /** Memory options. */
  memory?: MemoryConfig
  /** Goals. */
  goals?: GoalConfig
  /** Custom tools. */
  tools?: ToolDefinition[]
  /** Language model options. */
  aiProvider: NonNullable<AIReceptionistConfig['model']>
  /** Replacement for the whole system prompt. */
  customSystemPrompt?: string
  /** A tool registry shared by several agents. */
  toolRegistry?: ToolRegistry
  /**
   * Accepted for compatibility with the TypeScript SDK. An agent uses its receptionist's providers.
   */
  providerRegistry?: any
}

/** A snapshot of an agent. */
export interface AgentState {
  /** Lifecycle state. */
  status: AgentStatus
  /** Identity options. */
  identity: Record<string, unknown>
  /** Current goals. */
  currentGoals: Goal[]
  /** Memory statistics. */
  memoryStats: MemoryStats
}
