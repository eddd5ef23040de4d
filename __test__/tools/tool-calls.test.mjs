// Tool calls that a model makes within a turn.
import test from 'ava'
import { open, callsThenSays } from '../support/receptionist-harness.mjs'

const toolResults = (body) =>
  body.messages.filter(({ role }) => role === 'tool').map(({ content }) => JSON.parse(content))

test('parallel tool calls run, their results return in the same transcript, and all are stored', async (t) => {
  const toolCalls = [
    { name: 'save_customer_info', parameters: { name: 'John', email: 'john@example.com' } },
    { name: 'remember_preference', parameters: { key: 'preferred_time', value: 'morning', importance: 8 } },
  ]
  const { receptionist, requests, memory } = await open(t, callsThenSays(toolCalls, 'All noted.'))
  const reply = await receptionist.text.generate({
    prompt: "I'm John, john@example.com. I prefer mornings.",
    conversationId: 'c1',
  })
  t.is(reply.text, 'All noted.')
  t.deepEqual(requests[0].tools.map((tool) => tool.function.name).sort(), [
    'find_customer',
    'log_call_outcome',
    'recall_preference',
    'remember_preference',
    'save_customer_info',
  ])
  t.is(requests.length, 2)
  t.deepEqual(
    requests[1].messages.slice(-3).map(({ role }) => role),
    ['assistant', 'tool', 'tool'],
  )
  t.true(toolResults(requests[1]).every(({ success }) => success))
  const executions = (await memory.search({ type: 'tool_execution', orderDirection: 'asc' })).filter(
    ({ toolResult }) => toolResult,
  )
  t.deepEqual(executions.map(({ toolCall }) => toolCall.name).sort(), [
    'remember_preference',
    'save_customer_info',
  ])
  t.true(
    executions.every(
      ({ toolResult, sessionMetadata }) => toolResult.success && sessionMetadata.conversationId === 'c1',
    ),
  )
  const [preference] = await memory.search({ type: 'decision', keywords: ['prefer'] })
  t.is(preference.content, 'Customer preference: preferred_time = morning')
})

test('tool calls run in several rounds, up to 8', async (t) => {
  const { receptionist, requests } = await open(t, (body, n) =>
    n < 3 ? { toolCalls: [{ name: 'recall_preference', parameters: { key: `k${n}` } }] } : 'Enough.',
  )
  t.is((await receptionist.text.generate({ prompt: 'Hi' })).text, 'Enough.')
  t.is(requests.length, 4)

  const endless = await open(t, (body) =>
    body.tools?.length && body.tool_choice !== 'none'
      ? { toolCalls: [{ name: 'recall_preference', parameters: { key: 'k' } }] }
      : 'I give up.',
  )
  const reply = await endless.receptionist.text.generate({ prompt: 'Hi' })
  t.is(typeof reply.text, 'string')
  t.true(endless.requests.length <= 9)
})

test('invalid arguments are reported to the model, not to the customer', async (t) => {
  for (const parameters of [{}, { key: 7, value: 'x' }, { key: 'k' }, '{"key": ', '[]', 'nonsense']) {
    const { receptionist, requests } = await open(
      t,
      callsThenSays([{ name: 'remember_preference', parameters }], 'Could you say that again?'),
    )
    const reply = await receptionist.text.generate({ prompt: 'Hi' })
    t.is(reply.text, 'Could you say that again?')
    const [result] = toolResults(requests[1])
    t.false(result.success)
    t.is(typeof result.error, 'string')
  }
})

test('a call of an unknown tool is reported to the model', async (t) => {
  const { receptionist, requests } = await open(
    t,
    callsThenSays([{ name: 'launch_rocket', parameters: {} }], 'Sorry.'),
  )
  t.is((await receptionist.text.generate({ prompt: 'Hi' })).text, 'Sorry.')
  t.false(toolResults(requests[1])[0].success)
})
