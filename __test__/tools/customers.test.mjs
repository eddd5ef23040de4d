// Tools identify a customer by the id of the row in `leads`, on every database.
import test from 'ava'
import { AIReceptionist } from '../../index.js'
import { openDatabases } from '../support/databases.mjs'

const { databases, close } = await openDatabases()
test.after.always(close)

const offline = { provider: 'openai', model: 'm', baseUrl: 'http://127.0.0.1:9/v1', maxRetries: 0 }
const john = { phone: '+15551234567' }

for (const [name, open] of Object.entries(databases)) {
  test(`${name}: results, events and memories name a customer by the id of the row`, async (t) => {
    const { database, table, query } = open()
    const events = []
    const receptionist = new AIReceptionist({
      agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
      model: offline,
      database,
      onToolExecute: ({ result }) => events.push(result.data?.customerId),
    })
    await receptionist.initialize()
    t.teardown(() => receptionist.dispose())
    const tools = receptionist.getToolRegistry()
    const run = async (tool, parameters, customer = john, conversationId = 'conv_1') =>
      (await tools.execute(tool, parameters, { channel: 'text', conversationId, customer })).data

    const saved = [
      await run('save_customer_info', { name: 'John', email: 'john@example.com' }),
      await run('save_customer_info', { notes: 'Allergic to nuts' }, john, 'conv_2'),
      await run('save_customer_info', { company: 'Acme', email: 'JOHN@example.com' }, {}, 'conv_3'),
    ]
    const ids = new Set(saved.map(({ customerId }) => customerId))
    t.is(ids.size, 1)
    const [id] = ids
    const rows = await query(`SELECT id, name FROM ${table('leads')}`)
    t.deepEqual(
      rows.map((row) => [String(row.id), row.name]),
      [[id, 'John']],
    )
    const found = await run('find_customer', {}, john, 'conv_4')
    t.like(found, { found: true, customerId: id, customer: { name: 'John' } })
    t.deepEqual(await run('find_customer', {}, {}, 'conv_4'), { found: false })
    t.deepEqual(events.slice(0, 4), [id, id, id, id])
    const memories = await receptionist.agent.memory.search({ type: 'decision' })
    t.deepEqual(new Set(memories.map(({ metadata }) => metadata.customerId)), new Set([id]))
    t.like(await run('recall_preference', { key: 'allergies' }), { found: true, value: 'Allergic to nuts' })
    t.is((await run('recall_preference', { key: 'allergies' }, {}, 'conv_3')).found, false)
  })
}
