// Database servers that a test can stop, kill, freeze, fill and make read-only. Each one runs the
// programs of this machine in a temporary folder.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { freePort } from './postgres.mjs'

const DATABASE = 'outages'
/** The user of the receptionists, without any owner's privilege. */
const USER = 'receptionist'
const isRoot = process.getuid?.() === 0
/** Servers refuse to run as root. */
const nobody = isRoot ? { uid: 65534, gid: 65534 } : {}

/**
 * Starts the server of this name (PostgreSQL, MySQL, MariaDB). Returns `undefined`, and prints a
 * line, if its programs are not installed; with `REQUIRE_SERVERS=1` that is an error.
 *
 * `url` is that of a plain user. `query` runs as the owner. `stop()` shuts the server down
 * gracefully, `crash()` kills it, `start()` starts it again; `freeze()` and `thaw()` stop and
 * continue its processes.
 */
export async function startManagedServer(name) {
  const programs = PROGRAMS[name]()
  if (!programs) {
    const line = `a ${name} to restart: NOT TESTED (its programs are not on this machine)`
    if (process.env.REQUIRE_SERVERS === '1') throw new Error(line)
    console.log(line)
    return undefined
  }
  const folder = mkdtempSync(join(tmpdir(), 'receptionist-own-'))
  chmodSync(folder, 0o777)
  const port = await freePort()
  const { as, initialize, serve, ask, graceful, crash, prepare } = programs(
    join(folder, 'data'),
    port,
    folder,
  )
  const [command, ...args] = initialize
  // The memory checker of this process must not run in the server.
  const env = { ...process.env, LD_PRELOAD: '' }
  execFileSync(command, args, { ...as, env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let child

  async function start() {
    const [command, ...args] = serve
    child = spawn(command, args, { ...as, env, cwd: folder, stdio: 'ignore' })
    const gone = once(child, 'exit')
    gone.then(() => (child = undefined))
    for (let n = 0; ; n++) {
      try {
        await ask('SELECT 1')
        return
      } catch (error) {
        if (!child || n > 600) throw error
        await setTimeout(100)
      }
    }
  }

  async function end(signal) {
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  await start()
  for (const sql of prepare) await ask(sql)
  const scheme = name === 'PostgreSQL' ? 'postgres' : 'mysql'
  return {
    url: `${scheme}://${USER}:secret@127.0.0.1:${port}/${DATABASE}`,
    data: join(folder, 'data'),
    query: (sql) => ask(sql, DATABASE),
    start,
    stop: () => end(graceful),
    crash: () => end(crash),
    async freeze() {
      const pids = family(child.pid)
      for (const pid of pids) process.kill(pid, 'SIGSTOP')
      // The signal is asynchronous: a running thread could answer once more.
      while (!pids.every(isStopped)) await setTimeout(5)
    },
    thaw: () => family(child.pid).forEach((pid) => process.kill(pid, 'SIGCONT')),
    async remove() {
      if (child) await end(crash)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const PROGRAMS = {
  PostgreSQL() {
    const bin = postgresPrograms()
    return (
      bin &&
      ((data, port, folder) => ({
        as: nobody,
        initialize: [
          join(bin, 'initdb'),
          '-D',
          data,
          '-U',
          'owner',
          '-A',
          'trust',
          '-E',
          'UTF8',
          '--locale=C',
          '-N',
        ],
        serve: [
          join(bin, 'postgres'),
          ...['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1'],
          ...['-c', 'max_connections=20', '-c', 'superuser_reserved_connections=3', '-c', 'fsync=off'],
        ],
        async ask(sql, database = 'postgres') {
          const client = new pg.Client({ host: '127.0.0.1', port, user: 'owner', database })
          client.on('error', () => {})
          await client.connect()
          try {
            return (await client.query(sql)).rows
          } finally {
            await client.end()
          }
        },
        graceful: 'SIGINT',
        // Its processes end without a shutdown, and committed data is recovered from the log.
        crash: 'SIGQUIT',
        prepare: [`CREATE ROLE ${USER} LOGIN PASSWORD 'secret'`, `CREATE DATABASE ${DATABASE} OWNER ${USER}`],
      }))
    )
  },

  MariaDB() {
    if (!version('mariadbd').includes('MariaDB')) return undefined
    return (data, port, folder) => ({
      as: nobody,
      initialize: [
        'mariadb-install-db',
        ...[
          '--no-defaults',
          `--datadir=${data}`,
          '--auth-root-authentication-method=normal',
          '--skip-test-db',
        ],
      ],
      serve: ['mariadbd', '--no-defaults', ...mysqlOptions(data, port, folder)],
      ...asMysql(port),
    })
  },

  MySQL() {
    const program = mysqlProgram()
    return (
      program &&
      ((data, port, folder) => ({
        // Only root can read the folder it is unpacked in, so the server changes its user itself.
        as: {},
        initialize: [
          ...program,
          ...(isRoot ? ['--user=nobody'] : []),
          '--initialize-insecure',
          `--datadir=${data}`,
        ],
        serve: [
          ...program,
          ...(isRoot ? ['--user=nobody'] : []),
          ...mysqlOptions(data, port, folder),
          '--mysqlx=OFF',
        ],
        ...asMysql(port),
      }))
    )
  },
}

function postgresPrograms() {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : []
  const folders = versions.map((version) => `/usr/lib/postgresql/${version}/bin`)
  return folders.find((folder) => existsSync(join(folder, 'initdb')))
}

/**
 * The MySQL server: installed, or unpacked by `shared/services/mysql.sh` next to the repository.
 */
function mysqlProgram() {
  const installed = version('mysqld')
  if (installed && !installed.includes('MariaDB')) return ['mysqld', '--no-defaults']
  const home = process.env.MYSQL_HOME ?? join(homedir(), '.cache', 'ai-receptionist-mysql')
  const root = join(home, 'root')
  if (!existsSync(join(root, 'usr/sbin/mysqld'))) return undefined
  const lib = join(root, 'usr/lib/x86_64-linux-gnu')
  const libraries = [lib, join(lib, 'mysql/private'), join(root, 'usr/lib/mysql/private')].join(':')
  return [
    join(root, 'usr/lib64/ld-linux-x86-64.so.2'),
    ...['--library-path', libraries, join(root, 'usr/sbin/mysqld'), '--no-defaults', `--basedir=${root}/usr`],
    ...[`--lc-messages-dir=${root}/usr/share/mysql`, `--character-sets-dir=${root}/usr/share/mysql/charsets`],
    ...[`--plugin-dir=${root}/usr/lib/mysql/plugin`, '--secure-file-priv=NULL'],
  ]
}

function mysqlOptions(data, port, folder) {
  return [
    ...[
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 'sock')}`,
    ],
    ...[`--pid-file=${join(folder, 'pid')}`, '--max-connections=20', '--innodb-flush-log-at-trx-commit=2'],
  ]
}

/** The common settings of MySQL and MariaDB. */
function asMysql(port) {
  return {
    async ask(sql, database = 'mysql') {
      const options = { host: '127.0.0.1', port, user: 'root', database, connectTimeout: 5_000 }
      const connection = await mysql.createConnection(options)
      connection.on('error', () => {})
      try {
        const [rows] = await connection.query(sql)
        return rows
      } finally {
        connection.destroy()
      }
    },
    graceful: 'SIGTERM',
    crash: 'SIGKILL',
    prepare: [
      `CREATE DATABASE ${DATABASE}`,
      `CREATE USER ${USER}@'%' IDENTIFIED BY 'secret'`,
      `GRANT ALL ON ${DATABASE}.* TO ${USER}@'%'`,
    ],
  }
}

function version(program) {
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}

/** Returns the ids of a process and its children. */
function family(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return [pid, ...children.split(' ').filter(Boolean).map(Number)]
}

/** Returns `true` if every thread of a process is stopped. */
function isStopped(pid) {
  const states = readdirSync(`/proc/${pid}/task`).map((task) =>
    readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8').replace(/^.*\) /s, ''),
  )
  return states.every((state) => state.startsWith('T'))
}
