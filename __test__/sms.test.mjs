// SMS as Twilio posts them: answered once, on whichever process, and only when Twilio signed them.
import { randomUUID } from 'node:crypto'
import test from 'ava'
import twilioLibrary from 'twilio'
import { readSqlite } from '../examples/read-sqlite.mjs'
import { InMemoryStorage, WebhookError } from '../index.js'
import {
  ACCOUNT,
  AUTH_TOKEN,
  BASE_URL,
  LINE,
  SMS_URL as URL_OF_WEBHOOK,
  receptionists,
} from './servers/line.mjs'
import { startTwilio } from './servers/twilio.mjs'

const sid = () => `SM${randomUUID().replaceAll('-', '')}`
const sms = (body, more) => ({
  MessageSid: sid(),
  AccountSid: ACCOUNT,
  From: '+15551234567',
  To: LINE,
  Body: body,
  NumMedia: '0',
  ...more,
})
const proof = (payload) => ({
  url: URL_OF_WEBHOOK,
  signature: twilioLibrary.getExpectedTwilioSignature(AUTH_TOKEN, URL_OF_WEBHOOK, payload),
})

test('a message is answered once, however often and to whichever process it is delivered', async (t) => {
  const { all, model } = await receptionists(t, 2)
  const payload = sms('Hello 👋 <&>')
  const deliver = (n) => all[n % 2].handleSMSWebhook(payload, proof(payload))
  const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => deliver(n)))
  t.deepEqual(new Set([...answers, await deliver(1)]).size, 1)
  t.true(answers[0].includes('<Message>answer 0</Message>'))
  t.is(model.requests.length, 1)
  const rows = await all[0].agent.memory.search({ type: 'conversation', orderDirection: 'asc' })
  t.deepEqual(
    rows.map(({ role, content, channel }) => [role, content, channel]),
    [
      ['user', 'Hello 👋 <&>', 'sms'],
      ['assistant', 'answer 0', 'sms'],
    ],
  )
})

test('the conversation goes on by the number, and another number has its own', async (t) => {
  const { all, model } = await receptionists(t, 2)
  for (const [n, payload] of [
    sms('one'),
    sms('two'),
    sms('other', { From: '+15557654321' }),
    sms('three', { From: '(555) 123-4567' }),
  ].entries()) {
    await all[n % 2].handleSMSWebhook(payload, proof(payload))
  }
  const said = model.requests.map(({ messages }) => messages.filter(({ role }) => role === 'user'))
  t.deepEqual(
    said.map((messages) => messages.map(({ content }) => content)),
    [['one'], ['one', 'two'], ['other'], ['one', 'two', 'three']],
  )
})

test('what Twilio has not signed is refused and leaves no trace', async (t) => {
  const {
    all: [receptionist],
    model,
  } = await receptionists(t, 1)
  const payload = sms('Hello')
  for (const given of [
    { ...proof(payload), signature: 'forged' },
    { ...proof(payload), url: 'https://example.org/webhooks/sms/inbound' },
    { ...proof({ ...payload, Body: 'Hi' }) },
    { signature: proof(payload).signature },
    { url: URL_OF_WEBHOOK },
  ]) {
    await t.throwsAsync(receptionist.handleSMSWebhook(payload, given), {
      instanceOf: WebhookError,
      code: 'WEBHOOK_SIGNATURE_INVALID',
    })
  }
  await t.throwsAsync(receptionist.handleSMSWebhook({}), { code: 'INVALID_WEBHOOK' })
  t.is(model.requests.length, 0)
  t.deepEqual(await receptionist.agent.memory.search(), [])
})

test('a customer hears an apology when the model is down, and the limit holds', async (t) => {
  const { all } = await receptionists(t, 1, () => ({ status: 500 }), {
    channels: { sms: { maxPerHour: 2 }, requireSignature: true },
  })
  const answers = []
  for (const payload of [sms('one'), sms('two'), sms('three')]) {
    answers.push(await all[0].handleSMSWebhook(payload, proof(payload)))
  }
  t.true(answers[0].includes('Sorry') && answers[1].includes('Sorry'))
  t.false(answers[2].includes('<Message>'))
  t.is((await all[0].agent.memory.search({ type: 'error' })).length, 2)
  await t.throwsAsync(all[0].handleSMSWebhook(sms('four')), { code: 'WEBHOOK_SIGNATURE_INVALID' })
})

/** Delivers a message; whether it was answered. */
const answered = async (receptionist, payload) =>
  (await receptionist.handleSMSWebhook(payload, proof(payload))).includes('<Message>')

test('STOP, START and HELP are what carriers take them for, on every process and after a restart', async (t) => {
  const { all, model } = await receptionists(t, 2, undefined, { channels: { sms: { maxPerHour: 100 } } })
  t.true(await answered(all[0], sms('YES')), 'an answer, as long as nobody opted out')
  for (const word of ['STOP', 'stopall', ' Unsubscribe ', 'CANCEL.', 'end', 'QUIT']) {
    t.false(await answered(all[0], sms(word)))
    t.false(await answered(all[1], sms('hello?')))
    t.true(await answered(all[1], sms('hello', { From: '+15557654321' })))
    await t.throwsAsync(all[1].sms.send({ to: '+15551234567', body: 'x' }), { code: 'RECIPIENT_OPTED_OUT' })
    for (const receptionist of all) {
      await receptionist.dispose()
      await receptionist.initialize()
    }
    t.false(await answered(all[1], sms('still there?')))
    t.false(await answered(all[1], sms(word === 'end' ? 'yes' : 'START')))
    t.true(await answered(all[0], sms('hello again')))
  }
  const asked = model.requests.length
  t.false(await answered(all[0], sms('HELP')))
  t.is(model.requests.length, asked)
  const kept = await all[0].agent.memory.search({ keywords: ['hello?', 'Unsubscribe'], limit: 20 })
  t.is(kept.length, 7, 'what is not answered is kept')
})

test('what Twilio handled itself is noted and not answered twice', async (t) => {
  const { all } = await receptionists(t, 1, undefined, {
    channels: { sms: { keywordReplies: { stop: 'Bye.', start: 'Back.', help: 'Call us.' } } },
  })
  const text = (payload) => all[0].handleSMSWebhook(payload, proof(payload))
  t.regex(await text(sms('stop')), /<Message>Bye.<\/Message>/)
  t.regex(await text(sms('yes')), /<Message>Back.<\/Message>/)
  t.regex(await text(sms('info')), /<Message>Call us.<\/Message>/)
  t.notRegex(await text(sms('arrêt', { OptOutType: 'STOP' })), /<Message>/)
  t.notRegex(await text(sms('hello')), /<Message>/)
})

test('STOP survives 10,000 other messages', async (t) => {
  const { all } = await receptionists(t, 1, undefined, {
    database: undefined,
    agent: {
      identity: { name: 'Sarah', role: 'R' },
      memory: { longTermStorage: new InMemoryStorage(), autoPersist: { types: ['error'] }, contextWindow: 1 },
    },
    channels: { sms: { autoReply: false } },
  })
  t.false(await answered(all[0], sms('STOP')))
  for (let n = 0; n < 100; n++) {
    const others = Array.from({ length: 100 }, (_, m) =>
      all[0].handleSMSWebhook(sms('hello', { From: `+1555${2_000_000 + n * 100 + m}` })),
    )
    await Promise.all(others)
  }
  await t.throwsAsync(all[0].sms.send({ to: '+15551234567', body: 'x' }), { code: 'RECIPIENT_OPTED_OUT' })
})

test('the allowlist says who is answered', async (t) => {
  const { all, file } = await receptionists(t, 2)
  const { allowlist } = all[0].sms
  t.deepEqual([allowlist.getAll(), allowlist.count()], [[], 0])
  t.true(await answered(all[0], sms('hello')), 'a first message adds')
  t.deepEqual(allowlist.getAll(), ['+15551234567'])
  t.true(allowlist.has('(555) 123-4567'))
  await allowlist.remove('555-123-4567')
  t.false(allowlist.has('+15551234567'))
  t.false(await answered(all[1], sms('hello?')), 'on every process')
  await allowlist.add('+15551234567')
  await allowlist.add('+15551234567')
  t.true(await answered(all[1], sms('hello')))
  await all[0].sms.allowlist.add('+15557654321', 'system')
  await all[0].sms.allowlist.remove('+15550009999')
  t.false(await answered(all[1], sms('hello', { From: '+15550009999' })), 'also before its first message')
  await t.throwsAsync(allowlist.add('nobody'), { code: 'INVALID_ARGUMENT' })
  for (const receptionist of all) await receptionist.dispose()
  t.deepEqual(await readSqlite(file, 'SELECT identifier, type, added_by FROM ai_receptionist_allowlist'), [
    { identifier: '+15551234567', type: 'sms', added_by: 'manual' },
    { identifier: '+15557654321', type: 'sms', added_by: 'system' },
  ])
  await all[1].initialize()
  t.is(all[1].sms.allowlist.count(), 2)
  await all[1].sms.allowlist.clear()
  t.is(all[1].sms.allowlist.count(), 0)
  t.false(await answered(all[1], sms('hello')))
})

test('messages from our own number and from blocked ones are not answered', async (t) => {
  const { all, model } = await receptionists(t, 1, undefined, { channels: { blocked: ['+1900*'] } })
  t.false(await answered(all[0], sms('hello', { From: LINE })))
  t.false(await answered(all[0], sms('hello', { From: '+19005551234' })))
  t.true(await answered(all[0], sms('hello', { From: 'whatsapp:+15551234567', To: `whatsapp:${LINE}` })))
  t.is(model.requests.length, 1)
})

test('what was not delivered is remembered', async (t) => {
  const twilio = await startTwilio(t)
  const { all: senders } = await receptionists(t, 1, undefined, { twilio: { baseUrl: twilio.url } })
  const sent = await senders[0].sms.send({ to: '+15551234567', body: 'Hello' })
  const url = `${BASE_URL}/webhooks/sms/inbound/status`
  for (const form of [
    { MessageSid: sent.id, MessageStatus: 'delivered' },
    { MessageSid: sent.id, MessageStatus: 'undelivered', ErrorCode: '30003' },
    { MessageSid: sent.id, MessageStatus: 'undelivered', ErrorCode: '30003' },
    { MessageSid: sid(), MessageStatus: 'failed' },
  ]) {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': twilioLibrary.getExpectedTwilioSignature(AUTH_TOKEN, url, form),
    }
    const request = new Request(url, { method: 'POST', headers, body: new URLSearchParams(form) })
    t.is((await senders[0].webhooks.fetch(request)).status, 200)
  }
  const [error, ...more] = await senders[0].agent.memory.search({ type: 'error' })
  t.like(error, { content: 'The message was not delivered (code 30003).' })
  t.like(error.sessionMetadata, { conversationId: sent.conversationId })
  t.is(more.length, 0)
})
