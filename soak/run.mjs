// `npm run soak`: mixed traffic on two databases for an hour (`-- --minutes=1`), while connections
// are cut, refused and held, sessions are killed on the server, and the model fails. At the end the
// tables are compared with the acknowledged operations. Exits with 1 if anything was lost,
// duplicated or never answered, or if memory grew.
import { createDatabase as createMysql } from '../__test__/support/databases/mysql.mjs'
import { createDatabase as createPostgres } from '../__test__/support/databases/postgres.mjs'
import { openProxy } from '../__test__/support/databases/tcp-proxy.mjs'
import { Faults } from './faults.mjs'
import { Ledger } from './ledger.mjs'
import { startModel } from './model.mjs'
import { Memory } from './memory.mjs'
import { report } from './report.mjs'
import { Traffic } from './traffic.mjs'

const minutes = Number(process.argv.find((argument) => argument.startsWith('--minutes='))?.slice(10) ?? 60)
if (!(minutes > 0)) throw new Error('--minutes must be a number above 0')

const databases = { PostgreSQL: await createPostgres(), MySQL: await createMysql('MySQL') }
const model = await startModel()
const scenes = []
for (const [name, database] of Object.entries(databases)) {
  if (!database) continue
  const proxy = await openProxy(database.url)
  const ledger = new Ledger(database)
  const traffic = new Traffic({ url: proxy.url, model, ledger })
  scenes.push({
    name,
    database,
    proxy,
    ledger,
    traffic,
    faults: new Faults({ name, database, proxy, model }),
  })
}
if (scenes.length === 0) throw new Error('there is no database to soak; see the lines above')

const memory = new Memory()
const until = Date.now() + minutes * 60_000
await Promise.all(scenes.map(({ traffic }) => traffic.begin()))
console.log(`Soaking ${scenes.map(({ name }) => name).join(' and ')} for ${minutes} min …`)
const watch = setInterval(() => memory.look(), Math.min(10_000, minutes * 2_000))
// Faults end before the traffic does, which shows recovery without a restart.
await Promise.all(
  scenes.flatMap(({ traffic, faults }) => [traffic.run(until), faults.run(until - minutes * 6_000)]),
)
clearInterval(watch)
memory.look()

const outcomes = []
for (const { name, database, proxy, ledger, traffic, faults } of scenes) {
  const health = await traffic.health()
  await traffic.end()
  outcomes.push({ name, health, faults: faults.counts, ...traffic.outcome(), ...(await ledger.compare()) })
  proxy.close()
  await database.drop()
}
model.close()
process.exitCode = report({ minutes, outcomes, memory }) ? 0 : 1
