import type { AgentConfig } from '../config/agent'
import { callNative } from '../errors'
import { nativeOf } from '../bridge/native-handle'
import { encodeConfig } from '../bridge/json'
import { binding, type NativeReceptionist } from '../bridge/native'

/**
 * The agent's profile as stored in the core. `memory` has only the options that may change at
 * runtime; it is written and never returned.
 */
export type Profile = Pick<AgentConfig, 'identity' | 'personality' | 'knowledge' | 'customSystemPrompt'> & {
  goals?: GoalsInDetail
  memory?: { contextWindow?: number }
}

/** Goals as stored in the core: as text or in detail. */
export interface GoalsInDetail {
  primary?: GoalInDetail | string
  secondary?: (GoalInDetail | string)[]
  constraints?: string[]
  metrics?: Record<string, string> | string[]
}

/** A goal with details. */
export interface GoalInDetail {
  name?: string
  description: string
  priority?: number
  metric?: string
  constraints?: string[]
}

/** Returns the current profile of the agent of `owner`. */
export function profileOf(owner: object): Profile {
  return JSON.parse(callNative(() => nativeOf<NativeReceptionist>(owner).profile()))
}

/** Changes the profile of the agent of `owner`, from the next turn on. */
export function changeProfile(owner: object, changes: Profile): void {
  const json = encodeConfig('config', { agent: { ...profileOf(owner), ...changes } }, null)
  callNative(() => nativeOf<NativeReceptionist>(owner).setProfile(json))
}

/** Returns the section of the system prompt about one pillar of the agent of `owner`. */
export function describePillar(
  owner: object,
  pillar: 'identity' | 'personality' | 'knowledge' | 'goals',
): string {
  const json = callNative(() => nativeOf<NativeReceptionist>(owner).profile())
  return callNative(() => binding.describePillar(json, pillar))
}

/** Returns a list with an item added; an existing item keeps its position. */
export function withItem(list: string[] | undefined, item: string): string[] {
  return list?.includes(item) ? list : [...(list ?? []), item]
}

/** Returns a list without an item. */
export function withoutItem(list: string[] | undefined, item: string): string[] {
  return (list ?? []).filter((other) => other !== item)
}
