// A pooler in transaction mode gives each transaction another server connection, on which a
// prepared statement name may belong to another client. No data is lost, deleted or misread,
// whatever version the pooler has.
import { createRequire } from 'node:module'
import test from 'ava'
import pg from 'pg'
import { AIReceptionist, DatabaseStorage } from '../../index.js'
import { findPgbouncers, startPgbouncer } from '../support/databases/pgbouncer.mjs'
import { createDatabase } from '../support/databases/postgres.mjs'

const require = createRequire(import.meta.url)
// `.ci/nightly` runs more.
const OPERATIONS = Number(process.env.POOLER_OPERATIONS ?? 400)
const CLIENTS = 3
const WORKERS = 4
/** The number of server connections for all clients. */
const CONNECTIONS = 3
/** The number of operations after which some connections are terminated. */
const KILL_EVERY = 100

const programs = findPgbouncers()
const direct = await createDatabase()
const cleanup = []
test.after.always(async () => {
  for (const close of cleanup.reverse()) await close()
})

if (direct) cleanup.push(() => direct.drop())

async function scene({ program, mode, connections = CONNECTIONS, settings }) {
  const database = await createDatabase()
  if (!database) return undefined
  cleanup.push(() => database.drop())
  const pooler = await startPgbouncer(program, database.url, { mode, connections, settings })
  cleanup.push(() => pooler.stop())
  return { database, pooler }
}

const memory = (id, content, more) => ({ id, content, timestamp: new Date(), type: 'system', ...more })

/**
 * Prepares harmful statements under the names that drivers use, on each connection of the pooler.
 */
async function setTraps(url) {
  const clients = Array.from({ length: CONNECTIONS }, () => new pg.Client({ connectionString: url }))
  await Promise.all(clients.map((client) => client.connect()))
  // Within a transaction each client keeps its own connection.
  for (const client of clients) await client.query('BEGIN')
  for (const client of clients) {
    for (let n = 1; n <= 40; n++) {
      await client.query(`PREPARE sqlx_s_${n} AS DELETE FROM ai_receptionist_memory`)
    }
  }
  for (const client of clients) await client.query('COMMIT')
  await Promise.all(clients.map((client) => client.end()))
}

/**
 * The operations of one worker on its own memories. Each result is compared with the expected one.
 */
async function work(t, storage, worker, operations, between) {
  const rows = new Map()
  const ids = () => [...rows.keys()]
  const conversationId = `conversation-${worker}`
  const checked = (what, got, expected) => t.deepEqual(got, expected, `worker ${worker}: ${what}`)
  for (let n = 0; n < operations; n++) {
    await between()
    const id = `${worker}-${n}`
    const known = ids()[(n * 7) % Math.max(rows.size, 1)]
    switch (n % 8) {
      case 0:
      case 1: {
        await storage.save(memory(id, `it's ${id} \\ 👋`, { sessionMetadata: { conversationId } }))
        rows.set(id, `it's ${id} \\ 👋`)
        break
      }
      case 2: {
        const batch = [1, 2, 3].map((part) => [`${id}-${part}`, `part ${part} of ${id}`])
        await storage.saveBatch(
          batch.map(([key, content]) => memory(key, content, { sessionMetadata: { conversationId } })),
        )
        for (const [key, content] of batch) rows.set(key, content)
        break
      }
      case 3: {
        await storage.save(memory(known, `again ${n}`, { sessionMetadata: { conversationId } }))
        rows.set(known, `again ${n}`)
        break
      }
      case 4:
        checked('reads', (await storage.get(known))?.content, rows.get(known))
        break
      case 5: {
        const found = await storage.search({ conversationId, limit: 1000 })
        checked('finds', new Map(found.map((row) => [row.id, row.content]).sort()), new Map([...rows].sort()))
        break
      }
      case 6:
        await storage.delete(known)
        rows.delete(known)
        checked('has deleted', await storage.get(known), null)
        break
      default:
        checked('finds nothing of nobody', await storage.get(`nobody-${id}`), null)
        checked(
          'reads what was there before',
          (await storage.get(`kept-${n % 50}`))?.content,
          `kept ${n % 50}`,
        )
    }
  }
  return rows
}

for (const [name, program] of Object.entries(programs)) {
  for (const mode of ['transaction', 'session']) {
    // In session mode each client connection has its own server connection.
    const connections = mode === 'session' ? CLIENTS * WORKERS : CONNECTIONS
    test(`${name}, ${mode} mode: ${OPERATIONS} operations of three clients, with connections ended, lose nothing`, async (t) => {
      t.timeout(60_000 + OPERATIONS * 60)
      const { database, pooler } = await scene({ program, mode, connections })
      t.log(pooler.version)
      const open = () => new DatabaseStorage({ connectionString: pooler.url, pool: { max: WORKERS } })
      const clients = Array.from({ length: CLIENTS }, open)
      // Concurrent starts on an empty database: the migration lock holds.
      await Promise.all(clients.map((client) => client.initialize()))
      await clients[0].saveBatch(Array.from({ length: 50 }, (_, n) => memory(`kept-${n}`, `kept ${n}`)))
      if (mode === 'transaction') await setTraps(pooler.url)

      let done = 0
      let killing = Promise.resolve()
      // One after the other, because each would terminate the connection of another.
      const between = () => {
        if (++done % KILL_EVERY === 0) killing = killing.then(kill)
        return killing
      }
      const kill = () =>
        database.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 2`,
        )
      const each = Math.ceil(OPERATIONS / CLIENTS / WORKERS)
      const workers = clients.flatMap((client, c) =>
        Array.from({ length: WORKERS }, (_, w) => work(t, client, `${c}-${w}`, each, between)),
      )
      const expected = new Map(Array.from({ length: 50 }, (_, n) => [`kept-${n}`, `kept ${n}`]))
      for (const rows of await Promise.all(workers)) for (const row of rows) expected.set(...row)
      const rows = await database.query('SELECT external_id, content FROM ai_receptionist_memory')
      const there = new Map(rows.map((row) => [row.external_id, row.content]))
      t.is(rows.length, there.size)
      t.deepEqual(new Map([...there].sort()), new Map([...expected].sort()))
      for (const client of clients) await client.dispose()
    })
  }

  test(`${name}: a receptionist answers twenty conversations at once`, async (t) => {
    const { database, pooler } = await scene({ program, mode: 'transaction' })
    const receptionist = new AIReceptionist({
      agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
      model: {
        provider: 'custom',
        model: 'mine',
        chat: async ({ messages }) => ({ content: `heard ${messages.at(-1).content}` }),
      },
      database: { connection: pooler.url },
      logger: { level: 'NONE' },
    })
    await receptionist.initialize()
    const turns = ['one', 'two', 'three']
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        for (const turn of turns) {
          const { text } = await receptionist.text.generate({
            conversationId: `c${n}`,
            prompt: `${turn} ${n}`,
          })
          t.is(text, `heard ${turn} ${n}`)
        }
      }),
    )
    await receptionist.dispose()
    const rows = await database.query(
      `SELECT session_metadata->>'conversationId' AS c, string_agg(content, ', ' ORDER BY timestamp, created_at) AS said
       FROM ai_receptionist_memory WHERE type = 'conversation' GROUP BY 1 ORDER BY 1`,
    )
    const said = (n) => turns.map((turn) => `${turn} ${n}, heard ${turn} ${n}`).join(', ')
    const expected = Array.from({ length: 20 }, (_, n) => ({ c: `c${n}`, said: said(n) }))
    t.deepEqual(
      rows,
      expected.sort((a, b) => (a.c < b.c ? -1 : 1)),
    )
  })

  test(`${name}: of three concurrent starts, one creates the missing indexes`, async (t) => {
    const { database, pooler } = await scene({ program, mode: 'transaction' })
    const open = () => new DatabaseStorage({ connectionString: pooler.url })
    const first = open()
    await first.save(memory('a', 'there'))
    await first.dispose()
    await database.query('DROP INDEX ai_receptionist_memory_idx_conversation_id')
    const clients = [open(), open(), open()]
    await Promise.all(clients.map((client) => client.initialize()))
    for (const client of clients) await client.dispose()
    const found = await database.query(
      `SELECT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       WHERE c.relname = 'ai_receptionist_memory_idx_conversation_id'`,
    )
    t.deepEqual(found, [{ indisvalid: true }])
    const kept = await database.query(
      `SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
       WHERE l.locktype = 'advisory' AND d.datname = current_database()`,
    )
    t.deepEqual(kept, [])
  })

  test(`${name}: a parameter that the pooler refuses is reported with its own message`, async (t) => {
    const { pooler } = await scene({ program, mode: 'transaction' })
    const storage = new DatabaseStorage({
      connectionString: `${pooler.url}?geqo=off&options=-c%20geqo%3Doff`,
    })
    const error = await storage.initialize().then(
      () => undefined,
      (error) => error,
    )
    // Newer versions accept some.
    if (error) t.regex(`${error.code} ${error.message}`, /^DATABASE_UNREACHABLE .*options/)
    else t.pass()
    await storage.dispose()
  })
}

/** Cases in which a pooler has no connection, and the expected error. */
const REFUSALS = {
  'no free slot': {
    settings: ['max_client_conn = 1'],
    says: /no more connections allowed.*`pool\.max`/,
  },
  'no connection to the server': {
    connections: 1,
    settings: ['query_wait_timeout = 1'],
    says: /query_wait_timeout.*pool size/,
  },
  'statement mode': { mode: 'statement', says: /statement mode.*transaction or session/ },
  'an unknown database': {
    path: '/not_there',
    code: 'DATABASE_NOT_FOUND',
    says: /not_there/,
  },
}

for (const [name, program] of Object.entries(programs)) {
  for (const [
    what,
    { mode = 'transaction', path, code = 'DATABASE_UNREACHABLE', says, ...more },
  ] of Object.entries(REFUSALS)) {
    test(`${name}: ${what}: the error names the cause`, async (t) => {
      const { pooler } = await scene({ program, mode, ...more })
      // This client keeps the only slot or connection.
      const other = new pg.Client({ connectionString: pooler.url })
      if (mode === 'transaction' && !path) {
        await other.connect()
        await other.query('BEGIN')
        await other.query('SELECT 1')
      }
      const url = new URL(pooler.url)
      if (path) url.pathname = path
      const storage = new DatabaseStorage({
        connectionString: url.href,
        pool: { connectionTimeoutMillis: 2000 },
      })
      const error = await t.throwsAsync(storage.initialize())
      t.is(error.code, code)
      t.regex(error.message, says)
      t.notRegex(error.message, /`password`/)
      await storage.dispose()
      if (mode === 'transaction' && !path) await other.end()
    })
  }
}

for (const [name, program] of Object.entries(programs)) {
  test(`${name}: a standby behind the pooler is reported as read-only`, async (t) => {
    const { database, pooler } = await scene({ program, mode: 'transaction' })
    const name = new URL(database.url).pathname.slice(1)
    await database.query(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`)
    const storage = new DatabaseStorage({ connectionString: pooler.url })
    const error = await t.throwsAsync(storage.initialize())
    t.is(error.code, 'DATABASE_PERMISSION_DENIED')
    t.regex(error.message, /read-only, as a standby is/)
    await storage.dispose()
  })
}

/** Makes each save record the statement names of its session. */
async function noteNames(database) {
  await database.query('CREATE TABLE noted (name text)')
  await database.query(
    `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN INSERT INTO noted SELECT name FROM pg_prepared_statements; RETURN NULL; END $$`,
  )
  await database.query(
    'CREATE TRIGGER note AFTER INSERT ON ai_receptionist_memory FOR EACH STATEMENT EXECUTE FUNCTION note()',
  )
}

const parameter = (query) => () => ({ connectionString: `${direct.url}?${query}` })

/** The ways to turn statement names off. */
const WITHOUT_NAMES = {
  'pgbouncer=true (Prisma, Supabase)': parameter('pgbouncer=true'),
  'prepare=false (postgres.js)': parameter('prepare=false'),
  'statement_cache_size=0 (Prisma, asyncpg)': parameter('statement_cache_size=0'),
  'prepared_statement_cache_size=0 (SQLAlchemy)': parameter('prepared_statement_cache_size=0'),
  'statement-cache-capacity=0 (sqlx)': parameter('statement-cache-capacity=0'),
  'statement_cache_capacity=0 (pgx 4)': parameter('statement_cache_capacity=0'),
  'default_query_exec_mode=simple_protocol (pgx 5)': parameter('default_query_exec_mode=simple_protocol'),
  'prepareThreshold=0 (pgjdbc)': parameter('prepareThreshold=0'),
  'prepared_statements=false (Rails)': parameter('prepared_statements=false'),
  'binary_parameters=yes (lib/pq)': parameter('binary_parameters=yes'),
  'max_prepared_statements=0 (PgBouncer)': parameter('max_prepared_statements=0'),
  'a postgres.js client with prepare: false'() {
    const client = require('postgres')(direct.url, { prepare: false, max: 2 })
    cleanup.push(() => client.end())
    return { db: require('drizzle-orm/postgres-js').drizzle(client) }
  },
  'a postgres.js client of a URL with prepare=false'() {
    const client = require('postgres')(`${direct.url}?prepare=false`, { max: 2 })
    cleanup.push(() => client.end())
    return { db: require('drizzle-orm/postgres-js').drizzle(client) }
  },
  'a node-postgres pool of a URL with pgbouncer=true'() {
    const pool = new pg.Pool({ connectionString: `${direct.url}?pgbouncer=true` })
    cleanup.push(() => pool.end())
    return { db: require('drizzle-orm/node-postgres').drizzle(pool) }
  },
  'the option prepare: false'() {
    const { hostname, port, username, password, pathname } = new URL(direct.url)
    const login = { user: username, password, database: pathname.slice(1) }
    return { host: hostname, port: Number(port || 5432), ...login, prepare: false }
  },
}

if (direct) {
  test.serial('statements on a direct connection are named, unless the option turns it off', async (t) => {
    const save = async (config) => {
      const storage = new DatabaseStorage({ pool: { max: 1 }, ...config })
      for (let n = 0; n < 3; n++) await storage.save(memory('a', `saved ${n}`))
      t.is((await storage.get('a')).content, 'saved 2')
      await storage.dispose()
    }
    await save({ connectionString: direct.url })
    await noteNames(direct)
    await save({ connectionString: direct.url })
    t.not((await direct.query('SELECT name FROM noted')).length, 0, 'names where they are ours')
    for (const [how, config] of Object.entries(WITHOUT_NAMES)) {
      await direct.query('TRUNCATE noted')
      await save(config())
      t.deepEqual(await direct.query('SELECT name FROM noted'), [], how)
    }
  })
}
