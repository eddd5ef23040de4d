import type { SQL } from 'drizzle-orm'

/** Contents of a memory's `session_metadata`. Rows copied from nullable columns contain nulls. */
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

/** Type of a memory. */
export type MemoryKind = 'conversation' | 'decision' | 'error' | 'tool_execution' | 'system'

const FIELDS = ['conversationId', 'callSid', 'messageSid', 'status', 'duration', 'participants'] as const

/**
 * Fields of `session_metadata`, such as `conversationId`, as expressions to select, compare and
 * sort by.
 */
export type SessionFields = { readonly [Field in (typeof FIELDS)[number]]: SQL<string | null> }

/**
 * Adds `session_metadata` to a table, not enumerable, so that loops over its columns do not find
 * it.
 */
export function withSessionFields<Table extends object>(
  table: Table,
  field: (name: string) => SQL<string | null>,
): Table & { readonly session_metadata: SessionFields } {
  const fields = Object.fromEntries(FIELDS.map((name) => [name, field(name)]))
  Object.defineProperty(table, 'session_metadata', { value: fields })
  return table as Table & { readonly session_metadata: SessionFields }
}

/** Options of `createSchema`. */
export interface SchemaOptions {
  /**
   * Prefix of all table names, as in the receptionist's `database.tablePrefix`.
   * @defaultValue 'ai_receptionist_'
   */
  tablePrefix?: string
  /**
   * Tenant used to compute row `id`s, as in the receptionist's `database.tenantId`. Rows of other
   * tenants are still selected: compare `tenantId` in your queries.
   */
  tenantId?: string
}

/** Returns the table prefix. */
export function prefixOf(options: SchemaOptions): string {
  return options.tablePrefix ?? 'ai_receptionist_'
}
