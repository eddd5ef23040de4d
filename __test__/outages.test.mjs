// The database goes away, in every way that a network or a server has, and comes back. What was saved is there once; who cannot be served is told so
// in time; and everything heals by itself.
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import test from 'ava'
import pg from 'pg'
import { DatabaseError, DatabaseStorage } from '../index.js'
import { CASES, CLIENTS } from './servers/clients.mjs'
import { createDatabase as createMysql } from './servers/mysql.mjs'
import { createDatabase } from './servers/postgres.mjs'
import { openProxy } from './servers/proxy.mjs'

const servers = {
  PostgreSQL: await createDatabase(),
  MySQL: await createMysql('MySQL'),
  MariaDB: await createMysql('MariaDB'),
}
test.after.always(async () => {
  for (const server of Object.values(servers)) await server?.drop()
})

const memory = (id, content = `what ${id} says`) => ({ id, content, timestamp: new Date(), type: 'system' })
const numbered = (count, name) => Array.from({ length: count }, (_, n) => `${name}-${n}`)

let scenes = 0

/** A storage behind a proxy, with tables; `rows()` are the ids in its table, past the proxy. */
async function open(t, [name, driver], { pool, search = {} } = {}) {
  const server = servers[name]
  const tablePrefix = `outage${++scenes}_`
  const proxy = await openProxy(server.url)
  const url = new URL(proxy.url)
  for (const [key, value] of Object.entries(search)) url.searchParams.set(key, value)
  const client = driver && (await CLIENTS[driver](url.href))
  const storage = new DatabaseStorage({
    ...(client ? { db: client.db, via: 'client' } : { connectionString: url.href }),
    tablePrefix,
    pool,
  })
  t.teardown(async () => {
    await proxy.heal()
    await storage.dispose()
    proxy.close()
    await client?.close()
  })
  await storage.initialize()
  const rows = async () => {
    const found = await server.query(`SELECT external_id AS id FROM ${tablePrefix}memory`)
    return found.map(({ id }) => String(id))
  }
  return { storage, proxy, rows, server, tablePrefix }
}

/** That each of them is there, once, and nothing else. */
async function areThereOnce(t, rows, ids) {
  t.deepEqual((await rows()).sort(), [...ids].sort())
}

for (const [name, which] of Object.entries(CASES)) {
  if (!servers[which[0]]) continue
  const at = (title, body) => test.serial(`${name}: ${title}`, body)

  at('a connection that is cut before the server hears of a save', async (t) => {
    const { storage, proxy, rows } = await open(t, which)
    const cut = proxy.cutAt(/cut-before/)
    await storage.save(memory('a', 'cut-before'))
    await cut
    await areThereOnce(t, rows, ['a'])
  })

  at('a connection that is cut after the server carried a save out', async (t) => {
    const { storage, proxy, rows } = await open(t, which)
    const cut = proxy.cutAt(/cut-after/, { answer: true })
    await storage.save(memory('a', 'cut-after'))
    await cut
    await areThereOnce(t, rows, ['a'])
    t.is((await storage.get('a')).content, 'cut-after')
  })

  at('a connection that is cut after a commit', async (t) => {
    const { storage, proxy, rows } = await open(t, which)
    const ids = numbered(12_000, 'batch')
    // A batch is one statement in PostgreSQL.
    const cut = proxy.cutAt(which[0] === 'PostgreSQL' ? /batch-11999/ : /COMMIT/i, { answer: true })
    await storage.saveBatch(ids.map((id) => memory(id)))
    await cut
    await areThereOnce(t, rows, ids)
  })

  at('a connection that is cut while it deletes, reads and counts', async (t) => {
    const { storage, proxy, rows } = await open(t, which)
    await storage.saveBatch(numbered(3, 'm').map((id) => memory(id)))
    for (const answer of [false, true]) {
      // What names a row is a hash of the id: the table's name is in every statement that a new connection prepares.
      proxy.cut()
      let cut = proxy.cutAt(/DELETE/, { answer })
      await storage.delete('m-0')
      await cut
      proxy.cut()
      cut = proxy.cutAt(/SELECT/, { answer })
      t.is((await storage.search({ limit: 10 })).length, 2)
      await cut
    }
    await areThereOnce(t, rows, ['m-1', 'm-2'])
  })

  at('every connection is cut again and again while 32 save', async (t) => {
    const { storage, proxy, rows } = await open(t, which)
    const saved = []
    const cuts = 8
    let done = 0
    const writers = Array.from({ length: 32 }, async (_, writer) => {
      for (let n = 0; done < cuts || n < 4; n++) {
        const id = `w${writer}-${n}`
        await storage.save(memory(id))
        saved.push(id)
      }
    })
    const breaker = async () => {
      for (; done < cuts; done++) {
        await storage.save(memory(`breaker-${done}`))
        saved.push(`breaker-${done}`)
        proxy.cut()
      }
    }
    await Promise.all([...writers, breaker()])
    await areThereOnce(t, rows, saved)
  })

  at('whoever is turned away tries again', async (t) => {
    const { storage, proxy, rows } = await open(t, which)
    proxy.turnAway()
    const saved = Promise.all(numbered(20, 'm').map((id) => storage.save(memory(id))))
    const found = storage.search({ limit: 10 })
    await once(proxy, 'away')
    await once(proxy, 'away')
    await proxy.heal()
    await saved
    t.true(Array.isArray(await found))
    await areThereOnce(t, rows, numbered(20, 'm'))
  })

  at('nobody listens there: an error in time, and a save once somebody does', async (t) => {
    const { storage, proxy, rows } = await open(t, which, { pool: { connectionTimeoutMillis: 500 } })
    t.true(await storage.healthCheck())
    proxy.refuse()
    const began = Date.now()
    const calls = [
      storage.save(memory('lost')),
      storage.saveBatch([memory('lost-1'), memory('lost-2')]),
      storage.search({}),
      storage.get('lost'),
      storage.delete('lost'),
      storage.count(),
    ]
    for (const call of await Promise.allSettled(calls)) {
      t.is(call.reason?.code, 'DATABASE_UNREACHABLE', call.reason?.message)
      t.true(call.reason instanceof DatabaseError)
    }
    t.false(await storage.healthCheck())
    t.true(Date.now() - began < 15_000)
    await proxy.heal()
    await storage.save(memory('found'))
    t.true(await storage.healthCheck())
    await areThereOnce(t, rows, ['found'])
  })

  at('a black hole: an error in time, and a save once there is an answer', async (t) => {
    const { storage, proxy, rows, server, tablePrefix } = await open(t, which, {
      pool: { connectionTimeoutMillis: 500, queryTimeoutMillis: 1_000 },
    })
    await storage.save(memory('before'))
    proxy.hole()
    const began = Date.now()
    const healthy = storage.healthCheck()
    const calls = [storage.save(memory('lost')), storage.search({}), storage.get('lost')]
    // What may take any time ends too, when nobody else gets an answer; a client of the user's is asked nothing behind their back.
    if (!which[1]) calls.push(storage.count(), storage.clear())
    for (const call of await Promise.allSettled(calls)) {
      t.is(call.reason?.code, 'DATABASE_UNREACHABLE', call.reason?.message)
    }
    t.false(await healthy)
    t.true(Date.now() - began < 40_000)
    await proxy.heal()
    // What the hole held back may arrive now.
    await storage.save(memory('after'))
    t.true(await storage.healthCheck())
    // `clear()` may arrive late.
    const kept = (await rows()).filter((id) => id !== 'lost' && id !== 'before')
    t.deepEqual(kept, ['after'])
    const twice = `SELECT id FROM ${tablePrefix}memory GROUP BY id HAVING COUNT(*) > 1`
    t.deepEqual(await server.query(twice), [])
  })

  at('more saves than a black hole may keep waiting are refused, and memory stays', async (t) => {
    const pool = { connectionTimeoutMillis: 500, queryTimeoutMillis: 1_000 }
    const { storage, proxy, rows } = await open(t, which, { pool })
    proxy.hole()
    const content = 'x'.repeat(200_000)
    const outcomes = []
    /** So many MB in saves that nobody waits for. */
    const flood = async (megabytes) => {
      for (let n = 0; n < megabytes * 5; n++) {
        const id = `m-${outcomes.length}`
        const saved = storage.save(memory(id, content))
        outcomes.push(saved.then(() => ({ id })).catch(({ code }) => ({ id, code })))
        if (n % 5 === 0) await setImmediate()
      }
    }
    await flood(200)
    const before = process.memoryUsage().rss
    await flood(200)
    t.true(process.memoryUsage().rss - before < 250 << 20)
    await proxy.heal()
    const settled = await Promise.all(outcomes)
    const codes = new Set(settled.map(({ code }) => code))
    t.true(codes.has('DATABASE_OVERLOADED'))
    for (const code of codes) {
      t.true([undefined, 'DATABASE_OVERLOADED', 'DATABASE_UNREACHABLE'].includes(code), code)
    }
    await storage.save(memory('after'))
    const there = await rows()
    t.is(new Set(there).size, there.length)
    const saved = settled.filter(({ code }) => code === undefined).map(({ id }) => id)
    t.deepEqual(
      [...saved, 'after'].filter((id) => !there.includes(id)),
      [],
    )
  })

  at('a black hole that is shorter than the patience is only a delay', async (t) => {
    const { storage, proxy, rows } = await open(t, which)
    proxy.hole()
    const saved = Promise.all(numbered(50, 'm').map((id) => storage.save(memory(id))))
    const found = storage.search({ limit: 5 })
    // A second connection was asked for: both calls are in the hole.
    if (!which[1]) await once(proxy, 'held')
    await proxy.heal()
    await saved
    t.true(Array.isArray(await found))
    await areThereOnce(t, rows, numbered(50, 'm'))
  })
}

for (const which of Object.values(CASES)) {
  const [name, driver] = which
  if (name !== 'PostgreSQL' || !servers[name]) continue
  test.serial(
    `PostgreSQL${driver ? ` through ${driver}` : ''}: what the server gives up on is not tried again`,
    async (t) => {
      const options = '-c statement_timeout=300ms'
      const { storage, server, tablePrefix } = await open(t, which, { search: { options } })
      await storage.save(memory('locked'))
      const other = new pg.Client({ connectionString: server.url })
      await other.connect()
      await other.query('BEGIN')
      await other.query(`SELECT id FROM ${tablePrefix}memory FOR UPDATE`)
      const error = await t.throwsAsync(storage.save(memory('locked', 'new')), { code: 'DATABASE_FAILED' })
      t.regex(error.message, /statement timeout/)
      await storage.save(memory('free'))
      await other.query('ROLLBACK')
      await other.end()
      await storage.save(memory('locked', 'newer'))
      t.is((await storage.get('locked')).content, 'newer')
    },
  )
}
