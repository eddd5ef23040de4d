import type { GoalConfig, IdentityConfig, KnowledgeConfig, PersonalityConfig } from './config/agent'
import { attempt } from './errors'
import { encodeArgument } from './json'
import type { Channel } from './memory'
import { binding } from './native'
import type { GoalSystem } from './pillars/goals'
import type { Identity } from './pillars/identity'
import type { KnowledgeBase } from './pillars/knowledge'
import type { PersonalityEngine } from './pillars/personality'

/** A part of a prompt. */
export interface PromptSection {
  /** Its title. */
  name: string
  /** Its rank. */
  priority?: number
  /** Its words. */
  content: string
}

/** A conversation to learn from. */
export interface PromptExample {
  /** The situation. */
  scenario: string
  /** What the person says. */
  input: string
  /** How the agent thinks. */
  reasoning: string
  /** What it answers. */
  response: string
  /** Why that is right. */
  explanation: string[]
}

/** What a prompt is built from; what is absent is left out. */
export interface PromptContext {
  /** Who the agent is: its pillar, or the options of one. */
  identity?: Identity | IdentityConfig
  /** How it behaves. */
  personality?: PersonalityEngine | PersonalityConfig
  /** What it knows. */
  knowledge?: KnowledgeBase | KnowledgeConfig
  /** What it aims at. */
  goalSystem?: GoalSystem | GoalConfig
  /** Where it speaks. */
  channel?: Channel
  /** Tokens it may have, for {@link PromptOptimizer}. @defaultValue 8000 */
  maxTokens?: number
  /** Rules of the business. */
  policies?: { name: string; rule: string }[]
  /** When it hands over, beside what its identity says. */
  escalationRules?: string[]
  /** Conversations to learn from. */
  examples?: PromptExample[]
  /** What it should know of this conversation. */
  businessContext?: {
    /** About the company. */
    companyInfo?: string
    /** About the person. */
    leadInfo?: string
    /** Anything else. */
    additionalContext?: string
  }
}

/**
 * Builds prompts in the words of the agents' own, with what else you know. Give the result to an agent as `customSystemPrompt`.
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
  /** The prompt. */
  async build(context: PromptContext): Promise<string> {
    const json = encodeArgument('context', context)
    return attempt(() => binding.buildPrompt(json))
  }
}
