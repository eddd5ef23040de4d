import type { GoalConfig, IdentityConfig, KnowledgeConfig, PersonalityConfig } from '../config/agent'
import { callNative } from '../errors'
import { encodeArgument } from '../bridge/json'
import type { Channel } from '../storage/memory'
import { binding } from '../bridge/native'
import type { GoalSystem } from '../pillars/goals'
import type { Identity } from '../pillars/identity'
import type { KnowledgeBase } from '../pillars/knowledge'
import type { PersonalityEngine } from '../pillars/personality'

/** A section of a prompt. */
export interface PromptSection {
  /** Title. */
  name: string
  /** Priority. */
  priority?: number
  /** Text. */
  content: string
}

/** An example conversation. */
export interface PromptExample {
  /** Description of the situation. */
  scenario: string
  /** Message of the customer. */
  input: string
  /** Reasoning of the agent. */
  reasoning: string
  /** Answer of the agent. */
  response: string
  /** Reasons for the answer. */
  explanation: string[]
}

/** Contents of a prompt. Absent parts are left out. */
export interface PromptContext {
  /** Identity, as a pillar or as options. */
  identity?: Identity | IdentityConfig
  /** Personality. */
  personality?: PersonalityEngine | PersonalityConfig
  /** Knowledge. */
  knowledge?: KnowledgeBase | KnowledgeConfig
  /** Goals. */
  goalSystem?: GoalSystem | GoalConfig
  /** Channel of the conversation. */
  channel?: Channel
  /** Token limit, for {@link PromptOptimizer}. @defaultValue 8000 */
  maxTokens?: number
  /** Business policies. */
  policies?: { name: string; rule: string }[]
  /** Situations for handing over to a human, in addition to those of the identity. */
  escalationRules?: string[]
  /** Example conversations. */
  examples?: PromptExample[]
  /** Background information about the conversation. */
  businessContext?: {
    /** Information about the company. */
    companyInfo?: string
    /** Information about the customer. */
    leadInfo?: string
    /** Additional information. */
    additionalContext?: string
  }
}

/**
 * A builder of system prompts in the same format as the agents' own, with additional content. Pass
 * the result to an agent as `customSystemPrompt`.
 *
 * @example
 * ```ts
 * const prompt = await new SystemPromptBuilder().build({
 *   identity: agent.getIdentity(),
 *   policies: [{ name: 'Refunds', rule: 'within 14 days' }],
 * })
 * agent.withAgentConfig({ customSystemPrompt: prompt })
 * ```
 */
export class SystemPromptBuilder {
  /** Builds the prompt. */
  async build(context: PromptContext): Promise<string> {
    const json = encodeArgument('context', context, 'PromptContext')
    return callNative(() => binding.buildPrompt(json))
  }
}
