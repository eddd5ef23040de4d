import type { CommunicationStyleConfig, PersonalityConfig, PersonalityTrait } from '../config/agent'
import { attachNative } from '../bridge/native-handle'
import { copyOf } from '../bridge/json'
import type { Channel } from '../storage/memory'
import { binding, type NativeReceptionist } from '../bridge/native'
import { changeProfile, describePillar, profileOf } from './profile'

type Level = 'low' | 'medium' | 'high'

/** `agent.getPersonality()`: personality of the agent. Changes take effect with the next answer. */
export class PersonalityEngine {
  private constructor() {}

  /** Creates the personality of a native receptionist. @internal */
  static of(native: NativeReceptionist): PersonalityEngine {
    const instance = new PersonalityEngine()
    attachNative(instance, native)
    return instance
  }

  /** Personality traits; a trait given as a word has an empty description. */
  get traits(): PersonalityTrait[] {
    return traitsOf(this).map((trait) =>
      typeof trait === 'string' ? { name: trait, description: '' } : trait,
    )
  }

  /** Communication style; `consultative` by default. */
  get communicationStyle(): CommunicationStyleConfig {
    const style = read(this).communicationStyle ?? 'consultative'
    // A style given as a word may be any word; the type lists the known ones.
    return typeof style === 'string' ? { primary: style as CommunicationStyleConfig['primary'] } : style
  }

  /** Tone of voice; empty by default. */
  get tone(): string {
    return this.communicationStyle.tone ?? ''
  }

  /** Formality, 1 (casual) to 10 (formal); 5 by default. */
  get formalityLevel(): number {
    return this.communicationStyle.formalityLevel ?? 5
  }

  /** Emotional intelligence; `medium` by default. */
  get emotionalIntelligence(): Level {
    return read(this).emotionalIntelligence ?? 'medium'
  }

  /** Adaptability; `medium` by default. */
  get adaptability(): Level {
    return read(this).adaptability ?? 'medium'
  }

  /** Behaviour in conflicts; empty by default. */
  get conflictStyle(): string {
    return read(this).conflictStyle ?? ''
  }

  /** Decision style; empty by default. */
  get decisionStyle(): string {
    return read(this).decisionStyle ?? ''
  }

  /** Behaviour under stress; empty by default. */
  get stressResponse(): string {
    return read(this).stressResponse ?? ''
  }

  /** Rules for adapting to the customer. */
  get adaptabilityRules(): string[] {
    return read(this).adaptabilityRules ?? []
  }

  /** Returns the apology that the agent uses if it has no answer; the same on every channel. */
  getErrorMessage(_channel: Channel): string {
    return binding.apology()
  }

  /** Returns the section of the system prompt about the personality. */
  getDescription(): string {
    return describePillar(this, 'personality')
  }

  /** Returns the current options. */
  toJSON(): Record<string, unknown> {
    return { ...read(this) }
  }

  /** Adds a trait, replacing a trait of the same name. */
  addTrait(trait: string | PersonalityTrait): void {
    const added = typeof trait === 'string' ? trait : copyOf('trait', trait, 'PersonalityTrait')
    setTraits(this, [...traitsOf(this).filter((other) => nameOf(other) !== nameOf(added)), added])
  }

  /** Removes a trait, if it exists. */
  removeTrait(traitName: string): void {
    setTraits(
      this,
      traitsOf(this).filter((trait) => nameOf(trait) !== traitName),
    )
  }

  /** Updates a trait, if it exists. */
  updateTrait(traitName: string, updates: Partial<PersonalityTrait>): void {
    const changes = copyOf('updates', updates, 'PersonalityTrait')
    const traits = traitsOf(this).map((trait) => {
      if (nameOf(trait) !== traitName) return trait
      const known = typeof trait === 'string' ? { name: trait, description: '' } : trait
      return { ...known, ...changes }
    })
    setTraits(this, traits)
  }

  /** Updates the communication style; omitted fields are kept. */
  updateCommunicationStyle(style: Partial<CommunicationStyleConfig>): void {
    changeStyle(this, style)
  }

  /**
   * Sets the formality.
   * @param formalityLevel - 1 (casual) to 10 (formal)
   */
  setFormalityLevel(formalityLevel: number): void {
    changeStyle(this, { formalityLevel })
  }
}

function read(pillar: PersonalityEngine): PersonalityConfig {
  return profileOf(pillar).personality ?? {}
}

function traitsOf(pillar: PersonalityEngine): (string | PersonalityTrait)[] {
  return read(pillar).traits ?? []
}

function nameOf(trait: string | PersonalityTrait): string {
  return typeof trait === 'string' ? trait : trait.name
}

function setTraits(pillar: PersonalityEngine, traits: (string | PersonalityTrait)[]): void {
  changeProfile(pillar, { personality: { ...read(pillar), traits: traits as PersonalityTrait[] } })
}

function changeStyle(pillar: PersonalityEngine, style: Partial<CommunicationStyleConfig>): void {
  const communicationStyle = {
    ...pillar.communicationStyle,
    ...copyOf('style', style, 'CommunicationStyleConfig'),
  }
  changeProfile(pillar, { personality: { ...read(pillar), communicationStyle } })
}
