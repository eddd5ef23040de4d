// A worker thread that does all kinds of work until it is terminated. It posts the id of each saved
// memory.
import { parentPort, workerData } from 'node:worker_threads'
import { AIReceptionist } from '../../../index.js'

const { connectionString, round } = workerData
const receptionist = new AIReceptionist({
  agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
  // A callback from the core's threads, also while this thread ends.
  model: { provider: 'custom', model: 'mine', chat: async () => ({ content: 'Fine.' }) },
  database: { connection: connectionString },
  logger: () => {},
  debug: true,
})
await receptionist.initialize()
const { memory } = receptionist.agent

async function save(writer) {
  for (let n = 0; ; n++) {
    const id = `${round}-${writer}-${n}`
    await memory.store({ id, content: `what ${id} says`, timestamp: new Date(), type: 'system' })
    parentPort.postMessage(id)
  }
}

async function search() {
  for (;;) await memory.search({ limit: 50 })
}

async function talk(conversationId) {
  for (;;) {
    await receptionist.text.generate({ prompt: 'Hello?', conversationId })
    const stream = receptionist.text.stream({ prompt: 'And now?', conversationId })
    for await (const piece of stream) if (!piece) break
  }
}

save(0)
save(1)
search()
talk(`worker-${round}`)
