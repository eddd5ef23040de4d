// Custom storages and memory: objects are freed after dispose(), and the process can exit.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { identity, offlineModel as model } from '../support/fixtures.mjs'

const entry = fileURLToPath(new URL('../../index.js', import.meta.url))

/** Runs code in another Node process. Returns the output once the process exits. */
async function run(code) {
  const program = `const sdk = require(${JSON.stringify(entry)})
    const config = ${JSON.stringify({ agent: { identity }, model })}
    const sample = (id, content = 'hello') => ({ id, content, timestamp: new Date(), type: 'system' })
    const over = (longTermStorage) => new sdk.AIReceptionist({ ...config, agent: { ...config.agent, memory: { longTermStorage } } })
    const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve))
    class Mine {
      memories = new Map()
      save(memory) { if (memory.content === 'no') throw new Error('refused'); this.memories.set(memory.id, memory) }
      get(id) { return this.memories.get(id) }
      search() { return [...this.memories.values()] }
      delete(id) { this.memories.delete(id) }
      healthCheck() { return true }
    }
    ;(async () => { ${code} })()`
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '-e', program], {
    timeout: 100_000,
  })
  return stdout
}

test('receptionists and storages that reference each other are freed after dispose()', async (t) => {
  const output = await run(`
    const alive = new Set()
    const freed = new FinalizationRegistry((id) => alive.delete(id))
    async function round(id, initialize) {
      const storage = new Mine()
      const receptionist = storage.receptionist = over(storage)
      alive.add(id)
      freed.register(storage, id)
      if (initialize) {
        await receptionist.initialize()
        await receptionist.agent.memory.store(sample('a'))
        await receptionist.agent.memory.store(sample('b', 'no')).catch(() => {})
        await receptionist.agent.memory.search()
      }
      await receptionist.dispose()
    }
    for (let id = 0; id < 200; id++) await round(id, id % 2 === 0)
    // A garbage collection takes a turn or two of the event loop to be noticed.
    for (let turn = 0; turn < 50 && alive.size > 0; turn++) { gc(); await turnOfTheLoop() }
    console.log(alive.size)`)
  t.is(output, '0\n')
})

test('many calls, failed ones included, leak no memory', async (t) => {
  const output = await run(`
    const storage = new Mine()
    const receptionist = over(storage)
    await receptionist.initialize()
    const { memory } = receptionist.agent
    const rounds = async (count) => {
      for (let n = 0; n < count; n++) {
        await memory.store(sample('a', 'x'.repeat(10_000)))
        await memory.store(sample('b', 'no')).catch(() => {})
        await memory.search()
        await memory.get('a')
      }
      gc()
      await turnOfTheLoop()
      gc()
      return process.memoryUsage()
    }
    // Enough to fill everything that is bounded: registered errors, short-term memory, the
    // allocator.
    const before = await rounds(4_000)
    const after = await rounds(8_000)
    console.log(JSON.stringify({ heap: after.heapUsed - before.heapUsed, rss: after.rss - before.rss }))
    await receptionist.dispose()`)
  const { heap, rss } = JSON.parse(output)
  t.log(`after 32,000 more calls: heap ${heap} bytes, RSS ${rss} bytes`)
  // Leaking one byte per character in 8,000 rounds would be 80 MB.
  t.true(heap < 2_000_000, `heap grew by ${heap}`)
  t.true(rss < 20_000_000, `RSS grew by ${rss}`)
})

test('a process exits, with and without dispose()', async (t) => {
  for (const end of ['await receptionist.dispose()', '']) {
    const output = await run(`
      const receptionist = over(new Mine())
      await receptionist.initialize()
      await receptionist.agent.memory.store(sample('a'))
      console.log((await receptionist.agent.memory.search()).length)
      ${end}`)
    t.is(output, '1\n')
  }
})
