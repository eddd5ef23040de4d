// The lexical index, looked at in its table without the package.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import test from 'ava'
import { AIReceptionist, DatabaseStorage } from '../../index.js'
import { readSqlite } from '../../examples/read-sqlite.mjs'
import { CLIENTS } from '../support/databases/drizzle-clients.mjs'
import { Sqlite } from '../support/databases/better-sqlite3.mjs'
import { createDatabases, dropDatabases } from '../support/databases.mjs'
import { temporaryFolder } from '../support/fixtures.mjs'

const folder = temporaryFolder()
const servers = await createDatabases()
let count = 0

test.after.always(() => dropDatabases(servers))

/** By name: opens a database for new tables: `{ options, query, connection, close }`. */
const DATABASES = {
  SQLite() {
    const file = join(folder, `${++count}.db`)
    const connection = `sqlite:${file}`
    return { connection, options: { connectionString: connection }, query: (sql) => readSqlite(file, sql) }
  },
}
if (Sqlite)
  DATABASES['SQLite through better-sqlite3'] = async () => {
    const file = join(folder, `${++count}.db`)
    const { db, close } = await CLIENTS['better-sqlite3'](file)
    return {
      connection: db,
      options: { db, via: 'client' },
      query: (sql) => db.$client.prepare(sql).all(),
      close,
    }
  }
for (const [name, server] of Object.entries(servers)) {
  if (!server) continue
  const { url, query } = server
  DATABASES[name] = () => ({ connection: url, options: { connectionString: url }, query })
  const client = name === 'PostgreSQL' ? 'node-postgres' : 'mysql2'
  DATABASES[`${name} through ${client}`] = () => {
    const { db, close } = CLIENTS[client](url)
    return { connection: db, options: { db, via: 'client' }, query, close }
  }
}

const ANNA = { customerEmail: 'anna@example.com' }
const memory = (id, content, sessionMetadata = ANNA) => ({
  id,
  content,
  timestamp: new Date(1_760_000_000_000 + Number(/\d+$/.exec(id)?.[0] ?? 0)),
  type: 'conversation',
  role: 'user',
  sessionMetadata: { conversationId: `c-${id}`, ...sessionMetadata },
})

/** Opens a database and looks into the tables of `tablePrefix`. */
async function open(t, opener) {
  const database = await opener()
  const tablePrefix = `index${++count}_`
  const isPostgres = /PostgreSQL/.test(t.title)
  const scene = {
    ...database,
    options: { ...database.options, tablePrefix },
    tablePrefix,
    /** The rows of the index, the marker left out. */
    async rows() {
      const hex = isPostgres ? `encode(body, 'hex')` : 'hex(body)'
      const rows = await database.query(
        `SELECT ${hex} AS body, tenant_id AS tenant FROM ${tablePrefix}recall`,
      )
      const found = rows.map(({ body, tenant }) => ({ body: body.toLowerCase(), tenant }))
      return found.filter(({ body }) => !body.startsWith('7b22'))
    },
    async marker() {
      const text = isPostgres ? `convert_from(body, 'UTF8')` : 'CAST(body AS CHAR)'
      const where = isPostgres ? `encode(body, 'hex') LIKE '7b22%'` : `hex(body) LIKE '7B22%'`
      const [row] = await database.query(`SELECT ${text} AS body FROM ${tablePrefix}recall WHERE ${where}`)
      return row && JSON.parse(row.body)
    },
    /** The number of rows with the id of a memory's row, which is known while the memory is. */
    async idOf(id) {
      const [row] = await database.query(`SELECT id FROM ${tablePrefix}memory WHERE external_id = '${id}'`)
      return row.id.replaceAll('-', '')
    },
    async holding(row) {
      return (await scene.rows()).filter(({ body }) => body.includes(row)).length
    },
  }
  const opened = []
  scene.storage = (more) => {
    const storage = new DatabaseStorage({ ...scene.options, ...more })
    opened.push(() => storage.dispose())
    return storage
  }
  scene.receptionist = async (more) => {
    const { connection } = database
    const via = typeof connection === 'string' ? {} : { via: 'client' }
    const receptionist = new AIReceptionist({
      agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
      model: { provider: 'custom', model: 'mine', chat: () => ({ content: 'Good.' }) },
      database: { connection, tablePrefix, ...via, ...more },
    })
    opened.push(() => receptionist.dispose())
    await receptionist.initialize()
    return receptionist
  }
  t.teardown(async () => {
    for (const close of opened.reverse()) await close()
    await database.close?.()
  })
  return scene
}

/** Waits until a condition holds. */
async function until(t, holds) {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  t.fail(`not so after 30 s: ${holds}`)
}

for (const [name, opener] of Object.entries(DATABASES)) {
  test.serial(`${name}: signatures come and go with their memories`, async (t) => {
    const scene = await open(t, opener)
    const storage = scene.storage()
    await storage.initialize()
    t.true((await scene.marker()).complete)
    await storage.save(memory('m1', 'A crown on Monday'))
    await storage.saveBatch([memory('m2', 'A bridge'), memory('m3', 'A filling', {})])
    const [m1, m2, m3] = await Promise.all(['m1', 'm2', 'm3'].map(scene.idOf))
    // In the scope of all memories, and in that of the owner or conversation.
    for (const row of [m1, m2, m3]) t.is(await scene.holding(row), 2)
    const before = await scene.rows()
    await storage.save(memory('m1', 'A crown on Tuesday at nine'))
    t.is(await scene.holding(m1), 2)
    t.is((await scene.rows()).length, before.length)
    t.notDeepEqual(await scene.rows(), before)

    // Only the note that it is deleted names it.
    await storage.delete('m1')
    t.is(await scene.holding(m1), 1)
    t.is(await scene.holding(m2), 2)
    await storage.save(memory('m1', 'A crown after all'))
    t.is(await scene.holding(m1), 3)
  })

  test.serial(`${name}: each tenant has an index of its own`, async (t) => {
    const scene = await open(t, opener)
    const [a, b, nobody] = [{ tenantId: 'a' }, { tenantId: 'b' }, {}].map(scene.storage)
    for (const storage of [a, b, nobody]) {
      await storage.initialize()
      await storage.save(memory('m1', 'A crown'))
    }
    const tenants = async () => (await scene.rows()).map(({ tenant }) => tenant ?? '-').sort()
    t.deepEqual(await tenants(), ['-', '-', 'a', 'a', 'b', 'b'])
    await b.delete('m1')
    t.deepEqual(await tenants(), ['-', '-', 'a', 'a', 'b'])
  })

  test.serial(
    `${name}: a database of an earlier version is filled, and one without the index later`,
    async (t) => {
      const scene = await open(t, opener)
      const old = scene.storage({ recall: false })
      await old.initialize()
      t.is(await scene.rows().catch(() => 'no table'), 'no table')
      await old.saveBatch(Array.from({ length: 1_203 }, (_, n) => memory(`old${n}`, `Word${n} of a crown`)))
      await old.dispose()
      const row = await scene.idOf('old700')

      const storage = scene.storage()
      await storage.initialize()
      await storage.save(memory('new1', 'A bridge'))
      await until(t, async () => (await scene.marker())?.complete)
      t.is(await scene.holding(row), 2)
      t.is(await scene.holding(await scene.idOf('new1')), 2)
      t.true((await scene.rows()).length < 2_000)
      await storage.dispose()

      // What is saved meanwhile is indexed when the index is on again.
      const without = scene.storage({ recall: false })
      await without.initialize()
      await without.save(memory('later', 'A filling'))
      await without.dispose()
      t.is(await scene.holding(await scene.idOf('later')), 0)
      t.is(await scene.marker(), undefined)
      const again = scene.storage()
      await again.initialize()
      await until(t, async () => (await scene.marker())?.complete)
      t.is(await scene.holding(await scene.idOf('later')), 2)
    },
  )

  test.serial(
    `${name}: forget leaves no signature, clear and prune leave none of what they delete`,
    async (t) => {
      const scene = await open(t, opener)
      const receptionist = await scene.receptionist()
      const storage = scene.storage()
      const others = Array.from({ length: 20 }, (_, n) =>
        memory(`b${n}`, 'A bridge', { customerEmail: 'bob@example.com' }),
      )
      await storage.saveBatch([
        ...Array.from({ length: 600 }, (_, n) => memory(`a${n}`, 'A crown')),
        ...others,
      ])
      const rows = await Promise.all(['a0', 'a300', 'a599'].map(scene.idOf))
      // Some of Anna's are in a block.
      await until(t, async () => (await scene.rows()).length < 700)
      await receptionist.database.forget({ email: 'anna@example.com' })
      for (const row of rows) t.is(await scene.holding(row), 0)
      // Bob's are as before, a row each in his scope.
      for (const { id } of others) t.is(await scene.holding(await scene.idOf(id)), 2)
      t.like(await receptionist.database.prune({ before: new Date() }), { memories: 20 })
      // Notes that they are deleted, and a block that does not count them.
      t.true((await scene.rows()).length <= 22)
      await storage.save(memory('last', 'A filling'))
      await storage.clear()
      t.deepEqual(await scene.rows(), [])
    },
  )
}

if (Sqlite)
  test.serial('a fill that was killed goes on', async (t) => {
    const scene = await open({ title: 'SQLite', teardown: t.teardown.bind(t) }, DATABASES.SQLite)
    const old = scene.storage({ recall: false })
    await old.initialize()
    for (let batch = 0; batch < 8; batch++)
      await old.saveBatch(
        Array.from({ length: 1_000 }, (_, n) => memory(`m${batch * 1_000 + n}`, `Word${n}`)),
      )
    await old.dispose()
    const program = `const { DatabaseStorage } = require(process.argv[1])
      new DatabaseStorage(JSON.parse(process.argv[2])).initialize().then(() => setInterval(() => {}, 1000))`
    const entry = new URL('../../index.js', import.meta.url).pathname
    const child = spawn(process.execPath, ['-e', program, entry, JSON.stringify(scene.options)], {
      stdio: 'inherit',
    })
    await until(t, async () => (await scene.marker().catch(() => undefined))?.after)
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    const storage = scene.storage()
    await storage.initialize()
    await until(t, async () => (await scene.marker())?.complete)
    // The last of a page may be there twice, in a block and beside it.
    for (const id of ['m0', 'm999', 'm1000', 'm4321', 'm7999'])
      t.true((await scene.holding(await scene.idOf(id))) >= 2, id)
  })
