// The example storage for Redis, on a real server. `storage.test.mjs` runs the storage scenarios on
// it.
import { createServer } from 'node:net'
import { once } from 'node:events'
import test from 'ava'
import { createClient } from 'redis'
import { RedisStorage } from '../../examples/redis-storage.mjs'
import { AIReceptionist } from '../../index.js'
import { memory as sample } from '../support/fixtures.mjs'
import { startModel } from '../support/models/strict-model.mjs'
import { createKeyspace } from '../support/databases/redis.mjs'

const redis = await createKeyspace()
test.after.always(() => redis?.drop())
const onRedis = redis ? test : test.skip
let count = 0
const options = () => ({ prefix: `${redis.prefix}${++count}:` })

async function open(t, longTermStorage, model) {
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'Sales Rep' }, memory: { longTermStorage } },
    model,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return receptionist
}

onRedis('an agent remembers a conversation after a restart', async (t) => {
  const server = await startModel(t, (body) => `You have said ${body.messages.length - 1} things.`)
  const place = options()
  const first = await open(t, new RedisStorage(redis.client, place), server.config)
  await first.text.generate({ prompt: 'Mornings, please.', conversationId: 'c' })
  await first.dispose()
  const other = await createClient({ url: redis.url }).connect()
  t.teardown(() => other.destroy())
  const second = await open(t, new RedisStorage(other, place), server.config)
  const { text } = await second.text.generate({ prompt: 'Hello again.', conversationId: 'c' })
  t.is(text, 'You have said 3 things.')
  const said = await second.agent.memory.getConversationHistory('c')
  t.deepEqual(
    said.filter(({ type }) => type === 'conversation').map(({ content }) => content),
    ['Mornings, please.', 'You have said 1 things.', 'Hello again.', 'You have said 3 things.'],
  )
})

onRedis(
  'a memory that changes its conversation, or is deleted and saved again, is found there',
  async (t) => {
    const storage = new RedisStorage(redis.client, options())
    const inside = (conversationId) => ({ sessionMetadata: { conversationId } })
    const find = async (conversationId) =>
      (await storage.search({ conversationId, orderDirection: 'asc' })).map(({ id }) => id).join('')
    await storage.saveBatch([sample('a', inside('one')), sample('b', inside('one')), sample('c')])
    await storage.save(sample('a', inside('two')))
    t.is(await find('one'), 'b')
    t.is(await find('two'), 'a')
    await storage.delete('a')
    await storage.save(sample('a', inside('one')))
    t.is(await find('one'), 'ba', 'a deleted memory has lost its place')
    t.is(await find('two'), '')
  },
)

onRedis('memories are returned in the order of saving for every reply size', async (t) => {
  const storage = new RedisStorage(redis.client, options())
  const memories = Array.from({ length: 2_500 }, (_, n) => sample(`m${n}`))
  await storage.saveBatch(memories)
  t.deepEqual(await storage.search({ limit: 5_000, orderDirection: 'asc' }), memories)
})

test('an unreachable Redis fails soon with the error of the client, and is not healthy', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  const client = createClient({ url: `redis://127.0.0.1:${port}`, disableOfflineQueue: true })
  client.on('error', () => {})
  client.connect().catch(() => {})
  t.teardown(() => client.destroy())
  const storage = new RedisStorage(client)
  t.false(await storage.healthCheck())
  const model = { provider: 'openai', apiKey: 'unused', model: 'unused' }
  const { agent } = await open(t, storage, model)
  await t.throwsAsync(agent.memory.store(sample('a')), { message: /offline|closed/i })
})
