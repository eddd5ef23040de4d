// The five standard tools, called through the tool registry.
import test from 'ava'
import { ToolError } from '../../index.js'
import { open, context } from '../support/receptionist-harness.mjs'

test('the registry lists and runs the five tools', async (t) => {
  const { receptionist } = await open(t, () => 'ok')
  const registry = receptionist.getToolRegistry()
  const names = [
    'find_customer',
    'log_call_outcome',
    'recall_preference',
    'remember_preference',
    'save_customer_info',
  ]
  t.deepEqual(
    registry
      .list()
      .map(({ name }) => name)
      .sort(),
    names,
  )
  t.deepEqual(
    registry
      .listAvailable('call')
      .map(({ name }) => name)
      .sort(),
    names,
  )
  t.is(registry.count(), 5)
  t.true(registry.has('find_customer'))
  t.false(registry.has('nothing'))
  t.is(registry.get('nothing'), undefined)
  for (const tool of registry.list()) {
    t.is(tool.parameters.type, 'object')
    t.true(tool.description.length > 10)
  }
  await t.throwsAsync(registry.execute('nothing', {}, context), {
    instanceOf: ToolError,
    code: 'TOOL_NOT_FOUND',
    message: "Tool 'nothing' not found in registry",
  })
  await t.throwsAsync(registry.execute('remember_preference', { key: 'k' }, context), {
    instanceOf: ToolError,
    code: 'TOOL_ARGUMENTS_INVALID',
    message: /value/,
  })
})

test('preferences: the latest value wins, and customers do not see those of others', async (t) => {
  const { receptionist } = await open(t, () => 'ok')
  const registry = receptionist.getToolRegistry()
  const run = (name, parameters, who) => registry.execute(name, parameters, { ...context, ...who })
  const anna = { conversationId: 'a1', customer: { email: 'anna@example.com' } }
  const annaLater = { conversationId: 'a2', customer: { email: 'ANNA@example.com' } }
  const bert = { conversationId: 'b1', customer: { email: 'bert@example.com' } }
  const stranger = { conversationId: 's1' }
  t.true((await run('remember_preference', { key: 'time', value: 'morning' }, anna)).success)
  t.true((await run('remember_preference', { key: 'time', value: 'evening' }, anna)).success)
  t.regex(JSON.stringify(await run('recall_preference', { key: 'time' }, annaLater)), /evening/)
  for (const who of [bert, stranger]) {
    t.notRegex(JSON.stringify(await run('recall_preference', { key: 'time' }, who)), /evening|morning/)
  }
  await run('remember_preference', { key: 'time', value: 'noon' }, stranger)
  t.regex(JSON.stringify(await run('recall_preference', { key: 'time' }, stranger)), /noon/)
  t.notRegex(
    JSON.stringify(await run('recall_preference', { key: 'time' }, { conversationId: 's2' })),
    /noon/,
  )
})

test('find_customer: a customer gets the own record, and of others only that they exist', async (t) => {
  const { receptionist } = await open(t, () => 'ok')
  const registry = receptionist.getToolRegistry()
  const run = (name, parameters, who) => registry.execute(name, parameters, { ...context, ...who })
  const a = { conversationId: 'A' }
  await run(
    'save_customer_info',
    { name: 'Anna', email: 'Anna@Example.com', phone: '(555) 123-4567', notes: 'VIP-SECRET' },
    a,
  )
  for (const asked of [
    { email: 'ANNA@example.COM' },
    { phone: '+1 555 123 4567' },
    { phone: '555-123-4567' },
  ]) {
    const own = await run('find_customer', asked, a)
    t.true(own.success)
    t.regex(JSON.stringify(own), /VIP-SECRET/, JSON.stringify(asked))
    const other = JSON.stringify(await run('find_customer', asked, { conversationId: 'B' }))
    t.regex(other, /Anna/)
    t.notRegex(other, /VIP-SECRET/)
  }
  const byEmail = JSON.stringify(
    await run('find_customer', { email: 'anna@example.com' }, { conversationId: 'B' }),
  )
  t.notRegex(byEmail.replaceAll(/\D/g, ''), /5551234567/)
  const line = { conversationId: 'C', customer: { email: 'anna@example.com' } }
  t.regex(JSON.stringify(await run('find_customer', { email: 'anna@example.com' }, line)), /VIP-SECRET/)
  t.notRegex(JSON.stringify(await run('find_customer', {}, { conversationId: 'B' })), /Anna/)
  t.notRegex(JSON.stringify(await run('find_customer', { email: 'nobody@example.com' }, a)), /Anna/)

  const office = await open(t, () => 'ok', { tools: { customerLookup: 'full' } })
  const back = office.receptionist.getToolRegistry()
  await back.execute(
    'save_customer_info',
    { name: 'Anna', email: 'anna@example.com', notes: 'VIP-SECRET' },
    { ...context, ...a },
  )
  t.regex(
    JSON.stringify(
      await back.execute('find_customer', { email: 'anna@example.com' }, { ...context, conversationId: 'B' }),
    ),
    /VIP-SECRET/,
  )
})

test('log_call_outcome accepts the outcomes of the specification; a booking achieves a goal', async (t) => {
  const { receptionist, memory } = await open(t, () => 'ok')
  const registry = receptionist.getToolRegistry()
  for (const outcome of ['appointment_booked', 'callback_requested', 'not_interested', 'info_provided']) {
    const result = await registry.execute(
      'log_call_outcome',
      { outcome, summary: `It was ${outcome}.`, nextSteps: 'none' },
      context,
    )
    t.true(result.success, outcome)
    t.is(typeof result.response, 'object')
  }
  const reached = (await memory.search({ limit: 1_000 })).filter(({ goalAchieved }) => goalAchieved)
  t.true(reached.length >= 1)
  t.true(reached.every((found) => JSON.stringify(found).includes('appointment_booked')))
  await t.throwsAsync(registry.execute('log_call_outcome', { outcome: 'aliens', summary: 'x' }, context), {
    code: 'TOOL_ARGUMENTS_INVALID',
  })
})
