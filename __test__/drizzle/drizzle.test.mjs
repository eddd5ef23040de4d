// Drizzle connections: every driver passes every storage scenario through its client, and takes part in the user's transactions.
process.env.TZ = 'America/New_York'
import test from 'ava'
import { sql } from 'drizzle-orm'
import { DatabaseError, DatabaseStorage } from '../../index.js'
import { memory } from '../support/fixtures.mjs'
import { scenarios } from '../support/storage/scenarios.mjs'
import { openers, dropDatabases } from '../support/databases/drizzle-drivers.mjs'

let count = 0
const prefix = () => `d${++count}_`

const DRIVERS = openers()

test.after.always(dropDatabases)

for (const [name, open] of Object.entries(DRIVERS)) {
  let connection
  test.before(async () => {
    connection = await open()
  })
  test.after.always(async () => await connection?.close())

  for (const [title, run] of Object.entries(scenarios)) {
    test.serial(`${name}: ${title}`, async (t) => {
      const storage = new DatabaseStorage({ db: connection.db, via: 'client', tablePrefix: prefix() })
      try {
        await run(t, storage)
      } finally {
        await storage.dispose()
      }
    })
  }

  test.serial(`${name}: a new storage opens on the client after dispose()`, async (t) => {
    const storage = new DatabaseStorage({ db: connection.db, via: 'client', tablePrefix: prefix() })
    await storage.save(memory('a'))
    await storage.dispose()
    await t.throwsAsync(storage.count(), { code: 'DISPOSED' })
    await storage.initialize()
    t.is(await storage.count(), 1)
    await storage.dispose()
  })

  test.serial(
    `${name}: the error of a failing statement has the error of the driver as its cause`,
    async (t) => {
      const tablePrefix = prefix()
      const storage = new DatabaseStorage({ db: connection.db, via: 'client', tablePrefix })
      await storage.initialize()
      const drop = sql.raw(`DROP TABLE ${tablePrefix}memory`)
      await (connection.db.execute ? connection.db.execute(drop) : connection.db.run(drop))
      const error = await t.throwsAsync(storage.save(memory('a', { content: 'a secret' })), {
        instanceOf: DatabaseError,
        code: 'DATABASE_QUERY_FAILED',
      })
      t.truthy(error.cause?.code, `${error.cause}`)
      t.false(/a secret/.test(`${error.message} ${error.cause.message} ${JSON.stringify(error.cause)}`))
      await storage.dispose()
    },
  )

  test.serial(`${name}: a client that was closed is reported as closed`, async (t) => {
    const { db, close } = await open()
    const storage = new DatabaseStorage({ db, via: 'client', tablePrefix: prefix() })
    await storage.save(memory('a'))
    await close()
    await t.throwsAsync(storage.count(), {
      instanceOf: DatabaseError,
      code: 'DATABASE_UNREACHABLE',
      message: /ended/,
    })
    t.false(await storage.healthCheck())
    await storage.dispose()
  })

  // better-sqlite3's transactions are synchronous: nothing can be saved in them.
  if (name === 'better-sqlite3') continue

  test.serial(`${name}: saves in a transaction commit and roll back with it`, async (t) => {
    const { db } = connection
    const tablePrefix = prefix()
    const outside = new DatabaseStorage({ db, via: 'client', tablePrefix })

    const missing = await db.transaction(async (tx) => {
      const inside = new DatabaseStorage({ db: tx, tablePrefix })
      const error = await t.throwsAsync(inside.save(memory('early')), { code: 'DATABASE_TABLES_MISSING' })
      t.regex(error.message, /migrate\(\)/)
      await t.throwsAsync(inside.migrate(), { code: 'INVALID_CONFIG' })
    })
    t.is(missing, undefined)
    await outside.initialize()

    class Mine extends Error {}
    await t.throwsAsync(
      db.transaction(async (tx) => {
        const inside = new DatabaseStorage({ db: tx, tablePrefix })
        await inside.save(memory('a'))
        t.is((await inside.get('a')).id, 'a')
        throw new Mine()
      }),
      { instanceOf: Mine },
    )
    t.is(await outside.count(), 0)

    await db.transaction(async (tx) => {
      const inside = new DatabaseStorage({ db: tx, tablePrefix })
      await Promise.all(['a', 'b', 'c'].map((id) => inside.save(memory(id))))
      t.is(await inside.count(), 3)
    })
    t.is(await outside.count(), 3)
    await outside.dispose()
  })

  test.serial(`${name}: a failed save aborts neither the transaction nor other saves in it`, async (t) => {
    const { db } = connection
    const tablePrefix = prefix()
    const outside = new DatabaseStorage({ db, via: 'client', tablePrefix })
    await outside.initialize()
    const refuse =
      name === 'libsql' ? undefined : `ALTER TABLE ${tablePrefix}memory ADD CHECK (content <> 'bad')`
    await (refuse
      ? db.execute(sql.raw(refuse))
      : db.run(
          sql.raw(`CREATE TRIGGER ${tablePrefix}t BEFORE INSERT ON ${tablePrefix}memory WHEN NEW.content = 'bad'
                   BEGIN SELECT RAISE(ABORT, 'bad'); END`),
        ))
    await db.transaction(async (tx) => {
      const inside = new DatabaseStorage({ db: tx, tablePrefix })
      const results = await Promise.allSettled([
        inside.save(memory('a')),
        inside.save(memory('b', { content: 'bad' })),
        inside.save(memory('c')),
        inside.search({}),
      ])
      t.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
      )
    })
    t.is(await outside.count(), 2)
    await outside.dispose()
  })
}

for (const orm of ['drizzle-orm-0.30', 'drizzle-orm-0.36', 'drizzle-orm-1.0']) {
  for (const [name, open] of Object.entries(openers(orm))) {
    test.serial(`${orm}, ${name}`, async (t) => {
      const { db, close } = await open()
      const tablePrefix = prefix()
      const storage = new DatabaseStorage({ db, via: 'client', tablePrefix })
      await storage.saveBatch([memory('a'), memory('b')])
      t.deepEqual(await storage.get('b'), memory('b'))
      await storage.delete('a')
      t.is(await storage.count(), 1)
      if (name !== 'better-sqlite3') {
        await t.throwsAsync(
          db.transaction(async (tx) => {
            await new DatabaseStorage({ db: tx, tablePrefix }).save(memory('c'))
            throw new Error('mine')
          }),
          { message: 'mine' },
        )
        t.is(await storage.count(), 1)
      }
      await storage.dispose()
      await close()
    })
  }
}
