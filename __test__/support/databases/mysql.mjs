// The MySQL and MariaDB servers for tests: `MYSQL_URL` (or `MYSQL8_URL`) and `MARIADB_URL`,
// otherwise the MariaDB on this machine and the MySQL that `shared/services/mysql.sh` next to the
// repository starts.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import mysql from 'mysql2/promise'

const LOCAL_MARIADB = 'mysql://root@127.0.0.1:3306/mysql'
const SHARED = process.env.SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url))

/**
 * Returns the URL of a `MySQL` or `MariaDB` server. Returns `undefined`, and prints a line, if none
 * is available; with `REQUIRE_SERVERS=1` that is an error.
 */
export async function findMysql(name) {
  const attempts = []
  try {
    const url = name === 'MariaDB' ? mariadbUrl() : await mysqlUrl()
    const [{ version }] = await query(url, 'SELECT VERSION() AS version')
    if (version.includes('MariaDB') === (name === 'MariaDB')) return url
    attempts.push(`${new URL(url).host} is version ${version}`)
  } catch (error) {
    attempts.push(error.message || error.code)
  }
  const line = `${name}: not available (${attempts.join('; ')})`
  if (process.env.REQUIRE_SERVERS === '1') throw new Error(line)
  console.log(line)
  return undefined
}

/**
 * Creates a database for one test file on the server of this name, or returns `undefined` without a
 * server. Its default character set is latin1. `query` runs in a session of `connect`, whose time
 * zone is not UTC; `drop` removes the database.
 */
export async function createDatabase(name) {
  const server = await findMysql(name)
  if (!server) return undefined
  const database = `receptionist_test_${randomBytes(6).toString('hex')}`
  await query(server, `CREATE DATABASE ${database} DEFAULT CHARACTER SET latin1`)
  const url = new URL(server)
  url.pathname = `/${database}`
  return {
    url: url.href,
    name: database,
    connect: () => connect(url.href),
    query: (sql, values) => query(url.href, sql, values),
    drop: () => query(server, `DROP DATABASE IF EXISTS ${database}`),
  }
}

function mariadbUrl() {
  return process.env.MARIADB_URL ?? LOCAL_MARIADB
}

async function mysqlUrl() {
  const given = process.env.MYSQL_URL ?? process.env.MYSQL8_URL
  if (given) return given
  const script = join(SHARED, 'services', 'mysql.sh')
  if (!existsSync(script)) throw new Error(`no MYSQL_URL, and no ${script}`)
  const { stdout } = await promisify(execFile)(script, ['start'], { timeout: 300_000 })
  return stdout.match(/mysql:\/\/\S+/)[0]
}

async function query(url, sql, values) {
  const connection = await connect(url)
  try {
    const [rows] = await connection.query(sql, values)
    return rows
  } finally {
    await connection.end()
  }
}

/**
 * Opens a session. Times are returned as text, because mysql2 would read them in a time zone of its
 * own choice.
 */
async function connect(url) {
  const uri = url.replace(/^mariadb:/, 'mysql:')
  const connection = await mysql.createConnection({ uri, dateStrings: true, connectTimeout: 5_000 })
  await connection.query("SET time_zone = '-05:00'")
  return connection
}
