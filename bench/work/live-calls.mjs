// Live calls: the time that this package adds, with one call and with many, and the memory of an idle call. Model, receptionist and
// callers are processes of their own, over real sockets on one machine.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ask, dial } from '../live-calls/line.mjs'

const POSTGRES = process.env.POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
const path = (name) => fileURLToPath(new URL(`../live-calls/${name}.mjs`, import.meta.url))

export async function run({ report, quick }) {
  for (const [database, connection] of Object.entries({ SQLite: 'sqlite::memory:', PostgreSQL: POSTGRES })) {
    const model = fork(path('model'))
    const [{ url: modelUrl }] = await once(model, 'message')
    const receptionist = fork(path('receptionist'), [modelUrl, connection], { execArgv: ['--expose-gc'] })
    const [{ url }] = await once(receptionist, 'message')
    const memory = async () => {
      receptionist.send('memory')
      const [{ memory }] = await once(receptionist, 'message')
      return memory
    }
    try {
      await one(report, database, url, quick ? 50 : 300)
      await many(report, database, url, quick ? 100 : 1_000, memory)
    } finally {
      receptionist.send('stop')
      await once(receptionist, 'exit')
      model.kill()
    }
  }
}

/** A call of that many turns, which is a long one. */
const TURNS = 15

async function one(report, database, url, turns) {
  const times = []
  for (let turn = 0; turn < turns; turn += TURNS) {
    const socket = await dial(url)
    for (let number = 0; number < TURNS; number++) times.push(await ask(socket))
    socket.close()
  }
  addTimes(report, `${database}, 1 call`, times.slice(TURNS))
}

async function many(report, database, url, calls, memory) {
  const before = await memory()
  const sockets = []
  for (let at = 0; at < calls; at += 20) {
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(20, calls - at) }, () => dial(url)))))
  }
  const idle = (await memory()) - before
  report.add({
    group: database,
    work: `an idle call of ${calls}`,
    unit: 'KB',
    figures: { ours: idle / calls / 1_000 },
  })
  // Each caller speaks every ten seconds, at another moment.
  const times = []
  const rounds = 3
  await Promise.all(
    sockets.map(async (socket, number) => {
      for (let round = 0; round < rounds; round++) {
        await new Promise((resolve) => setTimeout(resolve, round === 0 ? (number / calls) * 10_000 : 9_000))
        times.push(await ask(socket))
      }
    }),
  )
  for (const socket of sockets) socket.close()
  addTimes(report, `${database}, ${calls} calls`, times)
}

function addTimes(report, group, times) {
  const stages = {
    'prompt → request': times.map(({ request }) => request),
    'piece → frame': times.flatMap(({ pieces }) => pieces),
    'prompt → first frame': times.map(({ first }) => first),
  }
  for (const [work, values] of Object.entries(stages)) {
    const sorted = values.filter((value) => value !== undefined).toSorted((a, b) => a - b)
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
    report.add({ group, work, figures: { ours: at(0.5), p95: at(0.95), p99: at(0.99) } })
  }
}
