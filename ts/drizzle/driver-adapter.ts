import { runInContextOf } from '../bridge/caller-context'
import { describeFailure } from './driver-errors'
import type { JsonCallback } from '../bridge/native'

/** A request of the core: SQL statements with text parameters. */
interface QueryRequest {
  mode: 'fetch' | 'execute' | 'transaction'
  statements: Statement[]
  /** Number of the caller on whose behalf the statements run. */
  caller: number | null
}

interface Statement {
  sql: string
  params: (string | null)[]
}

/** Rows as text, or the number of affected rows. */
type QueryReply = { rows: (string | null)[][] } | { affected: number }

/** The members of a Drizzle object that are used. */
export interface DrizzleObject {
  session: { client: any; logger?: { logQuery(sql: string, params: unknown[]): void } }
  dialect: object
  execute(query: unknown): Promise<any>
  all(query: unknown): any
  run(query: unknown): any
  transaction(work: (tx: DrizzleObject) => any, options?: object): any
}

/** Operations of a family of drivers. */
export interface DriverAdapter {
  /** Runs a query and returns its rows. */
  fetch(db: DrizzleObject, statement: Statement): Promise<any[]> | any[]
  /** Runs a statement and returns the number of affected rows. */
  execute(db: DrizzleObject, statement: Statement): Promise<number> | number
  /** Runs all statements in one transaction. */
  transaction(db: DrizzleObject, statements: Statement[]): Promise<void> | void
}

/**
 * Creates a function that runs the core's statements through `db`. It never rejects; failures are
 * part of its result.
 *
 * `oneAtATime` is for connections on which a statement could run inside another transaction.
 * `transaction` means that `db` is a user's transaction, in which each call runs in a savepoint, so
 * that a failure does not abort the rest.
 */
export function createQueryRunner(
  db: DrizzleObject,
  adapter: DriverAdapter,
  { oneAtATime, transaction }: { oneAtATime: boolean; transaction: boolean },
): JsonCallback {
  const run = async (request: QueryRequest): Promise<QueryReply> => {
    if (!transaction) return await answer(db, adapter, request)
    return await db.transaction((savepoint) => answer(savepoint, adapter, request))
  }
  return async (json) => {
    try {
      const request: QueryRequest = JSON.parse(json)
      const reply = runInContextOf(request.caller, () =>
        oneAtATime ? serialize(db.session.client, () => run(request)) : run(request),
      )
      return JSON.stringify(await reply)
    } catch (error) {
      return JSON.stringify({ error: describeFailure(error) })
    }
  }
}

async function answer(
  db: DrizzleObject,
  adapter: DriverAdapter,
  { mode, statements }: QueryRequest,
): Promise<QueryReply> {
  if (mode === 'transaction') {
    await adapter.transaction(db, statements)
    return { affected: 0 }
  }
  const statement = statements[0] as Statement
  if (mode === 'execute') return { affected: Number(await adapter.execute(db, statement)) || 0 }
  return { rows: (await adapter.fetch(db, statement)).map(rowToText) }
}

/** Converts a row to text. Every column is selected as text, under a unique name, in order. */
function rowToText(row: object): (string | null)[] {
  return Object.values(row).map((value) => (value == null ? null : String(value)))
}

const lastResults = new WeakMap<object, Promise<unknown>>()

/** Runs `work` after the work that already runs on that connection. */
function serialize<Result>(connection: object, work: () => Promise<Result>): Promise<Result> {
  const result = (lastResults.get(connection) ?? Promise.resolve()).then(work)
  lastResults.set(
    connection,
    result.catch(() => {}),
  )
  return result
}

/** Returns SQL in the form of Drizzle's raw queries, for any version, without importing Drizzle. */
function query({ sql, params }: Statement): object {
  const raw = {
    getSQL: () => raw,
    toQuery: () => ({ sql, params: [...params], typings: params.map(() => 'none') }),
  }
  return raw
}

async function eachInTransaction(db: DrizzleObject, statements: Statement[]): Promise<void> {
  await db.transaction(async (tx) => {
    for (const statement of statements) await tx.execute(query(statement))
  })
}

/**
 * Runs statements in a transaction on a connection of a node-postgres pool. Drizzle's own transaction
 * loses the connection if it breaks at `begin`, and an error event of a connection in use would end the
 * process.
 */
async function inPoolTransaction(db: DrizzleObject, statements: Statement[]): Promise<void> {
  const { client: pool, logger } = db.session
  const connection = await pool.connect()
  const ignore = () => {}
  connection.on('error', ignore)
  let broken: unknown
  try {
    await connection.query('begin')
    for (const { sql, params } of statements) {
      logger?.logQuery(sql, params)
      await connection.query(sql, params)
    }
    await connection.query('commit')
  } catch (error) {
    await connection.query('rollback').catch((failure: unknown) => (broken = failure))
    throw error
  } finally {
    connection.off('error', ignore)
    connection.release(broken)
  }
}

/** Adapter of node-postgres, postgres-js, PGlite, Neon, … */
export const POSTGRES: DriverAdapter = {
  async fetch(db, statement) {
    const result = await db.execute(query(statement))
    return Array.isArray(result) ? [...result] : result.rows
  },
  async execute(db, statement) {
    const result = await db.execute(query(statement))
    return result.count ?? result.rowCount ?? result.affectedRows
  },
  transaction(db, statements) {
    const isPool = typeof db.session.client.totalCount === 'number'
    return (isPool ? inPoolTransaction : eachInTransaction)(db, statements)
  },
}

/**
 * Adapter of mysql2. Drizzle makes it write values into the SQL with backslashes, which a session
 * may treat as literals. Values are therefore passed as parameters.
 */
export const MYSQL: DriverAdapter = {
  async fetch(db, statement) {
    const [rows] = await executePrepared(db, statement)
    return rows
  },
  async execute(db, statement) {
    const [header] = await executePrepared(db, statement)
    return header.affectedRows
  },
  async transaction(db, statements) {
    await db.transaction(async (tx) => {
      for (const statement of statements) await executePrepared(tx, statement)
    })
  },
}

/**
 * Maximum number of prepared statements per connection. A server has room for some thousands, for
 * all of its clients.
 */
const MAX_PREPARED_STATEMENTS = 100
const prepared = new WeakMap<object, Map<string, object>>()

async function executePrepared(db: DrizzleObject, statement: Statement): Promise<any> {
  if (statement.params.length === 0) return await db.execute(query(statement))
  const { client, logger } = db.session
  logger?.logQuery(statement.sql, statement.params)
  const isPool = typeof client.getConnection === 'function'
  const connection = isPool ? await client.getConnection() : client
  try {
    const options = { sql: statement.sql, rowsAsArray: true, nestTables: false, typeCast: true }
    const result = await connection.execute({ ...options, values: statement.params })
    evictPreparedStatement(connection.connection ?? connection, options)
    return result
  } finally {
    if (isPool) connection.release()
  }
}

/** Closes the least recently used prepared statement of a connection that has too many. */
function evictPreparedStatement(connection: any, options: { sql: string }): void {
  const cached = prepared.get(connection) ?? new Map<string, object>()
  prepared.set(connection, cached)
  cached.delete(options.sql)
  cached.set(options.sql, options)
  const [oldest] = cached
  if (cached.size > MAX_PREPARED_STATEMENTS && oldest !== undefined) {
    cached.delete(oldest[0])
    connection.unprepare(oldest[1])
  }
}

/**
 * Adapter of PlanetScale. Its protocol has no parameters: the driver writes values into the SQL,
 * for servers that support backslash escapes.
 */
export const PLANETSCALE: DriverAdapter = {
  async fetch(db, statement) {
    const [rows] = await db.execute(query(statement))
    return rows
  },
  async execute(db, statement) {
    const [header] = await db.execute(query(statement))
    return header.affectedRows
  },
  transaction: eachInTransaction,
}

/** Adapter of libsql transactions and other asynchronous SQLite drivers. */
export const SQLITE: DriverAdapter = {
  fetch: (db, statement) => db.all(query(statement)),
  async execute(db, statement) {
    const result = await db.run(query(statement))
    return result.changes ?? result.rowsAffected
  },
  async transaction(db, statements) {
    await db.transaction(async (tx) => {
      for (const statement of statements) await tx.run(query(statement))
    })
  },
}

/**
 * Adapter of libsql outside a transaction. A batch is a transaction without waits between its
 * statements, during which others would be busy.
 */
export const LIBSQL: DriverAdapter = {
  ...SQLITE,
  async transaction(db, statements) {
    const batch = statements.map(({ sql, params }) => ({ sql, args: params }))
    await db.session.client.batch(batch, 'write')
  },
}

/** Adapter of better-sqlite3. It is synchronous, so no other statement can run in between. */
export const SYNCHRONOUS_SQLITE: DriverAdapter = {
  fetch: (db, statement) => db.all(query(statement)),
  execute: (db, statement) => db.run(query(statement)).changes,
  transaction(db, statements) {
    const work = (tx: DrizzleObject) => {
      for (const statement of statements) tx.run(query(statement))
    }
    // Immediate: a transaction that starts with a read could not wait for the write lock.
    db.transaction(work, { behavior: 'immediate' })
  },
}
