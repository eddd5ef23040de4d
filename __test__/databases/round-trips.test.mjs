// The statements of a turn, counted through a Drizzle client: before the model call, only the
// commit of the customer's message may be awaited.
import test from 'ava'
import { AIReceptionist } from '../../index.js'
import { Sqlite, mariadb, mysql, postgres, dropDatabases } from '../support/databases/drizzle-drivers.mjs'

/** By database: a Drizzle object that reports each statement. */
const OPENERS = {
  ...(postgres && {
    async PostgreSQL(logger) {
      const { default: pg } = await import('pg')
      const { drizzle } = await import('drizzle-orm/node-postgres')
      const pool = new pg.Pool({ connectionString: postgres.url })
      return { db: drizzle(pool, { logger }), close: () => pool.end() }
    },
  }),
  ...Object.fromEntries(
    Object.entries({ MySQL: mysql, MariaDB: mariadb })
      .filter(([, server]) => server)
      .map(([name, server]) => [
        name,
        async (logger) => {
          const { default: mysql2 } = await import('mysql2/promise')
          const { drizzle } = await import('drizzle-orm/mysql2')
          const pool = mysql2.createPool(server.url)
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

for (const [name, opened] of Object.entries(OPENERS)) {
  test(`${name}: a turn makes one save and one read before the model call, and one save after it`, async (t) => {
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
    const { db, close } = await opened(logger)
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
          return answers.shift()
        },
      },
      database: { connection: db, via: 'client' },
    })
    t.teardown(async () => {
      await receptionist.dispose()
      await close()
    })
    await receptionist.initialize()
    const turn = async (prompt) => {
      journey.length = 0
      await receptionist.text.generate({ prompt, conversationId: 'c' })
      return [...journey]
    }
    t.deepEqual(await turn('When?'), ['INSERT', 'SELECT', 'model', 'INSERT'])
    // A tool call is saved before it runs, and its result after it. This tool reads once.
    const withTool = await turn('And as always?')
    t.deepEqual(withTool.slice(0, 4), ['INSERT', 'SELECT', 'model', 'INSERT'])
    t.deepEqual(withTool.slice(-3), ['INSERT', 'model', 'INSERT'])
  })
}
