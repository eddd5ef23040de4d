// The databases that tests run on, by the name of the server.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { readSqlite } from '../../examples/read-sqlite.mjs'
import { Sqlite } from './databases/better-sqlite3.mjs'
import { createDatabase as createMysql } from './databases/mysql.mjs'
import { createDatabase as createPostgres } from './databases/postgres.mjs'
import { temporaryFolder } from './fixtures.mjs'

/** Creates an empty database on each server: `{ PostgreSQL, MySQL, MariaDB }`, `undefined` where there is no server. */
export async function createDatabases({ timezone } = {}) {
  return {
    PostgreSQL: await createPostgres({ timezone }),
    MySQL: await createMysql('MySQL'),
    MariaDB: await createMysql('MariaDB'),
  }
}

/** Drops what `createDatabases()` created. */
export async function dropDatabases(databases) {
  for (const database of Object.values(databases)) await database?.drop()
}

/** The connection URL of each database that exists, SQLite in `file` included, by name. */
export function connectionUrls(databases, file) {
  const found = Object.entries(databases).filter(([, database]) => database)
  return { SQLite: `sqlite:${file}`, ...Object.fromEntries(found.map(([name, { url }]) => [name, url])) }
}

/**
 * Opens every database for tests of receptionists. `databases` holds a function by name, which returns a scene with tables of its own:
 * `database`, an option for a receptionist; `table(name)`, the name of a table; `query(sql)`, rows that are read without the package;
 * `change(sql)`; and `longAgo`, a time as the columns hold it. `close()` drops all of them.
 */
export async function openDatabases() {
  const folder = temporaryFolder()
  const servers = await createDatabases()
  let count = 0
  const scene = (connection, more) => {
    const tablePrefix = `scene${++count}_`
    return { database: { connection, tablePrefix }, table: (name) => tablePrefix + name, ...more }
  }
  const databases = {
    SQLite() {
      const file = join(folder, `${++count}.db`)
      return scene(`sqlite:${file}`, {
        query: (sql) => readSqlite(file, sql),
        change: (sql) => changeSqlite(file, sql),
        longAgo: Date.UTC(2020, 0, 1),
      })
    },
  }
  for (const [name, server] of Object.entries(servers)) {
    if (server) {
      const { url, query } = server
      databases[name] = () => scene(url, { query, change: query, longAgo: "'2020-01-01 00:00:00'" })
    }
  }
  return {
    databases,
    close: () => dropDatabases(servers),
  }
}

/**
 * Runs in another process, because two SQLite libraries in one process release each other's locks.
 */
function changeSqlite(file, sql) {
  if (!Sqlite) return execFileSync('sqlite3', [file, sql])
  const program = "new (require('better-sqlite3'))(process.argv[1]).exec(process.argv[2])"
  return execFileSync(process.execPath, ['-e', program, file, sql])
}
