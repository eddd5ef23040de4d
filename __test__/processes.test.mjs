// What only real processes show: many starting at once, ending by themselves, and failing soon.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { AIReceptionist, ConfigurationError, DatabaseError, DatabaseStorage } from '../index.js'
import { createDatabase } from './servers/postgres.mjs'

const entry = fileURLToPath(new URL('../index.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'receptionist-processes-'))
const postgres = await createDatabase()
const CONNECTIONS = {
  SQLite: `sqlite:${join(folder, 'many.db')}`,
  ...(postgres && { PostgreSQL: postgres.url }),
}
const config = {
  agent: { identity: { name: 'Sarah', role: 'Sales Rep' } },
  model: { provider: 'openai', apiKey: 'unused', model: 'unused', baseUrl: 'http://127.0.0.1:9/v1' },
}

test.after.always(async () => {
  await postgres?.drop()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs code in a Node process of its own, with the package as `sdk`; what it prints, once it ends by itself. */
function run(code) {
  const program = `const sdk = require(${JSON.stringify(entry)}); (async () => { ${code} })()`
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', program], { timeout: 60_000 }, (error, stdout, stderr) => {
      if (error)
        reject(
          new Error(`${error.killed ? 'did not end by itself' : `exit ${error.code}`}\n${stdout}\n${stderr}`),
        )
      else resolve(stdout)
    })
  })
}

const start = (connection) =>
  `const r = new sdk.AIReceptionist(${JSON.stringify({ ...config, database: { connection } })}); await r.initialize();`

for (const [name, connection] of Object.entries(CONNECTIONS)) {
  test.serial(`${name}: 16 processes start at once on an empty database`, async (t) => {
    const save = (i) =>
      `await r.agent.memory.store({ id: 'p${i}', content: 'hello', timestamp: new Date(), type: 'system' }); await r.dispose(); console.log('ok')`
    const outputs = await Promise.all(Array.from({ length: 16 }, (_, i) => run(start(connection) + save(i))))
    t.deepEqual(new Set(outputs), new Set(['ok\n']))
    const storage = new DatabaseStorage({ connectionString: connection })
    t.is(await storage.count(), 16)
    t.deepEqual(await storage.migrate({ dryRun: true }), [])
    await storage.dispose()
  })

  test.serial(`${name}: a process ends by itself, with and without dispose()`, async (t) => {
    for (const end of ['await r.dispose()', '']) {
      const began = Date.now()
      await run(`${start(connection)} await r.agent.memory.search({}); ${end}`)
      t.true(Date.now() - began < 5_000, end || 'without dispose()')
    }
    await run(
      `const s = new sdk.DatabaseStorage({ connectionString: ${JSON.stringify(connection)} }); await s.count()`,
    )
  })
}

async function failsSoon(t, connection, code, about) {
  const began = Date.now()
  const storage = new DatabaseStorage({ connectionString: connection })
  const error = await t.throwsAsync(
    async () => await storage.initialize(),
    { instanceOf: DatabaseError, code },
    about,
  )
  t.true(error?.stack.includes('processes.test.mjs'), 'the stack leads to the caller')
  t.true(Date.now() - began < 15_000)
  t.false(await storage.healthCheck())
  await storage.dispose()
  const receptionist = new AIReceptionist({ ...config, database: { connection } })
  await t.throwsAsync(receptionist.initialize(), { instanceOf: DatabaseError, code }, about)
  await receptionist.dispose()
  return error
}

test('a host that is not there', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  const error = await failsSoon(t, `postgres://u:secret@127.0.0.1:${port}/x`, 'DATABASE_UNREACHABLE')
  t.true(error.message.includes(`127.0.0.1:${port}`))
  t.false(error.message.includes('secret'))
  await failsSoon(t, 'postgres://u@no-such-host.invalid/x', 'DATABASE_UNREACHABLE')
})

test('a server that never answers', async (t) => {
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  server.unref()
  const { port } = server.address()
  const storage = new DatabaseStorage({
    connectionString: `postgres://u@127.0.0.1:${port}/x?sslmode=disable`,
    pool: { connectionTimeoutMillis: 1_000 },
  })
  const began = Date.now()
  await t.throwsAsync(storage.initialize(), { instanceOf: DatabaseError })
  t.true(Date.now() - began < 5_000)
  await storage.dispose()
})

if (postgres) {
  test('a database that does not exist', async (t) => {
    const url = new URL(postgres.url)
    url.pathname = '/no_such_database'
    const error = await failsSoon(t, url.href, 'DATABASE_NOT_FOUND')
    t.true(error.message.includes('no_such_database'))
    t.true(error.cause instanceof Error)
  })
}

test('a wrong password', async (t) => {
  const server = await refusingServer()
  t.teardown(() => server.close())
  const { port } = server.address()
  const error = await failsSoon(
    t,
    `postgres://someone:wrong-secret@127.0.0.1:${port}/x`,
    'DATABASE_AUTHENTICATION_FAILED',
  )
  t.true(error.message.includes('someone'))
  t.false(error.stack.includes('wrong-secret'))
})

/** Speaks enough of PostgreSQL's protocol to ask for a password and refuse it; many servers trust this machine. */
async function refusingServer() {
  const message = (type, body) => {
    const head = Buffer.alloc(5, type)
    head.writeInt32BE(body.length + 4, 1)
    return Buffer.concat([head, body])
  }
  const passwordPlease = message('R', Buffer.from([0, 0, 0, 3]))
  const refused = message(
    'E',
    Buffer.from('SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "someone"\0\0'),
  )
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => {
      if (data[0] === 'p'.charCodeAt(0)) socket.end(refused)
      else if (data.length === 8) socket.write('N')
      else socket.write(passwordPlease)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.unref()
}

test('a file that cannot be', async (t) => {
  await failsSoon(
    t,
    `sqlite:${join(folder, 'no', 'such', 'folder', 'x.db')}`,
    'DATABASE_UNREACHABLE',
    'folder',
  )
  await failsSoon(t, `sqlite:${folder}`, 'DATABASE_UNREACHABLE', 'a folder')
  const text = join(folder, 'text.db')
  writeFileSync(text, 'this is no database, '.repeat(500))
  await failsSoon(t, `sqlite:${text}`, 'DATABASE_UNREACHABLE', 'not a database')
})

test('a scheme or parts that mean nothing', (t) => {
  const refused = (options) => {
    const error = t.throws(
      () => new DatabaseStorage(options),
      { instanceOf: ConfigurationError },
      JSON.stringify(options),
    )
    t.regex(error?.code, /^INVALID_(CONFIG|CONNECTION)$/)
  }
  for (const connectionString of ['oracle://x', 'receptionist.db', '', 'sqlite:', 'http://x', 7]) {
    refused({ connectionString })
  }
  for (const options of [undefined, null, 'sqlite:x', {}, { db: {} }]) refused(options)
})
