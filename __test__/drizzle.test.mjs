// Drizzle connections: every driver passes every scenario through its client, and users' transactions are theirs.
process.env.TZ = 'America/New_York'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect, promisify } from 'node:util'
import test from 'ava'
import { sql } from 'drizzle-orm'
import { AIReceptionist, ConfigurationError, DatabaseError, DatabaseStorage } from '../index.js'
import { memory, scenarios } from './scenarios.mjs'
import { drizzleOf, mariadb, mysql, openers, postgres, Sqlite } from './servers/drizzle.mjs'

const folder = mkdtempSync(join(tmpdir(), 'receptionist-drizzle-'))
const drizzle = drizzleOf()
let count = 0
const prefix = () => `d${++count}_`
const file = () => join(folder, `${++count}.db`)

test.after.always(async () => {
  for (const server of [postgres, mysql, mariadb]) await server?.drop()
  rmSync(folder, { recursive: true, force: true })
})

const DRIVERS = openers()

/** A URL's parts, as node-postgres takes them. */
function partsOf(url) {
  const { hostname: host, port, username: user, password, pathname } = new URL(url)
  return {
    host,
    port: Number(port || 5432),
    user,
    password: password || undefined,
    database: pathname.slice(1),
  }
}

for (const [name, open] of Object.entries(DRIVERS)) {
  let connection
  test.before(async () => {
    connection = await open()
  })
  test.after.always(async () => await connection?.close())

  for (const [title, run] of Object.entries(scenarios)) {
    test.serial(`${name}: ${title}`, async (t) => {
      const storage = new DatabaseStorage({ db: connection.db, via: 'client', tablePrefix: prefix() })
      try {
        await run(t, storage)
      } finally {
        await storage.dispose()
      }
    })
  }

  test.serial(`${name}: a storage opens again after dispose()`, async (t) => {
    const storage = new DatabaseStorage({ db: connection.db, via: 'client', tablePrefix: prefix() })
    await storage.save(memory('a'))
    await storage.dispose()
    await t.throwsAsync(storage.count(), { code: 'DISPOSED' })
    await storage.initialize()
    t.is(await storage.count(), 1)
    await storage.dispose()
  })

  test.serial(`${name}: a failing statement keeps the driver's own error as the cause`, async (t) => {
    const tablePrefix = prefix()
    const storage = new DatabaseStorage({ db: connection.db, via: 'client', tablePrefix })
    await storage.initialize()
    const drop = sql.raw(`DROP TABLE ${tablePrefix}memory`)
    await (connection.db.execute ? connection.db.execute(drop) : connection.db.run(drop))
    const error = await t.throwsAsync(storage.save(memory('a', { content: 'a secret' })), {
      instanceOf: DatabaseError,
      code: 'DATABASE_FAILED',
    })
    t.truthy(error.cause?.code, `${error.cause}`)
    t.false(/a secret/.test(`${error.message} ${error.cause.message} ${JSON.stringify(error.cause)}`))
    await storage.dispose()
  })

  test.serial(`${name}: a client that is ended later is an error that says so`, async (t) => {
    const { db, close } = await open()
    const storage = new DatabaseStorage({ db, via: 'client', tablePrefix: prefix() })
    await storage.save(memory('a'))
    await close()
    await t.throwsAsync(storage.count(), {
      instanceOf: DatabaseError,
      code: 'DATABASE_UNREACHABLE',
      message: /ended/,
    })
    t.false(await storage.healthCheck())
    await storage.dispose()
  })

  // better-sqlite3's transactions are synchronous: nothing can be saved in them.
  if (name === 'better-sqlite3') continue

  test.serial(`${name}: saves in a transaction commit and roll back with it`, async (t) => {
    const { db } = connection
    const tablePrefix = prefix()
    const outside = new DatabaseStorage({ db, via: 'client', tablePrefix })

    const missing = await db.transaction(async (tx) => {
      const inside = new DatabaseStorage({ db: tx, tablePrefix })
      const error = await t.throwsAsync(inside.save(memory('early')), { code: 'DATABASE_TABLES_MISSING' })
      t.regex(error.message, /migrate\(\)/)
      await t.throwsAsync(inside.migrate(), { code: 'INVALID_CONFIG' })
    })
    t.is(missing, undefined)
    await outside.initialize()

    class Mine extends Error {}
    await t.throwsAsync(
      db.transaction(async (tx) => {
        const inside = new DatabaseStorage({ db: tx, tablePrefix })
        await inside.save(memory('a'))
        t.is((await inside.get('a')).id, 'a')
        throw new Mine()
      }),
      { instanceOf: Mine },
    )
    t.is(await outside.count(), 0)

    await db.transaction(async (tx) => {
      const inside = new DatabaseStorage({ db: tx, tablePrefix })
      await Promise.all(['a', 'b', 'c'].map((id) => inside.save(memory(id))))
      t.is(await inside.count(), 3)
    })
    t.is(await outside.count(), 3)
    await outside.dispose()
  })

  test.serial(`${name}: a save that fails in a transaction spoils neither it nor the others`, async (t) => {
    const { db } = connection
    const tablePrefix = prefix()
    const outside = new DatabaseStorage({ db, via: 'client', tablePrefix })
    await outside.initialize()
    const refuse =
      name === 'libsql' ? undefined : `ALTER TABLE ${tablePrefix}memory ADD CHECK (content <> 'bad')`
    await (refuse
      ? db.execute(sql.raw(refuse))
      : db.run(
          sql.raw(`CREATE TRIGGER ${tablePrefix}t BEFORE INSERT ON ${tablePrefix}memory WHEN NEW.content = 'bad'
                   BEGIN SELECT RAISE(ABORT, 'bad'); END`),
        ))
    await db.transaction(async (tx) => {
      const inside = new DatabaseStorage({ db: tx, tablePrefix })
      const results = await Promise.allSettled([
        inside.save(memory('a')),
        inside.save(memory('b', { content: 'bad' })),
        inside.save(memory('c')),
        inside.search({}),
      ])
      t.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
      )
    })
    t.is(await outside.count(), 2)
    await outside.dispose()
  })
}

// Native, from a client's settings

if (postgres) {
  for (const name of ['node-postgres', 'postgres-js']) {
    test.serial(`${name}: natively, with its own settings`, async (t) => {
      const { db, close } = await DRIVERS[name]()
      const tablePrefix = prefix()
      const storage = new DatabaseStorage({ db, tablePrefix })
      const others = new DatabaseStorage({ db, via: 'client', tablePrefix })
      await storage.save(memory('a'))
      t.deepEqual(await others.get('a'), memory('a'))
      await close()
      t.is(await storage.count(), 1, 'it does not need the client')
      await storage.dispose()
    })
  }

  test.serial('a pool with connect hooks, or one connection, goes through the client', async (t) => {
    const { default: pg } = await import('pg')
    const pool = new pg.Pool({ connectionString: postgres.url, max: 1 })
    pool.on('connect', (client) =>
      client.query('CREATE SCHEMA IF NOT EXISTS other; SET search_path TO other'),
    )
    const storage = new DatabaseStorage({ db: drizzle('node-postgres', pool), tablePrefix: prefix() })
    await storage.save(memory('a'))
    const tables = await postgres.query(
      `SELECT 1 FROM pg_tables WHERE schemaname = 'other' AND tablename = 'd${count}_memory'`,
    )
    t.is(tables.length, 1)
    await storage.dispose()
    await pool.end()
  })

  test.serial('the receptionist of the specification', async (t) => {
    const { default: pg } = await import('pg')
    const pool = new pg.Pool({ connectionString: postgres.url })
    const db = drizzle('node-postgres', pool)
    const receptionist = new AIReceptionist({
      agent: {
        identity: { name: 'Sarah', role: 'Sales Rep' },
        memory: { contextWindow: 20, longTermEnabled: true, longTermStorage: new DatabaseStorage({ db }) },
      },
      model: { provider: 'openai', apiKey: 'unused', model: 'gpt-4' },
      database: { connection: db, autoMigrate: true, tablePrefix: 'spec_' },
    })
    await receptionist.initialize()
    await receptionist.agent.memory.store(memory('a'))
    t.is((await postgres.query('SELECT 1 FROM spec_memory')).length, 1, 'the storage inherits the prefix')
    t.is(
      (await postgres.query(`SELECT 1 FROM pg_tables WHERE tablename = 'ai_receptionist_memory'`)).length,
      0,
    )
    await receptionist.dispose()
    await pool.end()
  })

  test.serial('manual migrations', async (t) => {
    const { db, close } = await DRIVERS['node-postgres']()
    const receptionist = new AIReceptionist({
      database: { connection: db, autoMigrate: false, tablePrefix: 'manual_', via: 'client' },
    })
    await receptionist.database.migrate()
    t.is((await postgres.query('SELECT 1 FROM pg_tables WHERE tablename = $1', ['manual_leads'])).length, 1)
    await receptionist.dispose()
    await close()
  })

  test.serial('a custom prefix', async (t) => {
    const { db, close } = await DRIVERS['node-postgres']()
    const receptionist = new AIReceptionist({ database: { connection: db, tablePrefix: 'my_ai_' } })
    await receptionist.database.migrate()
    const tables = await postgres.query(
      `SELECT tablename FROM pg_tables WHERE tablename LIKE 'my\\_ai\\_%' ORDER BY 1`,
    )
    t.deepEqual(
      tables.map((row) => row.tablename),
      [
        'my_ai_allowlist',
        'my_ai_call_logs',
        'my_ai_inbox',
        'my_ai_leads',
        'my_ai_memory',
        'my_ai_migrations',
      ],
    )
    await receptionist.dispose()
    await close()
  })

  const poolSettings = {
    'plain settings': [{}, true],
    'single settings': [
      { connectionString: undefined, ...partsOf(postgres.url), application_name: 'app', max: 2 },
      true,
    ],
    'a password function': [
      {
        connectionString: undefined,
        ...partsOf(postgres.url),
        password: async () => partsOf(postgres.url).password ?? 'x',
      },
      false,
    ],
    'a statement timeout': [{ statement_timeout: 5_000 }, false],
    'session options': [{ options: '-c work_mem=8MB' }, false],
    'an onConnect hook': [{ onConnect: async () => {} }, false],
  }
  for (const [what, [settings, isNative]] of Object.entries(poolSettings)) {
    test.serial(`a pool with ${what} is used ${isNative ? 'natively' : 'through the client'}`, async (t) => {
      const { default: pg } = await import('pg')
      const pool = new pg.Pool({ connectionString: postgres.url, ...settings })
      const storage = new DatabaseStorage({ db: drizzle('node-postgres', pool), tablePrefix: prefix() })
      await storage.save(memory('a'))
      t.is(pool.totalCount === 0, isNative)
      await storage.dispose()
      await pool.end()
    })
  }

  test.serial('a server that is not there: the same error natively and through the client', async (t) => {
    const { default: pg } = await import('pg')
    for (const via of ['native', 'client']) {
      const pool = new pg.Pool({ host: '127.0.0.1', port: 9, user: 'u', password: 'hunter2', database: 'db' })
      const storage = new DatabaseStorage({ db: drizzle('node-postgres', pool), via })
      const error = await t.throwsAsync(storage.initialize(), {
        instanceOf: DatabaseError,
        code: 'DATABASE_UNREACHABLE',
        message: /"db" at 127\.0\.0\.1:9/,
      })
      t.false(/hunter2/.test(inspect(error, { depth: 9 })))
      t.false(await storage.healthCheck())
      await storage.dispose()
      await pool.end()
    }
  })

  test.serial('one connection in all does not deadlock', async (t) => {
    const { default: pg } = await import('pg')
    const pool = new pg.Pool({ connectionString: postgres.url, max: 1 })
    const db = drizzle('node-postgres', pool)
    const storage = new DatabaseStorage({ db, via: 'client', tablePrefix: prefix() })
    await Promise.all(Array.from({ length: 20 }, (_, i) => storage.save(memory(`m${i}`))))
    await db.transaction(async (tx) => {
      await new DatabaseStorage({ db: tx, tablePrefix: `d${count}_` }).save(memory('in'))
    })
    t.is(await storage.count(), 21)
    await storage.dispose()
    await pool.end()
  })
}

for (const [name, server] of Object.entries({ MySQL: mysql, MariaDB: mariadb })) {
  if (!server) continue
  test.serial(
    `${name}: a password works, and a wrong one is the same error, natively and through the client`,
    async (t) => {
      const { default: mysql2 } = await import('mysql2/promise')
      const user = `d_${server.name.slice(-12)}`
      await server.query(`CREATE USER ${user}@'%' IDENTIFIED BY 'right-secret'`)
      t.teardown(() => server.query(`DROP USER ${user}@'%'`))
      const { hostname, port } = new URL(server.url)
      await server.query(`GRANT ALL ON ${server.name}.* TO ${user}@'%'`)
      const open = (password) => {
        return mysql2.createPool({
          host: hostname,
          port: Number(port || 3306),
          user,
          password,
          database: server.name,
        })
      }
      for (const via of ['native', 'client']) {
        const right = open('right-secret')
        const works = new DatabaseStorage({ db: drizzle('mysql2', right), via, tablePrefix: prefix() })
        await works.save(memory('a'))
        await works.dispose()
        await right.end()
        const pool = open('wrong-secret')
        const storage = new DatabaseStorage({ db: drizzle('mysql2', pool), via })
        const error = await t.throwsAsync(storage.initialize(), {
          instanceOf: DatabaseError,
          code: 'DATABASE_AUTHENTICATION_FAILED',
          message: new RegExp(`"${server.name}" at ${hostname}.*"${user}"`),
        })
        t.false(/wrong-secret/.test(inspect(error, { depth: 9 })))
        await storage.dispose()
        await pool.end()
      }
    },
  )
}

// SQLite files

if (Sqlite) {
  test.serial('a file is not opened by two SQLite libraries at once', async (t) => {
    const path = file()
    const { db, close } = await DRIVERS['better-sqlite3'](path)
    const theirs = new DatabaseStorage({ db })
    await theirs.save(memory('a'))
    const ours = new DatabaseStorage({ connectionString: `sqlite:${path}` })
    const error = await t.throwsAsync(ours.count(), {
      code: 'INVALID_CONNECTION',
      instanceOf: ConfigurationError,
    })
    t.regex(error.message, /two SQLite libraries.*Drizzle object/s)
    await theirs.dispose()
    t.is(await ours.count(), 1)
    await t.throwsAsync(new DatabaseStorage({ db }).count(), { code: 'INVALID_CONNECTION' })
    await ours.dispose()
    t.is(await new DatabaseStorage({ db }).count(), 1)
    await close()
  })

  test.serial('better-sqlite3 as in the specification', async (t) => {
    const { db, close } = await DRIVERS['better-sqlite3'](file())
    const receptionist = new AIReceptionist({
      agent: {
        identity: { name: 'Sarah', role: 'Sales Rep' },
        memory: { longTermEnabled: true, longTermStorage: new DatabaseStorage({ db }) },
      },
      model: { provider: 'openai', apiKey: 'unused', model: 'gpt-4' },
      database: { connection: db, autoMigrate: true },
    })
    await receptionist.initialize()
    await receptionist.agent.memory.store(memory('a'))
    t.is(db.all(sql`SELECT * FROM ai_receptionist_memory`).length, 1)
    await receptionist.dispose()
    await receptionist.initialize()
    t.is((await receptionist.agent.memory.search({})).length, 1)
    await receptionist.dispose()
    await close()
  })
}

test('a process ends by itself, with and without dispose()', async (t) => {
  const entry = fileURLToPath(new URL('../index.js', import.meta.url))
  for (const end of ['await storage.dispose()', '']) {
    const program = `
      const { DatabaseStorage } = require(${JSON.stringify(entry)})
      const { drizzle } = require('drizzle-orm/libsql')
      const storage = new DatabaseStorage({ db: drizzle({ connection: ':memory:' }) })
      storage.count().then(async (count) => { console.log(count); ${end} })`
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
      timeout: 20_000,
      cwd: fileURLToPath(new URL('..', import.meta.url)),
    })
    t.is(stdout, '0\n')
  }
})

// Refusals

const refusals = {
  'a plain object': [() => ({}), /drizzle\(pool\)/],
  'a pool without Drizzle': [async () => new (await import('pg')).default.Pool(), /drizzle\(pool\)/],
  nothing: [() => undefined, /drizzle\(pool\)/],
  'drizzle(client) on 1.0': [
    async () => {
      const { drizzle } = await import('drizzle-orm-1.0/node-postgres')
      return drizzle(new (await import('pg')).default.Pool({ connectionString: 'postgres://u:hunter2@h/db' }))
    },
    /drizzle\(\{ client \}\)/,
  ],
  'drizzle({ client }) on 0.30': [
    async () => {
      const { drizzle } = await import('drizzle-orm-0.30/node-postgres')
      return drizzle({
        client: new (await import('pg')).default.Pool({ connectionString: 'postgres://u:hunter2@h/db' }),
      })
    },
    /drizzle\(client\)/,
  ],
  'a closed pool': [
    async () => {
      const pool = new (await import('pg')).default.Pool()
      await pool.end()
      return drizzle('node-postgres', pool)
    },
    /closed/,
  ],
  'an unknown driver': [
    async () => (await import('drizzle-orm/pg-proxy')).drizzle(async () => ({ rows: [] })),
    /use node-postgres, postgres-js/,
  ],
  ...(Sqlite && {
    'a closed better-sqlite3': [
      () => {
        const client = new Sqlite(':memory:')
        client.close()
        return drizzle('better-sqlite3', client)
      },
      /closed/,
    ],
    'a better-sqlite3 transaction': [
      () => drizzle('better-sqlite3', new Sqlite(':memory:')).transaction((tx) => tx),
      /pass the database instead/,
    ],
  }),
}

for (const [what, [make, message]] of Object.entries(refusals)) {
  test(`${what} is refused with what to write instead`, async (t) => {
    const db = await make()
    const expected = { code: 'INVALID_CONFIG', instanceOf: ConfigurationError, message }
    const error = t.throws(() => new DatabaseStorage({ db }), expected)
    t.regex(error.message, /`db`/)
    t.false(error.message.includes('hunter2'))
    if (db === undefined) return
    t.regex(
      t.throws(() => new AIReceptionist({ database: { connection: db } }), expected).message,
      /database\.connection/,
    )
  })
}

test('via is checked, and natively is refused where it cannot be', async (t) => {
  const { db, close } = await DRIVERS.PGlite()
  t.throws(() => new DatabaseStorage({ db, via: 'magic' }), { code: 'INVALID_CONFIG', message: /`via`/ })
  t.throws(() => new DatabaseStorage({ db, via: 'native' }), { code: 'INVALID_CONFIG', message: /PGlite/ })
  await close()
})

// Other versions

for (const orm of ['drizzle-orm-0.30', 'drizzle-orm-0.36', 'drizzle-orm-1.0']) {
  for (const [name, open] of Object.entries(openers(orm))) {
    test.serial(`${orm}, ${name}`, async (t) => {
      const { db, close } = await open()
      const tablePrefix = prefix()
      const storage = new DatabaseStorage({ db, via: 'client', tablePrefix })
      await storage.saveBatch([memory('a'), memory('b')])
      t.deepEqual(await storage.get('b'), memory('b'))
      await storage.delete('a')
      t.is(await storage.count(), 1)
      if (name !== 'better-sqlite3') {
        await t.throwsAsync(
          db.transaction(async (tx) => {
            await new DatabaseStorage({ db: tx, tablePrefix }).save(memory('c'))
            throw new Error('mine')
          }),
          { message: 'mine' },
        )
        t.is(await storage.count(), 1)
      }
      await storage.dispose()
      await close()
    })
  }
}
