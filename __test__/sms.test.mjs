// SMS as Twilio posts them: answered once, on whichever process, and only when Twilio signed them.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import twilio from 'twilio'
import { AIReceptionist, WebhookError } from '../index.js'
import { startScriptedModel } from '../examples/scripted-model.mjs'

const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
const ACCOUNT = `AC${'0'.repeat(32)}`
const LINE = '+15550001111'
const URL_OF_WEBHOOK = 'https://example.com/webhooks/sms/inbound'

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
  signature: twilio.getExpectedTwilioSignature(AUTH_TOKEN, URL_OF_WEBHOOK, payload),
})

/** Receptionists of as many processes, on one database. */
async function receptionists(t, count, script = (_, number) => `answer ${number}`, more) {
  const folder = await mkdtemp(join(tmpdir(), 'receptionist-'))
  const model = await startScriptedModel(script)
  const all = Array.from(
    { length: count },
    () =>
      new AIReceptionist({
        agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
        model: { provider: 'openai', model: 'm', baseUrl: model.url, maxRetries: 0 },
        database: { connection: `sqlite:${join(folder, 'sms.db')}` },
        providers: {
          communication: { twilio: { accountSid: ACCOUNT, authToken: AUTH_TOKEN, phoneNumber: LINE } },
        },
        ...more,
      }),
  )
  for (const receptionist of all) await receptionist.initialize()
  t.teardown(async () => {
    for (const receptionist of all) await receptionist.dispose()
    model.close()
    await rm(folder, { recursive: true })
  })
  return { all, model }
}

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
