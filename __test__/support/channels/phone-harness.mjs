// Receptionists behind a Twilio number, in one or more simulated processes on one database, and
// customers who call and write.
import { join } from 'node:path'
import twilioLibrary from 'twilio'
import { Phone, sid } from '../../../examples/phone.mjs'
import { startScriptedModel } from '../../../examples/scripted-model.mjs'
import { AIReceptionist } from '../../../index.js'
import { secretsInPrompt } from '../security/secret-leak-detector.mjs'
import { temporaryFolder } from '../fixtures.mjs'

export const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
export const ACCOUNT = `AC${'0'.repeat(32)}`
export const LINE = '+15550001111'
/** The settings of the account on the local Twilio server. */
export const TWILIO = { accountSid: ACCOUNT, authToken: AUTH_TOKEN, phoneNumber: LINE }
export const JOHN = '+15551234567'
export const BASE_URL = 'https://example.com'
export const VOICE_URL = `${BASE_URL}/webhooks/voice/inbound`
export const SMS_URL = `${BASE_URL}/webhooks/sms/inbound`

/** Starts receptionists. `more` is merged over their options, and `twilio` over those of Twilio. */
export async function receptionists(
  t,
  count,
  script = (_, number) => `answer ${number}`,
  { twilio, ...more } = {},
) {
  const folder = temporaryFolder(t)
  const file = join(folder, 'line.db')
  const model = await startScriptedModel(script, { check: secretsInPrompt })
  const all = Array.from(
    { length: count },
    () =>
      new AIReceptionist({
        agent: { identity: { name: 'Sarah', role: 'Receptionist', company: 'Acme & Sons' } },
        model: { provider: 'openai', model: 'm', baseUrl: model.url, maxRetries: 0 },
        database: { connection: `sqlite:${file}` },
        providers: {
          communication: {
            twilio: { ...TWILIO, ...twilio },
          },
        },
        ...more,
      }),
  )
  for (const receptionist of all) await receptionist.initialize()
  t.teardown(async () => {
    for (const receptionist of all) await receptionist.dispose()
    model.close()
  })
  return { all, model, file }
}

/** A phone that calls the receptionists. Webhooks go to them in turn. */
export function phone(all, { from = JOHN, proven = true, ...more } = {}) {
  let delivered = 0
  const post = async ({ url, form, signature }) => {
    const receptionist = all[delivered++ % all.length]
    return {
      status: 200,
      body: await receptionist.handleVoiceWebhook(form, proven ? { url, signature } : undefined),
    }
  }
  return new Phone({ webhook: VOICE_URL, authToken: AUTH_TOKEN, from, to: LINE, post, ...more })
}

/** The messages of a conversation: role and text. */
export const transcript = async (receptionist, id) =>
  (await receptionist.agent.memory.getConversationHistory(id))
    .filter(({ type }) => type === 'conversation')
    .map(({ role, content }) => [role, content])

/** A message in the form that Twilio posts. */
export const sms = (body, more) => ({
  MessageSid: sid('SM'),
  AccountSid: ACCOUNT,
  From: JOHN,
  To: LINE,
  Body: body,
  NumMedia: '0',
  ...more,
})

/** The signature of Twilio for a form. */
export const authOf = (payload) => ({
  url: SMS_URL,
  signature: twilioLibrary.getExpectedTwilioSignature(AUTH_TOKEN, SMS_URL, payload),
})

/** Delivers a message. Returns `true` if it was answered. */
export const answered = async (receptionist, payload) =>
  (await receptionist.handleSMSWebhook(payload, authOf(payload))).includes('<Message>')
