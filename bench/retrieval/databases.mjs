// The storages on which the speed of retrieval is measured. `open(options)` opens a receptionist as a new process would find it;
// `indexRows()` is the number of rows of the lexical index, `indexBytes()` its size in the database, `signatureBytes()` that of the
// signatures in it; `vacuum()` does what the database would do after a while.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createDatabase as createMysql } from '../../__test__/support/databases/mysql.mjs'
import { createDatabase as createPostgres } from '../../__test__/support/databases/postgres.mjs'
import { AIReceptionist, InMemoryStorage } from '../../index.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PREFIX = 'ai_receptionist_'

/** Creates a storage by its name. Resolves to `undefined` without a server. */
export const STORAGES = {
  async PostgreSQL() {
    const database = await createPostgres()
    if (!database) return undefined
    const storage = server(`${database.url}?sslmode=disable`, database, async () => {
      const [{ bytes }] = await database.query(`SELECT pg_total_relation_size('${PREFIX}recall') AS bytes`)
      return Number(bytes)
    })
    return { ...storage, vacuum: () => database.query('VACUUM ANALYZE') }
  },
  MySQL: () => mysql('MySQL'),
  MariaDB: () => mysql('MariaDB'),
  async SQLite() {
    const folder = mkdtempSync(join(tmpdir(), 'receptionist-bench-'))
    const file = join(folder, 'retrieval.db')
    const query = (sql) => querySqlite(file, sql)
    return server(`sqlite:${file}`, { query, drop: () => rmSync(folder, { recursive: true }) }, async () => {
      const [{ bytes }] = await query(`SELECT SUM(pgsize) AS bytes FROM dbstat WHERE name IN
        (SELECT name FROM sqlite_master WHERE tbl_name = '${PREFIX}recall')`)
      return bytes
    })
  },
  InMemoryStorage() {
    const longTermStorage = new InMemoryStorage()
    return {
      isInProcess: true,
      open: () => openReceptionist({ memory: { longTermStorage } }),
      drop: () => longTermStorage.clear(),
    }
  },
}

async function mysql(name) {
  const database = await createMysql(name)
  if (!database) return undefined
  return server(`${database.url}?ssl-mode=DISABLED`, database, async () => {
    await database.query(`ANALYZE TABLE ${PREFIX}recall`)
    const [{ bytes }] = await database.query(`SELECT data_length + index_length AS bytes
      FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '${PREFIX}recall'`)
    return Number(bytes)
  })
}

function server(connection, { query, drop }, indexBytes) {
  return {
    connection,
    open: (options) => openReceptionist({ database: { connection, ...options } }),
    indexBytes,
    async signatureBytes() {
      const [row] = await query(`SELECT SUM(LENGTH(body)) AS bytes FROM ${PREFIX}recall`)
      return Number(row.bytes)
    },
    async indexRows() {
      const [row] = await query(`SELECT COUNT(*) AS count FROM ${PREFIX}recall`)
      return Number(row.count)
    },
    drop,
  }
}

async function openReceptionist({ memory, database }) {
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'Receptionist' }, ...(memory && { memory }) },
    model: { provider: 'custom', chat: () => ({ content: '' }) },
    ...(database && { database }),
    logger: { level: 'ERROR' },
  })
  await receptionist.initialize()
  return receptionist
}

/** Runs in another process, because two SQLite libraries in one process release each other's locks. */
async function querySqlite(file, sql) {
  const program = `const db = new (require('better-sqlite3'))(process.argv[1], { readonly: true })
    console.log(JSON.stringify(db.prepare(process.argv[2]).all()))`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program, file, sql], { cwd: ROOT })
  return JSON.parse(stdout)
}
