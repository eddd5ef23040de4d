// The statements of a turn, counted through a Drizzle client.
import test from 'ava'
import { AIReceptionist } from '../../index.js'
import { Sqlite, mariadb, mysql, postgres, dropDatabases } from '../support/databases/drizzle-drivers.mjs'

/** By database: a Drizzle object that reports each statement. */
const OPENERS = {
  ...(postgres && {
    async PostgreSQL(logger, trips) {
      const { default: pg } = await import('pg')
      const { drizzle } = await import('drizzle-orm/node-postgres')
      const pool = countTrips(new pg.Pool({ connectionString: postgres.url }), trips)
      return { db: drizzle(pool, { logger }), close: () => pool.end() }
    },
  }),
  ...Object.fromEntries(
    Object.entries({ MySQL: mysql, MariaDB: mariadb })
      .filter(([, server]) => server)
      .map(([name, server]) => [
        name,
        async (logger, trips) => {
          const { default: mysql2 } = await import('mysql2/promise')
          const { drizzle } = await import('drizzle-orm/mysql2')
          const pool = countTrips(mysql2.createPool(server.url), trips)
          return { db: drizzle(pool, { logger, mode: 'default' }), close: () => pool.end() }
        },
      ]),
  ),
  ...(Sqlite && {
    async SQLite(logger) {
      const { drizzle } = await import('drizzle-orm/better-sqlite3')
      const client = new Sqlite(':memory:')
      return { db: drizzle(client, { logger }), close: () => client.close() }
    },
  }),
}

test.after.always(dropDatabases)

/** Counts the round trips of a pool in `trips.count`. Statements that are under way together are one. */
function countTrips(pool, trips) {
  let underWay = 0
  const begin = () => {
    if (underWay++ === 0) trips.count++
  }
  const { query, getConnection } = pool
  pool.query = async (...statement) => {
    begin()
    try {
      return await query.apply(pool, statement)
    } finally {
      underWay--
    }
  }
  // The adapter of mysql2 runs each statement on a connection of its own.
  if (getConnection) {
    pool.getConnection = async () => {
      begin()
      const connection = await getConnection.call(pool)
      const { release } = connection
      connection.release = () => {
        underWay--
        connection.release = release
        return release.call(connection)
      }
      return connection
    }
  }
  return pool
}

for (const [name, opened] of Object.entries(OPENERS)) {
  test(`${name}: a turn waits for two round trips before the model call, and saves once after it`, async (t) => {
    const journey = []
    // A save writes the memory and its signatures: on PostgreSQL in one statement, elsewhere in one transaction.
    const logger = {
      logQuery(sql) {
        const word = /^\s*(\w+)/.exec(sql)[1].toUpperCase()
        if (['BEGIN', 'START', 'COMMIT', 'SET'].includes(word)) return
        const step = word === 'WITH' ? 'INSERT' : word
        if (step !== 'INSERT' || journey.at(-1) !== 'INSERT') journey.push(step)
      },
    }
    const trips = { count: 0 }
    const { db, close } = await opened(logger, trips)
    const answers = [
      { content: 'Tuesday at nine?' },
      { content: '', toolCalls: [{ id: '1', name: 'recall_preference', parameters: { key: 'time' } }] },
      { content: 'In the morning, as ever.' },
    ]
    const receptionist = new AIReceptionist({
      agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
      model: {
        provider: 'custom',
        model: 'mine',
        chat() {
          journey.push('model')
          trips.beforeModel ??= trips.count
          return answers.shift() ?? { content: 'Yes.' }
        },
      },
      database: { connection: db, via: 'client' },
    })
    t.teardown(async () => {
      await receptionist.dispose()
      await close()
    })
    await receptionist.initialize()
    const turn = async (prompt, more) => {
      journey.length = 0
      Object.assign(trips, { count: 0, beforeModel: undefined })
      await receptionist.text.generate({ prompt, conversationId: 'c', ...more })
      return [...journey]
    }
    /** The steps before the first call of the model. A save may be several statements of one transaction. */
    const before = (steps) => {
      const known = steps.slice(0, steps.indexOf('model'))
      t.true(known.includes('INSERT'))
      t.true(known.every((step) => step === 'INSERT' || step === 'SELECT'))
      return known.filter((step) => step === 'SELECT').length
    }
    // The history and the lexical index are read while the message is saved.
    const first = await turn('When?')
    t.is(before(first), 2)
    t.deepEqual(first.slice(first.indexOf('model')), ['model', 'INSERT'])
    t.true(trips.beforeModel <= 2)
    // The memories that bear on the message are read after the index. A tool call is saved before it runs, and its result
    // after it. This tool reads once.
    const withTool = await turn('And as always?')
    t.true(before(withTool) <= 3)
    t.deepEqual(withTool.slice(-3), ['INSERT', 'model', 'INSERT'])
    // The record, links, decisions and summaries of a known customer are read together with the history.
    for (const customer of [{ phone: '+15551234567' }, { email: 'anna@example.com' }, { id: '7' }]) {
      const known = await turn('And for me?', { conversationId: customer.id ?? 'known', customer })
      t.true(before(known) <= 7)
      t.deepEqual(known.slice(known.indexOf('model')), ['model', 'INSERT'])
      // SQLite runs one statement at a time, without a network.
      t.true(trips.beforeModel <= 2)
    }
  })
}
