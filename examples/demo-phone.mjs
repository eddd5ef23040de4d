// `npm run demo:phone`: a phone call to the receptionist. A simulated phone acts like Twilio: it posts signed forms to the running
// webhooks over HTTP and follows the TwiML of the responses. Afterwards another process reads the rows.
// The model is a script on this machine, or OpenAI's if OPENAI_API_KEY is set.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AIReceptionist } from '../index.js'
import { Phone, sid } from './phone.mjs'
import { startScriptedModel } from './scripted-model.mjs'
import { bold, cyan, dim, green, yellow } from './terminal.mjs'

const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
const [JOHN, LINE] = ['+15551234567', '+15550001111']
const file = join(mkdtempSync(join(tmpdir(), 'receptionist-phone-')), 'receptionist.db')
const key = process.env.OPENAI_API_KEY

const save = { name: 'save_customer_info', parameters: { name: 'John', email: 'john@example.com' } }
const prefer = { name: 'remember_preference', parameters: { key: 'preferred_time', value: 'morning' } }
const recall = { name: 'recall_preference', parameters: { key: 'preferred_time' } }
const log = {
  name: 'log_call_outcome',
  parameters: { outcome: 'qualified_lead', summary: 'Would like a demo on Tuesday at 10 am' },
}

/** Returns the reply for success if all tools succeeded, else the reply for failure. */
const ifDone = (words) => (found) =>
  found.every((result) => result.includes('"success":true')) ? words : "I'm sorry, that did not work."

// The script of the call: John's words, and Sarah's tool calls and replies to the tool results.
const CALLS = [
  [
    [
      "Hi, this is John. I'd like a demo. My e-mail is john@example.com.",
      [save],
      ifDone("Thank you, John, I've noted that. When would suit you?"),
    ],
    [
      'I prefer mornings. Tuesday at ten?',
      [prefer, log],
      ifDone("I've noted both. Tuesday at ten isn't booked yet."),
    ],
    ['Great, bye!', [{ name: 'end_call', parameters: {} }], () => 'Goodbye, John!'],
  ],
  [
    [
      'Hello, John again. Do you still know when I like to meet?',
      [recall],
      ([found]) =>
        found.includes('morning')
          ? 'In the morning, John. Shall we say Thursday at ten?'
          : "I'm afraid I don't remember. When would suit you?",
    ],
  ],
]

function script({ messages }) {
  if (messages[0].content.startsWith('Summarize')) {
    const isTold = messages[1].content.includes('In the morning')
    return `John asked when he likes to meet, and was ${isTold ? '' : 'not '}told.`
  }
  const said = messages.findLast(({ role }) => role === 'user').content
  const [, toolCalls, answer] = CALLS.flat().find(([words]) => words === said)
  const found = messages.slice(messages.findLastIndex(({ role }) => role === 'user'))
  const results = found.filter(({ role }) => role === 'tool').map(({ content }) => content)
  if (results.length > 0) return answer(results)
  for (const { name, parameters } of toolCalls)
    console.log(`      ${yellow(name)}${dim(`(${JSON.stringify(parameters)})`)}`)
  return { toolCalls }
}

const model = await startScriptedModel(script)
const receptionist = new AIReceptionist({
  agent: {
    identity: { name: 'Sarah', role: 'Receptionist', company: 'Acme Corp' },
    goals: { primary: 'Book demo appointments' },
  },
  model: key
    ? { provider: 'openai', apiKey: key, model: 'gpt-4o-mini' }
    : { provider: 'openai', apiKey: 'none', model: 'scripted', baseUrl: model.url },
  database: { connection: `sqlite:${file}` },
  providers: {
    communication: { twilio: { accountSid: sid('AC'), authToken: AUTH_TOKEN, phoneNumber: LINE } },
  },
})
await receptionist.initialize()
const server = createServer(receptionist.webhooks).listen(0, '127.0.0.1')
await once(server, 'listening')
const webhook = `http://127.0.0.1:${server.address().port}/webhooks/voice/inbound`
console.log(dim(`Model: ${key ? "OpenAI's gpt-4o-mini" : 'a script (set OPENAI_API_KEY for a real one)'}`))
console.log(dim(`Webhook: ${webhook}\nDatabase: sqlite:${file}\n`))

for (const [n, turns] of CALLS.entries()) {
  if (n > 0) console.log(dim('      … another call …\n'))
  const phone = new Phone({
    webhook,
    status: `${webhook}/status`,
    authToken: AUTH_TOKEN,
    from: JOHN,
    to: LINE,
  })
  const began = Date.now()
  console.log(dim(`      ☎ ${JOHN} calls ${LINE}`))
  console.log(`${green(bold('Sarah'))} ${await phone.dial()}\n`)
  for (const [words] of turns) {
    if (phone.over) break
    console.log(`${cyan(bold('John '))} ${words}`)
    console.log(`${green(bold('Sarah'))} ${await phone.say(words)}\n`)
  }
  await phone.hangUp({ CallDuration: String(Math.ceil((Date.now() - began) / 1000)) })
  console.log(dim('      ☎ the call is over\n'))
}

await receptionist.dispose()
server.close()
model.close()

console.log(bold('Another process opens the database:'))
const tables = spawnSync(process.execPath, [fileURLToPath(new URL('tables.mjs', import.meta.url)), file], {
  stdio: 'inherit',
})
process.exitCode = tables.status ?? 1
