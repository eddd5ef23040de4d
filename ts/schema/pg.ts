/** Drizzle tables of `@loctelli/ai-receptionist` for PostgreSQL. */
import { type Column, type SQL, sql } from 'drizzle-orm'
import {
  boolean,
  customType,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  type PgTable,
  type PgTableWithColumns,
  type TableConfig,
} from 'drizzle-orm/pg-core'
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
    dataType: () => 'uuid',
    toDriver: (id) => rowId(id, tenantId),
  })

const key = (tenantId?: string) =>
  id(tenantId)('id')
    .primaryKey()
    .default(sql`gen_random_uuid()`)

const now = sql`(now() AT TIME ZONE 'utc')`

/** Time column. `column` is called when a value is compared, after the table is created. */
const instant = (column: () => Column) =>
  customType<{ data: Date; driverData: string }>({
    dataType: () => 'timestamp',
    toDriver: (value) => timeOperand(column, value, (time) => time.toISOString()) as string,
    fromDriver: (value) =>
      (value as unknown) instanceof Date
        ? (value as unknown as Date)
        : new Date(`${value.replace(' ', 'T')}Z`),
  })

const createdAt = (column: () => Column) => instant(column)('created_at').notNull().default(now)
const addedAt = (column: () => Column) => instant(column)('added_at').notNull().default(now)

/** Creates the tables with another prefix or for a tenant. */
export function createSchema(options: SchemaOptions = {}) {
  const prefix = prefixOf(options)
  const memory = pgTable(`${prefix}memory`, {
    id: key(options.tenantId),
    content: text('content').notNull(),
    timestamp: timestamp('timestamp', { mode: 'date' }).notNull(),
    type: text('type').$type<MemoryKind>().notNull(),
    importance: integer('importance'),
    channel: text('channel'),
    sessionMetadata: jsonb('session_metadata').$type<SessionMetadata>(),
    role: text('role'),
    toolCall: jsonb('tool_call').$type<JsonObject>(),
    toolResult: jsonb('tool_result').$type<JsonObject>(),
    metadata: jsonb('metadata').$type<JsonObject>(),
    goalAchieved: boolean('goal_achieved'),
    createdAt: createdAt((): Column => memory.createdAt),
    externalId: text('external_id'),
    tenantId: text('tenant_id'),
  })
  const leads = pgTable(`${prefix}leads`, {
    id: key(options.tenantId),
    name: text('name'),
    email: text('email'),
    phone: text('phone'),
    source: text('source'),
    metadata: jsonb('metadata').$type<JsonObject>(),
    createdAt: createdAt((): Column => leads.createdAt),
    externalId: text('external_id'),
    tenantId: text('tenant_id'),
  })
  const callLogs = pgTable(`${prefix}call_logs`, {
    id: key(options.tenantId),
    conversationId: text('conversation_id'),
    phoneNumber: text('phone_number'),
    duration: integer('duration'),
    outcome: text('outcome'),
    summary: text('summary'),
    metadata: jsonb('metadata').$type<JsonObject>(),
    createdAt: createdAt((): Column => callLogs.createdAt),
    externalId: text('external_id'),
    tenantId: text('tenant_id'),
  })
  const allowlist = pgTable(`${prefix}allowlist`, {
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
type ByDay<Config extends TableConfig> = PgTable<Config> &
  Omit<Config['columns'], 'createdAt'> & { readonly createdAt: SQL<Date> }

function byDay<Config extends TableConfig>(table: PgTableWithColumns<Config>): ByDay<Config> {
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
