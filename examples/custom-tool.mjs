// `node examples/custom-tool.mjs`: a custom tool that the model (here a script) calls, and the events that the callbacks get.
import { AIReceptionist, ToolBuilder } from '../index.js'
import { startScriptedModel } from './scripted-model.mjs'

const orders = new Map([[1042, { status: 'on its way', arrives: 'Thursday' }]])

const findOrder = new ToolBuilder()
  .withName('find_order')
  .withDescription('Finds an order of the customer by its number')
  .withParameters({
    type: 'object',
    properties: { number: { type: 'integer', minimum: 1 } },
    required: ['number'],
  })
  .onCall(
    ({ number }) => `Order ${[...String(number)].join(' ')} is ${orders.get(number)?.status ?? 'unknown'}.`,
  )
  .default(async ({ number }, { customer }) => {
    const order = orders.get(number)
    if (!order) return { success: false, error: `There is no order ${number}`, response: {} }
    return { success: true, data: { ...order, for: customer?.email }, response: {} }
  })
  .build()

const server = await startScriptedModel(({ messages }) => {
  const last = messages.at(-1)
  if (last.role !== 'tool') return { toolCalls: [{ name: 'find_order', parameters: { number: 1042 } }] }
  const { data } = JSON.parse(last.content)
  return `Your order is ${data.status} and arrives on ${data.arrives}.`
})

const receptionist = new AIReceptionist({
  agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
  model: { provider: 'openai', apiKey: 'none', model: 'scripted', baseUrl: server.url },
  tools: { custom: [findOrder] },
  onConversationStart: ({ conversationId }) => console.log(`(${conversationId} begins)`),
  onToolExecute: ({ toolName, parameters, result }) =>
    console.log(`(${toolName} ${JSON.stringify(parameters)} → ${JSON.stringify(result.data)})`),
})
await receptionist.initialize()
const reply = await receptionist.text.generate({
  prompt: 'Where is my order 1042?',
  conversationId: 'conv_orders',
  customer: { email: 'john@example.com' },
})
console.log(reply.text)
await receptionist.dispose()
server.close()
