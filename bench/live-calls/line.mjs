// A line of Twilio that speaks without time: only the frames, and the times at which they arrive.
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { postForm, readTwiml, sid, signature } from '../../examples/phone.mjs'
import { clock } from './clock.mjs'

export const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
export const ACCOUNT = `AC${'0'.repeat(32)}`
export const LINE = '+15550001111'

/** Calls a receptionist and opens the line. */
export async function dial(url) {
  const webhook = `${url}/webhooks/voice/inbound`
  const callSid = sid('CA')
  const from = `+1555${String(Math.random()).slice(2, 9)}`
  const form = {
    CallSid: callSid,
    AccountSid: ACCOUNT,
    From: from,
    To: LINE,
    CallStatus: 'ringing',
    Direction: 'inbound',
  }
  const { body } = await postForm({ url: webhook, form, signature: signature(AUTH_TOKEN, webhook, form) })
  const { attributes } = readTwiml(body)[0].inner[0]
  const socket = new WebSocket(attributes.url, {
    headers: { 'x-twilio-signature': signature(AUTH_TOKEN, attributes.url, {}) },
    perMessageDeflate: false,
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'setup', callSid, accountSid: ACCOUNT, sessionId: sid('VX') }))
  played(socket, attributes.welcomeGreeting)
  return socket
}

/** Asks, and resolves to the times of the reply: `{ request, first, pieces }`. */
export async function ask(socket) {
  const asked = clock()
  socket.send(JSON.stringify({ type: 'prompt', voicePrompt: `I have asked at ${asked} sharp`, last: true }))
  const times = { request: undefined, first: undefined, pieces: [] }
  for (;;) {
    const [data] = await once(socket, 'message')
    const arrived = clock()
    const { token, last } = JSON.parse(data)
    for (const [, ms] of token.matchAll(/request (\S+) ms/g)) times.request = Number(ms)
    for (const [, sent] of token.matchAll(/sent (\S+) now/g)) times.pieces.push(arrived - Number(sent))
    times.first ??= arrived - asked
    if (token) played(socket, token)
    if (last) return times
  }
}

/** Reports a text as heard. */
function played(socket, text) {
  socket.send(JSON.stringify({ type: 'info', name: 'tokensPlayed', value: text }))
}
