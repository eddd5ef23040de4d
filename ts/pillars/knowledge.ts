import type { KnowledgeConfig, LanguageConfig } from '../config/agent'
import { attachNative } from '../bridge/native-handle'
import { invalidInput } from '../bridge/invalid-input'
import type { NativeReceptionist } from '../bridge/native'
import { changeProfile, describePillar, profileOf, withItem, withoutItem } from './profile'

/** `agent.getKnowledge()`: knowledge of the agent. Changes take effect with the next answer. */
export class KnowledgeBase {
  private constructor() {}

  /** Creates the knowledge base of a native receptionist. @internal */
  static of(native: NativeReceptionist): KnowledgeBase {
    const instance = new KnowledgeBase()
    attachNative(instance, native)
    return instance
  }

  /** Business domain; empty by default. */
  get domain(): string {
    return read(this).domain ?? ''
  }

  /** Areas of expertise. */
  get expertise(): string[] {
    return read(this).expertise ?? []
  }

  /** Languages by proficiency; the languages of a plain list are fluent. */
  get languages(): LanguageConfig {
    const languages = read(this).languages ?? []
    return Array.isArray(languages) ? { fluent: languages, conversational: [] } : languages
  }

  /** Industries served. */
  get industries(): string[] {
    return read(this).industries ?? []
  }

  /** Further domains that the agent can talk about. */
  get knownDomains(): string[] {
    return read(this).knownDomains ?? []
  }

  /** Topics that the agent must not claim to know. */
  get limitations(): string[] {
    return read(this).limitations ?? []
  }

  /** Instruction for cases in which the agent is unsure; empty by default. */
  get uncertaintyThreshold(): string {
    return read(this).uncertaintyThreshold ?? ''
  }

  /** Does nothing: the knowledge base holds no resources. */
  async dispose(): Promise<void> {}

  /** Returns the section of the system prompt about the knowledge. */
  getDescription(): string {
    return describePillar(this, 'knowledge')
  }

  /** Returns the current options. */
  toJSON(): Record<string, unknown> {
    return { ...read(this) }
  }

  /** Sets the business domain. */
  updateDomain(domain: string): void {
    change(this, { domain })
  }

  /** Adds an area of expertise. */
  addExpertise(area: string): void {
    change(this, { expertise: withItem(this.expertise, area) })
  }

  /** Removes an area of expertise. */
  removeExpertise(area: string): void {
    change(this, { expertise: withoutItem(this.expertise, area) })
  }

  /** Adds a language, by default a fluent one. */
  addLanguage(language: string, proficiency: 'fluent' | 'conversational' = 'fluent'): void {
    if (proficiency !== 'fluent' && proficiency !== 'conversational') {
      throw invalidInput('INVALID_ARGUMENT', 'proficiency', "must be 'fluent' or 'conversational'")
    }
    const { languages } = this
    change(this, { languages: { ...languages, [proficiency]: withItem(languages[proficiency], language) } })
  }

  /** Removes a language of any proficiency. */
  removeLanguage(language: string): void {
    const { fluent, conversational } = this.languages
    change(this, {
      languages: {
        fluent: withoutItem(fluent, language),
        conversational: withoutItem(conversational, language),
      },
    })
  }

  /** Adds an industry. */
  addIndustry(industry: string): void {
    change(this, { industries: withItem(this.industries, industry) })
  }

  /** Removes an industry. */
  removeIndustry(industry: string): void {
    change(this, { industries: withoutItem(this.industries, industry) })
  }

  /** Adds a domain that the agent can talk about. */
  addKnownDomain(domain: string): void {
    change(this, { knownDomains: withItem(this.knownDomains, domain) })
  }

  /** Removes a domain that the agent can talk about. */
  removeKnownDomain(domain: string): void {
    change(this, { knownDomains: withoutItem(this.knownDomains, domain) })
  }

  /** Adds a topic that the agent must not claim to know. */
  addLimitation(limitation: string): void {
    change(this, { limitations: withItem(this.limitations, limitation) })
  }

  /** Removes a topic that the agent must not claim to know. */
  removeLimitation(limitation: string): void {
    change(this, { limitations: withoutItem(this.limitations, limitation) })
  }

  /** Sets the instruction for cases in which the agent is unsure. */
  updateUncertaintyThreshold(uncertaintyThreshold: string): void {
    change(this, { uncertaintyThreshold })
  }
}

function read(pillar: KnowledgeBase): KnowledgeConfig {
  return profileOf(pillar).knowledge ?? {}
}

function change(pillar: KnowledgeBase, changes: KnowledgeConfig): void {
  changeProfile(pillar, { knowledge: { ...read(pillar), ...changes } })
}
