// Behaviour that needs real processes: concurrent starts, process exit, and quick failures.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout } from 'node:timers/promises'
import test from 'ava'
import { AIReceptionist, ConfigurationError, DatabaseError, DatabaseStorage } from '../../index.js'
import { temporaryFolder, offlineModel } from '../support/fixtures.mjs'
import { createDatabases, dropDatabases, connectionUrls } from '../support/databases.mjs'

const entry = fileURLToPath(new URL('../../index.js', import.meta.url))
const folder = temporaryFolder()
const databases = await createDatabases()
const { PostgreSQL: postgres, MySQL: mysql, MariaDB: mariadb } = databases
const CONNECTIONS = connectionUrls(databases, join(folder, 'many.db'))
const config = {
  agent: { identity: { name: 'Sarah', role: 'Sales Rep' } },
  model: offlineModel,
}

test.after.always(() => dropDatabases(databases))

/**
 * Runs code in another Node process, with the package as `sdk`. Returns the output once the process
 * exits.
 */
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

const start = (connection, tablePrefix) =>
  `const r = new sdk.AIReceptionist(${JSON.stringify({ ...config, database: { connection, tablePrefix } })}); await r.initialize();`

// `.ci/nightly` runs more.
const ROUNDS = Number(process.env.START_ROUNDS ?? 3)

for (const [name, connection] of Object.entries(CONNECTIONS)) {
  test.serial(`${name}: 16 processes start at once on an empty database, ${ROUNDS} times`, async (t) => {
    t.timeout(ROUNDS * 60_000)
    for (let round = 1; round <= ROUNDS; round++) {
      const tablePrefix = `round${round}_`
      const save = (i) =>
        `await r.agent.memory.store({ id: 'p${i}', content: 'hello', timestamp: new Date(), type: 'system' }); await r.dispose(); console.log('ok')`
      const outputs = await Promise.all(
        Array.from({ length: 16 }, (_, i) => run(start(connection, tablePrefix) + save(i))),
      )
      t.deepEqual(new Set(outputs), new Set(['ok\n']))
      const storage = new DatabaseStorage({ connectionString: connection, tablePrefix })
      t.is(await storage.count(), 16)
      t.deepEqual(await storage.migrate({ dryRun: true }), [])
      await storage.dispose()
    }
  })

  test.serial(`${name}: a process exits, with and without dispose()`, async (t) => {
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
  t.true(error?.stack.includes('multi-process.test.mjs'), 'the stack leads to the caller')
  t.true(Date.now() - began < 15_000)
  t.false(await storage.healthCheck())
  await storage.dispose()
  const receptionist = new AIReceptionist({ ...config, database: { connection } })
  await t.throwsAsync(receptionist.initialize(), { instanceOf: DatabaseError, code }, about)
  await receptionist.dispose()
  return error
}

test('an unknown host', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  const error = await failsSoon(t, `postgres://u:secret@127.0.0.1:${port}/x`, 'DATABASE_UNREACHABLE')
  t.true(error.message.includes(`127.0.0.1:${port}`))
  t.false(error.message.includes('secret'))
  await failsSoon(t, 'postgres://u@no-such-host.invalid/x', 'DATABASE_UNREACHABLE')
  await failsSoon(t, `mysql://u:secret@127.0.0.1:${port}/x`, 'DATABASE_UNREACHABLE')
})

test('a server that never answers', async (t) => {
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  server.unref()
  const { port } = server.address()
  for (const connectionString of [
    `postgres://u@127.0.0.1:${port}/x?sslmode=disable`,
    `mysql://u@127.0.0.1:${port}/x`,
  ]) {
    const storage = new DatabaseStorage({ connectionString, pool: { connectionTimeoutMillis: 1_000 } })
    const began = Date.now()
    await t.throwsAsync(storage.initialize(), { instanceOf: DatabaseError })
    t.true(Date.now() - began < 5_000)
    await storage.dispose()
  }
})

for (const [name, server] of Object.entries({ PostgreSQL: postgres, MySQL: mysql, MariaDB: mariadb })) {
  if (!server) continue
  test(`${name}: a database that does not exist`, async (t) => {
    const url = new URL(server.url)
    url.pathname = '/no_such_database'
    const error = await failsSoon(t, url.href, 'DATABASE_NOT_FOUND')
    t.true(error.message.includes('no_such_database'))
    t.true(error.cause instanceof Error)
  })
}

for (const [name, server] of Object.entries({ MySQL: mysql, MariaDB: mariadb })) {
  if (!server) continue
  test(`${name}: a wrong password, and a user without privileges`, async (t) => {
    const { host } = new URL(server.url)
    const user = `u_${server.name.slice(-12)}`
    await server.query(`CREATE USER ${user}@'%' IDENTIFIED BY 'right-secret'`)
    t.teardown(() => server.query(`DROP USER ${user}@'%'`))
    const url = (password) => `mysql://${user}:${password}@${host}/${server.name}`
    const error = await failsSoon(t, url('wrong-secret'), 'DATABASE_AUTHENTICATION_FAILED')
    t.true(error.message.includes(user))
    t.false(error.stack.includes('wrong-secret'))
    await failsSoon(t, url('right-secret'), 'DATABASE_PERMISSION_DENIED')
    await server.query(`GRANT SELECT ON ${server.name}.* TO ${user}@'%'`)
    const prefixed = { connectionString: url('right-secret'), tablePrefix: 'denied_' }
    const storage = new DatabaseStorage(prefixed)
    await t.throwsAsync(storage.initialize(), {
      instanceOf: DatabaseError,
      code: 'DATABASE_PERMISSION_DENIED',
    })
    await storage.dispose()
  })

  test(`${name}: a connection by host, port, user and database`, async (t) => {
    const { hostname, port, username } = new URL(server.url)
    const parts = { host: hostname, port: Number(port || 3306), user: username, database: server.name }
    const storage = new DatabaseStorage({ dialect: 'mysql', ...parts, tablePrefix: 'parts_' })
    await storage.save({ id: 'a', content: 'b', timestamp: new Date(), type: 'system' })
    t.is((await storage.get('a')).content, 'b')
    await storage.dispose()
  })

  test(`${name}: a save beyond max_allowed_packet names the setting and fails alone`, async (t) => {
    const storage = new DatabaseStorage({ connectionString: server.url, tablePrefix: 'packet_' })
    const [{ bytes }] = await server.query('SELECT @@max_allowed_packet AS bytes')
    const save = (id, content) => storage.save({ id, content, timestamp: new Date(), type: 'system' })
    const [small, big, other] = await Promise.allSettled([
      save('small', 'x'),
      save('big', 'x'.repeat(Number(bytes))),
      save('other', 'x'),
    ])
    t.is(small.status, 'fulfilled')
    t.is(other.status, 'fulfilled')
    t.is(big.reason?.code, 'DATABASE_QUERY_FAILED')
    t.regex(big.reason?.message, /max_allowed_packet/)
    t.is(await storage.count(), 2)
    await storage.dispose()
  })

  test(`${name}: many processes complete a table made by hand at the same time`, async (t) => {
    await server.query(
      `CREATE TABLE hand_memory (id VARCHAR(36) PRIMARY KEY, content TEXT NOT NULL, timestamp DATETIME(3) NOT NULL,
       type VARCHAR(50) NOT NULL, importance INT, channel VARCHAR(20), session_metadata JSON)
       DEFAULT CHARACTER SET utf8mb4`,
    )
    await server.query(
      `INSERT INTO hand_memory VALUES ('mine', 'É', '2024-01-01', 'decision', 9, 'call', '{"conversationId":"c"}')`,
    )
    const options = { connectionString: server.url, tablePrefix: 'hand_' }
    const code = `const s = new sdk.DatabaseStorage(${JSON.stringify(options)}); await s.initialize(); await s.dispose()`
    await Promise.all(Array.from({ length: 8 }, () => run(code)))
    const storage = new DatabaseStorage(options)
    t.deepEqual(await storage.migrate({ dryRun: true }), [])
    const [found, ...more] = await storage.search({ conversationId: 'c', keywords: ['é'] })
    t.deepEqual([found.id, found.content, more], ['mine', 'É', []])
    t.deepEqual(await storage.search({ conversationId: 'C' }), [])
    t.deepEqual(await storage.search({ keywords: ['e'] }), [])
    await storage.save({ ...found, content: 'new' })
    await storage.dispose()
  })

  test(`${name}: a save that loses a deadlock is retried`, async (t) => {
    const [first, second] = [1, 2].map((n) => `00000000-0000-7000-8000-00000000000${n}`)
    const storage = new DatabaseStorage({ connectionString: server.url, tablePrefix: 'dead_' })
    const save = (content) =>
      storage.saveBatch([first, second].map((id) => ({ id, content, timestamp: new Date(), type: 'system' })))
    await save('old')
    const other = await server.connect()
    t.teardown(() => other.end())
    const lock = (id) => other.query('SELECT id FROM dead_memory WHERE id = ? FOR UPDATE', [id])
    await other.query('CREATE TABLE heavy (n INT)')
    await other.beginTransaction()
    // The transaction that wrote less loses.
    await other.query(`INSERT INTO heavy VALUES ${Array(200).fill('(1)').join()}`)
    await lock(second)
    const saved = save('new')
    const waiting = `SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND COALESCE(trx_query, 'dead_memory') LIKE '%dead_memory%'`
    // InnoDB shows the same state for 100 ms.
    while ((await other.query(waiting))[0].length === 0) await setTimeout(200)
    await lock(first)
    await other.commit()
    await saved
    t.is((await storage.get(first)).content, 'new')
    t.is((await storage.get(second)).content, 'new')
    await storage.dispose()
  })

  test(`${name}: rows that many processes write at the same time are all kept`, async (t) => {
    const save = (
      i,
    ) => `const s = new sdk.DatabaseStorage({ connectionString: ${JSON.stringify(server.url)}, tablePrefix: 'busy_' })
      for (let round = 0; round < 10; round++) {
        await s.saveBatch(Array.from({ length: 40 }, (_, n) => ({ id: 'm' + (n * 7 + ${i}) % 40, content: 'x', timestamp: new Date(), type: 'system' })))
        await s.delete('m' + (round * 3 + ${i}) % 40)
      }
      await s.saveBatch(Array.from({ length: 40 }, (_, n) => ({ id: 'last' + ${i} + '-' + n, content: 'x', timestamp: new Date(), type: 'decision' })))
      await s.dispose()`
    await Promise.all(Array.from({ length: 6 }, (_, i) => run(save(i))))
    const storage = new DatabaseStorage({ connectionString: server.url, tablePrefix: 'busy_' })
    t.is((await storage.search({ type: 'decision', limit: 1_000 })).length, 240)
    await storage.dispose()
  })
}

if (mysql) {
  test('MySQL: errors explain certificates and passwords without TLS', async (t) => {
    const user = `t_${mysql.name.slice(-12)}`
    await mysql.query(`CREATE USER ${user}@'%' IDENTIFIED BY 'right-secret'`)
    t.teardown(() => mysql.query(`DROP USER ${user}@'%'`))
    await mysql.query(`GRANT ALL ON ${mysql.name}.* TO ${user}@'%'`)
    const { hostname, port } = new URL(mysql.url)
    const initialize = async (ssl) => {
      const parts = {
        host: hostname,
        port: Number(port),
        user,
        password: 'right-secret',
        database: mysql.name,
      }
      const storage = new DatabaseStorage({ dialect: 'mysql', ...parts, ssl, tablePrefix: 'tls_' })
      try {
        await storage.initialize()
      } finally {
        await storage.dispose()
      }
    }
    for (const ssl of [false, true]) {
      const error = await t.throwsAsync(initialize(ssl), { code: 'DATABASE_UNREACHABLE' }, `ssl: ${ssl}`)
      t.regex(error.message, /`ssl`/)
    }
    await initialize({ rejectUnauthorized: false })
    await initialize(undefined)
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

/**
 * Speaks enough of PostgreSQL's protocol to ask for a password and refuse it, because many servers
 * trust local connections.
 */
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

test('a file that cannot be opened', async (t) => {
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

test('an unknown scheme or unknown connection parts', (t) => {
  const refused = (options) => {
    const error = t.throws(
      () => new DatabaseStorage(options),
      { instanceOf: ConfigurationError },
      JSON.stringify(options),
    )
    t.regex(error?.code, /^INVALID_(CONFIG|CONNECTION_STRING)$/)
  }
  for (const connectionString of ['oracle://x', 'receptionist.db', '', 'sqlite:', 'http://x', 7]) {
    refused({ connectionString })
  }
  for (const options of [undefined, null, 'sqlite:x', {}, { db: {} }]) refused(options)
})
