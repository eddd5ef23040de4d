// `receptionist.webhooks` on real servers: routes, signatures behind proxies, and bodies that other
// middleware has read.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import test from 'ava'
import express from 'express'
import twilio from 'twilio'
import { AIReceptionist } from '../../index.js'
import { Phone, postForm, sid, signature } from '../../examples/phone.mjs'
import {
  AUTH_TOKEN,
  BASE_URL,
  JOHN,
  LINE,
  SMS_URL,
  VOICE_URL,
  receptionists,
} from '../support/channels/phone-harness.mjs'
import { identity } from '../support/fixtures.mjs'

const sms = (more) => ({ MessageSid: sid('SM'), From: JOHN, To: LINE, Body: 'Hello', NumMedia: '0', ...more })

async function serve(t, listener) {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${server.address().port}`
}

/** Posts a request to the server's address that Twilio signed for another address. */
function through(origin, publicUrl, form, headers = {}) {
  const target = new URL(publicUrl)
  return fetch(`${origin}${target.pathname}${target.search}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': twilio.getExpectedTwilioSignature(AUTH_TOKEN, publicUrl, form),
      ...headers,
    },
    body: new URLSearchParams(form),
  })
}

const reachable = { twilio: { webhookBaseUrl: BASE_URL } }

test.serial('a voice that <Say> does not support is a warning', async (t) => {
  const told = []
  const listen = ({ message }) => told.push(message)
  process.on('warning', listen)
  t.teardown(() => process.off('warning', listen))
  const about = (voice) => receptionists(t, 1, undefined, { twilio: { voice } })
  await about({ provider: 'amazon', voiceId: 'Joanna-Neural' })
  await about({ provider: 'elevenlabs', voiceId: 'x' })
  await new Promise((resolve) => setImmediate(resolve))
  t.is(
    told.filter((message) => /ElevenLabs.*`providers\.communication\.twilio\.voice\.provider`/.test(message))
      .length,
    1,
  )
})

const SERVERS = {
  'Node http': (webhooks) => webhooks,
  Express: (webhooks) => express().use(webhooks),
  'Express with body parsers': (webhooks) =>
    express()
      .use(express.json(), express.urlencoded({ extended: true }))
      .use(webhooks),
  'Express with raw bodies': (webhooks) =>
    express()
      .use(express.raw({ type: '*/*' }))
      .use(webhooks),
  'Express, mounted': (webhooks) => express().use('/hooks', webhooks),
}

for (const [name, listener] of Object.entries(SERVERS)) {
  test(`${name}: a call and an SMS`, async (t) => {
    const base = name.includes('mounted') ? `${BASE_URL}/hooks` : BASE_URL
    const { all } = await receptionists(t, 1, () => 'Hi <John>!', { twilio: { webhookBaseUrl: base } })
    const origin = await serve(t, listener(all[0].webhooks))
    const post = async ({ url, form }) => {
      const response = await through(origin, url, form)
      return { status: response.status, body: await response.text() }
    }
    const webhook = `${base}/webhooks/voice/inbound`
    const call = new Phone({
      webhook,
      status: `${webhook}/status`,
      authToken: AUTH_TOKEN,
      from: JOHN,
      to: LINE,
      post,
    })
    t.regex(await call.dial(), /^Hello, this is Sarah/)
    t.is(await call.say('hello'), 'Hi <John>!')
    t.is((await call.hangUp()).status, 200)
    t.is((await all[0].agent.memory.search({ keywords: ['Hi <John>'] })).length, 2)

    const form = sms()
    const answers = await Promise.all(
      [1, 2, 3].map(() => through(origin, `${base}/webhooks/sms/inbound`, form)),
    )
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    t.is(new Set(texts).size, 1)
    t.regex(texts[0], /<Message>Hi &lt;John&gt;!<\/Message>/)
    t.regex(answers[0].headers.get('content-type'), /^text\/xml/)
    const status = { MessageSid: sid('SM'), MessageStatus: 'delivered' }
    t.is((await through(origin, `${base}/webhooks/sms/inbound/status`, status)).status, 200)
  })
}

test('Fetch: a call and an SMS', async (t) => {
  const { all } = await receptionists(t, 1, () => 'Hi!', reachable)
  const { fetch } = all[0].webhooks
  const post = async ({ url, form, signature }) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature }
    const local = url.replace(BASE_URL, 'http://localhost:3000')
    const response = await fetch(
      new Request(local, { method: 'POST', headers, body: new URLSearchParams(form) }),
    )
    return { status: response.status, body: await response.text() }
  }
  const call = new Phone({ webhook: VOICE_URL, authToken: AUTH_TOKEN, from: JOHN, to: LINE, post })
  await call.dial()
  t.is(await call.say('hello'), 'Hi!')
  const refused = async (init, path = '/webhooks/sms/inbound') =>
    (await fetch(new Request(BASE_URL + path, init))).status
  t.is(await refused({ method: 'POST', body: 'x' }, '/other'), 404)
  t.is(await refused({ method: 'GET' }), 405)
  t.is(await refused({ method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) }), 413)
  t.is(await refused({ method: 'POST' }), 403)
})

test('a request that is not a webhook of the provider is refused and stores nothing', async (t) => {
  const { all, model } = await receptionists(t, 1, undefined, reachable)
  const origin = await serve(t, all[0].webhooks)
  const form = sms()
  const forged = [
    { 'x-twilio-signature': 'forged' },
    { 'x-twilio-signature': signature(AUTH_TOKEN, SMS_URL, sms()) },
    { 'x-twilio-signature': signature('another token', SMS_URL, form) },
    { 'x-twilio-signature': '' },
  ]
  for (const headers of forged) {
    const response = await through(origin, SMS_URL, form, headers)
    t.deepEqual([response.status, await response.text()], [403, 'WEBHOOK_SIGNATURE_INVALID'])
  }
  t.is((await fetch(`${origin}/other`, { method: 'POST' })).status, 404)
  const get = await fetch(`${origin}/webhooks/sms/inbound`)
  t.deepEqual([get.status, get.headers.get('allow')], [405, 'POST'])
  t.is((await through(origin, SMS_URL, form, { 'content-type': 'text/plain' })).status, 415)
  t.is((await through(origin, SMS_URL, { Body: 'no id' })).status, 400)
  t.is(
    (await fetch(`${origin}/webhooks/sms/inbound`, { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) }))
      .status,
    413,
  )
  t.is(model.requests.length, 0)
  t.is((await all[0].agent.memory.search()).length, 0)
})

test('an endless body is cut off', async (t) => {
  const { all } = await receptionists(t, 1, undefined, reachable)
  const origin = await serve(t, all[0].webhooks)
  const request = httpRequest(`${origin}/webhooks/sms/inbound`, { method: 'POST' })
  request.on('error', () => {})
  const answered = once(request, 'response')
  const chunk = 'x'.repeat(256 * 1024)
  for (let n = 0; n < 6; n++) request.write(chunk)
  const [response] = await answered
  t.is(response.statusCode, 413)
  request.destroy()
})

test('the public URL behind a proxy is the configured one, or the one from a trusted proxy', async (t) => {
  const { all } = await receptionists(t, 1, () => 'ok', { channels: { trustProxy: true } })
  const origin = await serve(t, all[0].webhooks)
  const forwarded = { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'example.com' }
  t.is((await through(origin, SMS_URL, sms(), forwarded)).status, 200)
  t.is((await through(origin, SMS_URL, sms())).status, 403)

  const plain = await receptionists(t, 1, () => 'ok')
  const open = await serve(t, plain.all[0].webhooks)
  t.is((await through(open, `${open}/webhooks/sms/inbound`, sms())).status, 200)
  t.is((await through(open, SMS_URL, sms(), forwarded)).status, 403, 'untrusted headers count for nothing')
})

test('a JSON body must match its hash', async (t) => {
  const { all } = await receptionists(t, 1, () => 'ok', reachable)
  const post = async (listener, body, url) => {
    const origin = await serve(t, listener)
    const response = await fetch(origin + url.slice(BASE_URL.length), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-twilio-signature': twilio.getExpectedTwilioSignature(AUTH_TOKEN, url, {}),
      },
      body,
    })
    return response.status
  }
  const body = JSON.stringify(sms())
  const url = `${SMS_URL}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`
  t.is(await post(all[0].webhooks, body, url), 200)
  t.is(await post(all[0].webhooks, body.replace('Hello', 'Hullo'), url), 403)
  t.is(await post(express().use(express.json()).use(all[0].webhooks), body, url), 403, 'the bytes are gone')
})

test('signatures are checked unless the option turns it off', async (t) => {
  const { all } = await receptionists(t, 1, () => 'ok', { channels: { webhookAuth: 'off' } })
  const origin = await serve(t, all[0].webhooks)
  t.is((await postForm({ url: `${origin}/webhooks/sms/inbound`, form: sms(), signature: 'x' })).status, 200)
  const forged = { signature: 'x', url: SMS_URL }
  await t.throwsAsync(all[0].handleSMSWebhook(sms(), forged), { code: 'WEBHOOK_SIGNATURE_INVALID' })
})

test('an unknown mode of webhook authentication is refused with the three modes', (t) => {
  const config = { agent: { identity }, model: { provider: 'custom', chat: () => 'ok' } }
  for (const webhookAuth of ['optional', true, 'OFF'])
    t.throws(() => new AIReceptionist({ ...config, channels: { webhookAuth } }), {
      code: 'INVALID_CONFIG',
      message: /channels\.webhookAuth.*`required`, `auto`, `off`/,
    })
})

test('before initialize() and while the database is down, Twilio gets a status that makes it retry', async (t) => {
  const { all } = await receptionists(t, 1, () => 'ok', reachable)
  const origin = await serve(t, all[0].webhooks)
  await all[0].dispose()
  t.is((await through(origin, SMS_URL, sms())).status, 503)
  await all[0].initialize()
  t.is((await through(origin, SMS_URL, sms())).status, 200)
})

test('other paths go to the next handler', async (t) => {
  const { all } = await receptionists(t, 1, () => 'ok', reachable)
  const app = express().use(all[0].webhooks)
  app.get('/hello', (_, response) => response.send('hi'))
  const origin = await serve(t, app)
  t.is(await (await fetch(`${origin}/hello`)).text(), 'hi')
})
