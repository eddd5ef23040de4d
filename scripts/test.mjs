// `npm test`: the tests of the core, then those of the public behaviour, with one server of each
// kind. Names the servers that were not available; with REQUIRE_SERVERS=1 that is an error. Fails
// if a secret of a test was revealed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase, findMysql } from '../__test__/support/databases/mysql.mjs'
import { findPostgres } from '../__test__/support/databases/postgres.mjs'
import { findRedis } from '../__test__/support/databases/redis.mjs'
import { findLeakedSecrets } from './find-leaked-secrets.mjs'

const postgres = await findPostgres()
const mysql = await findMysql('MySQL')
const mariadb = await findMysql('MariaDB')
const redis = await findRedis()
const servers = {
  ...(postgres && { POSTGRES_URL: postgres.url }),
  ...(mysql && { MYSQL_URL: mysql }),
  ...(mariadb && { MARIADB_URL: mariadb }),
  ...(redis && { REDIS_URL: redis }),
}
// The tests of the core create tables, but no databases.
const cores = await Promise.all(
  Object.entries({ MYSQL_URL: 'MySQL', MARIADB_URL: 'MariaDB' }).map(async ([variable, name]) => {
    const database = servers[variable] && (await createDatabase(name))
    return database && { variable, ...database }
  }),
)
const ownDatabases = Object.fromEntries(cores.filter(Boolean).map(({ variable, url }) => [variable, url]))

const folder = mkdtempSync(join(tmpdir(), 'receptionist-secrets-'))
const secrets = join(folder, 'shown')
writeFileSync(secrets, '')
const output = []

try {
  const commands = [
    ['cargo', ['test', '--quiet'], ownDatabases],
    ['ava', process.argv.slice(2), { SHOWN_SECRETS: secrets }],
  ]
  for (const [command, args, own] of commands) {
    const env = { ...process.env, ...servers, ...own }
    if (process.stdout.isTTY) env.FORCE_COLOR ??= '1'
    const stdio = ['inherit', 'pipe', 'pipe']
    const child = spawn(command, args, { stdio, env, shell: process.platform === 'win32' })
    for (const stream of ['stdout', 'stderr']) {
      child[stream].on('data', (chunk) => {
        process[stream].write(chunk)
        output.push(chunk)
      })
    }
    const [code] = await once(child, 'close')
    if (code !== 0) {
      process.exitCode = code ?? 1
      break
    }
  }
  const { given, places } = findLeakedSecrets(secrets, Buffer.concat(output).toString())
  for (const place of places) console.log(`A SECRET IS SHOWN by ${place}`)
  if (places.length > 0) process.exitCode ||= 1
  else console.log(`Secrets: ${given} were given, none is shown`)
} finally {
  rmSync(folder, { recursive: true })
  for (const database of cores) await database?.drop()
  const found = { PostgreSQL: postgres, MySQL: mysql, MariaDB: mariadb, Redis: redis }
  for (const [name, server] of Object.entries(found)) {
    console.log(`${name}: ${server ? 'tested' : 'NOT TESTED, no server could be had (see above)'}`)
  }
  await postgres?.stop()
}
