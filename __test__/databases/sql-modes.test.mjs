// Text of customers is never parsed as SQL, whatever the session of a user's client does with
// backslashes, quotes and bytes.
import { createRequire } from 'node:module'
import test from 'ava'
import mysql2Callbacks from 'mysql2'
import mysql2 from 'mysql2/promise'
import pg from 'pg'
import postgresJs from 'postgres'
import { DatabaseStorage } from '../../index.js'
import { mariadb, mysql, postgres, dropDatabases } from '../support/databases/drizzle-drivers.mjs'

const require = createRequire(import.meta.url)
const drizzle = (driver, client) => require(`drizzle-orm/${driver}`).drizzle(client)
const cleanup = []
test.after.always(async () => {
  for (const close of cleanup.reverse()) await close()
  await dropDatabases()
})

/**
 * Texts that end a string literal if a backslash is special, if it is not, or in the bytes of some
 * character sets.
 */
const WORDS = [
  "it's",
  '\\',
  "\\'",
  "\\\\'",
  "'' OR ''=''",
  `\\" OR 1=1 -- `,
  "hi', utc_timestamp(), 0x73797374656d, 1, null, null, null, null, null, null, null, utc_timestamp(), concat(0x52414e5f, user()), null) -- ",
  "\\', (SELECT user()), 1) -- ",
  // CVE-2006-2314 and -2753: bytes of GBK, Big5 and Shift-JIS that contain or swallow a backslash.
  "\u00bf\\' OR 1=1 -- ",
  '縗\\',
  "ソ' -- 表\\",
  "\u0095\\' -- ",
  '? ?? :name $1 $$ ${x} %s @@version `x`',
  '/*! DROP TABLE x */ # --',
  '👋 \u2019 \u02bc \uff07',
  'a\tb\r\nc\u001a',
]

/**
 * Saves all texts, in one batch and one by one, and reads them back. Asserts that no other rows
 * exist.
 */
async function roundTrip(t, storage, name) {
  const saved = WORDS.map((content, n) => ({
    id: `${name} ${n} ${content}`.slice(0, 200),
    content,
    timestamp: new Date(1_700_000_000_000 + n),
    type: 'conversation',
    role: 'user',
    sessionMetadata: { conversationId: `${name} ${content}`, from: content },
    metadata: { [content]: content },
  }))
  await storage.saveBatch(saved)
  for (const memory of saved) {
    await storage.save(memory)
    const got = await storage.get(memory.id)
    t.is(got?.content, memory.content, name)
    t.deepEqual(got?.metadata, memory.metadata, name)
    const { conversationId } = memory.sessionMetadata
    t.deepEqual(
      (await storage.search({ conversationId })).map((row) => row.id),
      [memory.id],
      `${name}: ${conversationId}`,
    )
  }
  t.is(await storage.count(), saved.length, `${name}: rows`)
}

const MODES = [
  '',
  'NO_BACKSLASH_ESCAPES',
  'ANSI_QUOTES',
  'NO_BACKSLASH_ESCAPES,ANSI_QUOTES',
  'PIPES_AS_CONCAT,IGNORE_SPACE',
  'ANSI',
  'TRADITIONAL',
]

/** The ways to set the sql_mode of a mysql2 client. */
const CLIENTS = {
  async pool(uri, mode) {
    const pool = mysql2.createPool({ uri, connectionLimit: 2 })
    pool.on('connection', (connection) => connection.query('SET SESSION sql_mode = ?', [mode]))
    cleanup.push(() => pool.end())
    return drizzle('mysql2', pool)
  },
  async 'pool of callbacks'(uri, mode) {
    const pool = mysql2Callbacks.createPool({ uri, connectionLimit: 2 })
    pool.on('connection', (connection) => connection.query('SET SESSION sql_mode = ?', [mode]))
    cleanup.push(() => pool.promise().end())
    return drizzle('mysql2', pool)
  },
  async connection(uri, mode) {
    const connection = await mysql2.createConnection({
      uri,
      namedPlaceholders: true,
      rowsAsArray: false,
      typeCast: false,
    })
    await connection.query('SET SESSION sql_mode = ?', [mode])
    cleanup.push(() => connection.end())
    return drizzle('mysql2', connection)
  },
}

for (const [name, server] of Object.entries({ MySQL: mysql, MariaDB: mariadb })) {
  if (!server) continue
  test.serial(`${name}: no sql_mode of a mysql2 client turns text into SQL`, async (t) => {
    t.timeout(120_000)
    let scene = 0
    for (const mode of MODES) {
      for (const [how, open] of Object.entries(CLIENTS)) {
        if (how !== 'connection' && !mode.startsWith('NO_')) continue
        const db = await open(server.url, mode)
        const storage = new DatabaseStorage({ db, via: 'client', tablePrefix: `mode${++scene}_` })
        await roundTrip(t, storage, `${how} "${mode}"`)
        await storage.dispose()
      }
    }
  })

  test.serial(`${name}: nor inside a transaction of the user`, async (t) => {
    const db = await CLIENTS.pool(server.url, 'NO_BACKSLASH_ESCAPES')
    const outside = new DatabaseStorage({ db, tablePrefix: 'tx_' })
    await outside.initialize()
    await db.transaction((tx) => roundTrip(t, new DatabaseStorage({ db: tx, tablePrefix: 'tx_' }), 'tx'))
    t.is(await outside.count(), WORDS.length)
    await outside.dispose()
  })

  test.serial(
    `${name}: a client whose charset changes text is refused, or another connection is used`,
    async (t) => {
      for (const charset of ['latin1', 'utf8', 'gbk', 'sjis', 'big5', 'cp932']) {
        const pool = mysql2.createPool({ uri: server.url, charset: `${charset}_bin`, connectionLimit: 1 })
        const db = drizzle('mysql2', pool)
        const refused = new DatabaseStorage({ db, via: 'client', tablePrefix: 'set_' })
        const error = await t.throwsAsync(
          refused.save({ id: 'a', content: '👋', timestamp: new Date(), type: 'system' }),
        )
        t.is(error.code, 'INVALID_CONFIG', charset)
        t.regex(error.message, /utf8mb4/)
        const native = new DatabaseStorage({ db, tablePrefix: 'set_' })
        await native.save({ id: 'a', content: '👋', timestamp: new Date(), type: 'system' })
        t.is((await native.get('a')).content, '👋', charset)
        for (const storage of [refused, native]) await storage.dispose()
        await pool.end()
      }
      // A hook runs after an option.
      const pool = mysql2.createPool({ uri: server.url })
      pool.on('connection', (connection) => connection.query('SET NAMES gbk'))
      const hooked = new DatabaseStorage({ db: drizzle('mysql2', pool) })
      t.is((await t.throwsAsync(hooked.initialize())).code, 'INVALID_CONFIG')
      await hooked.dispose()
      await pool.end()
    },
  )
}

if (mysql) {
  test.serial('MySQL: a connection caches at most a hundred prepared statements', async (t) => {
    const pool = mysql2.createPool({ uri: mysql.url, connectionLimit: 1 })
    const storage = new DatabaseStorage({
      db: drizzle('mysql2', pool),
      via: 'client',
      tablePrefix: 'many_',
    })
    for (let limit = 1; limit <= 150; limit++) await storage.search({ conversationId: 'c', limit })
    const [[{ kept }]] = await pool.query(
      `SELECT COUNT(*) AS kept FROM performance_schema.prepared_statements_instances p
       JOIN performance_schema.threads t ON t.thread_id = p.owner_thread_id WHERE t.processlist_id = CONNECTION_ID()`,
    )
    t.true(kept > 50 && kept <= 100, String(kept))
    await storage.dispose()
    await pool.end()
  })
}

if (postgres) {
  test.serial('PostgreSQL: no session setting turns text into SQL', async (t) => {
    const settings = [
      'standard_conforming_strings=off',
      'backslash_quote=on',
      'escape_string_warning=off',
      'DateStyle=German',
    ]
    const options = settings.map((setting) => `-c ${setting}`).join(' ')
    const pool = new pg.Pool({ connectionString: postgres.url, options })
    const sql = postgresJs(postgres.url, {
      connection: { standard_conforming_strings: 'off' },
      onnotice() {},
    })
    cleanup.push(
      () => pool.end(),
      () => sql.end(),
    )
    let scene = 0
    for (const [name, db] of Object.entries({
      'node-postgres': drizzle('node-postgres', pool),
      'postgres-js': drizzle('postgres-js', sql),
    })) {
      const storage = new DatabaseStorage({ db, via: 'client', tablePrefix: `setting${++scene}_` })
      await roundTrip(t, storage, name)
      await storage.dispose()
    }
    const native = new DatabaseStorage({
      connectionString: `${postgres.url}?options=${encodeURIComponent(options)}`,
      tablePrefix: 'setting_native_',
    })
    await roundTrip(t, native, 'native')
    await native.dispose()
  })

  test.serial('PostgreSQL: a client with another encoding is refused', async (t) => {
    const pool = new pg.Pool({ connectionString: postgres.url })
    pool.on('connect', (client) => client.query("SET client_encoding TO 'LATIN1'"))
    const storage = new DatabaseStorage({
      db: drizzle('node-postgres', pool),
      via: 'client',
      tablePrefix: 'set_',
    })
    const error = await t.throwsAsync(storage.initialize())
    t.is(error.code, 'INVALID_CONFIG')
    t.regex(error.message, /client_encoding/)
    await storage.dispose()
    await pool.end()
  })
}
