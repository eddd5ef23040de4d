// Loading the package and constructing a storage, in a process of its own, net of an empty process.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { installPeer } from '../peers.mjs'
import { median } from '../measure.mjs'

const URL_OF_NOTHING = 'postgres://postgres@127.0.0.1:5432/postgres'
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const peer = (name) => `${ROOT}bench/peers/${name}/`

const PROGRAMS = {
  ours: [ROOT, `new (require('./index.js').DatabaseStorage)({ connectionString: '${URL_OF_NOTHING}' })`],
  'SDK 0.1.22': [
    ROOT,
    `new (require('@atchonk/ai-receptionist').DatabaseStorage)({ connectionString: '${URL_OF_NOTHING}' })`,
  ],
  'pg alone': [ROOT, `new (require('pg').Pool)({ connectionString: '${URL_OF_NOTHING}' })`],
  Mastra: [
    peer('mastra'),
    `new (require('@mastra/pg').PostgresStore)({ id: 'x', connectionString: '${URL_OF_NOTHING}' })`,
  ],
  LangGraph: [
    peer('langgraph'),
    `require('@langchain/langgraph-checkpoint-postgres/store').PostgresStore.fromConnString('${URL_OF_NOTHING}')`,
  ],
  VoltAgent: [
    peer('voltagent'),
    `new (require('@voltagent/postgres').PostgreSQLMemoryAdapter)({ connection: '${URL_OF_NOTHING}' })`,
  ],
}

export function run({ report, quick }) {
  for (const name of ['mastra', 'langgraph', 'voltagent']) installPeer(name)
  const rounds = quick ? 5 : 15
  const times = new Map()
  for (let round = 0; round <= rounds; round++) {
    for (const [name, [cwd, program]] of [['empty', [ROOT, '0']], ...Object.entries(PROGRAMS)]) {
      const start = performance.now()
      execFileSync(process.execPath, ['-e', `${program}; process.exit()`], { cwd })
      if (round > 0) times.set(name, [...(times.get(name) ?? []), performance.now() - start])
    }
  }
  const empty = median(times.get('empty'))
  const figures = Object.keys(PROGRAMS).map((name) => [name, median(times.get(name)) - empty])
  report.add({
    group: 'Start',
    work: 'load and construct, net of an empty process',
    figures: Object.fromEntries(figures),
  })
}
