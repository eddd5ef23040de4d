// "AI Gets Database Tools Automatically": their parameters, and the calls of the example conversations.
import assert from 'node:assert/strict'
import { AIReceptionist } from '@loctelli/ai-receptionist'

type SaveCustomerInfo =
// <specification>
// AI uses this during calls
{
  name: 'save_customer_info',
  parameters: {
    name: string,
    email: string,
    phone: string,
    notes: string
  }
}
// </specification>
const GIVES_ADDRESS = `
// <specification>
AI: "Can I get your email address?"
User: "sure, it's john@example.com"
AI: *calls save_customer_info({ email: 'john@example.com' })*
AI: "Perfect! I've got that saved."
// </specification>
`
type FindCustomer =
// <specification>
{
  name: 'find_customer',
  parameters: {
    email?: string,
    phone?: string
  }
}
// </specification>
type LogCallOutcome =
// <specification>
{
  name: 'log_call_outcome',
  parameters: {
    outcome: 'appointment_booked' | 'callback_requested' | 'not_interested' | 'info_provided',
    summary: string,
    nextSteps?: string
  }
}
// </specification>
const BOOKS = `
// <specification>
AI: "Great! I've booked you for Tuesday at 2pm."
AI: *calls log_call_outcome({
  outcome: 'appointment_booked',
  summary: 'Booked demo for Tuesday 2pm',
  nextSteps: 'Send calendar invite'
})*
// </specification>
`
type RememberPreference =
// <specification>
{
  name: 'remember_preference',
  parameters: {
    key: string,
    value: string,
    importance?: number // 1-10, higher = more likely to be remembered
  }
}
// </specification>
const PREFERS = `
// <specification>
User: "I prefer morning appointments"
AI: *calls remember_preference({
  key: 'preferred_time',
  value: 'morning',
  importance: 8
})*
AI: "Got it, I'll remember you prefer morning appointments."
// </specification>
`
type RecallPreference =
// <specification>
{
  name: 'recall_preference',
  parameters: {
    key: string
  }
}
// </specification>

/** The compiler has every parameter of the specification named, and no other. */
type Named<Tool extends { parameters: object }> = Record<keyof Tool['parameters'], true>
const save: Named<SaveCustomerInfo> = { name: true, email: true, phone: true, notes: true }
const find: Named<FindCustomer> = { email: true, phone: true }
const log: Named<LogCallOutcome> = { outcome: true, summary: true, nextSteps: true }
const remember: Named<RememberPreference> = { key: true, value: true, importance: true }
const recall: Named<RecallPreference> = { key: true }
const outcomes: Record<LogCallOutcome['parameters']['outcome'], true> = {
  appointment_booked: true,
  callback_requested: true,
  not_interested: true,
  info_provided: true,
}

const receptionist = new AIReceptionist({
  agent: { identity: { name: 'Sarah', role: 'Sales Rep' } },
  model: { provider: 'openai', apiKey: process.env.OPENAI_API_KEY, model: 'gpt-4' },
  database: { connection: 'sqlite::memory:' },
})
await receptionist.initialize()
const registry = receptionist.getToolRegistry()

const named = {
  save_customer_info: save,
  find_customer: find,
  log_call_outcome: log,
  remember_preference: remember,
  recall_preference: recall,
}
for (const [name, parameters] of Object.entries(named)) {
  const properties = registry.get(name)?.parameters.properties ?? {}
  for (const parameter of Object.keys(parameters)) assert.ok(properties[parameter], `${name}: ${parameter}`)
}
for (const outcome of Object.keys(outcomes)) {
  assert.ok(registry.get('log_call_outcome')?.parameters.properties?.outcome.enum.includes(outcome), outcome)
}

const context = { channel: 'call', conversationId: 'conv_123', customer: { phone: '+14155550123' } } as const
for (const dialogue of [GIVES_ADDRESS, BOOKS, PREFERS]) {
  const [, name, parameters] = /\*calls (\w+)\(([^]*?)\)\*/.exec(dialogue)!
  const result = await registry.execute(name!, new Function(`return ${parameters}`)(), context)
  assert.ok(result.success, result.error)
}
const found = await registry.execute('find_customer', { email: 'john@example.com' }, context)
assert.match(JSON.stringify(found.data), /john@example\.com/)
const recalled = await registry.execute('recall_preference', { key: 'preferred_time' }, context)
assert.match(JSON.stringify(recalled.data), /morning/)
const [decision] = await receptionist.agent.memory.search({ type: 'decision', minImportance: 8, keywords: ['preferred_time'] })
assert.match(decision!.content, /prefer/)
await receptionist.dispose()
