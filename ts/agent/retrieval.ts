import { reviveMemory } from '../bridge/json'
import type { Channel, Memory } from '../storage/memory'
import type { Customer } from './customer'

/** Options of `agent.memory.retrieve`. */
export interface RetrieveOptions {
  /** Maximum number of memories. @defaultValue 10 */
  limit?: number
  /**
   * Only memories that this customer may be told: their own, and those shared with all customers.
   * @defaultValue the memories of all customers
   */
  customer?: Customer
  /** Only this conversation. */
  conversationId?: string
  /** Only this channel. */
  channel?: Channel
  /** Only memories from this time on. */
  since?: Date
  /** Only memories before this time. */
  until?: Date
  /**
   * Names of those who talk. With semantic memory, they are left out of the text that is embedded,
   * because messages seldom hold them.
   * @defaultValue the agent's name, and the one in the record of `customer`
   */
  names?: string[]
  /** `true` to return the parts of each score. @defaultValue false */
  explain?: boolean
}

/** A memory that `agent.memory.retrieve` found, with its score. */
export interface RetrievedMemory {
  /** The memory. */
  memory: Memory
  /** The score, higher is better: at most 1, or 3 for a memory of a time that the text names. */
  score: number
  /** The parts of the score. */
  explanation: {
    /** Score by words, 0 to 1. The best memory has 1. */
    lexical: number
    /** Score by meaning, 0 to 1. The nearest memory has 1. Absent without semantic memory. */
    semantic?: number
    /** Factor of a memory that is a question itself, else 1. */
    question: number
    /** Factor of a memory of a time that the text names, else 1. */
    time: number
    /** Factor of a further memory of a conversation, else 1. */
    repeated: number
    /** Weight of each of the text's terms that was found in the memory or around it. */
    terms: Record<string, number>
  }
}

/** Decodes retrieved memories from the core. @internal */
export function decodeRetrieved(json: string): RetrievedMemory[] {
  const found: RetrievedMemory[] = JSON.parse(json)
  for (const { memory } of found) reviveMemory(memory as unknown as { timestamp: number })
  return found
}
