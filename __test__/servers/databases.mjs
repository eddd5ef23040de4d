// Every database, by name, for tests of whole receptionists: each scene gets tables of its own.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSqlite } from '../../examples/read-sqlite.mjs'
import { Sqlite } from './better-sqlite3.mjs'
import { createDatabase as createMysql } from './mysql.mjs'
import { createDatabase as createPostgres } from './postgres.mjs'

/**
 * `databases`: functions by name, each of which gives a receptionist's option `database` with no tables yet, `table(name)`: what one of
 * them will be called, `query(sql)`: rows, past the package, `change(sql)`, and `longAgo`: a time, as its columns hold it. `close`
 * removes all of them.
 */
export async function openDatabases() {
  const folder = mkdtempSync(join(tmpdir(), 'receptionist-databases-'))
  const servers = {
    PostgreSQL: await createPostgres(),
    MySQL: await createMysql('MySQL'),
    MariaDB: await createMysql('MariaDB'),
  }
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
    async close() {
      for (const server of Object.values(servers)) await server?.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** In another process: two of SQLite's libraries in one would take each other's locks away. */
function changeSqlite(file, sql) {
  if (!Sqlite) return execFileSync('sqlite3', [file, sql])
  const program = "new (require('better-sqlite3'))(process.argv[1]).exec(process.argv[2])"
  return execFileSync(process.execPath, ['-e', program, file, sql])
}
