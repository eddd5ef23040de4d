// Memory use: the resident set of the process after many saves and turns, and the size of the
// addon.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { AIReceptionist, DatabaseStorage } from '../../index.js'
import { message } from '../rows.mjs'

const MiB = 2 ** 20

export async function run({ report, quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'receptionist-bench-'))
  const part = quick ? 10 : 1
  await saves(report, `sqlite:${join(folder, 'saves.db')}`, 100_000 / part)
  await turns(report, `sqlite:${join(folder, 'turns.db')}`, 10_000 / part)
  rmSync(folder, { recursive: true })
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const addon = readdirSync(root).find((name) => name.endsWith('.node'))
  report.add({
    group: 'Size',
    work: 'the addon',
    unit: 'MiB',
    figures: { ours: statSync(join(root, addon)).size / MiB },
  })
}

async function saves(report, connectionString, count) {
  const storage = new DatabaseStorage({ connectionString })
  const save = async (from, to) => {
    for (let n = from; n < to; n += 64) {
      await Promise.all(Array.from({ length: 64 }, (_, i) => storage.save(message(n + i))))
    }
  }
  await growth(
    report,
    `resident memory, from a tenth of ${count.toLocaleString('en')} saves to all`,
    count,
    save,
  )
  await storage.dispose()
}

async function turns(report, connection, count) {
  const model = await startScriptedModel(() => 'Tuesday at half past nine it is.')
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
    model: { provider: 'openai', model: 'm', baseUrl: model.url },
    database: { connection },
  })
  await receptionist.initialize()
  const turn = async (from, to) => {
    for (let n = from; n < to; n++) {
      await receptionist.text.generate({ prompt: 'Tuesday?', conversationId: `conv_${n % 2_000}` })
      // The model stores its requests.
      model.requests.length = 0
    }
  }
  await growth(
    report,
    `resident memory, from a tenth of ${count.toLocaleString('en')} turns to all`,
    count,
    turn,
  )
  await receptionist.dispose()
  model.close()
}

/** The first tenth fills pools and caches; the rest should add nothing. */
async function growth(report, work, count, run) {
  await run(0, count / 10)
  const before = resident()
  await run(count / 10, count)
  report.add({ group: 'Memory', work, unit: 'MiB more', figures: { ours: (resident() - before) / MiB } })
}

function resident() {
  global.gc?.()
  return process.memoryUsage.rss()
}
