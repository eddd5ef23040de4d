import type { IdentityConfig } from '../config/agent'
import { hold } from '../handle'
import type { NativeReceptionist } from '../native'
import { changeProfile, describe, profileOf, withItem, withoutItem } from './profile'

/** Who an agent without an identity is: one that brings a prompt of its own. */
const NOBODY: IdentityConfig = { name: 'Custom Agent', role: 'AI Assistant' }

/** `agent.getIdentity()`: who the agent is. A change counts from the agent's next answer on. */
export class Identity {
  private constructor() {}

  /** @internal */
  static of(native: NativeReceptionist): Identity {
    const made = new Identity()
    hold(made, native)
    return made
  }

  /** Name it answers with. */
  get name(): string {
    return read(this).name
  }

  /** Its role. */
  get role(): string {
    return read(this).role
  }

  /** Job title; the role unless given. */
  get title(): string {
    const { title, role } = read(this)
    return title ?? role
  }

  /** Its story; empty unless given. */
  get backstory(): string {
    return read(this).backstory ?? ''
  }

  /** Its department. */
  get department(): string | undefined {
    return read(this).department
  }

  /** Its superior. */
  get reportsTo(): string | undefined {
    return read(this).reportsTo
  }

  /** How much it may decide on its own; `medium` unless given. */
  get authorityLevel(): 'low' | 'medium' | 'high' {
    return read(this).authorityLevel ?? 'medium'
  }

  /** When it must hand over to a human; the defaults of the prompt are not listed. */
  get escalationRules(): string[] {
    return read(this).escalationRules ?? []
  }

  /** Experience in years; 0 unless given. */
  get yearsOfExperience(): number {
    return read(this).yearsOfExperience ?? 0
  }

  /** What it is best at. */
  get specializations(): string[] {
    return read(this).specializations ?? []
  }

  /** What it is certified in. */
  get certifications(): string[] {
    return read(this).certifications ?? []
  }

  /** `Sarah (Sales Representative)`. */
  summary(): string {
    return `${this.name} (${this.title})`
  }

  /** What the prompt says of it. */
  getDescription(): string {
    return describe(this, 'identity')
  }

  /** The options, as they are now. */
  toJSON(): Record<string, unknown> {
    return { ...read(this) }
  }

  /** @throws {@link ConfigurationError} if it is empty */
  updateName(name: string): void {
    change(this, { name })
  }

  /** @throws {@link ConfigurationError} if it is empty */
  updateRole(role: string): void {
    change(this, { role })
  }

  /** Another job title. */
  updateTitle(title: string): void {
    change(this, { title })
  }

  /** Another story. */
  updateBackstory(backstory: string): void {
    change(this, { backstory })
  }

  /** Another department. */
  updateDepartment(department: string): void {
    change(this, { department })
  }

  /** Another superior. */
  updateReportsTo(reportsTo: string): void {
    change(this, { reportsTo })
  }

  /** How much it may decide on its own. */
  setAuthorityLevel(authorityLevel: 'low' | 'medium' | 'high'): void {
    change(this, { authorityLevel })
  }

  /** One more reason to hand over to a human. */
  addEscalationRule(rule: string): void {
    change(this, { escalationRules: withItem(read(this).escalationRules, rule) })
  }

  /** One reason less to hand over. */
  removeEscalationRule(rule: string): void {
    change(this, { escalationRules: withoutItem(read(this).escalationRules, rule) })
  }

  /** Experience in years. */
  setYearsOfExperience(yearsOfExperience: number): void {
    change(this, { yearsOfExperience })
  }

  /** Something else it is best at. */
  addSpecialization(specialization: string): void {
    change(this, { specializations: withItem(read(this).specializations, specialization) })
  }

  /** Something it is not best at any more. */
  removeSpecialization(specialization: string): void {
    change(this, { specializations: withoutItem(read(this).specializations, specialization) })
  }

  /** Something else it is certified in. */
  addCertification(certification: string): void {
    change(this, { certifications: withItem(read(this).certifications, certification) })
  }

  /** Something it is not certified in any more. */
  removeCertification(certification: string): void {
    change(this, { certifications: withoutItem(read(this).certifications, certification) })
  }
}

function read(pillar: Identity): IdentityConfig {
  return profileOf(pillar).identity ?? NOBODY
}

function change(pillar: Identity, changes: Partial<IdentityConfig>): void {
  changeProfile(pillar, { identity: { ...read(pillar), ...changes } })
}
