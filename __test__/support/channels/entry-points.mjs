// The entry points through which a customer's message reaches a receptionist.
import { once } from 'node:events'
import { createServer } from 'node:http'
import twilio from 'twilio'
import { sid } from '../../../examples/phone.mjs'
import { inbound } from './email-harness.mjs'
import { ACCOUNT, AUTH_TOKEN, BASE_URL, LINE } from './phone-harness.mjs'

export const SECRET = 's3cret'
const FORM = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/json'
const PATHS = {
  call: '/webhooks/voice/inbound',
  sms: '/webhooks/sms/inbound',
  email: '/webhooks/email/inbound',
}
const HANDLERS = { call: 'handleVoiceWebhook', sms: 'handleSMSWebhook', email: 'handleEmailWebhook' }

let turns = 0

/**
 * Completes a request `{ channel, path, query, payload, method, type, isForged }` with valid
 * values.
 */
function complete(post) {
  const { channel } = post
  const isEmail = channel === 'email'
  const path = post.path ?? PATHS[channel]
  const url = BASE_URL + path + (post.query ? `?${post.query}` : '')
  const type = post.type ?? (isEmail ? JSON_TYPE : FORM)
  const secret = post.isForged ? 'wrong' : SECRET
  const headers = isEmail
    ? { authorization: `Basic ${Buffer.from(`postmark:${secret}`).toString('base64')}` }
    : {
        'x-twilio-signature': twilio.getExpectedTwilioSignature(
          post.isForged ? 'wrong' : AUTH_TOKEN,
          url,
          post.payload ?? {},
        ),
      }
  const body = isEmail ? JSON.stringify(post.payload) : new URLSearchParams(post.payload).toString()
  const method = post.method ?? 'POST'
  return { ...post, url, method, headers: { 'content-type': type, ...headers }, body: post.body ?? body }
}

/** Entry points by name: `(t, receptionist) => (post) => { status?, code?, body? }`. */
const WAYS = {
  'handle…Webhook': (_t, receptionist) => async (post) => {
    const { channel, payload, url, headers } = complete(post)
    const { authorization, 'x-twilio-signature': signature } = headers
    const auth = channel === 'email' ? { authorization } : { url, signature }
    try {
      return { status: 200, body: await receptionist[HANDLERS[channel]](payload, auth) }
    } catch ({ code }) {
      return { code }
    }
  },
  'webhooks, Node': (t, receptionist) => {
    let origin
    return async (post) => {
      origin ??= await listen(t, receptionist.webhooks)
      const { url, method, headers, body } = complete(post)
      const target = new URL(url)
      const response = await fetch(origin + target.pathname + target.search, {
        method,
        headers,
        body: method === 'POST' ? body : undefined,
      })
      return { status: response.status, body: await response.text() }
    }
  },
  'webhooks.fetch': (_t, receptionist) => async (post) => {
    const { url, method, headers, body } = complete(post)
    const request = new Request(url, { method, headers, body: method === 'POST' ? body : undefined })
    const response = await receptionist.webhooks.fetch(request)
    return { status: response.status, body: await response.text() }
  },
}

async function listen(t, listener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${server.address().port}`
}

/** A message, call or e-mail in the form of the provider. `more` is merged over its fields. */
export const posts = {
  call: (words, { from = '+15551234567', callSid = sid('CA'), query, ...more } = {}) => ({
    channel: 'call',
    query: query ?? (words === undefined ? undefined : `turn=${++turns}`),
    payload: {
      CallSid: callSid,
      AccountSid: ACCOUNT,
      From: from,
      To: LINE,
      Direction: 'inbound',
      CallStatus: words === undefined ? 'ringing' : 'in-progress',
      ...(words !== undefined && { SpeechResult: words, Confidence: '0.9' }),
      ...more,
    },
  }),
  sms: (words, { from = '+15551234567', ...more } = {}) => ({
    channel: 'sms',
    payload: {
      MessageSid: sid('SM'),
      AccountSid: ACCOUNT,
      From: from,
      To: LINE,
      Body: words,
      NumMedia: '0',
      ...more,
    },
  }),
  email: (words, more) => ({ channel: 'email', payload: inbound(words, more) }),
}

/** The entry points for webhooks: `{ name, channel, isHandle, open(t, receptionist) }`. */
export const webhookEntryPoints = Object.keys(posts).flatMap((channel) =>
  Object.entries(WAYS).map(([way, open]) => ({
    name: `${channel}, ${way}`,
    channel,
    isHandle: way === 'handle…Webhook',
    isNode: way === 'webhooks, Node',
    open,
  })),
)

/** The entry points that developers call, by name: `(receptionist, prompt)`. */
export const textEntryPoints = {
  'text.generate': (receptionist, prompt) => receptionist.text.generate({ prompt }),
  'text.stream': async (receptionist, prompt) => {
    for await (const _ of receptionist.text.stream({ prompt }));
  },
  'agent.process': (receptionist, input) =>
    receptionist.agent.process({
      id: `request-${++turns}`,
      channel: 'text',
      input,
      context: { conversationId: 'conv_1' },
    }),
}
