import { reviveMemory } from '../bridge/json'
import type { Memory } from '../storage/memory'

/** Export of all data of a person. */
export interface PersonExport {
  /** Memories of the person's conversations, oldest first. */
  memories: Memory[]
  /** Leads of the person. */
  leads: {
    id: string
    name: string | null
    email: string | null
    phone: string | null
    source: string | null
    metadata: Record<string, any>
  }[]
  /** Call logs of the person; `duration` in seconds. */
  callLogs: {
    id: string
    conversationId: string
    phoneNumber: string | null
    duration: number | null
    outcome: string | null
    summary: string | null
    metadata: Record<string, any>
  }[]
  /** Inbound messages with their answers, and records of the person such as `opt_out`. */
  inbox: { kind: string; state: string; answer: string | null; at: Date }[]
  /** Channels whose allowlist contains the person: `sms`, `email`. */
  allowlist: string[]
}

/** Numbers of erased records. */
export interface ForgetReport {
  memories: number
  leads: number
  callLogs: number
  inbox: number
}

/** Decodes an export from the core. */
export function decodeExport(json: string): PersonExport {
  const nativeOf = JSON.parse(json)
  for (const memory of nativeOf.memories) reviveMemory(memory)
  for (const entry of nativeOf.inbox) entry.at = new Date(entry.at)
  return nativeOf
}
