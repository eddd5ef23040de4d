import type { AgentStatus } from './agent'
import type { GoalConfig, IdentityConfig, KnowledgeConfig, PersonalityConfig } from './config/agent'
import type { MemoryConfig } from './config/memory'
import type { AIReceptionistConfig } from './config/receptionist'
import type { Customer } from './customer'
import type { Channel, MemoryStats } from './memory'
import type { Goal } from './pillars/goals'
import type { ToolDefinition } from './tools'

/** Something said to an agent. */
export interface AgentRequest {
  /** Names the request: the same again writes the same memories. */
  id: string
  /** What was said; not empty. */
  input: string
  /** Where. */
  channel: Channel
  /** About the conversation; what is not listed here is kept with the message, and handed to tools. */
  context: {
    /** The conversation: 1 to 512 characters. */
    conversationId: string
    /** Who says it, where you know it. */
    customer?: Customer
    /** Twilio's id of the call. */
    callSid?: string
    /** Twilio's id of the text message. */
    messageSid?: string
    [key: string]: any
  }
}

/** What an agent answers. */
export interface AgentResponse {
  /** The words. */
  content: string
  /** Where. */
  channel: Channel
  /** How it came about. */
  metadata?: {
    /** The conversation. */
    conversationId?: string
    /** Names of the tools that ran, in order, with repetitions. */
    toolsUsed?: string[]
    /** Their results, in the same order. */
    toolResults?: any[]
    [key: string]: any
  }
}

/** What an agent is made of. */
export interface AgentConfiguration {
  /** Who it is. */
  identity?: IdentityConfig
  /** How it behaves. */
  personality?: PersonalityConfig
  /** What it knows. */
  knowledge?: KnowledgeConfig
  /** What it remembers. */
  memory?: MemoryConfig
  /** What it aims at. */
  goals?: GoalConfig
  /** What it can do. */
  tools?: ToolDefinition[]
  /** What it thinks with: the options of a model. */
  aiProvider: NonNullable<AIReceptionistConfig['model']>
  /** Replaces the whole system prompt. */
  customSystemPrompt?: string
}

/** What is going on in an agent. */
export interface AgentState {
  /** Where it is in its life. */
  status: AgentStatus
  /** Who it is. */
  identity: Record<string, unknown>
  /** What it aims at. */
  currentGoals: Goal[]
  /** How much it remembers. */
  memoryStats: MemoryStats
}
