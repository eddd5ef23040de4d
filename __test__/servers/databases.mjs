// Every database, by name, for tests of whole receptionists: each scene gets tables of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSqlite } from '../../examples/read-sqlite.mjs'
import { createDatabase as createMysql } from './mysql.mjs'
import { createDatabase as createPostgres } from './postgres.mjs'

/**
 * `databases`: functions by name, each of which gives a receptionist's option `database` with no tables yet, `table(name)`: what one of
 * them will be called, and `query(sql, values)`: rows, past the package. `close` removes all of them.
 */
export async function openDatabases() {
  const folder = mkdtempSync(join(tmpdir(), 'receptionist-databases-'))
  const servers = {
    PostgreSQL: await createPostgres(),
    MySQL: await createMysql('MySQL'),
    MariaDB: await createMysql('MariaDB'),
  }
  let count = 0
  const scene = (connection, query) => {
    const tablePrefix = `scene${++count}_`
    return { database: { connection, tablePrefix }, table: (name) => tablePrefix + name, query }
  }
  const databases = {
    SQLite() {
      const file = join(folder, `${++count}.db`)
      return scene(`sqlite:${file}`, (sql) => readSqlite(file, sql))
    },
  }
  for (const [name, server] of Object.entries(servers)) {
    if (server) databases[name] = () => scene(server.url, server.query)
  }
  return {
    databases,
    async close() {
      for (const server of Object.values(servers)) await server?.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
