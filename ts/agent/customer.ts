import type { Channel } from '../storage/memory'

/**
 * Identity of a customer. It comes from your code, never from the content of a conversation: tools
 * only read and change data of this customer.
 */
export interface Customer {
  /** Your own id of the customer. */
  id?: string
  /** E-mail address, case-insensitive. */
  email?: string
  /** Phone number in any common notation. */
  phone?: string
}

/** The facts that are recorded about a customer. */
export interface KnownCustomer extends Customer {
  /** Further identifiers of the same person, one each. */
  linked: Customer[]
  /** Full name. */
  name?: string
  /** Time of the first record or memory. */
  since?: Date
  /** Further fields of the record: `company`, addresses that are not on the line, your own fields. */
  fields: Record<string, string>
  /** Facts that the customer told, newest first. `source` is the id of the memory in which it was said. */
  facts: { key: string; value: string; at: Date; source: string }[]
  /** Preferences, newest first. */
  preferences: { key: string; value: string }[]
  /** Notes, newest first. */
  notes: string[]
  /** Appointments that have not begun, the next one first. */
  appointments: { eventId: string; start: Date; title?: string }[]
  /** Last three conversations on any channel, newest first. */
  conversations: ConversationSummary[]
}

/** A summary of a conversation. */
export interface ConversationSummary {
  /** Conversation id. */
  id: string
  /** Time of the summary. */
  at: Date
  /** Channel, if known. */
  channel?: Channel
  /** Summary. */
  summary: string
  /** Next steps that were promised. */
  nextSteps?: string
}

/** The summary and the new facts of a conversation, from `agent.memory.summarize`. */
export interface ConversationDigest {
  /** Summary of the conversation. */
  summary: string
  /** Facts that were recorded now. `source` is the id of the memory in which it was said. */
  facts: { key: string; value: string; source: string }[]
}

/** Decodes the facts about a customer. */
export function decodeKnownCustomer(known: any): KnownCustomer {
  if (known.since !== undefined) known.since = new Date(known.since)
  for (const appointment of known.appointments) appointment.start = new Date(appointment.start)
  for (const fact of known.facts) fact.at = new Date(fact.at)
  for (const conversation of known.conversations) conversation.at = new Date(conversation.at)
  return known
}
