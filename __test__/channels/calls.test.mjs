// Calls: silence, slow models, rate limits and failures. The scenarios for every database are in
// channel-scenarios.mjs.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import test from 'ava'
import { AIReceptionist, InMemoryStorage } from '../../index.js'
import { readSqlite } from '../../examples/read-sqlite.mjs'
import { JOHN, LINE, phone, receptionists, transcript } from '../support/channels/phone-harness.mjs'

/** Disposes of receptionists and returns their call logs. */
async function callLogs(all, file) {
  for (const receptionist of all) await receptionist.dispose()
  return readSqlite(file, 'SELECT * FROM ai_receptionist_call_logs ORDER BY created_at, rowid')
}

test('a call outcome that the model logged stays when the call ends', async (t) => {
  const script = ({ messages }) =>
    messages.at(-1).role === 'tool'
      ? 'See you.'
      : {
          toolCalls: [
            { name: 'log_call_outcome', parameters: { outcome: 'appointment_booked', summary: 'A demo.' } },
          ],
        }
  const { all, model, file } = await receptionists(t, 1, script)
  const call = phone(all)
  await call.dial()
  t.is(await call.say('Book a demo.'), 'See you.')
  const asked = model.requests.length
  await call.hangUp({ CallDuration: '30' })
  // Only the facts are asked for, in the background.
  t.true(
    model.requests.slice(asked).every(({ messages }) => messages[0].content.startsWith('Summarize this')),
  )
  const ended = await all[0].agent.memory.get(`session-end-${call.callSid}`)
  t.deepEqual(ended.sessionMetadata, {
    conversationId: call.callSid,
    callSid: call.callSid,
    customerPhone: JOHN,
    duration: 30,
    status: 'completed',
  })
  t.like((await callLogs(all, file))[0], { outcome: 'appointment_booked', summary: 'A demo.', duration: 30 })
})

test('unanswered calls are logged without asking the model', async (t) => {
  const { all, model, file } = await receptionists(t, 1)
  for (const CallStatus of ['busy', 'no-answer', 'failed', 'canceled']) {
    const call = phone(all, { more: { Direction: 'outbound-api', To: JOHN, From: LINE } })
    await call.hangUp({ CallStatus, CallDuration: '0' })
    const ended = await all[0].agent.memory.get(`session-end-${call.callSid}`)
    t.like(ended.sessionMetadata, { status: CallStatus, duration: 0 })
  }
  const silent = phone(all)
  await silent.dial()
  await silent.hangUp({ AnsweredBy: 'machine_start' })
  t.is(model.requests.length, 0)
  const logs = await callLogs(all, file)
  t.deepEqual(
    logs.map(({ outcome, phone_number }) => [outcome, phone_number]),
    [
      ['busy', JOHN],
      ['no_answer', JOHN],
      ['failed', JOHN],
      ['canceled', JOHN],
      ['voicemail', JOHN],
    ],
  )
  t.true(logs.every(({ summary }) => summary.length > 0))
})

test('after silence, the receptionist asks once and then hangs up', async (t) => {
  const { all, model } = await receptionists(t, 1, () => 'yes')
  const call = phone(all)
  await call.dial()
  t.is(await call.keepSilent(), 'Are you still there?')
  t.is(await call.say('Yes.'), 'yes')
  t.is(await call.keepSilent(), 'Are you still there?')
  t.regex(await call.keepSilent(), /Goodbye/)
  t.true(call.over)
  t.is(model.requests.length, 1)
})

test('a caller with a hidden number is answered and stored without a number', async (t) => {
  const { all, file } = await receptionists(t, 1, () => 'ok')
  const call = phone(all, { from: '+266696687' })
  await call.dial()
  t.is(await call.say('hello'), 'ok')
  await call.hangUp()
  t.is((await callLogs(all, file))[0].phone_number, null)
})

test('a call continues without a signature and a URL, and a redelivered webhook gets the same answer', async (t) => {
  const { all, model } = await receptionists(t, 2, (_, n) => `answer ${n}`)
  const call = phone(all, { proven: false })
  await call.dial()
  t.is(await call.say('one', '0.91'), 'answer 0')
  t.is(await call.say('two', '0.92'), 'answer 1')
  t.regex((await call.again()).body, /answer 1/)
  t.is(model.requests.length, 2)
})

test('a call waits for a slow model with redirects', async (t) => {
  let slow = true
  const script = () => ({ text: 'At last.', delay: slow ? 13_000 : 0 })
  const { all, model } = await receptionists(t, 2, script)
  const known = phone(all)
  await known.dial()
  const unknown = phone(all, { proven: false })
  await unknown.dial()
  const [first, second] = await Promise.all([known.say('hello'), unknown.say('hello')])
  slow = false
  t.is(first, 'At last.')
  t.deepEqual(known.heard.slice(1), ['One moment, please.', 'At last.'])
  // Without a URL to redirect to, a short pause leads to the answer.
  t.is(second, 'One moment, please.')
  t.is(await unknown.say(''), 'At last.')
  t.is(model.requests.length, 2)
})

test('a caller hears an apology when the model is down, and the turn is stored as failed', async (t) => {
  const { all } = await receptionists(t, 1, () => ({ status: 500 }))
  const call = phone(all)
  await call.dial()
  t.regex(await call.say('hello'), /sorry/)
  t.false(call.over, 'the caller may try again')
  t.deepEqual((await transcript(all[0], call.callSid)).at(-1), ['user', 'hello'])
  t.is((await all[0].agent.memory.search({ type: 'error' })).length, 1)
  await call.hangUp()
})

test('a caller hears an apology when the database is down', async (t) => {
  let down = false
  class Flaky extends InMemoryStorage {
    async save(memory) {
      if (down) throw new Error('down')
      return super.save(memory)
    }
  }
  const { all } = await receptionists(t, 1, () => 'ok', {
    database: undefined,
    agent: { identity: { name: 'Sarah', role: 'R' }, memory: { longTermStorage: new Flaky() } },
  })
  const call = phone(all)
  await call.dial()
  down = true
  t.regex(await call.say('hello'), /sorry/)
  t.true(call.over)
  await t.throwsAsync(call.hangUp(), { message: 'down' })
  down = false
  t.regex((await call.again(1)).body, /<Say>ok<\/Say>/, 'a redelivery is answered')
})

test('rate limits, blocked numbers and invalid numbers', async (t) => {
  const { all, model } = await receptionists(t, 2, () => 'ok', {
    channels: { voice: { maxPerHour: 2 }, blocked: ['+1900*'] },
  })
  const calls = Array.from({ length: 5 }, () => phone(all))
  for (const [n, call] of calls.entries()) t.regex(await call.dial(), n < 2 ? /^Hello/ : /very often/)
  const other = phone(all, { from: '+15557654321' })
  t.regex(await other.dial(), /^Hello/)
  for (const refused of [
    phone(all, { from: '+19005551234' }),
    phone(all, { more: { StirVerstat: 'TN-Validation-Failed-A' } }),
  ]) {
    await refused.dial()
    t.true(refused.rejected)
  }
  t.is(model.requests.length, 0)
})

test('recordings and transcriptions are stored with the call', async (t) => {
  const { all } = await receptionists(t, 1, () => 'ok')
  const call = phone(all)
  await call.dial()
  for (const form of [
    {
      RecordingSid: 'RE1',
      RecordingStatus: 'completed',
      RecordingUrl: 'https://x/RE1',
      RecordingDuration: '9',
    },
    { TranscriptionSid: 'TR1', TranscriptionText: 'hello', RecordingSid: 'RE1' },
  ]) {
    await call.hangUp({ CallbackSource: '', SequenceNumber: '', ...form })
    await call.again()
  }
  const kept = await all[0].agent.memory.search({
    sessionMetadata: { callSid: call.callSid },
    type: 'system',
  })
  t.deepEqual(kept.map(({ id }) => id).sort(), [
    'recording-RE1',
    `session-start-${call.callSid}`,
    'transcription-TR1',
  ])
})

test('a receptionist that is not initialized refuses calls with a clear error', async (t) => {
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'R' } },
    model: { provider: 'openai', model: 'm', apiKey: 'k' },
  })
  await t.throwsAsync(receptionist.handleVoiceWebhook({ CallSid: 'CA1' }), { code: 'NOT_INITIALIZED' })
})

test('concurrent calls do not mix', async (t) => {
  const count = Number(process.env.CALLS ?? 200)
  const script = ({ messages }) => {
    if (messages[0].content.startsWith('Summarize')) return 'Talked.'
    // The greeting comes first. A placeholder stands before it, because some models require a user
    // message first.
    const begins = messages.findIndex(({ role }) => role === 'assistant')
    const said = messages.slice(begins + 1).filter(({ role }) => role === 'user')
    return `heard ${said.map(({ content }) => content).join(' | ')}`
  }
  const { all } = await receptionists(t, 1, script)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const started = performance.now()
  const calls = await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const call = phone(all, { from: `+1555${4_000_000 + n}` })
      await call.dial()
      const heard = []
      for (const turn of [1, 2, 3]) heard.push(await call.say(`caller ${n} turn ${turn}`))
      return { call, heard }
    }),
  )
  const seconds = (performance.now() - started) / 1_000
  delay.disable()
  for (const [n, { heard }] of calls.entries()) {
    const turns = [1, 2, 3].map((turn) => `caller ${n} turn ${turn}`)
    t.deepEqual(
      heard,
      turns.map((_, at) => `heard ${turns.slice(0, at + 1).join(' | ')}`),
    )
  }
  const milliseconds = (nanoseconds) => Math.round(nanoseconds / 1e4) / 100
  t.log(
    `${count} calls of 4 requests in ${seconds.toFixed(1)} s; event loop delay: mean ${milliseconds(delay.mean)} ms,`,
    `99% ${milliseconds(delay.percentile(99))} ms, most ${milliseconds(delay.max)} ms`,
  )
})

test('the greeting and the phrases are in the language of the line', async (t) => {
  const { all } = await receptionists(t, 1, undefined, {
    channels: { voice: { language: 'de-DE', phrases: { goodbye: 'Tschüss.' } } },
  })
  const call = phone(all)
  t.is(await call.dial(), 'Guten Tag, hier ist Sarah von Acme & Sons. Wie kann ich Ihnen helfen?')
  t.is(await call.keepSilent(), 'Sind Sie noch da?')
  t.is(await call.keepSilent(), 'Tschüss.')
})
