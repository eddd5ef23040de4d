import { userInfo } from 'node:os'
import { mysqlSettings, pgSettings, postgresJsSettings, type Settings } from './connection-settings'
import { receptionistError } from './errors'
import {
  type DrizzleObject,
  LIBSQL,
  makeRunner,
  type Manner,
  MYSQL,
  POSTGRES,
  SQLITE,
  SYNCHRONOUS_SQLITE,
} from './host-client'
import type { AnswerJson } from './native'

/**
 * A Drizzle database, or a transaction of one (`tx`). Described by what every version of drizzle-orm has, so that
 * this package's types need none of them.
 */
export interface DrizzleConnection {
  select: (...args: any[]) => any
  insert: (...args: any[]) => any
  transaction: (...args: any[]) => any
}

/** How a Drizzle object is used: by connections of ours to the same database, or by its own client. */
export type Via = 'native' | 'client'

/** What the core is told, and the function that runs its statements, if it does not connect itself. */
export interface Connected {
  options: object
  run: AnswerJson | null
}

/** A driver we know, by the name of Drizzle's session class. */
interface Driver {
  name: string
  dialect: 'postgres' | 'mysql' | 'sqlite'
  manner: Manner
  /** What its client can do, if it is one. */
  method: string
  settings?: (client: any) => Settings
  /** Why it cannot be connected to natively. */
  reason?: string
  /** Whether its client is one connection, on which transactions and other statements must take turns. */
  isSingle?: (client: any) => boolean
  isClosed?: (client: any) => boolean
  /** Whether it looks made from no settings at all: what Drizzle 1.0 does with `drizzle(client)`. */
  isBlank?: (client: any) => boolean
}

const isPool = (client: any): boolean => typeof client.totalCount === 'number'
const isPgBlank = (client: any): boolean =>
  isPool(client) &&
  !['connectionString', 'host', 'port', 'user', 'database', 'password'].some(
    (name) => client.options?.[name],
  ) &&
  !['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE'].some((name) => process.env[name])

const DRIVERS: Record<string, Driver> = {
  NodePgSession: {
    name: 'node-postgres',
    dialect: 'postgres',
    manner: POSTGRES,
    method: 'query',
    settings: pgSettings,
    isSingle: (client) => !isPool(client),
    isClosed: (client) => Boolean(client.ending || client.ended || client._ending || client._ended),
    isBlank: isPgBlank,
  },
  NeonSession: {
    name: 'neon-serverless',
    dialect: 'postgres',
    manner: POSTGRES,
    method: 'query',
    reason: 'Neon is reached over WebSockets',
    isSingle: (client) => !isPool(client),
    isClosed: (client) => Boolean(client.ending || client.ended),
  },
  VercelPgSession: {
    name: 'vercel-postgres',
    dialect: 'postgres',
    manner: POSTGRES,
    method: 'query',
    reason: 'it is reached over WebSockets',
  },
  PostgresJsSession: {
    name: 'postgres-js',
    dialect: 'postgres',
    manner: POSTGRES,
    method: 'unsafe',
    settings: postgresJsSettings,
    isBlank({ options }) {
      const system = userInfo().username
      const isDefault = options?.host?.[0] === 'localhost' && options.user === system
      return isDefault && options.database === system && !options.pass && !process.env.PGHOST
    },
  },
  PgliteSession: {
    name: 'PGlite',
    dialect: 'postgres',
    manner: POSTGRES,
    method: 'query',
    reason: 'PGlite runs inside this process',
    isClosed: (client) => client.closed === true,
  },
  MySql2Session: {
    name: 'mysql2',
    dialect: 'mysql',
    manner: MYSQL,
    method: 'query',
    settings: mysqlSettings,
    isSingle: (client) => (client.pool ?? client).config?.connectionConfig === undefined,
    isClosed: (client) => Boolean((client.pool ?? client)._closed || (client.connection ?? client)._closing),
    isBlank(client) {
      const pool = (client.pool ?? client).config?.connectionConfig
      return pool !== undefined && !pool.user && !pool.password && !pool.database
    },
  },
  PlanetscaleSession: {
    name: 'planetscale-serverless',
    dialect: 'mysql',
    manner: MYSQL,
    method: 'execute',
    reason: 'PlanetScale is reached over HTTP',
  },
  BetterSQLiteSession: {
    name: 'better-sqlite3',
    dialect: 'sqlite',
    manner: SYNCHRONOUS_SQLITE,
    method: 'prepare',
    reason: 'a second SQLite library in this process could corrupt the file',
    isClosed: (client) => client.open === false,
    isBlank: (client) => client.name === '',
  },
  LibSQLSession: {
    name: 'libsql',
    dialect: 'sqlite',
    manner: LIBSQL,
    method: 'execute',
    reason: 'a second SQLite library in this process could corrupt the file',
    isClosed: (client) => client.closed === true,
  },
}

const SUPPORTED = 'node-postgres, postgres-js, PGlite, neon-serverless, mysql2, better-sqlite3 or libsql'

/** Reads a Drizzle object that was given as `option`, among other options, which win over what it says. */
export function readDrizzle(
  option: string,
  given: unknown,
  { via, ...others }: { via?: Via; pool?: object },
): Connected {
  const { options, run } = read(option, given, via ?? undefined)
  const own = Object.fromEntries(Object.entries(others).filter(([, value]) => value != null))
  const pool = { ...(options as { pool?: object }).pool, ...others.pool }
  return { options: { ...options, ...own, pool }, run }
}

function read(option: string, given: unknown, via: unknown): Connected {
  const refuse = (reason: string): Error => refusal(option, reason)
  if (via !== undefined && via !== 'native' && via !== 'client') {
    throw refusal(option.replace(/\w+$/, 'via'), "must be 'native' or 'client'")
  }
  const db = databaseOf(given)
  if (db === undefined) {
    throw refuse(
      'must be a Drizzle database: `drizzle(pool)`, or `drizzle({ client: pool })` from drizzle-orm 1.0 on; ' +
        'a connection string is accepted too',
    )
  }
  const kind = kindsOf(db.session).find((name) => Object.hasOwn(DRIVERS, name))
  const driver = kind === undefined ? undefined : DRIVERS[kind]
  if (driver === undefined) {
    const hint = kindsOf(db.session).includes('NeonHttpSession') ? ' (neon-http has no transactions)' : ''
    throw refuse(`is a Drizzle database over a driver that cannot be used${hint}; use ${SUPPORTED}`)
  }
  const { client } = db.session
  const transaction = typeof (db as { rollback?: unknown }).rollback === 'function'
  if (typeof client?.[driver.method] !== 'function') {
    throw refuse(
      client?.client !== undefined || client?.connection !== undefined
        ? 'was made as `drizzle({ client })`, which this version of drizzle-orm takes for the client itself; write `drizzle(client)`'
        : `has no ${driver.name} client; give one to \`drizzle()\``,
    )
  }
  if (driver.isClosed?.(client)) {
    throw refuse(
      `is over a ${driver.name} client that is closed; pass one that is open, and end it after \`dispose()\``,
    )
  }
  // From 1.0 on sessions know relations instead of a schema.
  if (via === undefined && !transaction && 'relations' in db.session && driver.isBlank?.(client)) {
    throw refuse(
      "is over a client without any settings: drizzle-orm 1.0 ignores the client in `drizzle(client)`; write `drizzle({ client })`. If the defaults are meant, add `via: 'client'`",
    )
  }
  if (transaction && driver.manner === SYNCHRONOUS_SQLITE) {
    throw refuse(
      'is a transaction of better-sqlite3, which ends before anything asynchronous can happen in it; pass the database instead',
    )
  }
  return connect(refuse, db, driver, { transaction, via })
}

function connect(
  refuse: (reason: string) => Error,
  db: DrizzleObject,
  driver: Driver,
  { transaction, via }: { transaction: boolean; via: Via | undefined },
): Connected {
  const { client } = db.session
  const { settings, reason }: Settings = transaction
    ? { reason: 'a transaction cannot be entered from another connection' }
    : (driver.settings?.(client) ?? { reason: driver.reason ?? 'its settings are not known' })
  if (via === 'native' && settings === undefined) {
    throw refuse(`cannot be used natively (${driver.name}): ${reason}. Leave out \`via\``)
  }
  if (settings !== undefined && (via === 'native' || (via === undefined && reason === undefined))) {
    return { options: settings, run: null }
  }
  const manner = transaction && driver.manner === LIBSQL ? SQLITE : driver.manner
  const single = driver.isSingle?.(client) === true
  const oneAtATime = transaction || single
  const described = {
    dialect: driver.dialect,
    target: targetOf(driver, client, settings),
    user: placeOf(settings).user,
    transaction,
    single,
  }
  return { options: { client: described }, run: makeRunner(db, manner, { oneAtATime, transaction }) }
}

/** Where it leads, for messages. */
function targetOf(driver: Driver, client: any, settings: any): string {
  if (driver.dialect === 'sqlite' && typeof client.name === 'string') {
    return client.memory ? 'in memory' : `file ${client.name}`
  }
  const through = `(through ${driver.name})`
  const { host, port, user, database } = placeOf(settings)
  if (typeof host !== 'string') return through
  return `"${database ?? user}" at ${host}:${port ?? 5432} ${through}`
}

/** What settings, by parts or as a URL, say of host and login. */
function placeOf(settings: any): { host?: string; port?: number | string; user?: string; database?: string } {
  if (typeof settings?.connection !== 'string') return settings ?? {}
  const { hostname, port, username, pathname } = new URL(settings.connection)
  const [user, database] = [username, pathname.slice(1)].map(decodeURIComponent)
  return { host: hostname, port, user, database: database || undefined }
}

/** The Drizzle object with its session; of one with replicas the primary. */
function databaseOf(given: any): DrizzleObject | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const db = given.$primary ?? given
  const isDrizzle = kindsOf(db.dialect).length > 0 && kindsOf(db.session).length > 0
  return isDrizzle && typeof db.transaction === 'function' ? db : undefined
}

const ENTITY_KIND = Symbol.for('drizzle:entityKind')

/** What Drizzle calls the classes of an object, its own first. */
function kindsOf(object: any): string[] {
  const kinds: string[] = []
  for (let at = object?.constructor; typeof at === 'function'; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, ENTITY_KIND)) kinds.push(at[ENTITY_KIND])
  }
  return kinds
}

function refusal(field: string, reason: string): Error {
  return receptionistError('INVALID_CONFIG', `Invalid option \`${field}\`: ${reason}`, {
    details: { field, reason },
  })
}
