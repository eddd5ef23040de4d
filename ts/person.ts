import { reviveMemory } from './json'
import type { Memory } from './memory'

/** Everything that is held of a person, wherever it is. */
export interface PersonExport {
  /** What was said and done, oldest first. */
  memories: Memory[]
  /** Records of the person. */
  leads: {
    id: string
    name: string | null
    email: string | null
    phone: string | null
    source: string | null
    metadata: Record<string, any>
  }[]
  /** How conversations with the person ended; `duration` in seconds. */
  callLogs: {
    id: string
    conversationId: string
    phoneNumber: string | null
    duration: number | null
    outcome: string | null
    summary: string | null
    metadata: Record<string, any>
  }[]
  /** What came in, how it was answered, and what is noted of the person, such as `opt_out`. */
  inbox: { kind: string; state: string; answer: string | null; at: Date }[]
  /** On whose lists the person is: `sms`, `email`. */
  allowlist: string[]
}

/** How much was forgotten. */
export interface ForgetReport {
  memories: number
  leads: number
  callLogs: number
  inbox: number
}

/** An export as it came out of the core. */
export function decodeExport(json: string): PersonExport {
  const held = JSON.parse(json)
  for (const memory of held.memories) reviveMemory(memory)
  for (const entry of held.inbox) entry.at = new Date(entry.at)
  return held
}
