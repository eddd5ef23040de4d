// WhatsApp over Twilio: inbound and outbound, templates, the 24-hour window, and its spellings of
// numbers.
import test from 'ava'
import twilioLibrary from 'twilio'
import { ProviderError, ValidationError } from '../../index.js'
import {
  AUTH_TOKEN,
  BASE_URL,
  JOHN,
  LINE,
  phone,
  authOf,
  receptionists,
  sms,
} from '../support/channels/phone-harness.mjs'
import { startTwilio } from '../support/providers/twilio.mjs'

const SENDER = '+15550002222'
const TEMPLATE = `HX${'a'.repeat(32)}`

async function scene(t, { script, answer, ...more } = {}) {
  const twilio = await startTwilio(t, answer)
  const settings = { baseUrl: twilio.url, whatsappNumber: SENDER, webhookBaseUrl: BASE_URL }
  const made = await receptionists(t, 1, script, { twilio: settings, ...more })
  return { ...made, receptionist: made.all[0], twilio }
}

const whatsapp = (from, body, more) =>
  sms(body, { From: `whatsapp:${from}`, To: `whatsapp:${SENDER}`, ...more })
const post = (receptionist, message) => receptionist.handleSMSWebhook(message, authOf(message))
const history = (receptionist, id) => receptionist.agent.memory.getConversationHistory(id)

async function report(receptionist, form) {
  const url = `${BASE_URL}/webhooks/sms/inbound/status`
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': twilioLibrary.getExpectedTwilioSignature(AUTH_TOKEN, url, form),
  }
  const request = new Request(url, { method: 'POST', headers, body: new URLSearchParams(form) })
  return (await receptionist.webhooks.fetch(request)).status
}

test('a message is answered, and a sent message joins the conversation', async (t) => {
  const { receptionist, twilio, model } = await scene(t)
  t.regex(await post(receptionist, whatsapp(JOHN, 'Hello')), /<Message>answer 0<\/Message>/)
  const sent = await receptionist.sms.send({ to: `whatsapp:${JOHN}`, body: 'Your table is ready.' })
  t.like(sent, { to: `whatsapp:${JOHN}`, from: `whatsapp:${SENDER}`, channel: 'sms', status: 'queued' })
  const { StatusCallback, ...form } = twilio.requests[0].form
  t.is(StatusCallback, `${BASE_URL}/webhooks/sms/inbound/status`)
  t.deepEqual(form, { To: `whatsapp:${JOHN}`, From: `whatsapp:${SENDER}`, Body: 'Your table is ready.' })
  await post(receptionist, whatsapp(JOHN, 'Thanks'))
  const said = (await history(receptionist, sent.conversationId)).filter(
    ({ type }) => type === 'conversation',
  )
  t.deepEqual(
    said.map(({ role, content }) => [role, content]),
    [
      ['user', 'Hello'],
      ['assistant', 'answer 0'],
      ['assistant', 'Your table is ready.'],
      ['user', 'Thanks'],
      ['assistant', 'answer 1'],
    ],
  )
  t.like(said[2], { sessionMetadata: { to: JOHN }, metadata: { to: `whatsapp:${JOHN}` } })
  t.is(model.requests.length, 2)
})

test('a template is sent by its id and stored', async (t) => {
  const { receptionist, twilio } = await scene(t)
  const to = `whatsapp:${JOHN}`
  const sent = await receptionist.sms.send({ to, contentSid: TEMPLATE, contentVariables: { 1: 'Ann', 2: 7 } })
  const { StatusCallback: _, ...form } = twilio.requests[0].form
  t.deepEqual(form, {
    To: to,
    From: `whatsapp:${SENDER}`,
    ContentSid: TEMPLATE,
    ContentVariables: '{"1":"Ann","2":"7"}',
  })
  t.is(
    (await history(receptionist, sent.conversationId)).at(-1).content,
    `[The template ${TEMPLATE} with the values {"1":"Ann","2":"7"}]`,
  )
  await receptionist.sms.send({ to, contentSid: TEMPLATE, contentVariables: '{"1":"Bob"}' })
  t.is(twilio.requests[1].form.ContentVariables, '{"1":"Bob"}')
  for (const [options, field] of [
    [{ to, contentSid: 'HX1' }, 'contentSid'],
    [{ to, contentSid: TEMPLATE, body: 'Hi' }, 'body'],
    [{ to, contentSid: TEMPLATE, mediaUrl: ['https://example.com/1.png'] }, 'mediaUrl'],
    [{ to, body: 'Hi', contentVariables: { 1: 'x' } }, 'contentVariables'],
    [{ to, contentSid: TEMPLATE, contentVariables: { 1: null } }, 'contentVariables'],
    [{ to }, 'body'],
    [{ to: 'whatsapp:anonymous', body: 'Hi' }, 'to'],
    [{ to, from: 'sip:a@b', body: 'Hi' }, 'from'],
  ]) {
    const error = await t.throwsAsync(receptionist.sms.send(options), { instanceOf: ValidationError })
    t.true(error.message.includes(`\`${field}\``), error.message)
  }
  t.is(twilio.requests.length, 2)
})

test('a sender can be a number, a short code or a service, on the channel of the recipient', async (t) => {
  const { receptionist, twilio } = await scene(t)
  const service = `MG${'0'.repeat(32)}`
  const whatsappJohn = `whatsapp:${JOHN}`
  for (const [options, form] of [
    [{ to: JOHN }, { To: JOHN, From: LINE }],
    [{ to: whatsappJohn }, { To: whatsappJohn, From: `whatsapp:${SENDER}` }],
    [
      { to: whatsappJohn, from: '+15550003333' },
      { To: whatsappJohn, From: 'whatsapp:+15550003333' },
    ],
    [
      { to: JOHN, from: `whatsapp:${SENDER}` },
      { To: whatsappJohn, From: `whatsapp:${SENDER}` },
    ],
    [
      { to: whatsappJohn, from: service },
      { To: whatsappJohn, MessagingServiceSid: service },
    ],
    [
      { to: JOHN, from: service },
      { To: JOHN, MessagingServiceSid: service },
    ],
    [
      { to: JOHN, from: '12345' },
      { To: JOHN, From: '12345' },
    ],
    [{ to: '+1 555 123 4567 ext. 9' }, { To: JOHN, From: LINE }],
  ]) {
    await receptionist.sms.send({ body: 'Hi', ...options })
    const { StatusCallback: _, ...sent } = twilio.requests.at(-1).form
    t.deepEqual(sent, { ...form, Body: 'Hi' })
  }
  await receptionist.calls.make({ to: '+1 555 123 4567 ext. 9', greeting: 'Hi' })
  t.like(twilio.requests.at(-1).form, { To: JOHN, SendDigits: 'wwww9' })
})

test('outside the 24-hour window the error names the window, at once or in the status callback', async (t) => {
  const closed = { code: 63016, message: 'outside', status: 400 }
  const { receptionist } = await scene(t, {
    answer: ({ form }, number) => (number === 0 ? { status: 400, body: closed } : { form }),
  })
  const message = { to: `whatsapp:${JOHN}`, body: 'Hello' }
  const error = await t.throwsAsync(receptionist.sms.send(message), { instanceOf: ProviderError })
  t.is(error.code, 'MESSAGING_WINDOW_CLOSED')
  t.regex(error.message, /24-hour window: send a template by `contentSid`/)
  t.false(
    (await receptionist.agent.memory.search({ role: 'assistant' })).some(
      ({ content }) => content === 'Hello',
    ),
  )
  const sent = await receptionist.sms.send(message)
  t.is(await report(receptionist, { MessageSid: sent.id, MessageStatus: 'failed', ErrorCode: '63016' }), 200)
  const [noted] = await receptionist.agent.memory.search({ type: 'error' })
  t.regex(noted.content, /not delivered \(code 63016\): .*24 hours; send a template by `contentSid`/)
  t.like(noted, {
    metadata: { errorCode: 63016, code: 'MESSAGING_WINDOW_CLOSED' },
    sessionMetadata: { conversationId: sent.conversationId },
  })
})

test('the agent sends WhatsApp messages if a sender is configured', async (t) => {
  const script = ({ messages }) =>
    messages.at(-1).role === 'tool'
      ? 'Sent.'
      : { toolCalls: [{ name: 'send_sms', parameters: { message: 'See you!', channel: 'whatsapp' } }] }
  const { receptionist, twilio, model } = await scene(t, { script })
  await receptionist.text.generate({ prompt: 'Write to me', customer: { phone: JOHN } })
  t.like(twilio.requests[0].form, { To: `whatsapp:${JOHN}`, From: `whatsapp:${SENDER}`, Body: 'See you!' })
  const tool = model.requests[0].tools.find(({ function: { name } }) => name === 'send_sms').function
  t.deepEqual(tool.parameters.properties.channel.enum, ['sms', 'whatsapp'])
})

for (const [country, written, dialled] of [
  ['Mexico', '+5218112345678', '+528112345678'],
  ['Argentina', '+5491123456789', '+541123456789'],
  ['Brazil', '+553187654321', '+5531987654321'],
]) {
  test(`${country}: WhatsApp and phone numbers of one person match`, async (t) => {
    const script = ({ messages }) => {
      const last = messages.at(-1)
      if (last.role === 'tool') return `tool: ${last.content}`
      if (last.content.includes('tea'))
        return { toolCalls: [{ name: 'remember_preference', parameters: { key: 'drink', value: 'tea' } }] }
      if (last.content.includes('drink'))
        return { toolCalls: [{ name: 'recall_preference', parameters: { key: 'drink' } }] }
      return 'fine'
    }
    const { receptionist, twilio, all } = await scene(t, { script })
    // An older row under WhatsApp's spelling.
    await receptionist.agent.memory.store({
      id: 'before',
      content: 'A memory of before',
      timestamp: new Date(0),
      type: 'conversation',
      sessionMetadata: { conversationId: 'old', customerPhone: written },
    })
    await post(receptionist, whatsapp(written, 'I like tea'))
    t.regex(await post(receptionist, sms('What is my drink?', { From: dialled })), /tea/)
    const call = phone(all, { from: dialled })
    await call.dial()
    t.regex(await call.say('What do I drink?'), /tea/)

    await receptionist.sms.send({ to: `whatsapp:${dialled}`, body: 'Hi' })
    t.is(twilio.requests.at(-1).form.To, `whatsapp:${written}`, 'to the address that wrote')
    t.true(receptionist.sms.allowlist.has(written) && receptionist.sms.allowlist.has(dialled))

    for (const number of [written, dialled]) {
      const { memories, inbox } = await receptionist.database.export({ phone: number })
      const contents = memories.map(({ content }) => content)
      for (const words of ['A memory of before', 'I like tea', 'What is my drink?', 'Hi'])
        t.true(contents.includes(words), `${number}: ${words}`)
      t.true(inbox.length > 0)
    }
    await post(receptionist, whatsapp(written, 'STOP'))
    for (const to of [dialled, written, `whatsapp:${written}`])
      await t.throwsAsync(receptionist.sms.send({ to, body: 'x' }), { code: 'RECIPIENT_OPTED_OUT' })
    t.false(receptionist.sms.allowlist.has(dialled))

    await receptionist.database.forget({ phone: dialled })
    for (const number of [written, dialled]) {
      const left = await receptionist.database.export({ phone: number })
      t.deepEqual(left, { memories: [], leads: [], callLogs: [], inbox: [], allowlist: [] })
    }
    t.notRegex(await post(receptionist, whatsapp(written, 'Hello')), /<Message>/, 'STOP outlives it')
  })
}

test('rate limits and blocked numbers apply to every spelling', async (t) => {
  const { receptionist } = await scene(t, {
    channels: { sms: { maxPerHour: 1 }, blocked: ['+525512345678'] },
  })
  t.regex(await post(receptionist, whatsapp('+5218112345678', 'one')), /<Message>/)
  t.notRegex(await post(receptionist, sms('two', { From: '+528112345678' })), /<Message>/)
  t.notRegex(await post(receptionist, whatsapp('+5215512345678', 'blocked')), /<Message>/)
  t.regex(await post(receptionist, whatsapp('+5218112345679', 'another person')), /<Message>/)
})
