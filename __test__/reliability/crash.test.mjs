// A process is killed during saves: acknowledged saves exist once, batches are whole or absent, and
// the next process starts normally.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import test from 'ava'
import { readSqlite } from '../../examples/read-sqlite.mjs'
import { DatabaseStorage } from '../../index.js'
import { Sqlite } from '../support/databases/better-sqlite3.mjs'
import { createDatabase as createMysql } from '../support/databases/mysql.mjs'
import { createDatabase } from '../support/databases/postgres.mjs'
import { BATCH, PROGRAM } from '../support/processes/writer-process.mjs'
import { temporaryFolder, notTested } from '../support/fixtures.mjs'

// `.ci/nightly` runs more.
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 3)
const folder = temporaryFolder()
const dropped = []
test.after.always(async () => {
  for (const database of dropped) await database.drop()
})

function sqlite(name) {
  const file = join(folder, `${name}.db`)
  return { url: `sqlite:${file}`, query: (sql) => readSqlite(file, sql), drop() {} }
}

const CASES = {
  PostgreSQL: [() => createDatabase()],
  'PostgreSQL through node-postgres': [() => createDatabase(), 'node-postgres'],
  MySQL: [() => createMysql('MySQL')],
  'MySQL through mysql2': [() => createMysql('MySQL'), 'mysql2'],
  MariaDB: [() => createMysql('MariaDB')],
  SQLite: [() => sqlite('native')],
  ...(Sqlite && { 'SQLite through better-sqlite3': [() => sqlite('client'), 'better-sqlite3'] }),
}

/**
 * Runs the writers and kills them: in round 0 possibly during the start, else during saves. Returns
 * the acknowledged ids.
 */
async function killed(round, url, driver) {
  const args = [PROGRAM, round, url, ...(driver ? [driver] : [])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)
  const acknowledged = []
  lines.on('line', (id) => acknowledged.push(id))
  const [closed, exited] = [once(lines, 'close'), once(child, 'exit')]
  if (round === 0) await setTimeout(100 + Math.random() * 400)
  else {
    await once(lines, 'line')
    await setTimeout(Math.random() * 300)
  }
  child.kill('SIGKILL')
  await closed
  const [code, signal] = await exited
  if (signal !== 'SIGKILL') throw new Error(`the writers ended by themselves, with ${code}`)
  return acknowledged
}

for (const [name, [open, driver]] of Object.entries(CASES)) {
  test.serial(`${name}: acknowledged saves survive ${ROUNDS} kill -9`, async (t) => {
    t.timeout(120_000 + ROUNDS * 20_000)
    const database = await open()
    if (!database) return notTested(t, name)
    dropped.push(database)
    const acknowledged = []
    for (let round = 0; round < ROUNDS; round++) {
      acknowledged.push(...(await killed(round, database.url, driver)))
      const next = new DatabaseStorage({ connectionString: database.url })
      await next.save({ id: `after-${round}`, content: 'next', timestamp: new Date(), type: 'system' })
      t.deepEqual(await next.migrate({ dryRun: true }), [], 'nothing is left to repair')
      await next.dispose()
      acknowledged.push(`after-${round}`)
    }
    t.true(acknowledged.length > ROUNDS, 'the writers wrote')

    const rows = await database.query('SELECT external_id AS id FROM ai_receptionist_memory')
    const found = new Map()
    for (const { id } of rows) found.set(id, (found.get(id) ?? 0) + 1)
    t.deepEqual(
      [...found].filter(([, times]) => times > 1),
      [],
      'saved twice',
    )
    const batches = new Map()
    for (const id of found.keys()) {
      const [, batch] = /^(\d+-\d+-\d+)-\d+$/.exec(id) ?? []
      if (batch) batches.set(batch, (batches.get(batch) ?? 0) + 1)
    }
    t.deepEqual(
      [...batches].filter(([, parts]) => parts !== BATCH),
      [],
      'saved in part',
    )
    t.deepEqual(
      acknowledged.filter((id) => !found.has(id) && !batches.has(id)),
      [],
      'lost',
    )
    t.log(`${acknowledged.length} acknowledged, ${rows.length} rows, ${batches.size} batches of ${BATCH}`)
  })
}
