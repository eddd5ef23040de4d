// Clients of users, through Drizzle, whose connections will break.
import mysql from 'mysql2/promise'
import pg from 'pg'
import { drizzle as drizzleMysql } from 'drizzle-orm/mysql2'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'

/** What is tested: a database, and the client of a user's through which it is used, if any. */
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
    // As node-postgres has everybody do it: an idle connection that breaks would end the process.
    pool.on('error', () => {})
    return { db: drizzlePostgres(pool), close: () => pool.end() }
  },
  mysql2(url) {
    const uri = new URL(url)
    uri.search = ''
    const pool = mysql.createPool({ uri: uri.href, connectionLimit: 4 })
    // It complains of connections that are broken already.
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
