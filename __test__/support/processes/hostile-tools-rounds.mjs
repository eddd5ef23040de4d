// Runs in another process for hostile-tools.test.mjs: prints the memory that many rounds of
// misbehaving tools cost, in megabytes.
import { AIReceptionist } from '../../../index.js'

const receptionist = new AIReceptionist({
  agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
  model: { provider: 'openai', apiKey: 'none', model: 'none', baseUrl: 'http://127.0.0.1:9/v1' },
  logger: { level: 'NONE' },
  onToolError: () => Promise.reject(new Error('of the callback')),
  onToolExecute: () => new Promise(() => {}),
})
process.removeAllListeners('warning')
process.emitWarning = () => {}
await receptionist.initialize()
const registry = receptionist.getToolRegistry()
const context = { channel: 'text', conversationId: 'c' }

const HANDLERS = [
  () => new Promise(() => {}),
  () => Promise.reject(new Error('x'.repeat(1000))),
  () => {
    throw new Error('y'.repeat(1000))
  },
  () => ({ data: 1n }),
  (_, { conversationId }) => registry.unregister(conversationId) || 'z'.repeat(1000),
]

/** Registers, runs and removes each kind of tool this many times. */
async function rounds(count) {
  for (let n = 0; n < count; n++) {
    await Promise.all(
      HANDLERS.map(async (handler, kind) => {
        const name = `tool_${n}_${kind}`
        registry.register({
          name,
          description: 'Misbehaves',
          parameters: { type: 'object', properties: { a: { type: 'string' } } },
          handlers: { default: handler },
        })
        await registry.execute(name, {}, context, 5)
        registry.unregister(name)
      }),
    )
  }
  for (let n = 0; n < 5; n++) {
    globalThis.gc()
    await new Promise((done) => setTimeout(done, 10))
  }
  return process.memoryUsage()
}

// The last thousand thrown values are kept.
await rounds(400)
const before = await rounds(50)
const after = await rounds(400)
const megabytes = (kind) => Math.round(((after[kind] - before[kind]) / 2 ** 20) * 10) / 10
console.log(JSON.stringify({ heap: megabytes('heapUsed'), rss: megabytes('rss') }))
await receptionist.dispose()
