// Live calls: receptionists behind an HTTP server with an upgrade door, and callers on simulated lines.
import { once } from 'node:events'
import { createServer } from 'node:http'
import twilioLibrary from 'twilio'
import { Phone } from '../../../examples/phone.mjs'
import { RelayLine } from '../../../examples/relay-line.mjs'
import { startScriptedModel } from '../../../examples/scripted-model.mjs'
import { AIReceptionist } from '../../../index.js'
import { secretsInPrompt } from '../security/secret-leak-detector.mjs'
import { ACCOUNT, AUTH_TOKEN, JOHN, LINE, TWILIO } from './phone-harness.mjs'

/** How many times faster than life the simulated agent speaks. */
const SPEED = 8

/** The signature of Twilio for a handshake: that of the URL, without fields. */
export const lineSignature = (url) => twilioLibrary.getExpectedTwilioSignature(AUTH_TOKEN, url, {})

/**
 * Starts a receptionist on a server with an upgrade door, unless `upgrade` is false. `script` is that of the model.
 * `options` are merged over those of the receptionist.
 */
export async function startLive(t, script, { upgrade = true, database, voice, ...options } = {}) {
  const model = await startScriptedModel(script, { check: secretsInPrompt })
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${server.address().port}`
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'Receptionist', company: 'Acme' } },
    model: { provider: 'openai', model: 'm', baseUrl: model.url, maxRetries: 0 },
    database: { connection: 'sqlite::memory:', ...database },
    providers: { communication: { twilio: { ...TWILIO, webhookBaseUrl: base, baseUrl: base } } },
    channels: { voice: { noInputTimeoutSeconds: 60, ...voice } },
    ...options,
  })
  await receptionist.initialize()
  server.on('request', receptionist.webhooks)
  if (upgrade) server.on('upgrade', receptionist.webhooks.upgrade)
  t.teardown(async () => {
    await receptionist.dispose()
    server.closeAllConnections()
    server.close()
    model.close()
  })
  return { receptionist, model, server, base }
}

/**
 * Calls a receptionist. Resolves when the line is open. `after` resolves to what is heard after the line has ended;
 * the call's frames must be faultless.
 */
export async function callLive(t, base, { from = JOHN, speed = SPEED, events = true, follow = true } = {}) {
  let ended
  const after = new Promise((resolve) => (ended = resolve))
  after.catch(() => {})
  const openLine = async (phone, attributes, languages) => {
    const { callSid, to } = phone
    const line = new RelayLine({ callSid, accountSid: ACCOUNT, from, to }, attributes, {
      signature: lineSignature,
      speed,
      events,
    })
    line.on('closed', (form) => {
      const followed = Promise.resolve(follow ? phone.lineEnded(form) : form)
      // A test that does not wait for it may have disposed of the receptionist.
      followed.catch(() => {})
      ended(followed)
    })
    line.languages = languages.map(({ attributes }) => attributes)
    const status = await line.open()
    if (status !== 101) throw new Error(`the handshake was answered ${status}`)
    return line
  }
  const webhook = `${base}/webhooks/voice/inbound`
  const phone = new Phone({
    webhook,
    status: `${webhook}/status`,
    authToken: AUTH_TOKEN,
    from,
    to: LINE,
    openLine,
  })
  const words = await phone.dial()
  const { line } = phone
  if (line)
    t.teardown(() => {
      if (line.problems.length > 0) throw new Error(line.problems.join('\n'))
    })
  return { phone, line, words, after, id: phone.callSid }
}

/** The messages of a conversation: role, text, and what was not heard of it. */
export const heardTranscript = async (receptionist, id) =>
  (await receptionist.agent.memory.getConversationHistory(id))
    .filter(({ type }) => type === 'conversation')
    .map(({ role, content, metadata }) => [role, content, ...(metadata?.unheard ? [metadata.unheard] : [])])
