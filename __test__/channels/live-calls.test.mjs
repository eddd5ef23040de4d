// Live calls over Twilio's ConversationRelay: streamed speech, interruptions, what is remembered of them, and what follows a line.
import { once } from 'node:events'
import { join } from 'node:path'
import test from 'ava'
import { InMemoryStorage } from '../../index.js'
import { readSqlite } from '../../examples/read-sqlite.mjs'
import { answered, sms } from '../support/channels/phone-harness.mjs'
import { callLive, heardTranscript, startLive } from '../support/channels/live-harness.mjs'
import { createDatabases, dropDatabases } from '../support/databases.mjs'
import { identity, temporaryFolder } from '../support/fixtures.mjs'

const databases = await createDatabases()
test.after.always(() => dropDatabases(databases))
const { PostgreSQL: postgres } = databases
const DATABASES = {
  SQLite: () => ({ connection: 'sqlite::memory:' }),
  ...(postgres && {
    PostgreSQL: () => ({ connection: postgres.url, tablePrefix: `live${Date.now() % 1e6}_` }),
  }),
}

const last = (messages) => messages.findLast(({ role }) => role === 'user').content
const PRICES = 'One check is ten euros. Two checks are twenty euros. Three checks are thirty euros.'

for (const [name, database] of Object.entries(DATABASES)) {
  test(`${name}: an answer is streamed, and an interruption leaves what was heard`, async (t) => {
    const script = ({ messages }) => (last(messages).includes('prices') ? PRICES : 'Sure, **ten** euros.')
    const { receptionist, base } = await startLive(t, script, { database: database() })
    const { line, id, after, phone } = await callLive(t, base)
    await line.quiet()
    await line.say('What are your prices?')
    await line.hears(/ten euros/)
    await line.quiet()
    await line.say('And for a child?')
    await line.quiet()
    line.hangUp()
    await after
    await phone.hangUp()
    const messages = await heardTranscript(receptionist, id)
    t.deepEqual(
      messages.map(([role]) => role),
      ['assistant', 'user', 'assistant', 'user', 'assistant'],
    )
    t.is(messages[2][1], PRICES)
    t.is(messages[4][1], 'Sure, **ten** euros.')
    const [logged] = await receptionist.agent.memory.search({
      conversationId: id,
      type: 'conversation',
      limit: 1,
    })
    t.true(logged.sessionMetadata.callSid === id)
  })
}

test('a barge-in aborts the model, and the rest is metadata', async (t) => {
  let release
  const more = new Promise((resolve) => (release = resolve))
  async function* slowly() {
    yield 'One check is ten euros. Two checks are twenty euros, which is a fair price for two of them. '
    await more
    yield 'Three checks are thirty euros.'
  }
  const { receptionist, base, model } = await startLive(t, ({ messages }) =>
    last(messages).includes('prices') ? { text: slowly() } : 'Only ten.',
  )
  // The first reply of an unknown model is held back until it is known not to begin with its reasoning.
  for await (const piece of receptionist.text.stream({ prompt: 'Hello' })) t.is(piece, 'Only ten.')
  const { line, id, after } = await callLive(t, base, { speed: 4 })
  await line.quiet()
  await line.say('What are your prices?')
  await line.hears(/ten euros/)
  await line.say('Stop, only one check please.')
  await line.hears(/Only ten/)
  release()
  line.hangUp()
  await after
  const [, , [role, heard, unheard], [, said], [, answer]] = await heardTranscript(receptionist, id)
  t.is(role, 'assistant')
  t.regex(heard, /^One check is ten euros\./)
  t.is(
    `${heard} ${unheard}`.replace(/\s+/g, ' '),
    'One check is ten euros. Two checks are twenty euros, which is a fair price for two of them.',
  )
  t.deepEqual([said, answer], ['Stop, only one check please.', 'Only ten.'])
  // The model is told what was heard, and nothing else.
  const { messages } = model.requests.find(({ messages }) => last(messages).startsWith('Stop'))
  const told = messages.find(({ content }) => content?.startsWith?.('One check'))
  t.is(told?.content, heard)
  t.is((await receptionist.agent.memory.search({ conversationId: id, type: 'error' })).length, 0)
})

test('one sentence that arrives in pieces is answered once', async (t) => {
  const { receptionist, base } = await startLive(t, ({ messages }) => ({
    text: `You said: ${last(messages)}`,
    delay: 400,
  }))
  const { line, id, after } = await callLive(t, base)
  await line.quiet()
  await line.say('I would like an appointment on Friday please', { finals: 3 })
  await line.hears(/Friday please/)
  line.hangUp()
  await after
  const messages = await heardTranscript(receptionist, id)
  t.deepEqual(messages.slice(1), [
    ['user', 'I would like an appointment on Friday please'],
    ['assistant', 'You said: I would like an appointment on Friday please'],
  ])
})

test('after a noise the rest is said again, once', async (t) => {
  const { receptionist, base } = await startLive(t, () => PRICES)
  const { line, id, after } = await callLive(t, base, { speed: 3 })
  await line.quiet()
  await line.say('What are your prices?')
  await line.hears(/ten euros/)
  await line.say('', { takes: 100 })
  await line.hears(/thirty euros/)
  await line.quiet()
  line.hangUp()
  await after
  const [, , [, heard, unheard]] = await heardTranscript(receptionist, id)
  t.is(heard, PRICES)
  t.is(unheard, undefined)
})

test('a slow tool is covered by fillers that are not part of the conversation', async (t) => {
  let release
  const heardFiller = new Promise((resolve) => (release = resolve))
  const lookUp = {
    name: 'look_up',
    description: 'Looks up.',
    parameters: { type: 'object', properties: {} },
    handlers: {
      default: async () => {
        await heardFiller
        return { success: true, response: { text: 'Friday' } }
      },
    },
  }
  const script = ({ messages }) =>
    messages.at(-1).role === 'tool' ? 'Friday is free.' : { toolCalls: [{ name: 'look_up', parameters: {} }] }
  const { receptionist, base } = await startLive(t, script, { tools: { custom: [lookUp] } })
  const { line, id, after } = await callLive(t, base)
  await line.quiet()
  await line.say('Is Friday free?')
  await line.hears(/One moment/)
  release()
  await line.hears(/Friday is free/)
  line.hangUp()
  await after
  const texts = (await heardTranscript(receptionist, id)).map(([, text]) => text)
  t.true(texts.includes('Friday is free.'))
  t.false(texts.some((text) => text.includes('One moment')))
})

test('the goodbye is spoken before the line ends, and the call then', async (t) => {
  const script = ({ messages }) =>
    messages.at(-1).role === 'tool' ? 'Goodbye, John!' : { toolCalls: [{ name: 'end_call', parameters: {} }] }
  const { base } = await startLive(t, script)
  const { line, after, phone } = await callLive(t, base)
  await line.quiet()
  await line.say('That is all, bye')
  t.is(await after, '')
  t.true(line.heard.some((clause) => clause.includes('John!')))
  t.true(phone.over)
  t.is(line.frames.findLast(({ from }) => from === 'app').frame.type, 'end')
})

test('a silent caller is asked twice', async (t) => {
  const { base } = await startLive(t, () => 'Yes.', { voice: { noInputTimeoutSeconds: 1 } })
  const { line, after, phone } = await callLive(t, base)
  await after
  t.true(phone.over)
  t.is(line.heard.filter((clause) => clause.includes('still there')).length, 2)
  t.regex(line.heard.at(-1), /Goodbye/)
})

test('keys are one input, and are not logged', async (t) => {
  const entries = []
  const { receptionist, base } = await startLive(t, ({ messages }) => `Noted: ${last(messages)}`, {
    logger: (entry) => entries.push(entry),
  })
  const { line, id, after } = await callLive(t, base)
  await line.press('48213#')
  await line.hears(/48213/)
  line.hangUp()
  await after
  const messages = await heardTranscript(receptionist, id)
  t.deepEqual(
    messages.filter(([role]) => role === 'user'),
    [['user', '(The caller pressed 48213 on the keypad.)']],
  )
  const [memory] = await receptionist.agent.memory.search({ conversationId: id, role: 'user' })
  t.is(memory.metadata.keys, '48213')
  t.true(entries.length > 0)
  t.false(entries.some((entry) => entry.level !== 'trace' && JSON.stringify(entry).includes('48213')))
})

test('a tool collects digits, and a caller who speaks instead is answered', async (t) => {
  const script = ({ messages }) => {
    const found = messages
      .slice(messages.findLastIndex(({ role }) => role === 'user'))
      .find(({ role }) => role === 'tool')
    if (found) return `Result ${found.content}`
    if (last(messages).includes('do not know')) return 'No problem at all.'
    return {
      text: 'Please key in the number.',
      toolCalls: [{ name: 'collect_digits', parameters: { maxDigits: 4 } }],
    }
  }
  const { receptionist, base } = await startLive(t, script)
  const { line, id, after } = await callLive(t, base)
  await line.quiet()
  await line.say('Where is my order?')
  await line.hears(/key in/)
  await line.press('4821')
  await line.hears(/4821/)
  await line.quiet()
  await line.say('And the other one?')
  await once(line, 'heard')
  await line.say('I do not know that number')
  await line.hears(/No problem/)
  line.hangUp()
  await after
  const tools = await receptionist.agent.memory.search({ conversationId: id, type: 'tool_execution' })
  const results = tools.map(({ toolResult }) => toolResult.success).toSorted()
  t.deepEqual(results, [false, true])
  const texts = (await heardTranscript(receptionist, id)).map(([, text]) => text)
  // The text before the tool is a message of its own, and is not repeated in the answer.
  t.is(texts.filter((text) => text.includes('key in')).length, 2)
})

test('of two tools that want digits at once, one gets them', async (t) => {
  const collect = { name: 'collect_digits', parameters: { maxDigits: 2 } }
  const script = ({ messages }) => {
    const results = messages.filter(({ role }) => role === 'tool')
    return results.length > 0 ? 'Thank you.' : { text: 'Please key it in.', toolCalls: [collect, collect] }
  }
  const { receptionist, base } = await startLive(t, script)
  const { line, id, after } = await callLive(t, base)
  await line.quiet()
  await line.say('Where is my order?')
  await line.hears(/key it in/)
  await line.press('48')
  await line.hears(/Thank you/)
  line.hangUp()
  await after
  const tools = await receptionist.agent.memory.search({ conversationId: id, type: 'tool_execution' })
  const outcomes = tools.map(({ toolResult }) => toolResult.data?.digits ?? toolResult.error)
  t.deepEqual(outcomes.toSorted(), ['48', 'Another call of this tool waits for the keys.'])
})

test('digits are asked for in words where keys are not received', async (t) => {
  const script = ({ messages }) =>
    messages.at(-1).role === 'tool'
      ? `Result ${messages.at(-1).content}`
      : { toolCalls: [{ name: 'collect_digits', parameters: {} }] }
  const { base } = await startLive(t, script, { voice: { mode: 'gather' } })
  const { phone } = await callLive(t, base)
  t.regex(await phone.say('Where is my order?'), /not received on this line/)
})

test('the agent switches to another language, and the phrases follow', async (t) => {
  const script = ({ messages }) =>
    messages.at(-1).role === 'tool'
      ? 'Claro, le ayudo.'
      : { toolCalls: [{ name: 'switch_language', parameters: { language: 'es-ES' } }] }
  const { base } = await startLive(t, script, {
    voice: {
      noInputTimeoutSeconds: 1,
      languages: [{ code: 'es-ES', ttsProvider: 'Google', voice: 'es-ES-Journey-F' }],
    },
  })
  const { line, after, phone } = await callLive(t, base)
  t.deepEqual(line.languages, [{ code: 'es-ES', ttsProvider: 'Google', voice: 'es-ES-Journey-F' }])
  await line.quiet()
  await line.say('Hola, ¿habla español?')
  await line.hears(/le ayudo/)
  await line.hears(/Sigue ahí/)
  await after
  t.true(phone.over)
  const frames = line.frames.filter(({ from }) => from === 'app').map(({ frame }) => frame)
  const at = frames.findIndex(({ type }) => type === 'language')
  t.deepEqual(frames[at], { type: 'language', ttsLanguage: 'es-ES', transcriptionLanguage: 'es-ES' })
  t.is(frames.slice(0, at).filter(({ token }) => token).length, 0)
})

test('after a lost line the call goes on turn by turn, and then live again, in one conversation', async (t) => {
  const { receptionist, base } = await startLive(t, ({ messages }) => `Answer to ${last(messages)}`)
  const { line, id, after, phone } = await callLive(t, base)
  await line.quiet()
  await line.say('the first question')
  await line.hears(/first question/)
  line.drop()
  t.regex(await after, /say it again/)
  await phone.say('the second question')
  const second = phone.line
  t.not(second, line)
  t.is(second.attributes.welcomeGreeting, 'Answer to the second question')
  await second.quiet()
  await second.say('the third question')
  await second.hears(/third question/)
  const ended = once(second, 'closed')
  second.hangUp()
  await ended
  const messages = await heardTranscript(receptionist, id)
  t.deepEqual(messages.slice(1), [
    ['user', 'the first question'],
    ['assistant', 'Answer to the first question'],
    ['user', 'the second question'],
    ['assistant', 'Answer to the second question'],
    ['user', 'the third question'],
    ['assistant', 'Answer to the third question'],
  ])
})

test('a receptionist that is disposed finishes its words and hands the call over', async (t) => {
  const { receptionist, base, server } = await startLive(t, () => 'It is open until nine in the evening.')
  const { line, after } = await callLive(t, base, { follow: false })
  await line.quiet()
  await line.say('When do you close?')
  await once(line, 'heard')
  server.removeAllListeners('request')
  const disposed = receptionist.dispose()
  const form = await after
  await disposed
  t.is(form.SessionStatus, 'ended')
  t.deepEqual(JSON.parse(form.HandoffData), { reason: 'draining' })
  t.regex(line.heard.at(-1), /nine in the evening/)
})

for (const order of [
  ['close', 'action', 'status'],
  ['close', 'status', 'action'],
  ['action', 'close', 'status'],
  ['action', 'status', 'close'],
  ['status', 'close', 'action'],
  ['status', 'action', 'close'],
  ['close', 'action'],
  ['close', 'status'],
]) {
  test(`${order.join(', ')}: one call is logged, with everything that was heard`, async (t) => {
    const file = join(temporaryFolder(t), 'calls.db')
    const { receptionist, base } = await startLive(
      t,
      ({ messages }) =>
        messages[0].content.startsWith('Summarize') ? 'They asked when we close.' : 'Until nine.',
      { database: { connection: `sqlite:${file}` } },
    )
    const { line, id, phone } = await callLive(t, base, { follow: false })
    await line.quiet()
    await line.say('When do you close?')
    await line.hears(/Until nine/)
    const steps = {
      close: async () => {
        const closed = once(line, 'closed')
        line.hangUp()
        await closed
      },
      action: () =>
        phone.lineEnded({
          SessionId: 'VX1',
          SessionStatus: 'completed',
          CallStatus: 'completed',
        }),
      status: () => phone.hangUp({ CallDuration: '9' }),
    }
    for (const step of order) await steps[step]()
    t.deepEqual((await heardTranscript(receptionist, id)).at(-1), ['assistant', 'Until nine.'])
    await receptionist.dispose()
    const logs = await readSqlite(file, 'SELECT * FROM ai_receptionist_call_logs')
    t.deepEqual(
      logs.map(({ outcome, duration, summary }) => [outcome, duration, summary]),
      // Only the status has the duration.
      [['completed', order.includes('status') ? 9 : null, 'They asked when we close.']],
    )
  })
}

test('three calls and a message of one customer stay apart', async (t) => {
  const { receptionist, base } = await startLive(t, ({ messages }) => `Answer to ${last(messages)}`)
  const calls = await Promise.all([1, 2, 3].map(() => callLive(t, base)))
  await Promise.all(calls.map(({ line }) => line.quiet()))
  const talk = async ({ line }, number) => {
    await line.say(`the question of call ${number}`)
    await line.hears(new RegExp(`call ${number}`))
  }
  const [, , , isAnswered] = await Promise.all([...calls.map(talk), answered(receptionist, sms('a message'))])
  t.true(isAnswered)
  for (const [number, { line, after, id }] of calls.entries()) {
    line.hangUp()
    await after
    t.deepEqual((await heardTranscript(receptionist, id)).slice(1), [
      ['user', `the question of call ${number}`],
      ['assistant', `Answer to the question of call ${number}`],
    ])
  }
})

test('a storage that fails keeps the whole answer, and the line', async (t) => {
  class Failing extends InMemoryStorage {
    save(memory) {
      if (memory.metadata?.interrupted) throw new Error('the disk is full')
      return super.save(memory)
    }
  }
  const messages = []
  const { receptionist, base } = await startLive(t, () => PRICES, {
    agent: { identity, memory: { longTermStorage: new Failing() } },
    logger: (entry) => messages.push(entry.message),
  })
  const { line, id, after } = await callLive(t, base)
  await line.quiet()
  await line.say('What are your prices?')
  await line.hears(/ten euros/)
  line.hangUp()
  await after
  t.deepEqual((await heardTranscript(receptionist, id)).at(-1), ['assistant', PRICES])
  t.true(messages.includes('Heard text not stored'))
})

test('a provider that does not report what was heard is believed to have said it', async (t) => {
  const { receptionist, base } = await startLive(t, () => 'Until nine.')
  const { line, id, after } = await callLive(t, base, { events: false })
  await line.quiet()
  await line.say('When do you close?')
  await line.hears(/Until nine/)
  line.hangUp()
  await after
  t.deepEqual((await heardTranscript(receptionist, id)).at(-1), ['assistant', 'Until nine.'])
})
