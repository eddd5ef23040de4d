import type { IdentityConfig } from '../config/agent'
import { attachNative } from '../bridge/native-handle'
import type { NativeReceptionist } from '../bridge/native'
import { changeProfile, describePillar, profileOf, withItem, withoutItem } from './profile'

/** Identity of an agent that only has a custom system prompt. */
const DEFAULT_IDENTITY: IdentityConfig = { name: 'Custom Agent', role: 'AI Assistant' }

/** `agent.getIdentity()`: identity of the agent. Changes take effect with the next answer. */
export class Identity {
  private constructor() {}

  /** Creates the identity of a native receptionist. @internal */
  static of(native: NativeReceptionist): Identity {
    const instance = new Identity()
    attachNative(instance, native)
    return instance
  }

  /** Name that the agent uses. */
  get name(): string {
    return read(this).name
  }

  /** Role. */
  get role(): string {
    return read(this).role
  }

  /** Job title; by default the role. */
  get title(): string {
    const { title, role } = read(this)
    return title ?? role
  }

  /** Background story; empty by default. */
  get backstory(): string {
    return read(this).backstory ?? ''
  }

  /** Department, if given. */
  get department(): string | undefined {
    return read(this).department
  }

  /** Supervisor, if given. */
  get reportsTo(): string | undefined {
    return read(this).reportsTo
  }

  /** Authority to decide without a human; `medium` by default. */
  get authorityLevel(): 'low' | 'medium' | 'high' {
    return read(this).authorityLevel ?? 'medium'
  }

  /**
   * Situations in which the agent must hand over to a human. The built-in rules of the prompt are
   * not included.
   */
  get escalationRules(): string[] {
    return read(this).escalationRules ?? []
  }

  /** Years of experience; 0 by default. */
  get yearsOfExperience(): number {
    return read(this).yearsOfExperience ?? 0
  }

  /** Specializations. */
  get specializations(): string[] {
    return read(this).specializations ?? []
  }

  /** Certifications. */
  get certifications(): string[] {
    return read(this).certifications ?? []
  }

  /** Returns name and title: `Sarah (Sales Representative)`. */
  summary(): string {
    return `${this.name} (${this.title})`
  }

  /** Returns the section of the system prompt about the identity. */
  getDescription(): string {
    return describePillar(this, 'identity')
  }

  /** Returns the current options. */
  toJSON(): Record<string, unknown> {
    return { ...read(this) }
  }

  /**
   * Sets the name.
   * @throws {@link ConfigurationError} if it is empty
   */
  updateName(name: string): void {
    change(this, { name })
  }

  /**
   * Sets the role.
   * @throws {@link ConfigurationError} if it is empty
   */
  updateRole(role: string): void {
    change(this, { role })
  }

  /** Sets the job title. */
  updateTitle(title: string): void {
    change(this, { title })
  }

  /** Sets the background story. */
  updateBackstory(backstory: string): void {
    change(this, { backstory })
  }

  /** Sets the department. */
  updateDepartment(department: string): void {
    change(this, { department })
  }

  /** Sets the supervisor. */
  updateReportsTo(reportsTo: string): void {
    change(this, { reportsTo })
  }

  /** Sets the authority to decide without a human. */
  setAuthorityLevel(authorityLevel: 'low' | 'medium' | 'high'): void {
    change(this, { authorityLevel })
  }

  /** Adds a rule for handing over to a human. */
  addEscalationRule(rule: string): void {
    change(this, { escalationRules: withItem(read(this).escalationRules, rule) })
  }

  /** Removes a rule for handing over to a human. */
  removeEscalationRule(rule: string): void {
    change(this, { escalationRules: withoutItem(read(this).escalationRules, rule) })
  }

  /** Sets the years of experience. */
  setYearsOfExperience(yearsOfExperience: number): void {
    change(this, { yearsOfExperience })
  }

  /** Adds a specialization. */
  addSpecialization(specialization: string): void {
    change(this, { specializations: withItem(read(this).specializations, specialization) })
  }

  /** Removes a specialization. */
  removeSpecialization(specialization: string): void {
    change(this, { specializations: withoutItem(read(this).specializations, specialization) })
  }

  /** Adds a certification. */
  addCertification(certification: string): void {
    change(this, { certifications: withItem(read(this).certifications, certification) })
  }

  /** Removes a certification. */
  removeCertification(certification: string): void {
    change(this, { certifications: withoutItem(read(this).certifications, certification) })
  }
}

function read(pillar: Identity): IdentityConfig {
  return profileOf(pillar).identity ?? DEFAULT_IDENTITY
}

function change(pillar: Identity, changes: Partial<IdentityConfig>): void {
  changeProfile(pillar, { identity: { ...read(pillar), ...changes } })
}
