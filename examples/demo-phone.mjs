// `npm run demo:phone`: a live call to the receptionist. A simulated line acts like Twilio: it posts signed forms and opens the
// WebSocket to the running server, speaks the streamed words, and lets the caller interrupt. Afterwards another process reads the rows.
// The model is a script on this machine, or OpenAI's if OPENAI_API_KEY is set.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { AIReceptionist } from '../index.js'
import { Phone, sid, signature } from './phone.mjs'
import { RelayLine } from './relay-line.mjs'
import { startScriptedModel } from './scripted-model.mjs'
import { bold, cyan, dim, green, yellow } from './terminal.mjs'

const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
const [JOHN, LINE, ACCOUNT] = ['+15551234567', '+15550001111', sid('AC')]
/** How many times faster than life the line speaks. The pauses of the receptionist are in real time. */
const SPEED = 3
const file = join(mkdtempSync(join(tmpdir(), 'receptionist-phone-')), 'receptionist.db')
const key = process.env.OPENAI_API_KEY

const save = { name: 'save_customer_info', parameters: { name: 'John', email: 'john@example.com' } }
const look = { name: 'find_free_times', parameters: { day: 'Tuesday' } }
const prefer = { name: 'remember_preference', parameters: { key: 'preferred_time', value: 'morning' } }
const recall = { name: 'recall_preference', parameters: { key: 'preferred_time' } }
const log = {
  name: 'log_call_outcome',
  parameters: { outcome: 'qualified_lead', summary: 'Would like a demo on Tuesday at 10 am' },
}
const end = { name: 'end_call', parameters: {} }

/** Returns the reply for success if all tools succeeded, else the reply for failure. */
const ifDone = (words) => (found) =>
  found.every((result) => result.includes('"success":true')) ? words : "I'm sorry, that did not work."

// The script of the calls: John's words, and Sarah's tool calls and replies to the tool results.
const CALLS = [
  [
    [
      "Hi, this is John. I'd like a demo. My e-mail is john@example.com.",
      [save],
      ifDone(
        "Thank you, John, I've noted that. A demo takes an hour, at your office, at ours, or by video. When would suit you?",
      ),
    ],
    [
      'I prefer mornings. Tuesday at ten?',
      [look, prefer, log],
      ifDone("Ten is free, and I've noted both. Tuesday at ten isn't booked yet."),
    ],
    ['Great, bye!', [end], () => 'Goodbye, John!'],
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
    note(`${yellow(name)}${dim(`(${JSON.stringify(parameters)})`)}`)
  return { toolCalls }
}

const began = performance.now()
/** Prints a line with the seconds since the start. */
const print = (who, words) =>
  console.log(`${dim(((performance.now() - began) / 1000).toFixed(1).padStart(5))} ${who} ${words}`)
const note = (words) => print('     ', words)

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
  providers: { communication: { twilio: { accountSid: ACCOUNT, authToken: AUTH_TOKEN, phoneNumber: LINE } } },
  tools: {
    custom: [
      {
        name: 'find_free_times',
        description: 'Finds free times for a demo on a weekday',
        parameters: { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] },
        handlers: {
          // A slow calendar: the caller hears a filler.
          default: async () => {
            await wait(3_000)
            return { success: true, data: { free: ['10:00', '11:00'] } }
          },
        },
      },
    ],
  },
})
await receptionist.initialize()
const server = createServer(receptionist.webhooks).listen(0, '127.0.0.1')
server.on('upgrade', receptionist.webhooks.upgrade)
await once(server, 'listening')
const webhook = `http://127.0.0.1:${server.address().port}/webhooks/voice/inbound`
console.log(dim(`Model: ${key ? "OpenAI's gpt-4o-mini" : 'a script (set OPENAI_API_KEY for a real one)'}`))
console.log(dim(`Webhook: ${webhook}\nDatabase: sqlite:${file}\n`))

/** Opens the line of a call, and prints both sides of it. */
async function openLine({ callSid, from, to }, attributes) {
  const line = new RelayLine({ callSid, accountSid: ACCOUNT, from, to }, attributes, {
    signature: (url) => signature(AUTH_TOKEN, url, {}),
    speed: SPEED,
  })
  line.on('heard', (clause) => print(green(bold('Sarah')), clause))
  line.on('caller', (words) => print(cyan(bold('John ')), words))
  line.on('interrupted', () => note(dim('… interrupted')))
  await line.open()
  return line
}

for (const [call, turns] of CALLS.entries()) {
  print(dim('☎'), dim(`${JOHN} calls ${LINE}`))
  const started = performance.now()
  const phone = new Phone({
    webhook,
    status: `${webhook}/status`,
    authToken: AUTH_TOKEN,
    from: JOHN,
    to: LINE,
    accountSid: ACCOUNT,
    openLine,
  })
  await phone.dial()
  const { line } = phone
  const over = once(line, 'closed').then(([form]) => phone.lineEnded(form))
  await line.quiet()
  for (const [number, [words]] of turns.entries()) {
    await line.say(words)
    // John has heard enough in the middle of the first reply, and interrupts.
    if (call === 0 && number === 0 && !key) await line.hears(/takes an hour/)
    else if (!words.includes('bye')) await line.quiet()
  }
  if (!turns.at(-1)[0].includes('bye')) line.hangUp()
  await over
  print(dim('☎'), dim('the call is over\n'))
  await phone.hangUp({ CallDuration: String(Math.ceil((performance.now() - started) / 1000)) })
}

await receptionist.dispose()
server.close()
model.close()

console.log(bold('Another process opens the database:'))
const tables = spawnSync(process.execPath, [fileURLToPath(new URL('tables.mjs', import.meta.url)), file], {
  stdio: 'inherit',
})
process.exitCode = tables.status ?? 1
