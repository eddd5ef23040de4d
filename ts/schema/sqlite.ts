/** Drizzle tables of `@loctelli/ai-receptionist` for SQLite. */
import { type Column, type SQL, sql } from 'drizzle-orm'
import {
  customType,
  integer,
  sqliteTable,
  text,
  type SQLiteTable,
  type SQLiteTableWithColumns,
  type TableConfig,
} from 'drizzle-orm/sqlite-core'
import { timeOperand } from './time-operand'
import { rowId } from './row-id'
import {
  type JsonObject,
  type MemoryKind,
  prefixOf,
  type SchemaOptions,
  type SessionMetadata,
  withSessionFields,
} from './session'

export type { SchemaOptions, SessionFields, SessionMetadata } from './session'

const id = (tenantId?: string) =>
  customType<{ data: string; driverData: string; notNull: true; default: true }>({
    dataType: () => 'text',
    toDriver: (id) => rowId(id, tenantId),
  })

const key = (tenantId?: string) =>
  id(tenantId)('id')
    .primaryKey()
    .default(
      sql`(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))`,
    )

const now = sql`(CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER))`

/** Time column. `column` is called when a value is compared, after the table is created. */
const instant = (column: () => Column) =>
  customType<{ data: Date; driverData: number }>({
    dataType: () => 'integer',
    toDriver: (value) => timeOperand(column, value, (time) => time.getTime()) as number,
    fromDriver: (value) => new Date(value),
  })

const createdAt = (column: () => Column) => instant(column)('created_at').notNull().default(now)
const addedAt = (column: () => Column) => instant(column)('added_at').notNull().default(now)

/** Creates the tables with another prefix or for a tenant. */
export function createSchema(options: SchemaOptions = {}) {
  const prefix = prefixOf(options)
  const memory = sqliteTable(`${prefix}memory`, {
    id: key(options.tenantId),
    content: text('content').notNull(),
    timestamp: integer('timestamp', { mode: 'timestamp_ms' }).notNull(),
    type: text('type').$type<MemoryKind>().notNull(),
    importance: integer('importance'),
    channel: text('channel'),
    sessionMetadata: text('session_metadata', { mode: 'json' }).$type<SessionMetadata>(),
    role: text('role'),
    toolCall: text('tool_call', { mode: 'json' }).$type<JsonObject>(),
    toolResult: text('tool_result', { mode: 'json' }).$type<JsonObject>(),
    metadata: text('metadata', { mode: 'json' }).$type<JsonObject>(),
    goalAchieved: integer('goal_achieved', { mode: 'boolean' }),
    createdAt: createdAt((): Column => memory.createdAt),
    externalId: text('external_id'),
    tenantId: text('tenant_id'),
  })
  const leads = sqliteTable(`${prefix}leads`, {
    id: key(options.tenantId),
    name: text('name'),
    email: text('email'),
    phone: text('phone'),
    source: text('source'),
    metadata: text('metadata', { mode: 'json' }).$type<JsonObject>(),
    createdAt: createdAt((): Column => leads.createdAt),
    externalId: text('external_id'),
    tenantId: text('tenant_id'),
  })
  const callLogs = sqliteTable(`${prefix}call_logs`, {
    id: key(options.tenantId),
    conversationId: text('conversation_id'),
    phoneNumber: text('phone_number'),
    duration: integer('duration'),
    outcome: text('outcome'),
    summary: text('summary'),
    metadata: text('metadata', { mode: 'json' }).$type<JsonObject>(),
    createdAt: createdAt((): Column => callLogs.createdAt),
    externalId: text('external_id'),
    tenantId: text('tenant_id'),
  })
  const allowlist = sqliteTable(`${prefix}allowlist`, {
    id: key(options.tenantId),
    identifier: text('identifier').notNull(),
    type: text('type').$type<'email' | 'sms'>().notNull(),
    addedAt: addedAt((): Column => allowlist.addedAt),
    addedBy: text('added_by'),
    tenantId: text('tenant_id'),
  })
  return {
    memory: withSessionFields(
      byDay(memory),
      (name) => sql<string | null>`${memory.sessionMetadata}->>${sql.raw(`'${name}'`)}`,
    ),
    leads: byDay(leads),
    callLogs: byDay(callLogs),
    allowlist,
  }
}

/** A table whose `createdAt` can also be compared with a day; it remains the column. */
type ByDay<Config extends TableConfig> = SQLiteTable<Config> &
  Omit<Config['columns'], 'createdAt'> & { readonly createdAt: SQL<Date> }

function byDay<Config extends TableConfig>(table: SQLiteTableWithColumns<Config>): ByDay<Config> {
  return table as unknown as ByDay<Config>
}

const schema = createSchema()
/** Memories: messages, decisions, tool executions. */
export const memory = schema.memory
/** Customers, one row per person. */
export const leads = schema.leads
/** Outcomes of conversations, one row each. */
export const callLogs = schema.callLogs
/** Numbers and addresses answered by SMS and e-mail, one per row. */
export const allowlist = schema.allowlist

/** A row of {@link memory}. */
export type Memory = typeof memory.$inferSelect
/** A row to insert into {@link memory}. */
export type NewMemory = typeof memory.$inferInsert
/** A row of {@link leads}. */
export type Lead = typeof leads.$inferSelect
/** A row to insert into {@link leads}. */
export type NewLead = typeof leads.$inferInsert
/** A row of {@link callLogs}. */
export type CallLog = typeof callLogs.$inferSelect
/** A row to insert into {@link callLogs}. */
export type NewCallLog = typeof callLogs.$inferInsert
/** A row of {@link allowlist}. */
export type AllowlistEntry = typeof allowlist.$inferSelect
/** A row to insert into {@link allowlist}. */
export type NewAllowlistEntry = typeof allowlist.$inferInsert
