// Native connections that are opened with the settings of a Drizzle client.
process.env.TZ = 'America/New_York'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect, promisify } from 'node:util'
import test from 'ava'
import { sql } from 'drizzle-orm'
import { AIReceptionist, ConfigurationError, DatabaseError, DatabaseStorage } from '../../index.js'
import { memory, temporaryFolder } from '../support/fixtures.mjs'
import {
  drizzleOf,
  mariadb,
  mysql,
  openers,
  postgres,
  Sqlite,
  dropDatabases,
} from '../support/databases/drizzle-drivers.mjs'

const folder = temporaryFolder()
const drizzle = drizzleOf()
let count = 0
const prefix = () => `d${++count}_`
const file = () => join(folder, `${++count}.db`)

test.after.always(dropDatabases)

const DRIVERS = openers()

/** The parts of a URL in the format of node-postgres. */
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

if (postgres) {
  for (const name of ['node-postgres', 'postgres-js']) {
    test.serial(`${name}: a native connection uses the settings of the client`, async (t) => {
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

  test.serial('a pool with connect hooks and a single connection are used through the client', async (t) => {
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

  test.serial('the receptionist example of the specification', async (t) => {
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

  test.serial('the manual migration example of the specification', async (t) => {
    const { db, close } = await DRIVERS['node-postgres']()
    const receptionist = new AIReceptionist({
      database: { connection: db, autoMigrate: false, tablePrefix: 'manual_', via: 'client' },
    })
    await receptionist.database.migrate()
    t.is((await postgres.query('SELECT 1 FROM pg_tables WHERE tablename = $1', ['manual_leads'])).length, 1)
    await receptionist.dispose()
    await close()
  })

  test.serial('the custom prefix example of the specification', async (t) => {
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
        'my_ai_recall',
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

  test.serial('an unreachable server is the same error natively and through the client', async (t) => {
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

  test.serial('a pool with one connection does not deadlock', async (t) => {
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
  test.serial(`${name}: a wrong password is the same error natively and through the client`, async (t) => {
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
  })
}

if (Sqlite) {
  test.serial('a file is never opened by two SQLite libraries at the same time', async (t) => {
    const path = file()
    const { db, close } = await DRIVERS['better-sqlite3'](path)
    const theirs = new DatabaseStorage({ db })
    await theirs.save(memory('a'))
    const ours = new DatabaseStorage({ connectionString: `sqlite:${path}` })
    const error = await t.throwsAsync(ours.count(), {
      code: 'INVALID_CONNECTION_STRING',
      instanceOf: ConfigurationError,
    })
    t.regex(error.message, /two SQLite libraries.*Drizzle object/s)
    await theirs.dispose()
    t.is(await ours.count(), 1)
    await t.throwsAsync(new DatabaseStorage({ db }).count(), { code: 'INVALID_CONNECTION_STRING' })
    await ours.dispose()
    t.is(await new DatabaseStorage({ db }).count(), 1)
    await close()
  })

  test.serial('the better-sqlite3 example of the specification', async (t) => {
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

test('a process exits, with and without dispose()', async (t) => {
  const entry = fileURLToPath(new URL('../../index.js', import.meta.url))
  for (const end of ['await storage.dispose()', '']) {
    const program = `
      const { DatabaseStorage } = require(${JSON.stringify(entry)})
      const { drizzle } = require('drizzle-orm/libsql')
      const storage = new DatabaseStorage({ db: drizzle({ connection: ':memory:' }) })
      storage.count().then(async (count) => { console.log(count); ${end} })`
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
      timeout: 20_000,
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    })
    t.is(stdout, '0\n')
  }
})
