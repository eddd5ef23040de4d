// Outages that need a server of the test's own: restarts, kills, freezes, full connections,
// read-only mode, full disks.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { DatabaseStorage } from '../../index.js'
import { CASES, CLIENTS } from '../support/databases/drizzle-clients.mjs'
import { startManagedServer } from '../support/databases/managed-servers.mjs'
import { temporaryFolder, notTested } from '../support/fixtures.mjs'

const servers = {
  PostgreSQL: await startManagedServer('PostgreSQL'),
  MySQL: await startManagedServer('MySQL'),
  MariaDB: await startManagedServer('MariaDB'),
}
const folder = temporaryFolder()
const mounted = []
test.after.always(async () => {
  for (const place of mounted) execFileSync('umount', ['-l', place])
  for (const server of Object.values(servers)) await server?.remove()
})

const memory = (id, content = `what ${id} says`) => ({ id, content, timestamp: new Date(), type: 'system' })

let scenes = 0

async function open(t, [name, driver], pool) {
  const server = servers[name]
  const tablePrefix = `outage${++scenes}_`
  const client = driver && (await CLIENTS[driver](server.url))
  const storage = new DatabaseStorage({
    ...(client ? { db: client.db, via: 'client' } : { connectionString: server.url }),
    tablePrefix,
    pool,
  })
  t.teardown(async () => {
    await storage.dispose()
    await client?.close()
  })
  await storage.initialize()
  const ids = async () => {
    const rows = await server.query(`SELECT external_id AS id FROM ${tablePrefix}memory`)
    return rows.map(({ id }) => String(id)).sort()
  }
  return { storage, server, ids, tablePrefix }
}

for (const [title, which] of Object.entries(CASES)) {
  const [name] = which
  if (!servers[name]) continue
  const at = (what, body) => test.serial(`${title}: ${what}`, body)

  at('32 concurrent saves survive restarts and kills of the server', async (t) => {
    const { storage, server, ids } = await open(t, which, { connectionTimeoutMillis: 60_000 })
    const saved = []
    let over = false
    const writers = Array.from({ length: 32 }, async (_, writer) => {
      for (let n = 0; !over; n++) {
        const id = `w${writer}-${n}`
        await storage.save(memory(id))
        saved.push(id)
      }
    })
    const all = Promise.all(writers)
    for (const end of ['stop', 'crash']) {
      await storage.save(memory(`before-${end}`))
      await server[end]()
      t.false(await storage.healthCheck(), end)
      await server.start()
      await storage.save(memory(`after-${end}`))
      t.true(await storage.healthCheck(), end)
      saved.push(`before-${end}`, `after-${end}`)
    }
    over = true
    await all
    t.deepEqual(await ids(), saved.sort())
  })

  at('a frozen server', async (t) => {
    const { storage, server, ids } = await open(t, which, {
      connectionTimeoutMillis: 500,
      queryTimeoutMillis: 1_000,
    })
    await storage.save(memory('before'))
    await server.freeze()
    try {
      const healthy = storage.healthCheck()
      const calls = [storage.save(memory('lost')), storage.search({}), storage.get('before')]
      for (const call of await Promise.allSettled(calls)) {
        t.is(call.reason?.code, 'DATABASE_UNREACHABLE', call.reason?.message)
      }
      t.false(await healthy)
    } finally {
      server.thaw()
    }
    await t.notThrowsAsync(untilItWorks(() => storage.save(memory('after'))))
    t.true(await storage.healthCheck())
    t.deepEqual(
      (await ids()).filter((id) => id !== 'lost'),
      ['after', 'before'],
    )
  })

  at('a server with too many connections', async (t) => {
    const first = await open(t, which)
    await first.storage.save(memory('before'))
    const others = await occupy(servers[name].url)
    t.teardown(() => others.free())
    const refused = new DatabaseStorage({
      connectionString: servers[name].url,
      tablePrefix: first.tablePrefix,
      pool: { connectionTimeoutMillis: 500 },
    })
    const error = await t.throwsAsync(refused.save(memory('refused')), { code: 'DATABASE_UNREACHABLE' })
    t.regex(error.message, /too many connections/)
    await refused.dispose()
    // Open connections go on.
    await first.storage.save(memory('during'))
    await others.free()
    const second = new DatabaseStorage({
      connectionString: servers[name].url,
      tablePrefix: first.tablePrefix,
    })
    await untilItWorks(() => second.save(memory('after')))
    await second.dispose()
    t.deepEqual(await first.ids(), ['after', 'before', 'during'])
  })

  at('a server is demoted to read-only and promoted again', async (t) => {
    const { storage, server, ids } = await open(t, which, { connectionTimeoutMillis: 500 })
    await storage.save(memory('before'))
    await demote(name, server, true)
    t.teardown(() => demote(name, server, false))
    const error = await t.throwsAsync(untilItFails(() => storage.save(memory('refused'))))
    t.is(error.code, 'DATABASE_PERMISSION_DENIED')
    t.regex(error.message, /read-only/)
    t.is((await storage.get('before')).content, 'what before says')
    await demote(name, server, false)
    await untilItWorks(() => storage.save(memory('after')))
    t.deepEqual(
      (await ids()).filter((id) => id !== 'refused'),
      ['after', 'before'],
    )
  })

  at('a short failover to read-only is only a delay', async (t) => {
    const { storage, server, ids } = await open(t, which, { connectionTimeoutMillis: 60_000 })
    await storage.save(memory('before'))
    await demote(name, server, true)
    const saved = storage.save(memory('during'))
    await demote(name, server, false)
    await saved
    t.deepEqual(await ids(), ['before', 'during'])
  })
}

/** Retries until success, because a server applies a setting with delay. */
async function untilItWorks(work) {
  for (let n = 1; ; n++) {
    try {
      return await work()
    } catch (error) {
      if (n === 20) throw error
    }
  }
}

async function untilItFails(work) {
  for (let n = 1; n <= 1_000; n++) await work()
}

/** Opens every connection that a plain user can have. */
async function occupy(url) {
  const open = []
  const connect = url.startsWith('postgres')
    ? async () => {
        const client = new pg.Client({ connectionString: url })
        client.on('error', () => {})
        await client.connect()
        return client
      }
    : async () => {
        const connection = await mysql.createConnection(url)
        connection.on('error', () => {})
        return connection
      }
  try {
    for (;;) open.push(await connect())
  } catch {
    return { free: () => Promise.all(open.splice(0).map((client) => client.end())) }
  }
}

async function demote(name, server, readOnly) {
  if (name === 'PostgreSQL') {
    await server.query(`ALTER SYSTEM SET default_transaction_read_only = ${readOnly ? 'on' : 'off'}`)
    await server.query('SELECT pg_reload_conf()')
  } else {
    await server.query(`SET GLOBAL read_only = ${readOnly ? 1 : 0}`)
  }
}

/**
 * Mounts a disk of this many megabytes. Returns `false`, and prints a line, where mounting is not
 * allowed.
 */
function mount(place, megabytes) {
  mkdirSync(place, { recursive: true })
  try {
    execFileSync(
      'mount',
      ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=777,uid=65534,gid=65534`, 'tmpfs', place],
      {
        stdio: 'ignore',
      },
    )
    mounted.push(place)
    return true
  } catch {
    console.log('a full disk: NOT TESTED (this user may not mount one)')
    if (process.env.REQUIRE_SERVERS === '1') throw new Error('no disk could be mounted')
    return false
  }
}

/** One megabyte of incompressible text. */
const noise = () => randomBytes(3 << 18).toString('base64')

/** Saves until the disk is full. Returns the error and the ids saved before. */
async function fill(storage) {
  const saved = []
  for (let n = 0; n < 200; n++) {
    const id = `big-${String(n).padStart(3, '0')}`
    try {
      await storage.save(memory(id, noise()))
      saved.push(id)
    } catch (error) {
      return { error, saved }
    }
  }
  throw new Error('the disk never was full')
}

/**
 * A database of the server on a small disk, which `grow` enlarges. Returns `undefined` where no
 * disk can be mounted.
 */
async function onSmallDisk(name, server) {
  const url = new URL(server.url)
  const user = url.username
  const made = `small${++scenes}`
  url.pathname = `/${made}`
  let disk
  if (name === 'PostgreSQL') {
    disk = join(server.data, '..', made)
    if (!mount(disk, 32)) return undefined
    await server.query(`CREATE TABLESPACE ${made} LOCATION '${disk}'`)
    await server.query(`CREATE DATABASE ${made} OWNER ${user} TABLESPACE ${made}`)
  } else {
    await server.query(`CREATE DATABASE ${made}`)
    await server.query(`GRANT ALL ON ${made}.* TO ${user}@'%'`)
    disk = join(server.data, made)
    if (!mount(disk, 32)) return undefined
  }
  return { url: url.href, grow: () => execFileSync('mount', ['-o', 'remount,size=128m', disk]) }
}

for (const [title, which] of Object.entries(CASES)) {
  const [name, driver] = which
  // MariaDB aborts when a page that it promised to write finds no space.
  if (!servers[name] || name === 'MariaDB') continue
  test.serial(`${title}: a full disk`, async (t) => {
    const small = await onSmallDisk(name, servers[name])
    if (!small) return notTested(t, title)
    const client = driver && (await CLIENTS[driver](small.url))
    const storage = new DatabaseStorage(
      client ? { db: client.db, via: 'client' } : { connectionString: small.url },
    )
    t.teardown(async () => {
      await storage.dispose()
      await client?.close()
    })
    await storage.save(memory('small'))
    const { error, saved } = await fill(storage)
    t.is(error.code, 'DATABASE_DISK_FULL', error.message)
    t.true(await storage.healthCheck())
    const found = await storage.search({ limit: 1_000 })
    t.deepEqual(found.map(({ id }) => id).sort(), [...saved, 'small'].sort())
    small.grow()
    await storage.save(memory('after', noise()))
    t.is(await storage.count(), saved.length + 2)
  })
}

for (const driver of [undefined, 'better-sqlite3']) {
  test.serial(`SQLite${driver ? ` through ${driver}` : ''}: a full disk`, async (t) => {
    const disk = join(folder, `disk-${driver}`)
    if (!mount(disk, 24)) return notTested(t, t.title)
    const file = join(disk, 'x.db')
    const client = driver && (await CLIENTS[driver](file))
    const storage = new DatabaseStorage(
      client ? { db: client.db, via: 'client' } : { connectionString: `sqlite:${file}` },
    )
    await storage.save(memory('small'))
    const { error, saved } = await fill(storage)
    t.is(error.code, 'DATABASE_DISK_FULL', error.message)
    t.true(await storage.healthCheck())
    const found = await storage.search({ limit: 1_000 })
    t.deepEqual(found.map(({ id }) => id).sort(), [...saved, 'small'].sort())
    execFileSync('mount', ['-o', 'remount,size=64m', disk])
    await storage.save(memory('after', noise()))
    t.is(await storage.count(), saved.length + 2)
    await storage.dispose()
    await client?.close()
  })
}
