// PgBouncers for tests, started in front of a server: the installed version, which may not support
// prepared statements, and a current one (scripts/install-pgbouncer.sh installs both).
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './postgres.mjs'

/** By name: the variable with the path of a program, and its default name. */
const PROGRAMS = {
  PgBouncer: ['PGBOUNCER', 'pgbouncer'],
  'current PgBouncer': ['PGBOUNCER_CURRENT', 'pgbouncer-current'],
}

/**
 * Returns the programs by name, and prints a line for each missing one. With `REQUIRE_SERVERS=1`
 * that is an error.
 */
export function findPgbouncers() {
  const found = {}
  for (const [name, [variable, program]] of Object.entries(PROGRAMS)) {
    const file = process.env[variable] ?? inPath(program)
    if (file) {
      found[name] = file
      continue
    }
    const line = `${name}: NOT TESTED (no ${program}; run scripts/install-pgbouncer.sh, or set ${variable})`
    if (process.env.REQUIRE_SERVERS === '1') throw new Error(line)
    console.log(line)
  }
  return found
}

/**
 * Starts a PgBouncer in front of a database. `mode` is its pool_mode, `connections` its number of
 * server connections. Without `ignore` it refuses unknown startup parameters, as its default
 * configuration does.
 */
export async function startPgbouncer(program, url, { mode, connections = 3, settings = [] }) {
  const { hostname, port, username, password, pathname } = new URL(url)
  const folder = mkdtempSync(join(tmpdir(), 'receptionist-pgbouncer-'))
  const own = await freePort()
  const server = { host: hostname, port: port || 5432, user: username, password }
  const database = Object.entries(server).filter(([, value]) => value)
  const file = join(folder, 'pgbouncer.ini')
  const lines = [
    '[databases]',
    `* = ${database.map(([name, value]) => `${name}='${decodeURIComponent(value)}'`).join(' ')}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${own}`,
    'unix_socket_dir =',
    'auth_type = any',
    `pool_mode = ${mode}`,
    `default_pool_size = ${connections}`,
    'max_client_conn = 200',
    'server_login_retry = 1',
    ...settings,
  ]
  writeFileSync(file, lines.join('\n'))
  // It does not run as root, and must be able to read its settings.
  chmodSync(folder, 0o755)
  const asRoot = process.getuid?.() === 0
  const child = spawn(program, [...(asRoot ? ['-u', 'nobody'] : []), file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said = []
  const log = createInterface(child.stderr)
  const exited = once(child, 'exit')
  await new Promise((resolve, reject) => {
    child.once('error', reject)
    log.on('line', (line) => {
      said.push(line)
      if (line.includes('process up')) resolve()
    })
    exited.then(() => reject(new Error(`${program} ended:\n${said.join('\n')}`)))
  })
  return {
    url: `postgres://${username || 'postgres'}@127.0.0.1:${own}${pathname}`,
    version: execFileSync(program, ['--version'], { encoding: 'utf8' }).split('\n')[0],
    async stop() {
      child.kill('SIGKILL')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function inPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin']
  return folders.map((folder) => join(folder, program)).find(isProgram)
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
