// SQLite: durable commits, compared with better-sqlite3 with one transaction per save at the same
// `synchronous` setting.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../contenders/storages.mjs'
import * as rawSqlite from '../contenders/raw-sqlite.mjs'
import { measure } from '../measure.mjs'
import { messageOf } from '../rows.mjs'

/** The setting of native connections. */
const SYNCHRONOUS = 'FULL'

export async function run({ report, quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'receptionist-bench-'))
  const contenders = [
    await openDatabase('ours')(`sqlite:${join(folder, 'ours.db')}`),
    await rawSqlite.open(join(folder, 'raw.db'), SYNCHRONOUS),
  ]
  await savesAtOnce({
    report,
    group: `SQLite, synchronous ${SYNCHRONOUS}`,
    contenders,
    rounds: quick ? 11 : 51,
  })
  for (const contender of contenders) await contender.close()
  rmSync(folder, { recursive: true })
}

/** One save alone and 64 concurrent saves, as on every database. */
export async function savesAtOnce({ report, group, contenders, rounds }) {
  let next = 0
  for (const [work, size] of [
    ['save, alone', 1],
    ['64 saves at once', 64],
  ]) {
    const figures = await measure(
      contenders,
      (contender, round) => {
        const messages = Array.from({ length: size }, (_, i) => messageOf(`open_${round}_${i}`, next++))
        return () => Promise.all(messages.map((message) => contender.save(message)))
      },
      rounds,
    )
    report.add({ group, work, figures })
  }
}
