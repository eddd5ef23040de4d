import type { CommunicationStyleConfig, PersonalityConfig, PersonalityTrait } from '../config/agent'
import { hold } from '../handle'
import { copyOf } from '../json'
import type { Channel } from '../memory'
import { binding, type NativeReceptionist } from '../native'
import { changeProfile, describe, profileOf } from './profile'

type Level = 'low' | 'medium' | 'high'

/** `agent.getPersonality()`: how the agent behaves. A change counts from the agent's next answer on. */
export class PersonalityEngine {
  private constructor() {}

  /** @internal */
  static of(native: NativeReceptionist): PersonalityEngine {
    const made = new PersonalityEngine()
    hold(made, native)
    return made
  }

  /** Traits of character; the description of one given as a word is empty. */
  get traits(): PersonalityTrait[] {
    return traitsOf(this).map((trait) =>
      typeof trait === 'string' ? { name: trait, description: '' } : trait,
    )
  }

  /** Style of speech; `consultative` unless given. */
  get communicationStyle(): CommunicationStyleConfig {
    const style = read(this).communicationStyle ?? 'consultative'
    // A style given as a word may be any word; the type lists those that are known.
    return typeof style === 'string' ? { primary: style as CommunicationStyleConfig['primary'] } : style
  }

  /** Tone of voice; empty unless given. */
  get tone(): string {
    return this.communicationStyle.tone ?? ''
  }

  /** 1 (casual) to 10 (formal); 5 unless given. */
  get formalityLevel(): number {
    return this.communicationStyle.formalityLevel ?? 5
  }

  /** Sense for feelings; `medium` unless given. */
  get emotionalIntelligence(): Level {
    return read(this).emotionalIntelligence ?? 'medium'
  }

  /** Readiness to adapt; `medium` unless given. */
  get adaptability(): Level {
    return read(this).adaptability ?? 'medium'
  }

  /** Behaviour in conflicts; empty unless given. */
  get conflictStyle(): string {
    return read(this).conflictStyle ?? ''
  }

  /** Way of deciding; empty unless given. */
  get decisionStyle(): string {
    return read(this).decisionStyle ?? ''
  }

  /** Behaviour under stress; empty unless given. */
  get stressResponse(): string {
    return read(this).stressResponse ?? ''
  }

  /** When and how to adapt. */
  get adaptabilityRules(): string[] {
    return read(this).adaptabilityRules ?? []
  }

  /** What the agent says when it has no answer, the same on every channel. */
  getErrorMessage(_channel: Channel): string {
    return binding.apology()
  }

  /** What the prompt says of it. */
  getDescription(): string {
    return describe(this, 'personality')
  }

  /** The options, as they are now. */
  toJSON(): Record<string, unknown> {
    return { ...read(this) }
  }

  /** Adds a trait; one of the same name is replaced. */
  addTrait(trait: string | PersonalityTrait): void {
    const added = typeof trait === 'string' ? trait : copyOf('trait', trait)
    setTraits(this, [...traitsOf(this).filter((other) => nameOf(other) !== nameOf(added)), added])
  }

  /** Takes a trait away; nothing happens if there is none of that name. */
  removeTrait(traitName: string): void {
    setTraits(
      this,
      traitsOf(this).filter((trait) => nameOf(trait) !== traitName),
    )
  }

  /** Changes a trait; nothing happens if there is none of that name. */
  updateTrait(traitName: string, updates: Partial<PersonalityTrait>): void {
    const changes = copyOf('updates', updates)
    const traits = traitsOf(this).map((trait) => {
      if (nameOf(trait) !== traitName) return trait
      const known = typeof trait === 'string' ? { name: trait, description: '' } : trait
      return { ...known, ...changes }
    })
    setTraits(this, traits)
  }

  /** Changes the style of speech; what is not given stays. */
  updateCommunicationStyle(style: Partial<CommunicationStyleConfig>): void {
    changeStyle(this, style)
  }

  /** @param formalityLevel - 1 (casual) to 10 (formal) */
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
  const communicationStyle = { ...pillar.communicationStyle, ...copyOf('style', style) }
  changeProfile(pillar, { personality: { ...read(pillar), communicationStyle } })
}
