import type { Customer } from '../agent/customer'
import type { Channel } from '../storage/memory'
import type { JSONSchema } from '../tools/types'
import type { MemoryConfig } from './memory'

/** Identity of the agent. */
export interface IdentityConfig {
  /** Name that the agent uses. */
  name: string
  /** Role, for example `Sales Representative`. */
  role: string
  /** Job title. @defaultValue the role */
  title?: string
  /** Business that the agent represents. */
  company?: string
  /** Alias of `company`. */
  organization?: string
  /** Background story. */
  backstory?: string
  /** Department. */
  department?: string
  /** Supervisor. */
  reportsTo?: string
  /** Authority to decide without a human. */
  authorityLevel?: 'low' | 'medium' | 'high'
  /** Situations in which the agent must hand over to a human. */
  escalationRules?: string[]
  /** Years of experience. */
  yearsOfExperience?: number
  /** Specializations. */
  specializations?: string[]
  /** Certifications. */
  certifications?: string[]
}

/** A personality trait with an explanation. */
export interface PersonalityTrait {
  /** Name of the trait. */
  name: string
  /** Effect of the trait in practice. */
  description: string
  /** Strength of the trait. */
  weight?: number
}

/** A communication style. */
export interface CommunicationStyleConfig {
  /** Primary style. */
  primary: 'consultative' | 'assertive' | 'empathetic' | 'analytical' | 'casual'
  /** Tone of voice. */
  tone?: 'formal' | 'friendly' | 'professional' | 'casual'
  /** Formality, 1 (casual) to 10 (formal). */
  formalityLevel?: number
}

/** Personality of the agent. */
export interface PersonalityConfig {
  /** Personality traits, as words or with explanations. */
  traits?: string[] | PersonalityTrait[]
  /** Communication style, as a word or in detail. */
  communicationStyle?: string | CommunicationStyleConfig
  /** Emotional intelligence. */
  emotionalIntelligence?: 'low' | 'medium' | 'high'
  /** Adaptability. */
  adaptability?: 'low' | 'medium' | 'high'
  /** Behaviour in conflicts. */
  conflictStyle?: string
  /** Decision style. */
  decisionStyle?: string
  /** Behaviour under stress. */
  stressResponse?: string
  /** Rules for adapting to the customer. */
  adaptabilityRules?: string[]
}

/** Languages by proficiency. */
export interface LanguageConfig {
  /** Fluent languages. */
  fluent?: string[]
  /** Conversational languages. */
  conversational?: string[]
}

/** Knowledge of the agent. */
export interface KnowledgeConfig {
  /** Business domain. */
  domain?: string
  /** Areas of expertise. */
  expertise?: string[]
  /** Languages, as a list or by proficiency. */
  languages?: string[] | LanguageConfig
  /** Industries served. */
  industries?: string[]
  /** Further domains that the agent can talk about. */
  knownDomains?: string[]
  /** Topics that the agent must not claim to know. */
  limitations?: string[]
  /** Instruction for cases in which the agent is unsure. */
  uncertaintyThreshold?: string
}

/** Goals of the agent. */
export interface GoalConfig {
  /** Primary goal. */
  primary: string
  /** Secondary goals. */
  secondary?: string[]
  /** Constraints while pursuing the goals. */
  constraints?: string[]
  /** Success metrics: name → target, or names alone. */
  metrics?: Record<string, string> | string[]
}

/** A turn for which {@link AgentConfig.context} returns facts. */
export interface ContextRequest {
  /** The customer that the channel or your code has identified; empty if unknown. */
  customer: Customer
  /** Channel of the turn. */
  channel: Channel
  /** Conversation id. */
  conversationId: string
}

/**
 * A schema of a library that implements Standard Schema and Standard JSON Schema: Zod 4.2, ArkType
 * 2.1.28, Valibot with `toStandardJsonSchema`.
 */
export interface StandardSchema {
  /** Interface of Standard Schema. */
  readonly '~standard': {
    /** Validates a value. It may transform it. */
    readonly validate?: (value: any, ...rest: any[]) => any
    /** Writes the schema as JSON Schema. */
    readonly jsonSchema?: any
    readonly [field: string]: any
  }
  readonly [field: string]: any
}

/** Schema of the values to extract: a JSON Schema with `type: 'object'`, or of a library. */
export type ExtractionSchema = JSONSchema | StandardSchema

/** Values that are extracted from conversations. */
export interface ExtractConfig {
  /**
   * Schema of the values: a JSON Schema with `type: 'object'`, or a Standard Schema that can be
   * written as one. The validation of a Standard Schema runs too, so that its refinements and
   * transforms apply.
   */
  schema: ExtractionSchema
  /** Time of the extraction. @defaultValue 'conversationEnd' */
  on?: 'conversationEnd'
  /** Instructions to the model, such as the format of a field. */
  instructions?: string
}

/** Configuration of the agent. */
export interface AgentConfig {
  /** Identity. Required unless `customSystemPrompt` is given. */
  identity?: IdentityConfig
  /** Personality. */
  personality?: PersonalityConfig
  /** Knowledge. */
  knowledge?: KnowledgeConfig
  /** Goals. */
  goals?: GoalConfig
  /** Memory options. */
  memory?: MemoryConfig
  /** Replacement for the whole system prompt that is otherwise built from the options above. */
  customSystemPrompt?: string
  /**
   * IANA time zone of the dates in the prompt: `America/New_York`.
   * @defaultValue the calendar's `timeZone`, else the system's
   */
  timeZone?: string
  /**
   * Returns your own facts for a turn, which join the prompt on every channel. At most 5 seconds and
   * 2,000 tokens; facts that fail or take longer are left out with a warning.
   */
  context?: (request: ContextRequest) => string | null | undefined | Promise<string | null | undefined>
  /**
   * Values that the model takes from each conversation when it has ended. They are validated, stored
   * in `call_logs.metadata.extracted`, and passed to `onExtract`.
   */
  extract?: ExtractConfig
}
