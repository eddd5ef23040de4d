// Drizzle clients of users, for tests that break their connections.
import mysql from 'mysql2/promise'
import pg from 'pg'
import { drizzle as drizzleMysql } from 'drizzle-orm/mysql2'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'

/** Test cases: a database, and the client through which it is used, if any. */
export const CASES = {
  PostgreSQL: ['PostgreSQL'],
  'PostgreSQL through node-postgres': ['PostgreSQL', 'node-postgres'],
  MySQL: ['MySQL'],
  'MySQL through mysql2': ['MySQL', 'mysql2'],
  MariaDB: ['MariaDB'],
  'MariaDB through mysql2': ['MariaDB', 'mysql2'],
}

/** Opens a client: `{ db, close }`. */
export const CLIENTS = {
  'node-postgres'(url) {
    const pool = new pg.Pool({ connectionString: url, max: 4 })
    // As node-postgres requires: an idle connection that breaks would end the process.
    pool.on('error', () => {})
    return { db: drizzlePostgres(pool), close: () => pool.end() }
  },
  mysql2(url) {
    const uri = new URL(url)
    uri.search = ''
    const pool = mysql.createPool({ uri: uri.href, connectionLimit: 4 })
    // It rejects if connections are already broken.
    return { db: drizzleMysql(pool), close: () => pool.end().catch(() => {}) }
  },
  async 'better-sqlite3'(file) {
    const [{ default: Sqlite }, { drizzle }] = await Promise.all([
      import('better-sqlite3'),
      import('drizzle-orm/better-sqlite3'),
    ])
    const client = new Sqlite(file)
    return { db: drizzle(client), close: async () => client.close() }
  },
}
