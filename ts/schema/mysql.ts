/** Drizzle tables of `@loctelli/ai-receptionist` for MySQL and MariaDB. */
import { type Column, type SQL, sql } from 'drizzle-orm'
import {
  boolean,
  customType,
  int,
  longtext,
  mysqlTable,
  varchar,
  type MySqlTable,
  type MySqlTableWithColumns,
  type TableConfig,
} from 'drizzle-orm/mysql-core'
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
    dataType: () => 'char(36)',
    toDriver: (id) => rowId(id, tenantId),
  })

const key = (tenantId?: string) =>
  id(tenantId)('id')
    .primaryKey()
    .default(sql`(uuid())`)

const digits = (time: Date) => time.toISOString().replace('T', ' ').replace('Z', '')

const time = (value: unknown) =>
  value instanceof Date ? value : new Date(`${String(value).replace(' ', 'T')}Z`)

const moment = customType<{ data: Date; driverData: string }>({
  dataType: () => 'datetime(3)',
  toDriver: digits,
  fromDriver: time,
})

/** JSON column. MariaDB returns it as text, MySQL as JSON. */
const json = customType<{ data: any; driverData: unknown }>({
  dataType: () => 'json',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => (typeof value === 'string' ? JSON.parse(value) : value),
})

const now = sql`(UTC_TIMESTAMP(6))`

/** Time column. `column` is called when a value is compared, after the table is created. */
const instant = (column: () => Column) =>
  customType<{ data: Date; driverData: string }>({
    dataType: () => 'datetime(6)',
    toDriver: (value) => timeOperand(column, value, digits) as string,
    fromDriver: time,
  })

const createdAt = (column: () => Column) => instant(column)('created_at').notNull().default(now)
const addedAt = (column: () => Column) => instant(column)('added_at').notNull().default(now)

/** Creates the tables with another prefix or for a tenant. */
export function createSchema(options: SchemaOptions = {}) {
  const prefix = prefixOf(options)
  const memory = mysqlTable(`${prefix}memory`, {
    id: key(options.tenantId),
    content: longtext('content').notNull(),
    timestamp: moment('timestamp').notNull(),
    type: varchar('type', { length: 64 }).$type<MemoryKind>().notNull(),
    importance: int('importance'),
    channel: varchar('channel', { length: 64 }),
    sessionMetadata: json('session_metadata').$type<SessionMetadata>(),
    role: varchar('role', { length: 64 }),
    toolCall: json('tool_call').$type<JsonObject>(),
    toolResult: json('tool_result').$type<JsonObject>(),
    metadata: json('metadata').$type<JsonObject>(),
    goalAchieved: boolean('goal_achieved'),
    createdAt: createdAt((): Column => memory.createdAt),
    externalId: varchar('external_id', { length: 512 }),
    tenantId: varchar('tenant_id', { length: 128 }),
  })
  const leads = mysqlTable(`${prefix}leads`, {
    id: key(options.tenantId),
    name: longtext('name'),
    email: longtext('email'),
    phone: varchar('phone', { length: 512 }),
    source: longtext('source'),
    metadata: json('metadata').$type<JsonObject>(),
    createdAt: createdAt((): Column => leads.createdAt),
    externalId: varchar('external_id', { length: 512 }),
    tenantId: varchar('tenant_id', { length: 128 }),
  })
  const callLogs = mysqlTable(`${prefix}call_logs`, {
    id: key(options.tenantId),
    conversationId: varchar('conversation_id', { length: 512 }),
    phoneNumber: varchar('phone_number', { length: 512 }),
    duration: int('duration'),
    outcome: longtext('outcome'),
    summary: longtext('summary'),
    metadata: json('metadata').$type<JsonObject>(),
    createdAt: createdAt((): Column => callLogs.createdAt),
    externalId: varchar('external_id', { length: 512 }),
    tenantId: varchar('tenant_id', { length: 128 }),
  })
  const allowlist = mysqlTable(`${prefix}allowlist`, {
    id: key(options.tenantId),
    identifier: varchar('identifier', { length: 512 }).notNull(),
    type: varchar('type', { length: 64 }).$type<'email' | 'sms'>().notNull(),
    addedAt: addedAt((): Column => allowlist.addedAt),
    addedBy: longtext('added_by'),
    tenantId: varchar('tenant_id', { length: 128 }),
  })
  return {
    memory: withSessionFields(
      byDay(memory),
      (name) => sql<string | null>`JSON_VALUE(${memory.sessionMetadata}, ${sql.raw(`'$.${name}'`)})`,
    ),
    leads: byDay(leads),
    callLogs: byDay(callLogs),
    allowlist,
  }
}

/** A table whose `createdAt` can also be compared with a day; it remains the column. */
type ByDay<Config extends TableConfig> = MySqlTable<Config> &
  Omit<Config['columns'], 'createdAt'> & { readonly createdAt: SQL<Date> }

function byDay<Config extends TableConfig>(table: MySqlTableWithColumns<Config>): ByDay<Config> {
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
