// Speed of retrieval, the size of the lexical index, and its cost on a save, on each storage.
import { setTimeout as sleep } from 'node:timers/promises'
import { freemem } from 'node:os'
import { measure } from '../measure.mjs'
import { STORAGES } from '../retrieval/databases.mjs'
import { customerOf, loads, memory, question } from '../retrieval/load.mjs'

const SAVES = [1, 20, 200]
/** Memory that a million memories in the process need, in bytes. */
const MILLION_IN_PROCESS = 6 * 2 ** 30

export async function run({ report, quick, database: only, save = () => {} }) {
  if (only !== undefined && !(only in STORAGES)) {
    throw new Error(`--database takes one of: ${Object.keys(STORAGES).join(', ')}`)
  }
  const results = { questions: [], saves: [], notMeasured: [] }
  const part = quick ? 10 : 1
  const sets = [
    { count: 100_000 / part, customers: 1 },
    { count: 1_000_000 / part, customers: 1_000 / part },
  ]
  for (const name of Object.keys(STORAGES).filter((name) => only === undefined || name === only)) {
    for (const set of sets) {
      const row = await attempt(name, results, (storage) => questions(name, storage, set, quick))
      if (row) results.questions.push(row)
    }
    if (name !== 'InMemoryStorage') {
      const rows = await attempt(name, results, () => saves(name, quick))
      results.saves.push(...(rows ?? []))
    }
    report.addFile('retrieval-speed.md', markdownOf(results))
    report.addFile('retrieval-speed.json', `${JSON.stringify(results, null, 2)}\n`)
    save()
  }
  console.log(markdownOf(results))
}

/** Measures on a new storage. What fails is reported, and the other measurements go on. */
async function attempt(name, results, work) {
  let storage
  try {
    storage = await STORAGES[name]()
    if (!storage) throw new Error('no server')
    return await work(storage)
  } catch (error) {
    console.error(`${name}: not measured: ${error.message}`)
    const line = `${name}: ${error.message}`
    if (!results.notMeasured.includes(line)) results.notMeasured.push(line)
  } finally {
    await storage?.drop()
  }
}

/** Fills a storage, then asks. */
async function questions(name, storage, { count, customers }, quick) {
  const owners = customers === 1 ? 'one customer' : `${customers.toLocaleString('en')} customers`
  const label = `${name}, ${count.toLocaleString('en')} memories of ${owners}`
  if (storage.isInProcess && count >= 1_000_000 && freemem() < MILLION_IN_PROCESS) {
    throw new Error(
      `${count.toLocaleString('en')} memories need ${MILLION_IN_PROCESS / 2 ** 30} GiB of free memory`,
    )
  }
  await fill(label, storage, { count, customers })
  const cold = []
  const warm = []
  // Alone, a customer's questions are asked by several processes; of many customers, one process asks each.
  const rounds = customers > 1 || storage.isInProcess ? 1 : quick ? 3 : 9
  const asked = customers > 1 ? Math.min(customers, quick ? 50 : 300) : 1
  const further = customers > 1 ? 3 : quick ? 30 : 100
  for (let round = 0; round < rounds; round++) {
    console.log(`${label}: asking, round ${round + 1} of ${rounds} …`)
    const receptionist = await storage.open()
    try {
      const { memory } = receptionist.agent
      const ask = async (n, times) => {
        const customer = customerOf(Math.floor((n * customers) / asked) % customers)
        const text = question(round * 10_000 + n * further + times.length)
        const start = performance.now()
        await memory.retrieve(text, { customer })
        times.push(performance.now() - start)
      }
      // Connects.
      await memory.search({ conversationId: 'none' })
      for (let n = 0; n < asked; n++) await ask(n, cold)
      for (let i = 0; i < further; i++) for (let n = 0; n < asked; n++) await ask(n, warm)
    } finally {
      await receptionist.dispose()
    }
  }
  const bytes = storage.indexBytes && (await storage.indexBytes()) / count
  const signatureBytes = storage.signatureBytes && (await storage.signatureBytes()) / count
  const row = {
    storage: name,
    memories: count,
    customers,
    cold: percentiles(cold),
    warm: percentiles(warm),
    bytes,
    signatureBytes,
  }
  const size =
    bytes === undefined
      ? ''
      : `, ${bytes.toFixed(1)} bytes a memory, ${signatureBytes.toFixed(1)} of them signatures`
  console.log(`${label}: cold ${text(row.cold)}, warm ${text(row.warm)}${size}`)
  return row
}

async function fill(label, storage, set) {
  const receptionist = await storage.open()
  try {
    const start = performance.now()
    let filled = 0
    for (const batch of loads(set)) {
      await receptionist.agent.memory.storeBatch(batch)
      // The window of the conversations is not measured.
      receptionist.agent.memory.clearShortTerm()
      filled += batch.length
      if (filled % (set.count / 10) < batch.length) {
        const rate = Math.round((filled / (performance.now() - start)) * 1_000)
        console.log(`${label}: ${filled.toLocaleString('en')} saved, ${rate.toLocaleString('en')} a second`)
      }
    }
    if (storage.indexRows) await untilSettled(label, storage)
    await storage.vacuum?.()
  } finally {
    await receptionist.dispose()
  }
}

/** Waits until the index no longer changes: rows are merged in the background. */
async function untilSettled(label, storage) {
  let [rows, unchanged] = [-1, 0]
  for (let second = 0; second < 300 && unchanged < 5; second++) {
    const now = await storage.indexRows()
    unchanged = now === rows ? unchanged + 1 : 0
    rows = now
    await sleep(1_000)
  }
  console.log(`${label}: the index has ${rows.toLocaleString('en')} rows`)
}

/** Saves at once, with and without the index, each in a database of its own. */
async function saves(name, quick) {
  const storages = []
  const contenders = []
  try {
    for (const [contender, recall] of [
      ['with', true],
      ['without', false],
    ]) {
      const storage = await STORAGES[name]()
      storages.push(storage)
      const receptionist = await storage.open({ recall })
      contenders.push({ name: contender, receptionist })
    }
    let next = 0
    const rows = []
    for (const size of SAVES) {
      console.log(`${name}: ${size} saves at once …`)
      const figures = await measure(
        contenders,
        ({ receptionist }) => {
          const memories = Array.from({ length: size }, () => memory(next++, 100))
          return () => Promise.all(memories.map((one) => receptionist.agent.memory.store(one)))
        },
        quick ? 15 : 101,
      )
      rows.push({ storage: name, size, ...figures })
      console.log(
        `${name}: ${size} saves: ${figures.with.toFixed(2)} ms with, ${figures.without.toFixed(2)} without`,
      )
    }
    return rows
  } finally {
    for (const { receptionist } of contenders) await receptionist.dispose()
    for (const storage of storages) await storage?.drop()
  }
}

/** Returns percentiles of times, by the nearest rank. */
function percentiles(times) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share) => sorted[Math.ceil(sorted.length * share) - 1]
  return { p50: at(0.5), p95: at(0.95), count: sorted.length }
}

const text = ({ p50, p95 }) => `${digits(p50)} / ${digits(p95)}`

const digits = (ms) => Number(ms.toPrecision(3)).toLocaleString('en')

function markdownOf({ questions, saves, notMeasured }) {
  const lines = [
    'A question of one customer, in milliseconds, p50 / p95. Cold: the first of a process about that customer; only one question ' +
      'is, in InMemoryStorage with one customer.',
    '',
    '| storage | memories | customers | cold | warm | index, bytes a memory | signatures, bytes a memory |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...questions.map(({ storage, memories, customers, cold, warm, bytes, signatureBytes }) => {
      const counts = [memories, customers].map((n) => n.toLocaleString('en'))
      return `| ${[storage, ...counts, text(cold), text(warm), ...[bytes, signatureBytes].map((n) => n?.toFixed(1) ?? '–')].join(' | ')} |`
    }),
    '',
    'Saves at once, medians in milliseconds.',
    '',
    '| storage | saves | with the index | without | ratio |',
    '| --- | --- | --- | --- | --- |',
    ...saves.map(({ storage, size, with: indexed, without }) => {
      return `| ${[storage, size, digits(indexed), digits(without), (indexed / without).toFixed(2)].join(' | ')} |`
    }),
    ...(notMeasured.length > 0 ? ['', `Not measured: ${notMeasured.join('; ')}`] : []),
    '',
  ]
  return lines.join('\n')
}
