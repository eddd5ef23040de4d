// The result of a soak: printed, and written to `soak/report.json`.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FILE = fileURLToPath(new URL('report.json', import.meta.url))
/** The number of problems of a kind that are printed. */
const NAMED = 5

/** Prints and writes the report. Returns `true` if there is no problem. */
export function report({ minutes, outcomes, memory }) {
  const process = memory.outcome()
  const databases = outcomes.map(
    ({ name, health, took, failed, faults, retries, wrong, rows, ...problems }) => ({
      name,
      operations: Object.values(took).reduce((sum, { count }) => sum + count, 0),
      faults,
      failed,
      retries,
      rows,
      healthy: health.database === true,
      latencies: Object.fromEntries(
        Object.entries(took).map(([work, histogram]) => [work, percentiles(histogram)]),
      ),
      wrong,
      ...problems,
    }),
  )
  writeFileSync(FILE, JSON.stringify({ minutes, process, databases }, null, 2) + '\n')
  for (const database of databases) print(database)
  console.log(
    `\nMemory (MiB, early, half-way, at the end): resident ${process.resident.join(', ')}; heap ${process.heap.join(', ')}`,
  )
  console.log(`Written to ${FILE}`)
  const sound = ({ losses, duplicates, resurrected, wrong, healthy }) =>
    healthy && [losses, duplicates, resurrected, wrong].every(({ length }) => length === 0)
  const good = databases.every(sound) && process.flat
  console.log(good ? 'Nothing lost, nothing doubled.' : 'FAILED: see above.')
  return good
}

function print({ name, operations, faults, failed, retries, rows, healthy, latencies, ...problems }) {
  const injected = Object.values(faults).reduce((sum, count) => sum + count, 0)
  console.log(
    `\n${name}: ${operations} operations, ${injected} faults, ${rows} rows, ${healthy ? 'healthy' : 'NOT HEALTHY'} at the end`,
  )
  console.table(latencies)
  console.log('Faults:', faults)
  console.log('Tried again:', retries)
  console.log('Refused with a code:', failed)
  for (const [kind, list] of Object.entries(problems)) {
    console.log(`${kind}: ${list.length}${list.length ? ` (${list.slice(0, NAMED).join('; ')})` : ''}`)
  }
}

/** Formats a duration in milliseconds. */
function percentiles(histogram) {
  const at = (percent) => Math.round(histogram.percentile(percent) / 100) / 10
  return { count: histogram.count, p50: at(50), p95: at(95), p99: at(99), most: at(100) }
}
