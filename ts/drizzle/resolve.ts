import { userInfo } from 'node:os'
import { mysqlSettings, pgSettings, postgresJsSettings, type DriverSettings } from './settings'
import { invalidInput } from '../bridge/invalid-input'
import {
  type DrizzleObject,
  LIBSQL,
  createQueryRunner,
  type DriverAdapter,
  MYSQL,
  PLANETSCALE,
  POSTGRES,
  SQLITE,
  SYNCHRONOUS_SQLITE,
} from './driver-adapter'
import type { JsonCallback } from '../bridge/native'
import { drizzleExample } from '../options/examples'

/**
 * A Drizzle database, or a Drizzle transaction (`tx`). Declared structurally by members of every
 * drizzle-orm version, so that this package's types do not import drizzle-orm.
 */
export interface DrizzleConnection {
  select: (...args: any[]) => any
  insert: (...args: any[]) => any
  transaction: (...args: any[]) => any
}

/**
 * Connection mode of a Drizzle object: `native` uses connections of this package to the same
 * database, `client` uses the Drizzle client.
 */
export type Via = 'native' | 'client'

/**
 * Database options for the core, and the function that runs its statements unless it connects
 * natively.
 */
export interface ResolvedConnection {
  options: object
  run: JsonCallback | null
}

/** A supported driver, keyed by the name of Drizzle's session class. */
interface Driver {
  name: string
  dialect: 'postgres' | 'mysql' | 'sqlite'
  adapter: DriverAdapter
  /** Method that identifies the driver's client. */
  method: string
  settings?: (client: any) => DriverSettings
  /** Reason why native connections are not possible. */
  reason?: string
  /**
   * Returns `true` if the client is a single connection, on which transactions and other statements
   * must run one after another.
   */
  isSingle?: (client: any) => boolean
  isClosed?: (client: any) => boolean
  /**
   * Returns `true` if the client was created without any settings: the result of `drizzle(client)`
   * in Drizzle 1.0.
   */
  hasNoSettings?: (client: any) => boolean
}

const isPool = (client: any): boolean => typeof client.totalCount === 'number'
const pgHasNoSettings = (client: any): boolean =>
  isPool(client) &&
  !['connectionString', 'host', 'port', 'user', 'database', 'password'].some(
    (name) => client.options?.[name],
  ) &&
  !['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE'].some((name) => process.env[name])

const DRIVERS: Record<string, Driver> = {
  NodePgSession: {
    name: 'node-postgres',
    dialect: 'postgres',
    adapter: POSTGRES,
    method: 'query',
    settings: pgSettings,
    isSingle: (client) => !isPool(client),
    isClosed: (client) => Boolean(client.ending || client.ended || client._ending || client._ended),
    hasNoSettings: pgHasNoSettings,
  },
  NeonSession: {
    name: 'neon-serverless',
    dialect: 'postgres',
    adapter: POSTGRES,
    method: 'query',
    reason: 'Neon is reached over WebSockets',
    isSingle: (client) => !isPool(client),
    isClosed: (client) => Boolean(client.ending || client.ended),
  },
  VercelPgSession: {
    name: 'vercel-postgres',
    dialect: 'postgres',
    adapter: POSTGRES,
    method: 'query',
    reason: 'it is reached over WebSockets',
  },
  PostgresJsSession: {
    name: 'postgres-js',
    dialect: 'postgres',
    adapter: POSTGRES,
    method: 'unsafe',
    settings: postgresJsSettings,
    hasNoSettings({ options }) {
      const system = userInfo().username
      const isDefault = options?.host?.[0] === 'localhost' && options.user === system
      return isDefault && options.database === system && !options.pass && !process.env.PGHOST
    },
  },
  PgliteSession: {
    name: 'PGlite',
    dialect: 'postgres',
    adapter: POSTGRES,
    method: 'query',
    reason: 'PGlite runs inside this process',
    isClosed: (client) => client.closed === true,
  },
  MySql2Session: {
    name: 'mysql2',
    dialect: 'mysql',
    adapter: MYSQL,
    method: 'query',
    settings: mysqlSettings,
    isSingle: (client) => (client.pool ?? client).config?.connectionConfig === undefined,
    isClosed: (client) => Boolean((client.pool ?? client)._closed || (client.connection ?? client)._closing),
    hasNoSettings(client) {
      const pool = (client.pool ?? client).config?.connectionConfig
      return pool !== undefined && !pool.user && !pool.password && !pool.database
    },
  },
  PlanetscaleSession: {
    name: 'planetscale-serverless',
    dialect: 'mysql',
    adapter: PLANETSCALE,
    method: 'execute',
    reason: 'PlanetScale is reached over HTTP',
  },
  BetterSQLiteSession: {
    name: 'better-sqlite3',
    dialect: 'sqlite',
    adapter: SYNCHRONOUS_SQLITE,
    method: 'prepare',
    reason: 'a second SQLite library in this process could corrupt the file',
    isClosed: (client) => client.open === false,
    hasNoSettings: (client) => client.name === '',
  },
  LibSQLSession: {
    name: 'libsql',
    dialect: 'sqlite',
    adapter: LIBSQL,
    method: 'execute',
    reason: 'a second SQLite library in this process could corrupt the file',
    isClosed: (client) => client.closed === true,
  },
}

const SUPPORTED_DRIVERS =
  'node-postgres, postgres-js, PGlite, neon-serverless, mysql2, better-sqlite3 or libsql'

/** Reads the Drizzle object given as `option`. The other options override its settings. */
export function resolveDrizzle(
  option: string,
  given: unknown,
  { via, ...others }: { via?: Via; pool?: object },
): ResolvedConnection {
  const { options, run } = resolve(option, given, via ?? undefined)
  const own = Object.fromEntries(Object.entries(others).filter(([, value]) => value != null))
  const pool = { ...(options as { pool?: object }).pool, ...others.pool }
  return { options: { ...options, ...own, pool }, run }
}

function resolve(option: string, given: unknown, via: unknown): ResolvedConnection {
  const refuse = (reason: string): Error => invalidInput('INVALID_CONFIG', option, reason)
  if (via !== undefined && via !== 'native' && via !== 'client') {
    throw invalidInput('INVALID_CONFIG', option.replace(/\w+$/, 'via'), "must be 'native' or 'client'")
  }
  const db = databaseOf(given)
  if (db === undefined) {
    throw refuse(
      'must be a Drizzle database: `drizzle(pool)`, or `drizzle({ client: pool })` from drizzle-orm 1.0 on; ' +
        `write \`${drizzleExample(option, given)}\``,
    )
  }
  const kind = entityKindsOf(db.session).find((name) => Object.hasOwn(DRIVERS, name))
  const driver = kind === undefined ? undefined : DRIVERS[kind]
  if (driver === undefined) {
    const hint = entityKindsOf(db.session).includes('NeonHttpSession')
      ? ' (neon-http has no transactions)'
      : ''
    throw refuse(`is a Drizzle database over a driver that cannot be used${hint}; use ${SUPPORTED_DRIVERS}`)
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
  // From 1.0 on, sessions have `relations` instead of a schema.
  if (via === undefined && !transaction && 'relations' in db.session && driver.hasNoSettings?.(client)) {
    throw refuse(
      "is over a client without any settings: drizzle-orm 1.0 ignores the client in `drizzle(client)`; write `drizzle({ client })`. If the defaults are meant, add `via: 'client'`",
    )
  }
  if (transaction && driver.adapter === SYNCHRONOUS_SQLITE) {
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
): ResolvedConnection {
  const { client } = db.session
  const { settings, reason }: DriverSettings = transaction
    ? { reason: 'a transaction cannot be entered from another connection' }
    : (driver.settings?.(client) ?? { reason: driver.reason ?? 'its settings are not known' })
  if (via === 'native' && settings === undefined) {
    throw refuse(`cannot be used natively (${driver.name}): ${reason}. Leave out \`via\``)
  }
  if (settings !== undefined && (via === 'native' || (via === undefined && reason === undefined))) {
    return { options: settings, run: null }
  }
  const adapter = transaction && driver.adapter === LIBSQL ? SQLITE : driver.adapter
  const single = driver.isSingle?.(client) === true
  const oneAtATime = transaction || single
  const described = {
    dialect: driver.dialect,
    target: targetOf(driver, client, settings),
    user: endpointOf(settings).user,
    transaction,
    single,
    writesValues: adapter === PLANETSCALE,
  }
  return { options: { client: described }, run: createQueryRunner(db, adapter, { oneAtATime, transaction }) }
}

/** Returns a description of the target, for messages. */
function targetOf(driver: Driver, client: any, settings: any): string {
  if (driver.dialect === 'sqlite' && typeof client.name === 'string') {
    return client.memory ? 'in memory' : `file ${client.name}`
  }
  const through = `(through ${driver.name})`
  const { host, port, user, database } = endpointOf(settings)
  if (typeof host !== 'string') return through
  return `"${database ?? user}" at ${host}:${port ?? 5432} ${through}`
}

/** Returns host, login and database of settings given in parts or as a URL. */
function endpointOf(settings: any): {
  host?: string
  port?: number | string
  user?: string
  database?: string
} {
  if (typeof settings?.connection !== 'string') return settings ?? {}
  const { hostname, port, username, pathname } = new URL(settings.connection)
  const [user, database] = [username, pathname.slice(1)].map(decodeURIComponent)
  return { host: hostname, port, user, database: database || undefined }
}

/** Returns the Drizzle object that has a session; with read replicas, the primary. */
function databaseOf(given: any): DrizzleObject | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const db = given.$primary ?? given
  const isDrizzle = entityKindsOf(db.dialect).length > 0 && entityKindsOf(db.session).length > 0
  return isDrizzle && typeof db.transaction === 'function' ? db : undefined
}

const ENTITY_KIND = Symbol.for('drizzle:entityKind')

/** Returns Drizzle's names of an object's classes, the most derived first. */
function entityKindsOf(object: any): string[] {
  const kinds: string[] = []
  for (let at = object?.constructor; typeof at === 'function'; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, ENTITY_KIND)) kinds.push(at[ENTITY_KIND])
  }
  return kinds
}
