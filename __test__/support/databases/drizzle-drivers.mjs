// Drizzle objects over every driver that is available. Each opener returns `{ db, close }`; a line
// names what is missing.
import { createRequire } from 'node:module'
import { Sqlite } from './better-sqlite3.mjs'
import { createDatabases, dropDatabases as dropAll } from '../databases.mjs'

export { Sqlite }

const require = createRequire(import.meta.url)

/** Returns `drizzle(client)`, or `drizzle({ client })`, of a drizzle-orm package. */
export function drizzleOf(orm = 'drizzle-orm') {
  const isOne = /1\.0/.test(orm)
  return (driver, client) => {
    const { drizzle } = require(`${orm}/${driver}`)
    return isOne ? drizzle({ client }) : drizzle(client)
  }
}

const databases = await createDatabases({ timezone: 'America/New_York' })

export const { PostgreSQL: postgres, MySQL: mysql, MariaDB: mariadb } = databases

/** Drops the databases of this module. Every test file that imports it calls this at the end. */
export const dropDatabases = () => dropAll(databases)

/** Openers by driver. `file` is the path of a SQLite database, `orm` the drizzle-orm package. */
export function openers(orm) {
  const drizzle = drizzleOf(orm)
  return {
    ...(postgres && {
      async 'node-postgres'() {
        const { default: pg } = await import('pg')
        const pool = new pg.Pool({ connectionString: postgres.url, max: 3 })
        return { db: drizzle('node-postgres', pool), close: () => pool.end() }
      },
      async 'node-postgres Client'() {
        const { default: pg } = await import('pg')
        const client = new pg.Client({ connectionString: postgres.url })
        await client.connect()
        return { db: drizzle('node-postgres', client), close: () => client.end() }
      },
      async 'postgres-js'() {
        const { default: postgresJs } = await import('postgres')
        const sql = postgresJs(postgres.url, { max: 3, onnotice() {} })
        return { db: drizzle('postgres-js', sql), close: () => sql.end() }
      },
    }),
    ...(mysql && {
      async mysql2() {
        const { default: mysql2 } = await import('mysql2/promise')
        const pool = mysql2.createPool({ uri: mysql.url, connectionLimit: 3 })
        return { db: drizzle('mysql2', pool), close: () => pool.end() }
      },
    }),
    ...(mariadb && {
      async 'mysql2 connection to MariaDB'() {
        const { default: mysql2 } = await import('mysql2/promise')
        const connection = await mysql2.createConnection(mariadb.url)
        return { db: drizzle('mysql2', connection), close: () => connection.end() }
      },
    }),
    async PGlite() {
      const { PGlite } = await import('@electric-sql/pglite')
      const client = new PGlite()
      return { db: drizzle('pglite', client), close: () => client.close() }
    },
    ...(Sqlite && {
      async 'better-sqlite3'(file = ':memory:') {
        const client = new Sqlite(file)
        return { db: drizzle('better-sqlite3', client), close: async () => client.close() }
      },
    }),
    async libsql(file) {
      const { createClient } = await import('@libsql/client')
      const client = createClient({ url: file ? `file:${file}` : ':memory:' })
      return { db: drizzle('libsql', client), close: async () => client.close() }
    },
  }
}
