// `npm run demo`: the conversation of the specification, then its rows, read by another process.
// The model is a script on this machine, or OpenAI's if OPENAI_API_KEY is set.
import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AIReceptionist } from '../index.js'
import { startScriptedModel } from './scripted-model.mjs'
import { bold, cyan, dim, green, yellow } from './terminal.mjs'

const key = process.env.OPENAI_API_KEY
const file = join(mkdtempSync(join(tmpdir(), 'receptionist-demo-')), 'receptionist.db')
const customer = { email: 'john@example.com' }

// The script: John's words, and Sarah's tool calls and replies to the tool results.
const TURNS = [
  {
    conversation: 'conv_monday',
    john: "Hi, I'd like to see a demo. I'm John, my e-mail is john@example.com.",
    calls: [
      {
        name: 'save_customer_info',
        parameters: { name: 'John', email: 'john@example.com', notes: 'Wants a demo' },
      },
    ],
    sarah: (found) =>
      found.includes('"success":true')
        ? "Perfect, John, I've got that saved. When would suit you?"
        : "I'm sorry, I could not save that.",
  },
  {
    conversation: 'conv_monday',
    john: 'I prefer morning appointments.',
    calls: [
      { name: 'remember_preference', parameters: { key: 'preferred_time', value: 'morning', importance: 8 } },
    ],
    sarah: (found) =>
      found.includes('"success":true')
        ? "Got it, I'll remember that you prefer mornings. How about Tuesday at 10?"
        : "I'm sorry, I could not note that.",
  },
  {
    conversation: 'conv_monday',
    john: 'Tuesday at 10 is great.',
    // Nothing can be booked without a calendar, see docs/calendar.md.
    calls: [
      {
        name: 'log_call_outcome',
        parameters: {
          outcome: 'qualified_lead',
          summary: 'Would like a demo on Tuesday at 10 am',
          nextSteps: 'Book the demo and invite him',
        },
      },
    ],
    sarah: (found) =>
      found.includes('"success":true')
        ? "Great! I've noted that Tuesday at 10 suits you. It isn't booked yet."
        : "I'm sorry, I could not note that.",
  },
  {
    conversation: 'conv_friday',
    john: 'Hello again! I need one more meeting. Do you still know when I like to meet?',
    calls: [{ name: 'recall_preference', parameters: { key: 'preferred_time' } }],
    sarah: (found) =>
      found.includes('morning')
        ? 'Of course, John: in the morning. Shall we say Thursday at 10?'
        : "I'm afraid I don't remember. When would suit you?",
  },
]

/** Returns Sarah's next message, from the script. */
function script({ messages }) {
  const turn = TURNS.find(({ john }) => john === messages.findLast(({ role }) => role === 'user').content)
  const last = messages.at(-1)
  return last.role === 'tool' ? turn.sarah(last.content) : { toolCalls: turn.calls }
}

/** Returns Sarah's next message, from OpenAI. */
async function openai(body) {
  const response = await fetch('https://api.openai.com/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.text() }
}

/** Prints each tool call and its result. */
async function show(body) {
  const answers = body.messages.slice(body.messages.findLastIndex(({ role }) => role === 'assistant') + 1)
  for (const { role, content } of answers) {
    if (role !== 'tool') continue
    const { data, error } = JSON.parse(content)
    console.log(dim(`        → ${JSON.stringify(data ?? { error })}`))
  }
  const answer = key ? await openai(body) : script(body)
  for (const { name, parameters } of toolCalls(answer)) {
    const list = Object.entries(parameters).map(([field, value]) => `${field}: ${JSON.stringify(value)}`)
    console.log(`      ${yellow(name)}${dim(`(${list.join(', ')})`)}`)
  }
  return answer
}

function toolCalls(answer) {
  if (answer.toolCalls) return answer.toolCalls
  if (answer.status !== 200) return []
  const calls = JSON.parse(answer.body).choices[0].message.tool_calls ?? []
  return calls.map((call) => ({ name: call.function.name, parameters: JSON.parse(call.function.arguments) }))
}

const server = await startScriptedModel(show)
console.log(dim(`Model: ${key ? "OpenAI's gpt-4o-mini" : 'a script (set OPENAI_API_KEY for a real one)'}`))
console.log(dim(`Database: sqlite:${file}\n`))

const receptionist = new AIReceptionist({
  agent: {
    identity: { name: 'Sarah', role: 'Sales Representative', company: 'Acme Corp' },
    personality: { traits: [{ name: 'friendly', description: 'Warm and welcoming' }] },
    goals: { primary: 'Qualify leads and book demo appointments' },
  },
  model: { provider: 'openai', apiKey: key ?? 'none', model: 'gpt-4o-mini', baseUrl: server.url },
  database: { connection: `sqlite:${file}` },
})
await receptionist.initialize()

let conversation
for (const turn of TURNS) {
  if (conversation && turn.conversation !== conversation) console.log(dim('      … another conversation …\n'))
  conversation = turn.conversation
  console.log(`${cyan(bold('John '))} ${turn.john}`)
  const reply = await receptionist.text.generate({
    prompt: turn.john,
    conversationId: conversation,
    customer,
  })
  console.log(`${green(bold('Sarah'))} ${reply.text}\n`)
}

await receptionist.dispose()
server.close()

console.log(bold('Another process opens the database:'))
const tables = spawnSync(process.execPath, [fileURLToPath(new URL('tables.mjs', import.meta.url)), file], {
  stdio: 'inherit',
})
process.exitCode = tables.status ?? 1
