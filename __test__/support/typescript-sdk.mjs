// The published TypeScript SDK (@atchonk/ai-receptionist 0.1.22) on a database. Only requests to
// OpenAI and Twilio are redirected to this machine.
import {
  AIReceptionist,
  DatabaseStorage,
  LogLevel,
  OpenAIValidator,
  TwilioProvider,
  TwilioValidator,
  configureLogger,
} from '@atchonk/ai-receptionist'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { sid } from '../../examples/phone.mjs'
import { ACCOUNT, AUTH_TOKEN, LINE } from './channels/phone-harness.mjs'

configureLogger({ level: LogLevel.NONE })
// Both would ask the service if the key is valid.
for (const Validator of [OpenAIValidator, TwilioValidator]) {
  Validator.prototype.validateConnection = async () => ({ valid: true })
}

/** The script of its model: calls the tools that the text names, and answers. */
export function script({ messages }) {
  const last = messages.findLast(({ role }) => role === 'user')?.content ?? ''
  const call = (name, parameters) => ({ toolCalls: [{ name, parameters }] })
  const [, customer] = /^customer (\{.*\})/s.exec(last) ?? []
  if (customer) return call('save_customer_info', JSON.parse(customer))
  const [, key, value] = /^I prefer (\w+) (.*)$/.exec(last) ?? []
  if (key) return call('remember_preference', { key, value })
  const [, summary] = /^outcome (.*)$/.exec(last) ?? []
  if (summary) return call('log_call_outcome', { outcome: 'info_provided', summary })
  return `old answer to: ${last}`
}

/**
 * Starts it on a PostgreSQL database.
 *
 * @param autoPersist as its `memory.autoPersist`. Everything by default, as its factory has it; with `undefined` its own default, by
 *   which messages are not kept
 * @returns `{ sdk, storage, say, sms, mail, call, stop }`
 */
export async function startTypescriptSdk(
  url,
  { autoPersist = { persistAll: true }, memory, twilio, ...options } = {},
) {
  const model = await startScriptedModel(script)
  process.env.OPENAI_BASE_URL = model.url
  const sent = []
  TwilioProvider.prototype.sendSMS = async (message) => {
    sent.push(message)
    return { success: true, messageSid: sid('SM'), status: 'queued' }
  }
  const storage = new DatabaseStorage({ connectionString: url, autoMigrate: true })
  await storage.initialize()
  const sdk = new AIReceptionist({
    agent: {
      identity: { name: 'Sarah', role: 'Receptionist' },
      memory: { contextWindow: 20, longTermEnabled: true, longTermStorage: storage, autoPersist, ...memory },
    },
    model: { provider: 'openai', apiKey: `sk-${'0'.repeat(48)}`, model: 'gpt-4o-mini' },
    providers: {
      communication: {
        twilio: {
          accountSid: ACCOUNT,
          authToken: AUTH_TOKEN,
          phoneNumber: LINE,
          webhookBaseUrl: 'https://old.example',
          ...twilio,
        },
      },
    },
    logger: { level: 'NONE' },
    ...options,
  })
  await sdk.initialize()
  let mails = 0
  return {
    sdk,
    storage,
    sent,
    /** Sends a chat message. */
    say: (prompt, conversationId) => sdk.text.generate({ prompt, conversationId }),
    /** Posts a text message as Twilio does. */
    sms: (Body, From, more) =>
      sdk.handleSMSWebhook({
        MessageSid: sid('SM'),
        AccountSid: ACCOUNT,
        From,
        To: LINE,
        Body,
        NumMedia: '0',
        SmsStatus: 'received',
        ...more,
      }),
    /** Posts an e-mail as Postmark does. Returns its `Message-ID`. */
    async mail(
      TextBody,
      From,
      { Subject = 'Question', headers = {}, To = 'sarah@acme.example', ...more } = {},
    ) {
      const id = `old-${process.pid}-${(mails += 1)}@mail.example`
      const all = { 'Message-ID': `<${id}>`, ...headers }
      await sdk.handleEmailWebhook({
        MessageID: `0af1-${mails}`,
        From,
        FromFull: { Email: From, Name: '', MailboxHash: '' },
        To,
        ToFull: [{ Email: To, Name: '', MailboxHash: '' }],
        Subject,
        TextBody,
        Date: new Date().toISOString(),
        Headers: Object.entries(all).map(([Name, Value]) => ({ Name, Value })),
        Attachments: [],
        ...more,
      })
      return id
    },
    /** Makes a call with these sentences after the greeting. */
    async call(From, ...speech) {
      const call = { CallSid: sid('CA'), AccountSid: ACCOUNT, From, To: LINE, Direction: 'inbound' }
      await sdk.handleVoiceWebhook({ ...call, CallStatus: 'ringing' })
      for (const SpeechResult of speech) {
        await sdk.handleVoiceWebhook({ ...call, CallStatus: 'in-progress', SpeechResult, Confidence: '0.9' })
      }
      return call.CallSid
    },
    async stop() {
      await sdk.dispose()
      // Its `dispose()` does not clear their timers.
      for (const resource of [sdk.voice, sdk.sms]) resource.dispose()
      await storage.dispose()
      model.close()
      delete process.env.OPENAI_BASE_URL
    },
  }
}
