// The sockets of live calls: the handshake, the doors, and the TwiML that leads to them.
import { once } from 'node:events'
import { createServer } from 'node:http'
import test from 'ava'
import twilioLibrary from 'twilio'
import { WebSocket, WebSocketServer } from 'ws'
import { signature } from '../../examples/phone.mjs'
import { AIReceptionist, ConfigurationError, ValidationError } from '../../index.js'
import { AUTH_TOKEN, TWILIO, VOICE_URL, phone } from '../support/channels/phone-harness.mjs'
import { callLive, heardTranscript, lineSignature, startLive } from '../support/channels/live-harness.mjs'
import { identity } from '../support/fixtures.mjs'

const model = { provider: 'openai', apiKey: 'k', model: 'm', baseUrl: 'http://127.0.0.1:9/v1' }

/** Opens a socket. Resolves to the HTTP status of the handshake. */
async function handshake(url, headers = {}) {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false })
  socket.on('error', () => {})
  const status = await Promise.race([
    once(socket, 'open').then(() => 101),
    new Promise((resolve) => socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode))),
    once(socket, 'close').then(() => 0),
  ])
  socket.terminate()
  return status
}

/** Answers a call without opening its socket. Resolves to the attributes of the session. */
async function ring(base) {
  let attributes
  const openLine = (_, given) => void (attributes = given)
  const call = phone([], { webhook: `${base}/webhooks/voice/inbound`, post: undefined, openLine })
  await call.dial()
  return { ...attributes, callSid: call.callSid }
}

test('a handshake is verified, and a socket serves one call once', async (t) => {
  const entries = []
  const { base } = await startLive(t, () => 'Yes.', { logger: (entry) => entries.push(entry) })
  const { url } = await ring(base)
  const good = { 'x-twilio-signature': lineSignature(url) }
  t.true(twilioLibrary.validateRequest(AUTH_TOKEN, good['x-twilio-signature'], url, {}))
  t.is(await handshake(url), 401)
  t.is(await handshake(url, { 'x-twilio-signature': 'forged' }), 401)
  t.is(await handshake(url, { 'x-twilio-signature': lineSignature(url.replace('ws:', 'https:')) }), 401)
  t.is(await handshake(url, { 'x-twilio-signature': signature('another token', url, {}) }), 401)
  t.is(await handshake(url.replace(/.{32}$/, '0'.repeat(32)), good), 404)
  t.is(await handshake(url, good), 101)
  t.is(await handshake(url, good), 401, 'a replayed handshake')
  const refusals = entries.filter(({ message }) => /refused/.test(message))
  t.deepEqual(
    refusals.map(({ message, context }) => [message, context.code, context.status]),
    [
      ...Array(4).fill(['Webhook refused', 'WEBHOOK_SIGNATURE_INVALID', 401]),
      ['Line refused: no call waits for it', undefined, 404],
      ['Webhook refused', 'WEBHOOK_SIGNATURE_INVALID', 401],
    ],
  )
  t.false(
    entries.some((entry) => JSON.stringify(entry).includes(url.slice(-32))),
    'no token is logged',
  )
})

test('foreign sockets are left to other listeners', async (t) => {
  const { base, server } = await startLive(t, () => 'Yes.')
  const foreign = `${base.replace('http', 'ws')}/chat`
  t.is(await handshake(foreign), 404, 'without another listener')
  const others = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/chat') others.handleUpgrade(request, socket, head, (opened) => opened.close())
  })
  t.is(await handshake(foreign), 101)
})

test('a socket that is reset during the handshake does not end the process', async (t) => {
  const { base, server } = await startLive(t, () => 'Yes.')
  const { url } = await ring(base)
  const socket = new WebSocket(url, { headers: { 'x-twilio-signature': lineSignature(url) } })
  socket.on('error', () => {})
  server.once('upgrade', (_request, connection) => connection.emit('error', new Error('reset')))
  await once(socket, 'open').catch(() => {})
  socket.terminate()
  t.pass()
})

test('a socket of another call is closed', async (t) => {
  const { base } = await startLive(t, () => 'Yes.')
  const { url } = await ring(base)
  const socket = new WebSocket(url, { headers: { 'x-twilio-signature': lineSignature(url) } })
  await once(socket, 'open')
  socket.send(
    JSON.stringify({ type: 'setup', callSid: `CA${'1'.repeat(32)}`, accountSid: TWILIO.accountSid }),
  )
  const [code] = await once(socket, 'close')
  t.is(code, 1008)
})

test('frames that cannot be read are ignored, and a socket that sends only such is closed', async (t) => {
  const { base } = await startLive(t, () => 'Yes.')
  const { line } = await callLive(t, base, { follow: false })
  line.sendRaw('{"type":"news"}')
  line.sendRaw('no frame')
  await line.quiet()
  await line.say('Are you open?')
  await line.hears(/Yes/)
  for (let count = 0; count < 10; count++) line.sendRaw('[')
  await once(line, 'closed')
  t.pass()
})

/** The doors of `calls.connect`: each makes a socket of another kind of an accepted one. */
const SOCKETS = {
  'a socket of ws': (socket) => socket,
  'a socket with addEventListener': (socket) => ({
    send: (text) => socket.send(text),
    close: (code) => socket.close(code),
    addEventListener: (name, listener) => socket.addEventListener(name, listener),
  }),
  'a socket without events': (socket, connection) => {
    socket.on('message', (data) => connection().receive(data))
    socket.on('close', () => connection().closed())
    return { send: (text) => socket.send(text), close: (code) => socket.close(code) }
  },
}
for (const [name, wrap] of Object.entries(SOCKETS)) {
  test(`calls.connect serves ${name}`, async (t) => {
    const { receptionist, base, server } = await startLive(t, () => 'Until nine.', {
      upgrade: false,
      voice: { mode: 'relay' },
    })
    const sockets = new WebSocketServer({ noServer: true })
    server.on('upgrade', (request, raw, head) =>
      sockets.handleUpgrade(request, raw, head, (socket) => {
        let connection
        const wrapped = wrap(socket, () => connection)
        connection = receptionist.calls.connect(wrapped, { url: request.url, headers: request.headers })
      }),
    )
    const { line, id, after } = await callLive(t, base)
    await line.quiet()
    await line.say('When do you close?')
    await line.hears(/Until nine/)
    line.hangUp()
    await after
    t.is((await heardTranscript(receptionist, id)).length, 3)

    const { url } = await ring(base)
    const forged = new WebSocket(url)
    const [code] = await once(forged, 'close')
    t.is(code, 1008)
  })
}

test('calls.connect refuses what is not a socket or a request', async (t) => {
  const { receptionist } = await startLive(t, () => 'Yes.', { upgrade: false })
  const socket = { send() {}, close() {} }
  for (const [given, request, field] of [
    [undefined, { url: '/', headers: {} }, 'socket'],
    [{ send() {} }, { url: '/', headers: {} }, 'socket'],
    [socket, undefined, 'request.url'],
    [socket, { url: 5, headers: {} }, 'request.url'],
    [socket, { url: '/' }, 'request.headers'],
  ]) {
    const error = t.throws(() => receptionist.calls.connect(given, request), { instanceOf: ValidationError })
    t.is(error.details.field, field)
  }
})

test('calls are live if sockets are accepted, and turn by turn otherwise', async (t) => {
  const answers = { relay: /<Connect/, gather: /<Gather/ }
  for (const [upgrade, mode, expected] of [
    [false, undefined, 'gather'],
    [true, undefined, 'relay'],
    [true, 'gather', 'gather'],
    [false, 'relay', 'relay'],
  ]) {
    const { base } = await startLive(t, () => 'Yes.', { upgrade, voice: { mode } })
    const call = phone([], { webhook: `${base}/webhooks/voice/inbound`, post: undefined, openLine() {} })
    let twiml
    const { post } = call
    call.post = async (request) => {
      const response = await post(request)
      twiml = response.body
      return response
    }
    await call.dial()
    t.regex(twiml, answers[expected], `upgrade ${upgrade}, mode ${mode}`)
  }
})

test('changed options do not close the door', async (t) => {
  const { receptionist, base } = await startLive(t, () => 'Yes.')
  receptionist.updateConfig?.({ debug: false })
  await receptionist.dispose()
  await receptionist.initialize()
  t.truthy((await ring(base)).url)
})

test('the attributes have the spelling of the documentation', async (t) => {
  const { receptionist } = await startLive(t, () => 'Yes.', {
    upgrade: false,
    voice: {
      mode: 'relay',
      language: 'en-GB',
      greeting: 'Hello "you" & **me**',
      relay: {
        welcomeGreetingInterruptible: false,
        ttsProvider: 'Google',
        voice: 'en-GB-Journey-D',
        transcriptionProvider: 'Deepgram',
        speechModel: 'nova-3-general',
        hints: ['Zoë', 'Acme'],
        interruptible: 'speech',
        interruptSensitivity: 'low',
        dtmfDetection: false,
        partialPrompts: true,
        ignoreBackchannel: true,
        speechTimeout: 900,
      },
    },
  })
  const form = { CallSid: 'CA1', From: '+15551234567', To: TWILIO.phoneNumber, CallStatus: 'ringing' }
  const twiml = await receptionist.handleVoiceWebhook(form, {
    url: `${VOICE_URL}?tenant=a`,
    signature: signature(AUTH_TOKEN, `${VOICE_URL}?tenant=a`, form),
  })
  const [, tag] = /<ConversationRelay ([^>]*)\/>/.exec(twiml)
  const attributes = [...tag.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value])
  t.regex(attributes[0][1], /^ws:\/\/127.0.0.1:\d+\/webhooks\/voice\/inbound\/relay\/[0-9a-f]{32}$/)
  t.deepEqual(attributes.slice(1), [
    ['welcomeGreeting', 'Hello &quot;you&quot; &amp; me'],
    ['welcomeGreetingInterruptible', 'none'],
    ['language', 'en-GB'],
    ['ttsProvider', 'Google'],
    ['voice', 'en-GB-Journey-D'],
    ['transcriptionProvider', 'Deepgram'],
    ['speechModel', 'nova-3-general'],
    ['hints', 'Zoë,Acme'],
    ['interruptible', 'speech'],
    ['interruptSensitivity', 'low'],
    ['reportInputDuringAgentSpeech', 'any'],
    ['dtmfDetection', 'false'],
    ['partialPrompts', 'true'],
    ['ignoreBackchannel', 'true'],
    ['speechTimeout', '900'],
    ['events', 'speaker-events tokens-played'],
  ])
  t.regex(
    twiml,
    /<Connect action="\/webhooks\/voice\/inbound\/relay\?tenant=a&amp;turn=1&amp;lines=1" method="POST">/,
  )
})

test('combinations that end a call are refused', (t) => {
  for (const [voice, field] of [
    [{ language: 'multi', relay: { ttsProvider: 'Google' } }, 'channels.voice.language'],
    [{ language: 'multi', relay: { transcriptionProvider: 'Google' } }, 'channels.voice.language'],
    [{ relay: { voice: ' ' } }, 'channels.voice.relay.voice'],
    [{ relay: { voice: 'en-US-Journey-O' } }, 'channels.voice.relay.voice'],
    [{ relay: { speechModel: 'flux', transcriptionProvider: 'Google' } }, 'channels.voice.relay.speechModel'],
    [{ relay: { speechTimeout: 100 } }, 'channels.voice.relay.speechTimeout'],
    [{ relay: { ttsProvider: 'elevenlabs' } }, 'channels.voice.relay.ttsProvider'],
    [{ mode: 'live' }, 'channels.voice.mode'],
    [{ languages: [{ code: 'Spanish!' }] }, 'channels.voice.languages[0].code'],
    [{ languages: [{}] }, 'channels.voice.languages[0]'],
  ]) {
    const error = t.throws(() => new AIReceptionist({ agent: { identity }, model, channels: { voice } }), {
      instanceOf: ConfigurationError,
    })
    t.true(error.message.includes(field), error.message)
  }
})

test('what goes wrong on a line is logged', async (t) => {
  const entries = []
  const { receptionist, base } = await startLive(t, () => 'Yes.', {
    voice: { mode: 'relay' },
    logger: (entry) => entries.push(entry.message),
  })
  const { url, callSid } = await ring(base)
  const socket = new WebSocket(url, { headers: { 'x-twilio-signature': lineSignature(url) } })
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'setup', callSid, accountSid: TWILIO.accountSid }))
  socket.send(JSON.stringify({ type: 'error', description: 'Invalid message received, code: 64107' }))
  socket.close()
  await once(socket, 'close')
  await receptionist.dispose()
  t.true(entries.includes('A frame of the line was rejected'))
  t.true(entries.includes('Line closed'))

  const elsewhere = new AIReceptionist({
    agent: { identity },
    model,
    channels: { voice: { mode: 'relay' } },
    providers: { communication: { twilio: TWILIO } },
    logger: (entry) => entries.push(entry.message),
  })
  await elsewhere.initialize()
  const form = { CallSid: 'CA1', From: '+15551234567', To: TWILIO.phoneNumber, CallStatus: 'ringing' }
  t.regex(await elsewhere.handleVoiceWebhook(form), /<Gather/)
  await elsewhere.dispose()
  t.true(entries.includes('Call answered turn by turn: the public URL is not known'))
})

test('without an HTTP server of Node, the listener is a plain function', async (t) => {
  const { receptionist } = await startLive(t, () => 'Yes.', { upgrade: false })
  t.is(typeof receptionist.webhooks.upgrade, 'function')
  t.is(receptionist.webhooks.upgrade, receptionist.webhooks.upgrade)
  const server = createServer()
  server.on('upgrade', receptionist.webhooks.upgrade)
  t.is(server.listenerCount('upgrade'), 1)
})
