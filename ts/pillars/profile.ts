import type { AgentConfig } from '../config/agent'
import { attempt } from '../errors'
import { held } from '../handle'
import { encodeConfig } from '../json'
import { binding, type NativeReceptionist } from '../native'

/** What the core keeps of an agent; `memory` is not part of it. */
export type Profile = Pick<AgentConfig, 'identity' | 'personality' | 'knowledge' | 'customSystemPrompt'> & {
  goals?: GoalsInDetail
}

/** Goals as the core keeps them: in words, or in detail. */
export interface GoalsInDetail {
  primary?: GoalInDetail | string
  secondary?: (GoalInDetail | string)[]
  constraints?: string[]
  metrics?: Record<string, string>
}

/** A goal that is more than words. */
export interface GoalInDetail {
  name?: string
  description: string
  priority?: number
  metric?: string
  constraints?: string[]
}

/** What the agent of `owner` is now. */
export function profileOf(owner: object): Profile {
  return JSON.parse(attempt(() => held<NativeReceptionist>(owner).profile()))
}

/** Makes the agent of `owner` something else, from its next turn on. */
export function changeProfile(owner: object, changes: Profile): void {
  const json = encodeConfig('config', { agent: { ...profileOf(owner), ...changes } })
  attempt(() => held<NativeReceptionist>(owner).setProfile(json))
}

/** What the prompt says of one pillar of `owner`'s agent. */
export function describe(owner: object, pillar: 'identity' | 'personality' | 'knowledge' | 'goals'): string {
  const json = attempt(() => held<NativeReceptionist>(owner).profile())
  return attempt(() => binding.describePillar(json, pillar))
}

/** A list with one more; what is there already keeps its place. */
export function withItem(list: string[] | undefined, item: string): string[] {
  return list?.includes(item) ? list : [...(list ?? []), item]
}

/** A list without one. */
export function withoutItem(list: string[] | undefined, item: string): string[] {
  return (list ?? []).filter((other) => other !== item)
}
