// Drizzle objects that a storage refuses, and the reason it gives.
process.env.TZ = 'America/New_York'
import test from 'ava'
import { AIReceptionist, ConfigurationError, DatabaseStorage } from '../../index.js'
import { drizzleOf, openers, Sqlite, dropDatabases } from '../support/databases/drizzle-drivers.mjs'

const drizzle = drizzleOf()
const DRIVERS = openers()

test.after.always(dropDatabases)

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
  test(`${what} is refused with the expected form`, async (t) => {
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

test('an invalid `via` is refused, and `native` where the driver has no native connection', async (t) => {
  const { db, close } = await DRIVERS.PGlite()
  t.throws(() => new DatabaseStorage({ db, via: 'magic' }), { code: 'INVALID_CONFIG', message: /`via`/ })
  t.throws(() => new DatabaseStorage({ db, via: 'native' }), { code: 'INVALID_CONFIG', message: /PGlite/ })
  await close()
})
