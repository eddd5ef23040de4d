import type { MemoryConfig } from './memory'

/** Who the agent is. */
export interface IdentityConfig {
  /** Name it answers with. */
  name: string
  /** Its role, for example `Sales Representative`. */
  role: string
  /** Job title. @defaultValue the role */
  title?: string
  /** The business it answers for. */
  company?: string
  /** Its story. */
  backstory?: string
  /** Its department. */
  department?: string
  /** Its superior. */
  reportsTo?: string
  /** How much it may decide on its own. */
  authorityLevel?: 'low' | 'medium' | 'high'
  /** When it must hand over to a human. */
  escalationRules?: string[]
  /** Experience in years. */
  yearsOfExperience?: number
  /** What it is best at. */
  specializations?: string[]
  /** What it is certified in. */
  certifications?: string[]
}

/** A trait of character, explained. */
export interface PersonalityTrait {
  /** The word. */
  name: string
  /** What it means in practice. */
  description: string
  /** How strong it is. */
  weight?: number
}

/** A style of speech. */
export interface CommunicationStyleConfig {
  /** The main style. */
  primary: 'consultative' | 'assertive' | 'empathetic' | 'analytical' | 'casual'
  /** Tone of voice. */
  tone?: 'formal' | 'friendly' | 'professional' | 'casual'
  /** 1 (casual) to 10 (formal). */
  formalityLevel?: number
}

/** How the agent behaves. */
export interface PersonalityConfig {
  /** Traits of character: words, or words explained. */
  traits?: string[] | PersonalityTrait[]
  /** Style of speech: a word, or in detail. */
  communicationStyle?: string | CommunicationStyleConfig
  /** Sense for feelings. */
  emotionalIntelligence?: 'low' | 'medium' | 'high'
  /** Readiness to adapt. */
  adaptability?: 'low' | 'medium' | 'high'
  /** Behaviour in conflicts. */
  conflictStyle?: string
  /** Way of deciding. */
  decisionStyle?: string
  /** Behaviour under stress. */
  stressResponse?: string
  /** When and how to adapt. */
  adaptabilityRules?: string[]
}

/** Languages by fluency. */
export interface LanguageConfig {
  /** Spoken fluently. */
  fluent?: string[]
  /** Spoken well enough to converse. */
  conversational?: string[]
}

/** What the agent knows. */
export interface KnowledgeConfig {
  /** The field of business. */
  domain?: string
  /** Areas of expertise. */
  expertise?: string[]
  /** Languages: a list, or by fluency. */
  languages?: string[] | LanguageConfig
  /** Industries served. */
  industries?: string[]
  /** Domains it can talk about. */
  knownDomains?: string[]
  /** What it must not claim to know. */
  limitations?: string[]
  /** What to do when unsure. */
  uncertaintyThreshold?: string
}

/** What the agent aims at. */
export interface GoalConfig {
  /** The main goal. */
  primary: string
  /** Further goals. */
  secondary?: string[]
  /** Limits while pursuing them. */
  constraints?: string[]
  /** How success is measured: name → target. */
  metrics?: Record<string, string>
}

/** What the agent is. */
export interface AgentConfig {
  /** Who it is. Required, unless `customSystemPrompt` is given. */
  identity?: IdentityConfig
  /** How it behaves. */
  personality?: PersonalityConfig
  /** What it knows. */
  knowledge?: KnowledgeConfig
  /** What it aims at. */
  goals?: GoalConfig
  /** What it remembers. */
  memory?: MemoryConfig
  /** Replaces the whole system prompt that is made of the above. */
  customSystemPrompt?: string
}
