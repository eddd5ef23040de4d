// Outbound calls and messages: the requests to Twilio, what is stored, and what is refused.
import test from 'ava'
import { Phone, sid } from '../../examples/phone.mjs'
import { ProviderError, ValidationError } from '../../index.js'
import {
  AUTH_TOKEN,
  BASE_URL,
  JOHN,
  LINE,
  SMS_URL,
  VOICE_URL,
  receptionists,
} from '../support/channels/phone-harness.mjs'
import { startTwilio } from '../support/providers/twilio.mjs'

async function line(t, { script, answer, reachable = true, count = 1, ...more } = {}) {
  const twilio = await startTwilio(t, answer)
  const made = await receptionists(t, count, script, {
    twilio: { baseUrl: twilio.url, ...(reachable && { webhookBaseUrl: BASE_URL }) },
    ...more,
  })
  return { ...made, receptionist: made.all[0], twilio }
}

const history = (receptionist, id) => receptionist.agent.memory.getConversationHistory(id)

test('an outbound call without a public URL speaks the greeting', async (t) => {
  const { receptionist, twilio } = await line(t, { reachable: false })
  t.is(receptionist.voice, receptionist.calls)
  const call = await receptionist.calls.make({ to: '(555) 123-4567', greeting: 'Your table is ready & set.' })
  t.like(call, { to: JOHN, from: LINE, status: 'initiated', direction: 'outbound', conversationId: call.id })
  t.true(call.startedAt instanceof Date)
  const { form } = twilio.requests[0]
  t.deepEqual(Object.keys(form), ['To', 'From', 'Twiml'])
  t.regex(form.Twiml, /<Say>Your table is ready &amp; set.<\/Say><Hangup\/>/)
  t.deepEqual(
    (await history(receptionist, call.id)).map(({ content }) => content),
    ['Started call conversation', 'Your table is ready & set.'],
  )
  t.is((await receptionist.calls.get(call.id)).status, 'initiated')
  const [listed] = await receptionist.calls.list({ to: JOHN, limit: 5 })
  t.is(listed.id, call.id)
  t.deepEqual(twilio.requests.at(-1).form, { To: JOHN, PageSize: '5' })
  t.like(await receptionist.calls.end(call.id), { status: 'completed', duration: 7 })
  t.is((await receptionist.calls.get(call.id)).status, 'completed')
  t.like((await history(receptionist, call.id)).at(-1), { id: `session-end-${call.id}` })
})

test('an outbound call with a public URL becomes a conversation', async (t) => {
  const { all, receptionist, twilio } = await line(t, { count: 2, script: () => 'It is at eight.' })
  const call = await receptionist.voice.make({
    to: JOHN,
    greeting: 'Hi John!',
    metadata: { lead: 7 },
    record: true,
    timeout: 20,
  })
  const { form } = twilio.requests[0]
  t.like(form, {
    To: JOHN,
    From: LINE,
    Method: 'POST',
    StatusCallback: `${VOICE_URL}/status`,
    RecordingStatusCallback: `${VOICE_URL}/recording`,
    Record: 'true',
    Timeout: '20',
  })
  t.true(form.Url.startsWith(`${VOICE_URL}?outbound=`))
  const phone = new Phone({
    webhook: form.Url,
    status: form.StatusCallback,
    authToken: AUTH_TOKEN,
    from: LINE,
    to: JOHN,
    more: { Direction: 'outbound-api', CallSid: call.id },
    // The other process answers.
    post: async ({ url, form, signature }) => ({
      status: 200,
      body: await all[1].handleVoiceWebhook(form, { url, signature }),
    }),
  })
  t.is(await phone.dial(), 'Hi John!')
  t.is(await phone.say('When is it?'), 'It is at eight.')
  await phone.hangUp()
  const rows = await history(receptionist, call.id)
  t.like(rows[0].metadata, { lead: 7, direction: 'outbound', to: JOHN })
  t.deepEqual(
    rows.filter(({ type }) => type === 'conversation').map(({ content }) => content),
    ['Hi John!', 'When is it?', 'It is at eight.'],
  )
})

test('an invalid call is refused before a request is sent', async (t) => {
  const { receptionist, twilio } = await line(t)
  for (const options of [{ to: 'John' }, { to: '' }, {}, { to: JOHN, timeout: 1 }, { to: 7 }]) {
    await t.throwsAsync(receptionist.calls.make(options), {
      instanceOf: ValidationError,
      code: 'INVALID_ARGUMENT',
    })
  }
  for (const options of [
    { to: JOHN },
    { to: JOHN, body: ' ' },
    { to: JOHN, body: 'x'.repeat(1601) },
    { body: 'x' },
  ]) {
    await t.throwsAsync(receptionist.sms.send(options), { code: 'INVALID_ARGUMENT' })
  }
  await t.throwsAsync(receptionist.calls.get('CA1'), { code: 'INVALID_ARGUMENT' })
  t.is(twilio.requests.length, 0)
  t.is((await receptionist.agent.memory.search()).length, 0)
})

test('without an account, the error names the options', async (t) => {
  const { all } = await receptionists(t, 1, undefined, { providers: {} })
  for (const sent of [all[0].calls.make({ to: JOHN }), all[0].sms.send({ to: JOHN, body: 'x' })]) {
    const error = await t.throwsAsync(sent, { instanceOf: ProviderError, code: 'PROVIDER_NOT_CONFIGURED' })
    t.regex(error.message, /accountSid.*authToken.*phoneNumber/)
  }
})

test('a sent message belongs to the conversation of the customer, whose reply continues it', async (t) => {
  const { receptionist, twilio, model } = await line(t, { script: () => 'See you!' })
  const sent = await receptionist.sms.send({
    to: '555-123-4567',
    body: 'Your table is ready.',
    metadata: { order: 1 },
  })
  t.like(sent, {
    to: JOHN,
    from: LINE,
    body: 'Your table is ready.',
    status: 'queued',
    direction: 'outbound',
  })
  t.deepEqual(twilio.requests[0].form, {
    To: JOHN,
    From: LINE,
    Body: 'Your table is ready.',
    StatusCallback: `${SMS_URL}/status`,
  })
  await receptionist.handleSMSWebhook({ MessageSid: sid('SM'), From: JOHN, To: LINE, Body: 'Coming!' })
  const rows = await history(receptionist, sent.conversationId)
  t.deepEqual(
    rows.map(({ role, content }) => [role, content]),
    [
      [undefined, 'Started sms conversation'],
      ['assistant', 'Your table is ready.'],
      ['user', 'Coming!'],
      ['assistant', 'See you!'],
    ],
  )
  t.like(rows[1], { metadata: { order: 1, status: 'queued' }, sessionMetadata: { messageSid: sent.id } })
  t.is(model.requests[0].messages.at(-2).content, 'Your table is ready.')
  const moved = await receptionist.sms.send({ to: JOHN, body: 'One more.', conversationId: 'order-1' })
  t.is(moved.conversationId, 'order-1')
  await receptionist.handleSMSWebhook({ MessageSid: sid('SM'), From: JOHN, To: LINE, Body: 'Yes?' })
  t.is((await history(receptionist, 'order-1')).length, 3)
})

test('pictures are sent along, from another number of the account', async (t) => {
  const { receptionist, twilio } = await line(t)
  const mediaUrl = ['https://example.com/menu.png', 'https://example.com/map.png?a=1&b=2']
  const sent = await receptionist.sms.send({ to: JOHN, from: '(555) 000-2222', body: 'Our menu', mediaUrl })
  t.like(sent, { from: '+15550002222', body: 'Our menu', status: 'queued' })
  t.deepEqual(
    [...new URLSearchParams(twilio.requests[0].body)],
    [
      ['To', JOHN],
      ['From', '+15550002222'],
      ['Body', 'Our menu'],
      ['MediaUrl', mediaUrl[0]],
      ['MediaUrl', mediaUrl[1]],
      ['StatusCallback', `${SMS_URL}/status`],
    ],
  )
  const [said] = await receptionist.agent.memory.search({
    conversationId: sent.conversationId,
    role: 'assistant',
  })
  t.deepEqual(said.sessionMetadata.from, '+15550002222')
  t.is((await receptionist.sms.send({ to: JOHN, body: '', mediaUrl: mediaUrl.slice(1) })).status, 'queued')
  t.is(new URLSearchParams(twilio.requests[1].body).get('MediaUrl'), mediaUrl[1])
  for (const wrong of [{ from: 'nobody' }, { mediaUrl: 'https://example.com' }, { mediaUrl: [7] }]) {
    const refused = receptionist.sms.send({ to: JOHN, body: 'x', ...wrong })
    await t.throwsAsync(refused, { code: 'INVALID_ARGUMENT' })
  }
  t.is(twilio.requests.length, 2)
})

test('an unsent message is not stored, and a message with an unknown outcome is marked', async (t) => {
  let fault = { status: 400, body: { code: 21211, status: 400 } }
  const { receptionist, twilio } = await line(t, { answer: () => fault })
  await t.throwsAsync(receptionist.sms.send({ to: JOHN, body: 'x' }), { code: 'PROVIDER_REJECTED' })
  t.is((await receptionist.agent.memory.search({ type: 'conversation' })).length, 0)
  fault = { drop: true }
  await t.throwsAsync(receptionist.sms.send({ to: JOHN, body: 'x' }), { code: 'PROVIDER_OUTCOME_UNKNOWN' })
  await t.throwsAsync(receptionist.calls.make({ to: JOHN }), { code: 'PROVIDER_OUTCOME_UNKNOWN' })
  const [kept] = await receptionist.agent.memory.search({ type: 'conversation' })
  t.is(kept.metadata.status, 'unknown')
  t.is(twilio.requests.length, 3, 'nothing is sent twice')
})

test('the agent contacts only the current customer and allowed numbers', async (t) => {
  const { receptionist, twilio } = await line(t, { tools: { allowedNumbers: ['+1555999*'] } })
  const tools = receptionist.getToolRegistry()
  t.true(
    ['initiate_call', 'send_sms', 'end_call'].every((name) =>
      tools.listAvailable().some((tool) => tool.name === name),
    ),
  )
  const context = { channel: 'call', conversationId: 'c', customer: { phone: JOHN } }
  const sendSms = (parameters, more) => tools.execute('send_sms', parameters, { ...context, ...more })
  t.like(await sendSms({ message: 'Hello' }), { success: true, data: { to: JOHN } })
  t.like(await sendSms({ message: 'Hello' }), { success: true, data: { repeated: true } })
  t.like(await sendSms({ message: 'Hello', to: '+15559990000' }), { success: true })
  t.false((await sendSms({ message: 'Hello', to: '+15550009999' })).success)
  t.false((await sendSms({ message: 'Hello' }, { customer: undefined })).success)
  t.like(await tools.execute('initiate_call', { to: '+15559990001' }, context), { success: true })
  t.false((await tools.execute('initiate_call', { to: '+15550009999' }, context)).success)
  t.is(twilio.requests.length, 3)
  for (let n = 0; n < 12; n++) await sendSms({ message: `message ${n}` })
  t.is(twilio.requests.filter(({ form }) => form.To === JOHN).length, 10, 'ten an hour')
})

test('end_call hangs up after the last sentence', async (t) => {
  const script = ({ messages }) =>
    messages.at(-1).role === 'tool' ? 'Goodbye, John!' : { toolCalls: [{ name: 'end_call', parameters: {} }] }
  const { receptionist } = await line(t, { script })
  const phone = new Phone({
    webhook: VOICE_URL,
    authToken: AUTH_TOKEN,
    from: JOHN,
    to: LINE,
    post: async ({ url, form, signature }) => ({
      status: 200,
      body: await receptionist.handleVoiceWebhook(form, { url, signature }),
    }),
  })
  await phone.dial()
  t.is(await phone.say('That is all.'), 'Goodbye, John!')
  t.true(phone.over)
})
