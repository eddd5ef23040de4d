import { describeFailure } from './driver-errors'
import type { AnswerJson } from './native'

/** What the core asks for: statements with text parameters. */
interface Request {
  mode: 'fetch' | 'execute' | 'transaction'
  statements: Statement[]
}

interface Statement {
  sql: string
  params: (string | null)[]
}

/** Rows as text, or the number of rows changed. */
type Reply = { rows: (string | null)[][] } | { affected: number }

/** As much of a Drizzle object as is used. */
export interface DrizzleObject {
  session: { client: any }
  dialect: object
  execute(query: unknown): Promise<any>
  all(query: unknown): any
  run(query: unknown): any
  transaction(work: (tx: DrizzleObject) => any, options?: object): any
}

/** How a family of drivers is used. */
export interface Manner {
  /** Runs one reading statement. */
  rows(db: DrizzleObject, statement: Statement): Promise<any[]> | any[]
  /** Runs one writing statement; the number of rows changed. */
  affected(db: DrizzleObject, statement: Statement): Promise<number> | number
  /** Runs all or none. */
  together(db: DrizzleObject, statements: Statement[]): Promise<void> | void
}

/**
 * A function that runs the core's statements through `db`; it never rejects, failures are part of its answer.
 * `oneAtATime` is for connections on which a statement could land in another one's transaction; `transaction` says
 * that `db` is one of the user's, in which each call gets a savepoint, so that a failure spoils nothing else.
 */
export function makeRunner(
  db: DrizzleObject,
  manner: Manner,
  { oneAtATime, transaction }: { oneAtATime: boolean; transaction: boolean },
): AnswerJson {
  const run = async (request: Request): Promise<Reply> => {
    if (!transaction) return await answer(db, manner, request)
    return await db.transaction((savepoint) => answer(savepoint, manner, request))
  }
  return async (json) => {
    try {
      const request: Request = JSON.parse(json)
      return JSON.stringify(await (oneAtATime ? inTurn(db.session.client, () => run(request)) : run(request)))
    } catch (error) {
      return JSON.stringify({ error: describeFailure(error) })
    }
  }
}

async function answer(db: DrizzleObject, manner: Manner, { mode, statements }: Request): Promise<Reply> {
  if (mode === 'transaction') {
    await manner.together(db, statements)
    return { affected: 0 }
  }
  const statement = statements[0] as Statement
  if (mode === 'execute') return { affected: Number(await manner.affected(db, statement)) || 0 }
  return { rows: (await manner.rows(db, statement)).map(texts) }
}

/** Every column is selected as text, under a name of its own, in order. */
function texts(row: object): (string | null)[] {
  return Object.values(row).map((value) => (value == null ? null : String(value)))
}

const last = new WeakMap<object, Promise<unknown>>()

/** After what runs on that connection already. */
function inTurn<Result>(connection: object, work: () => Promise<Result>): Promise<Result> {
  const result = (last.get(connection) ?? Promise.resolve()).then(work)
  last.set(
    connection,
    result.catch(() => {}),
  )
  return result
}

/** SQL as Drizzle's raw queries take it, of any version and without importing Drizzle. */
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

/** node-postgres, postgres-js, PGlite, Neon, … */
export const POSTGRES: Manner = {
  async rows(db, statement) {
    const result = await db.execute(query(statement))
    return Array.isArray(result) ? [...result] : result.rows
  },
  async affected(db, statement) {
    const result = await db.execute(query(statement))
    return result.count ?? result.rowCount ?? result.affectedRows
  },
  together: eachInTransaction,
}

/** mysql2, PlanetScale, … */
export const MYSQL: Manner = {
  async rows(db, statement) {
    const [rows] = await db.execute(query(statement))
    return rows
  },
  async affected(db, statement) {
    const [header] = await db.execute(query(statement))
    return header.affectedRows
  },
  together: eachInTransaction,
}

/** libsql and other asynchronous SQLites. */
export const SQLITE: Manner = {
  rows: (db, statement) => db.all(query(statement)),
  async affected(db, statement) {
    const result = await db.run(query(statement))
    return result.changes ?? result.rowsAffected
  },
  async together(db, statements) {
    await db.transaction(async (tx) => {
      for (const statement of statements) await tx.run(query(statement))
    })
  },
}

/** libsql outside of a transaction: a batch is one, without a wait between its statements in which others would be busy. */
export const LIBSQL: Manner = {
  ...SQLITE,
  async together(db, statements) {
    const batch = statements.map(({ sql, params }) => ({ sql, args: params }))
    await db.session.client.batch(batch, 'write')
  },
}

/** better-sqlite3: nothing waits, so no other statement can come in between. */
export const SYNCHRONOUS_SQLITE: Manner = {
  rows: (db, statement) => db.all(query(statement)),
  affected: (db, statement) => db.run(query(statement)).changes,
  together(db, statements) {
    const work = (tx: DrizzleObject) => {
      for (const statement of statements) tx.run(query(statement))
    }
    // Immediate: a transaction that begins by reading could not wait for the write lock.
    db.transaction(work, { behavior: 'immediate' })
  },
}
