import type { SQL } from 'drizzle-orm'

/** What a memory's `session_metadata` says of its conversation; rows copied from nullable columns have nulls. */
export interface SessionMetadata {
  conversationId?: string | null
  callSid?: string | null
  messageSid?: string | null
  status?: string | null
  duration?: number | null
  participants?: string[] | null
  [key: string]: unknown
}

/** A JSON object. */
export type JsonObject = Record<string, any>

/** The kinds of memories. */
export type MemoryKind = 'conversation' | 'decision' | 'error' | 'tool_execution' | 'system'

const FIELDS = ['conversationId', 'callSid', 'messageSid', 'status', 'duration', 'participants'] as const

/** `session_metadata.conversationId` and so on, as expressions to select, compare and sort by. */
export type SessionFields = { readonly [Field in (typeof FIELDS)[number]]: SQL<string | null> }

/** Gives a table `session_metadata`, where no loop over its columns finds it. */
export function withSessionFields<Table extends object>(
  table: Table,
  field: (name: string) => SQL<string | null>,
): Table & { readonly session_metadata: SessionFields } {
  const fields = Object.fromEntries(FIELDS.map((name) => [name, field(name)]))
  Object.defineProperty(table, 'session_metadata', { value: fields })
  return table as Table & { readonly session_metadata: SessionFields }
}

/** How a schema is made. */
export interface SchemaOptions {
  /** Prefix of all table names, as in the receptionist's `database.tablePrefix`. @defaultValue 'ai_receptionist_' */
  tablePrefix?: string
  /**
   * The tenant in whose rows the `id`s are looked up, as in the receptionist's `database.tenantId`. Rows of others are still
   * selected: compare `tenantId` in your queries.
   */
  tenantId?: string
}

/** The prefix to use. */
export function prefixOf(options: SchemaOptions): string {
  return options.tablePrefix ?? 'ai_receptionist_'
}
