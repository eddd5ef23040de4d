// Inbound SMS with and without a valid Twilio signature. The scenarios for every database are in
// channel-scenarios.mjs.
import test from 'ava'
import twilioLibrary from 'twilio'
import { sid } from '../../examples/phone.mjs'
import { InMemoryStorage, WebhookError } from '../../index.js'
import {
  AUTH_TOKEN,
  BASE_URL,
  LINE,
  SMS_URL,
  answered,
  authOf,
  receptionists,
  sms,
} from '../support/channels/phone-harness.mjs'
import { startTwilio } from '../support/providers/twilio.mjs'

test('a webhook without a Twilio signature is refused and stores nothing', async (t) => {
  const {
    all: [receptionist],
    model,
  } = await receptionists(t, 1)
  const payload = sms('Hello')
  for (const given of [
    { ...authOf(payload), signature: 'forged' },
    { ...authOf(payload), url: 'https://example.org/webhooks/sms/inbound' },
    { ...authOf({ ...payload, Body: 'Hi' }) },
    { signature: authOf(payload).signature },
    { url: SMS_URL },
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

test('a customer receives an apology when the model is down, and the rate limit still counts', async (t) => {
  const { all } = await receptionists(t, 1, () => ({ status: 500 }), {
    channels: { sms: { maxPerHour: 2 }, webhookAuth: 'required' },
  })
  const answers = []
  for (const payload of [sms('one'), sms('two'), sms('three')]) {
    answers.push(await all[0].handleSMSWebhook(payload, authOf(payload)))
  }
  t.true(answers[0].includes('Sorry') && answers[1].includes('Sorry'))
  t.false(answers[2].includes('<Message>'))
  t.is((await all[0].agent.memory.search({ type: 'error' })).length, 2)
  await t.throwsAsync(all[0].handleSMSWebhook(sms('four')), { code: 'WEBHOOK_SIGNATURE_INVALID' })
})

test('an opt-out that Twilio handled is stored and not answered twice', async (t) => {
  const { all } = await receptionists(t, 1, undefined, {
    channels: { sms: { keywordReplies: { stop: 'Bye.', start: 'Back.', help: 'Call us.' } } },
  })
  const text = (payload) => all[0].handleSMSWebhook(payload, authOf(payload))
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

test('messages from the own number and from blocked numbers are not answered', async (t) => {
  const { all, model } = await receptionists(t, 1, undefined, { channels: { blocked: ['+1900*'] } })
  t.false(await answered(all[0], sms('hello', { From: LINE })))
  t.false(await answered(all[0], sms('hello', { From: '+19005551234' })))
  t.true(await answered(all[0], sms('hello', { From: 'whatsapp:+15551234567', To: `whatsapp:${LINE}` })))
  t.is(model.requests.length, 1)
})

test('an undelivered message is stored as such', async (t) => {
  const twilio = await startTwilio(t)
  const { all: senders } = await receptionists(t, 1, undefined, { twilio: { baseUrl: twilio.url } })
  const sent = await senders[0].sms.send({ to: '+15551234567', body: 'Hello' })
  const url = `${BASE_URL}/webhooks/sms/inbound/status`
  for (const form of [
    { MessageSid: sent.id, MessageStatus: 'delivered' },
    { MessageSid: sent.id, MessageStatus: 'undelivered', ErrorCode: '30003' },
    { MessageSid: sent.id, MessageStatus: 'undelivered', ErrorCode: '30003' },
    { MessageSid: sid('SM'), MessageStatus: 'failed' },
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
