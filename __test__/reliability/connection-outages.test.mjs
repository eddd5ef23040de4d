// The database becomes unavailable in every way that a network or a server can cause, and recovers.
// Acknowledged saves exist once, errors arrive in time, and no restart is needed.
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import test from 'ava'
import pg from 'pg'
import { DatabaseError, DatabaseStorage } from '../../index.js'
import { CASES, CLIENTS } from '../support/databases/drizzle-clients.mjs'
import { openProxy } from '../support/databases/tcp-proxy.mjs'
import { createDatabases, dropDatabases } from '../support/databases.mjs'

const servers = await createDatabases()
test.after.always(() => dropDatabases(servers))

const memory = (id, content = `what ${id} says`) => ({ id, content, timestamp: new Date(), type: 'system' })
const numbered = (count, name) => Array.from({ length: count }, (_, n) => `${name}-${n}`)

/** Through a proxy a native save is a transaction, which is executed at its commit. */
const isTransaction = ([name, driver]) => name === 'PostgreSQL' && driver === undefined

let scenes = 0

/**
 * A storage behind a proxy, with tables. `rows()` returns the ids in its table, read without the
 * proxy.
 */
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

/** Matches a value as text and as the hexadecimal literal of a small transaction of MySQL. */
const sent = (text) => new RegExp(`${text}|${Buffer.from(text).toString('hex')}`)

/** Asserts that each id exists once, and no others. */
async function areThereOnce(t, rows, ids) {
  t.deepEqual((await rows()).sort(), [...ids].sort())
}

for (const [name, which] of Object.entries(CASES)) {
  if (!servers[which[0]]) continue
  const at = (title, body) => test.serial(`${name}: ${title}`, body)

  at('a connection is cut before a save reaches the server', async (t) => {
    const { storage, proxy, rows } = await open(t, which)
    const cut = proxy.cutAt(sent('cut-before'))
    await storage.save(memory('a', 'cut-before'))
    await cut
    await areThereOnce(t, rows, ['a'])
  })

  at('a connection is cut after the server executed a save', async (t) => {
    const { storage, proxy, rows } = await open(t, which)
    const cut = proxy.cutAt(isTransaction(which) ? /COMMIT/ : sent('cut-after'), { answer: true })
    await storage.save(memory('a', 'cut-after'))
    await cut
    await areThereOnce(t, rows, ['a'])
    t.is((await storage.get('a')).content, 'cut-after')
  })

  at('a connection is cut after a commit', async (t) => {
    const { storage, proxy, rows } = await open(t, which)
    const ids = numbered(12_000, 'batch')
    // A batch is one statement in PostgreSQL.
    const isStatement = which[0] === 'PostgreSQL' && !isTransaction(which)
    const cut = proxy.cutAt(isStatement ? /batch-11999/ : /COMMIT/i, { answer: true })
    await storage.saveBatch(ids.map((id) => memory(id)))
    await cut
    await areThereOnce(t, rows, ids)
  })

  at('a connection is cut during a delete, a read and a count', async (t) => {
    const { storage, proxy, rows } = await open(t, which)
    await storage.saveBatch(numbered(3, 'm').map((id) => memory(id)))
    for (const answer of [false, true]) {
      // The row id is a hash of the id, but every newly prepared statement contains the table name.
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

  at('every connection is cut repeatedly during 32 concurrent saves', async (t) => {
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

  at('a refused connection is retried', async (t) => {
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

  at('a closed port: an error in time, and a save once the server listens', async (t) => {
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

  at('an unresponsive server: an error in time, and a save once it answers', async (t) => {
    const { storage, proxy, rows, server, tablePrefix } = await open(t, which, {
      pool: { connectionTimeoutMillis: 500, queryTimeoutMillis: 1_000 },
    })
    await storage.save(memory('before'))
    proxy.hole()
    const began = Date.now()
    const healthy = storage.healthCheck()
    const calls = [storage.save(memory('lost')), storage.search({}), storage.get('lost')]
    // Statements without a time limit end too, once the server answers no other query. A user's
    // client gets no health check in the background.
    if (!which[1]) calls.push(storage.count(), storage.clear())
    for (const call of await Promise.allSettled(calls)) {
      t.is(call.reason?.code, 'DATABASE_UNREACHABLE', call.reason?.message)
    }
    t.false(await healthy)
    t.true(Date.now() - began < 40_000)
    await proxy.heal()
    // The held-back statements may arrive now.
    await storage.save(memory('after'))
    t.true(await storage.healthCheck())
    // The statement of `clear()` may arrive late.
    const kept = (await rows()).filter((id) => id !== 'lost' && id !== 'before')
    t.deepEqual(kept, ['after'])
    const twice = `SELECT id FROM ${tablePrefix}memory GROUP BY id HAVING COUNT(*) > 1`
    t.deepEqual(await server.query(twice), [])
  })

  at(
    'saves beyond the queue limit of an unresponsive server are refused, and memory is bounded',
    async (t) => {
      const pool = { connectionTimeoutMillis: 500, queryTimeoutMillis: 1_000 }
      const { storage, proxy, rows } = await open(t, which, { pool })
      proxy.hole()
      const content = 'x'.repeat(200_000)
      const outcomes = []
      /** Starts saves of this many megabytes without awaiting them. */
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
    },
  )

  at('an outage shorter than the retry budget is only a delay', async (t) => {
    const { storage, proxy, rows } = await open(t, which)
    proxy.hole()
    const saved = Promise.all(numbered(50, 'm').map((id) => storage.save(memory(id))))
    const found = storage.search({ limit: 5 })
    // A second connection was requested, so both calls hang.
    if (!which[1]) await once(proxy, 'held')
    await proxy.heal()
    await saved
    t.true(Array.isArray(await found))
    await areThereOnce(t, rows, numbered(50, 'm'))
  })
}

if (servers.PostgreSQL) {
  test.serial('PostgreSQL through node-postgres: a connection is cut inside a transaction', async (t) => {
    const { storage, proxy, rows } = await open(t, CASES['PostgreSQL through node-postgres'])
    for (const text of [/begin/, /DELETE/, /commit/]) {
      await storage.saveBatch([memory('a'), memory('b')])
      const cut = proxy.cutAt(text, { answer: true })
      await storage.clear()
      await cut
      await areThereOnce(t, rows, [])
    }
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
      const error = await t.throwsAsync(storage.save(memory('locked', 'new')), {
        code: 'DATABASE_QUERY_FAILED',
      })
      t.regex(error.message, /statement timeout/)
      await storage.save(memory('free'))
      await other.query('ROLLBACK')
      await other.end()
      await storage.save(memory('locked', 'newer'))
      t.is((await storage.get('locked')).content, 'newer')
    },
  )
}
