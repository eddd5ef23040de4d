// Vector stores on every database: with pgvector, without it, and through a user's client.
import { join } from 'node:path'
import test from 'ava'
import { drizzle } from 'drizzle-orm/node-postgres'
import { drizzle as drizzleMysql } from 'drizzle-orm/mysql2'
import { drizzle as drizzlePostgresJs } from 'drizzle-orm/postgres-js'
import { createPool } from 'mysql2/promise'
import pg from 'pg'
import postgresJs from 'postgres'
import { AIReceptionist, DatabaseStorage, InMemoryStorage, InMemoryVectorStore } from '../../index.js'
import { startMiniLM, wordVectors } from '../support/models/embeddings.mjs'
import { startModel } from '../support/models/strict-model.mjs'
import { Sqlite, dropDatabases as dropClients, openers } from '../support/databases/drizzle-drivers.mjs'
import { createDatabase, hasPgvector } from '../support/databases/postgres.mjs'
import { temporaryFolder, identity } from '../support/fixtures.mjs'
import { createDatabases, dropDatabases } from '../support/databases.mjs'

const folder = temporaryFolder()
const databases = await createDatabases()
const { PostgreSQL: postgres, MySQL: mysql, MariaDB: mariadb } = databases
const plain = await createDatabase()
const minilm = await startMiniLM()
const pgvector = postgres && (await hasPgvector(postgres))
const pool = postgres && new pg.Pool({ connectionString: postgres.url, max: 3 })
const role = `clerk_${process.pid}`
if (plain) {
  await plain.query(`CREATE ROLE ${role} LOGIN`)
  await plain.query(`GRANT ALL ON DATABASE ${plain.name} TO ${role}`)
  await plain.query(`GRANT ALL ON SCHEMA public TO ${role}`)
}
let count = 0
/** The warnings of the process. Each warning is emitted once. */
const told = []
process.on('warning', ({ message }) => told.push(message))

test.after.always(async () => {
  minilm?.stop()
  await pool?.end()
  await dropDatabases(databases)
  await dropClients()
  if (plain) {
    await plain.query(`REASSIGN OWNED BY ${role} TO CURRENT_USER`)
    await plain.query(`DROP OWNED BY ${role}`)
    await plain.query(`DROP ROLE ${role}`)
    await plain.drop()
  }
})

const clerk = () => plain.url.replace(/\/\/[^@]*@/, `//${role}@`)
const DATABASES = {
  SQLite: () => `sqlite:${join(folder, `${++count}.db`)}`,
  ...(postgres && { [`PostgreSQL ${pgvector ? 'with' : 'without'} pgvector`]: () => postgres.url }),
  ...(postgres && { 'PostgreSQL through node-postgres': () => drizzle(pool) }),
  ...(plain && { 'PostgreSQL for a role that may not install pgvector': clerk }),
  ...(mysql && { MySQL: () => mysql.url }),
  ...(mariadb && { MariaDB: () => mariadb.url }),
}

const anna = { email: 'anna@example.com' }
const bob = { email: 'bob@example.com' }

/** A database with tables of its own, and a function that opens receptionists on it. */
function place(t, connection, tablePrefix = `v${++count}_`) {
  const isUrl = typeof connection === 'string'
  const database = { connection, tablePrefix, ...(!isUrl && { via: 'client' }) }
  const storage = () => {
    const storage = new DatabaseStorage({
      ...(isUrl ? { connectionString: connection } : { db: connection }),
      tablePrefix,
    })
    t.teardown(() => storage.dispose())
    return storage
  }
  const open = async (memory = {}) => {
    const server = await startModel(t, () => 'Fine.')
    const receptionist = new AIReceptionist({
      agent: { identity, memory: { vectorEnabled: true, embedder: wordVectors, ...memory } },
      model: server.config,
      database,
    })
    t.teardown(() => receptionist.dispose())
    await receptionist.initialize()
    const say = async (prompt, conversationId, customer) => {
      const { metadata } = await receptionist.text.generate({ prompt, conversationId, customer })
      const system = server.requests.at(-1).messages[0].content
      return { metadata, reminded: system.split('# What you remember that may bear on this')[1] ?? '' }
    }
    return { receptionist, memory: receptionist.agent.memory, say }
  }
  return { open, storage, tablePrefix }
}

for (const [name, connection] of Object.entries(DATABASES)) {
  test.serial(
    `${name}: vectors are kept after a restart, and are visible to their customer only`,
    async (t) => {
      const { open } = place(t, connection())
      const first = await open()
      await first.say('My terrier is called Rex', 'monday', anna)
      await first.say("Bob's puppy is called Bella", 'tuesday', bob)
      await first.memory.reindex()
      t.is((await first.say('What is the name of my dog?', 'c', { id: 'x' })).reminded, '')
      await first.memory.reindex()
      await first.receptionist.dispose()

      const texts = []
      const embedder = (given) => {
        texts.push(...given)
        return wordVectors(given)
      }
      const second = await open({ embedder })
      await second.memory.reindex()
      t.deepEqual([...new Set(texts)], ['What is remembered'])
      const { reminded, metadata } = await second.say('What is the name of my dog?', 'friday', anna)
      t.regex(reminded, /Rex/)
      t.notRegex(reminded, /Bella/)
      t.is(metadata.retrieved.mode, 'hybrid')
      const found = (await second.memory.retrieve('dog')).map(({ content }) => content)
      t.true(found.includes('My terrier is called Rex') && found.includes("Bob's puppy is called Bella"))
      t.deepEqual(await second.memory.retrieve('dog', { conversationId: 'nowhere' }), [])
      t.is((await second.memory.retrieve('dog', { conversationId: 'tuesday' })).length, 1)
      t.is((await second.memory.retrieve('dog', { channel: 'call' })).length, 0)
    },
  )

  test.serial(`${name}: a change of the embedder is detected, and a deleted memory is removed`, async (t) => {
    const { open, storage } = place(t, connection())
    const first = await open()
    await first.say('My terrier is called Rex', 'monday', anna)
    await first.memory.reindex()
    await first.receptionist.dispose()

    const model = `other-${++count}`
    const second = await open({ embedder: { model, embed: (texts) => wordVectors(texts, 64) } })
    await second.memory.reindex()
    t.true(told.some((warning) => warning.includes('custom/256') && warning.includes(`${model}/64`)))
    t.regex((await second.say('How is my dog?', 'friday', anna)).reminded, /Rex/)
    t.is(second.memory.getStats().vectors.dimensions, 64)

    const [said] = await second.memory.search({ keywords: ['terrier'] })
    await storage().delete(said.id)
    t.notRegex((await second.say('How is my dog?', 'saturday', anna)).reminded, /Rex/)
    t.deepEqual(await second.memory.retrieve('dog', { conversationId: 'monday' }), [])
  })

  test.serial(`${name}: semantic search finds a memory of 5,000 messages ago`, async (t) => {
    const { open } = place(t, connection())
    await farBack(t, open)
  })
}

test.serial('InMemoryVectorStore: semantic search finds a memory of 5,000 messages ago', async (t) => {
  const { open } = place(t, 'sqlite::memory:')
  const longTermStorage = new InMemoryStorage()
  await farBack(
    t,
    (memory) => open({ longTermStorage, vectorStore: new InMemoryVectorStore(), ...memory }),
    longTermStorage,
  )
})

/**
 * Saves one memory and then 5,000 others, half of them of the same customer. Then asks in other
 * words.
 */
async function farBack(t, open, storage) {
  const { receptionist, memory, say } = await open()
  await say('I am allergic to peanuts', 'long ago', anna)
  const people = [anna, bob]
  const chatter = Array.from({ length: 5_000 }, (_, n) => ({
    id: `chatter-${n}`,
    content: `Message ${n} about ${['parcel', 'invoice', 'weather', 'garden', 'meeting'][n % 5]} matters`,
    timestamp: new Date(Date.now() + n),
    type: 'conversation',
    role: 'user',
    channel: 'text',
    sessionMetadata: { conversationId: `chat ${n % 100}`, customerEmail: people[n % 2].email },
  }))
  if (storage) await storage.saveBatch(chatter)
  else await Promise.all(chatter.map((message) => memory.store(message)))
  await memory.reindex()
  const { metadata, reminded } = await say('What kind of food must I not eat?', 'today', anna)
  t.is(metadata.retrieved.mode, 'hybrid')
  t.regex(reminded, /I am allergic to peanuts/)
  t.notRegex((await say('What kind of food must I not eat?', 'today too', bob)).reminded, /allergic/)
  t.true(receptionist.agent.memory.getStats().vectors.embedded >= 5_000)
}

if (pgvector) {
  test.serial('pgvector: vectors are in a vector column, and an index finds the nearest ones', async (t) => {
    const { open, storage, tablePrefix } = place(t, postgres.url)
    const longTermStorage = storage()
    const { memory, say } = await open({ longTermStorage })
    await say('My terrier is called Rex', 'monday', anna)
    await memory.reindex()
    const table = `${tablePrefix}vectors`
    const rows = await postgres.query(`SELECT vector_dims(vector) AS dims, numbers FROM ${table}`)
    t.true(rows.length >= 2)
    for (const row of rows) t.deepEqual(row, { dims: 256, numbers: null })
    const indexes = await postgres.query('SELECT indexdef FROM pg_indexes WHERE tablename = $1', [table])
    t.true(indexes.some(({ indexdef }) => /USING hnsw .*vector\(256\).*vector_cosine_ops/.test(indexdef)))
    // The expression that the search orders by is the expression of the index.
    const client = await pool.connect()
    await client.query('SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off')
    const { rows: plan } = await client.query(
      `EXPLAIN SELECT memory_id FROM ${table} WHERE dimensions = 256 AND vector IS NOT NULL AND space = 'custom/256' AND tenant_id IS NULL
       ORDER BY CAST(vector AS vector(256)) <=> CAST($1 AS vector(256)) LIMIT 3`,
      [JSON.stringify(wordVectors(['dog'])[0])],
    )
    client.release(true)

    const [said] = await memory.search({ keywords: ['terrier'] })
    const kept = async () =>
      (await postgres.query(`SELECT 1 FROM ${table} WHERE memory_id = $1`, [said.id])).length
    t.is(await kept(), 1)
    await longTermStorage.delete(said.id)
    t.is(await kept(), 0)
    t.regex(JSON.stringify(plan), /idx_hnsw_256/)
  })
}

if (plain) {
  test.serial(
    'a role that may not install pgvector gets a hint, and its vectors are stored as bytes',
    async (t) => {
      const { open, tablePrefix } = place(t, clerk())
      const { memory, say } = await open()
      await say('My terrier is called Rex', 'monday', anna)
      await memory.reindex()
      const rows = await plain.query(`SELECT numbers FROM ${tablePrefix}vectors`)
      t.true(rows.every(({ numbers }) => Buffer.isBuffer(numbers) && numbers.length === 4 * 256))
      if (pgvector) t.true(told.some((warning) => warning.includes('CREATE EXTENSION vector')))
    },
  )
}

/** Databases without pgvector: the URL, and the user's client as `{ db, close }`. */
const WITHOUT_PGVECTOR = {
  ...(Sqlite && { 'SQLite through better-sqlite3': sqliteClient('better-sqlite3') }),
  'SQLite through libsql': sqliteClient('libsql'),
  ...(plain && {
    'PostgreSQL through node-postgres'() {
      const pool = new pg.Pool({ connectionString: clerk(), max: 3 })
      return { url: clerk(), open: () => ({ db: drizzle(pool), close: () => pool.end() }) }
    },
    'PostgreSQL through postgres-js': () => {
      const sql = postgresJs(clerk(), { max: 3, onnotice() {} })
      return { url: clerk(), open: () => ({ db: drizzlePostgresJs(sql), close: () => sql.end() }) }
    },
  }),
  ...(mysql && { 'MySQL through mysql2': () => mysqlClient(mysql.url) }),
  ...(mariadb && { 'MariaDB through mysql2': () => mysqlClient(mariadb.url) }),
}

function sqliteClient(driver) {
  return () => {
    const file = join(folder, `${++count}.db`)
    return { url: `sqlite:${file}`, open: () => openers()[driver](file) }
  }
}

function mysqlClient(url) {
  const pool = createPool({ uri: url, connectionLimit: 3 })
  return { url, open: () => ({ db: drizzleMysql(pool), close: () => pool.end() }) }
}

for (const [name, scene] of Object.entries(WITHOUT_PGVECTOR)) {
  test.serial(`${name}: vectors written natively are found through the client, and vice versa`, async (t) => {
    const { url, open: openClient } = scene()
    const native = place(t, url)
    const first = await native.open()
    await first.say('My terrier is called Rex', 'monday', anna)
    await first.say("Bob's puppy is called Bella", 'monday too', bob)
    await first.memory.reindex()
    await first.receptionist.dispose()

    const { db, close } = await openClient()
    const second = await place(t, db, native.tablePrefix).open()
    t.regex((await second.say('What is the name of my dog?', 'tuesday', anna)).reminded, /Rex/)
    await second.say('I am allergic to peanuts', 'wednesday', anna)
    await second.say('My sedan is red', 'thursday', bob)
    await second.memory.reindex()
    await second.receptionist.dispose()
    await close()

    const texts = []
    const embedder = (given) => {
      texts.push(...given)
      return wordVectors(given)
    }
    const third = await native.open({ embedder })
    await third.memory.reindex()
    t.deepEqual([...new Set(texts)], ['What is remembered'])
    t.regex((await third.say('What kind of food must I not eat?', 'friday', anna)).reminded, /peanuts/)
    t.regex((await third.say('Which colour has my car?', 'friday too', bob)).reminded, /sedan/)
    t.regex((await third.say('What is the name of my dog?', 'saturday', anna)).reminded, /Rex/)
  })
}

test.serial('the vectors table exists only after migrate() or with vectors', async (t) => {
  const connection = DATABASES.SQLite()
  const make = (memory) =>
    new AIReceptionist({
      agent: { identity, memory },
      model: { provider: 'openai', apiKey: 'k', model: 'm' },
      database: { connection, autoMigrate: false },
    })
  const without = make({})
  t.notRegex((await without.database.migrate({ dryRun: true })).join(), /vectors/)
  await without.database.migrate()
  await without.initialize()
  await without.dispose()
  const embedder = wordVectors
  const withVectors = make({ vectorEnabled: true, embedder })
  await t.throwsAsync(withVectors.initialize(), {
    code: 'DATABASE_TABLES_MISSING',
    message: /ai_receptionist_vectors/,
  })
  t.regex((await withVectors.database.migrate()).join(), /ai_receptionist_vectors/)
  await withVectors.initialize()
  await withVectors.dispose()
})

if (minilm) {
  test.serial('a real embedding model finds related memories', async (t) => {
    const { open } = place(t, postgres?.url ?? DATABASES.SQLite())
    const embedder = { provider: 'openai', model: 'all-MiniLM-L6-v2', baseUrl: minilm.url }
    const { memory, say } = await open({ embedder })
    for (const [prompt, customer] of [
      ['By the way, shellfish makes me break out in a rash', anna],
      ['Please send the invoice to my office in Leeds', anna],
      ['I would like an appointment on a weekday before noon', anna],
      ['Seafood is my favourite, I could eat it every day', bob],
    ]) {
      await say(prompt, `about ${prompt}`, customer)
    }
    await memory.reindex()
    const asked = await say('Can I order the prawns, given my allergies?', 'today', anna)
    t.regex(asked.reminded, /shellfish/)
    t.notRegex(asked.reminded, /favourite/)
    const [first] = await memory.retrieve('When does she like to come in?', { limit: 1 })
    t.regex(first.content, /before noon/)
  })
}
