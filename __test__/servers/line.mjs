// A telephone line with receptionists at it, as many as processes would be, on one database.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { AIReceptionist } from '../../index.js'

export const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
export const ACCOUNT = `AC${'0'.repeat(32)}`
export const LINE = '+15550001111'
export const BASE_URL = 'https://example.com'
export const VOICE_URL = `${BASE_URL}/webhooks/voice/inbound`
export const SMS_URL = `${BASE_URL}/webhooks/sms/inbound`

/** Receptionists at the line. `more` is merged over their options; `twilio` over those of Twilio. */
export async function receptionists(
  t,
  count,
  script = (_, number) => `answer ${number}`,
  { twilio, ...more } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'receptionist-'))
  const file = join(folder, 'line.db')
  const model = await startScriptedModel(script)
  const all = Array.from(
    { length: count },
    () =>
      new AIReceptionist({
        agent: { identity: { name: 'Sarah', role: 'Receptionist', company: 'Acme & Sons' } },
        model: { provider: 'openai', model: 'm', baseUrl: model.url, maxRetries: 0 },
        database: { connection: `sqlite:${file}` },
        providers: {
          communication: {
            twilio: { accountSid: ACCOUNT, authToken: AUTH_TOKEN, phoneNumber: LINE, ...twilio },
          },
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
  return { all, model, file }
}
