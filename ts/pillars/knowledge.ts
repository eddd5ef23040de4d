import type { KnowledgeConfig, LanguageConfig } from '../config/agent'
import { hold } from '../handle'
import { refusal } from '../json'
import type { NativeReceptionist } from '../native'
import { changeProfile, describe, profileOf, withItem, withoutItem } from './profile'

/** `agent.getKnowledge()`: what the agent knows. A change counts from the agent's next answer on. */
export class KnowledgeBase {
  private constructor() {}

  /** @internal */
  static of(native: NativeReceptionist): KnowledgeBase {
    const made = new KnowledgeBase()
    hold(made, native)
    return made
  }

  /** The field of business; empty unless given. */
  get domain(): string {
    return read(this).domain ?? ''
  }

  /** Areas of expertise. */
  get expertise(): string[] {
    return read(this).expertise ?? []
  }

  /** Languages by fluency; a plain list counts as fluent. */
  get languages(): LanguageConfig {
    const languages = read(this).languages ?? []
    return Array.isArray(languages) ? { fluent: languages, conversational: [] } : languages
  }

  /** Industries served. */
  get industries(): string[] {
    return read(this).industries ?? []
  }

  /** Domains it can talk about. */
  get knownDomains(): string[] {
    return read(this).knownDomains ?? []
  }

  /** What it must not claim to know. */
  get limitations(): string[] {
    return read(this).limitations ?? []
  }

  /** What to do when unsure; empty unless given. */
  get uncertaintyThreshold(): string {
    return read(this).uncertaintyThreshold ?? ''
  }

  /** Nothing is held: there is nothing to let go of. */
  async dispose(): Promise<void> {}

  /** What the prompt says of it. */
  getDescription(): string {
    return describe(this, 'knowledge')
  }

  /** The options, as they are now. */
  toJSON(): Record<string, unknown> {
    return { ...read(this) }
  }

  /** Another field of business. */
  updateDomain(domain: string): void {
    change(this, { domain })
  }

  /** One more area of expertise. */
  addExpertise(area: string): void {
    change(this, { expertise: withItem(this.expertise, area) })
  }

  /** One area of expertise less. */
  removeExpertise(area: string): void {
    change(this, { expertise: withoutItem(this.expertise, area) })
  }

  /** One more language, spoken fluently unless said otherwise. */
  addLanguage(language: string, proficiency: 'fluent' | 'conversational' = 'fluent'): void {
    if (proficiency !== 'fluent' && proficiency !== 'conversational') {
      throw refusal('INVALID_ARGUMENT', 'proficiency', "must be 'fluent' or 'conversational'")
    }
    const { languages } = this
    change(this, { languages: { ...languages, [proficiency]: withItem(languages[proficiency], language) } })
  }

  /** One language less, however well it was spoken. */
  removeLanguage(language: string): void {
    const { fluent, conversational } = this.languages
    change(this, {
      languages: {
        fluent: withoutItem(fluent, language),
        conversational: withoutItem(conversational, language),
      },
    })
  }

  /** One more industry. */
  addIndustry(industry: string): void {
    change(this, { industries: withItem(this.industries, industry) })
  }

  /** One industry less. */
  removeIndustry(industry: string): void {
    change(this, { industries: withoutItem(this.industries, industry) })
  }

  /** One more domain it can talk about. */
  addKnownDomain(domain: string): void {
    change(this, { knownDomains: withItem(this.knownDomains, domain) })
  }

  /** One domain less. */
  removeKnownDomain(domain: string): void {
    change(this, { knownDomains: withoutItem(this.knownDomains, domain) })
  }

  /** Something else it must not claim to know. */
  addLimitation(limitation: string): void {
    change(this, { limitations: withItem(this.limitations, limitation) })
  }

  /** Something it may claim to know again. */
  removeLimitation(limitation: string): void {
    change(this, { limitations: withoutItem(this.limitations, limitation) })
  }

  /** What to do when unsure. */
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
