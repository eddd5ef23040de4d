// Receptionists with a model, a database and Postmark, in one or more simulated processes.
import { join } from 'node:path'
import { AIReceptionist } from '../../../index.js'
import { startScriptedModel } from '../../../examples/scripted-model.mjs'
import { secretsInPrompt } from '../security/secret-leak-detector.mjs'
import { startPostmark } from '../providers/postmark.mjs'
import { temporaryFolder } from '../fixtures.mjs'

export const TOKEN = 'postmark-server-token'
export const OFFICE = 'sarah@acme.example'

/**
 * @param options `count` of receptionists, what the model says (`script`), what Postmark does (`postmark`), further
 *   `config`, and `email` in place of `providers.email`
 */
export async function startEmailHarness(
  t,
  { count = 1, script = (_, n) => `answer ${n}`, postmark, config, email } = {},
) {
  const folder = temporaryFolder(t)
  const model = await startScriptedModel(script, { check: secretsInPrompt })
  const server = await startPostmark(TOKEN, postmark)
  const settings = {
    agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
    model: { provider: 'openai', model: 'm', baseUrl: model.url, maxRetries: 0 },
    database: { connection: `sqlite:${join(folder, 'email.db')}` },
    providers: {
      email: email ?? {
        postmark: {
          apiKey: TOKEN,
          fromEmail: OFFICE,
          fromName: 'Sarah',
          baseUrl: server.url,
          webhookSecret: 's3cret',
        },
      },
    },
    ...config,
  }
  const all = []
  /** Starts one more process on the same database. */
  const start = async () => {
    const receptionist = new AIReceptionist(settings)
    await receptionist.initialize()
    all.push(receptionist)
    return receptionist
  }
  for (let n = 0; n < count; n++) await start()
  t.teardown(async () => {
    for (const receptionist of all) await receptionist.dispose()
    model.close()
    server.close()
  })
  return { all, receptionist: all[0], start, settings, model, postmark: server, mails: server.mails }
}

let number = 0

/** An e-mail in the form that Postmark posts. `headers` is an object. */
export function inbound(
  text,
  { from = 'Ann <ann@example.com>', subject = 'Question', id, headers = {}, ...more } = {},
) {
  const [, name, email] = /^(?:(.*) <)?([^<>]*)>?$/s.exec(from)
  const messageId = id ?? `<${process.pid}.${(number += 1)}@example.com>`
  return {
    FromName: name ?? '',
    MessageStream: 'inbound',
    From: email,
    FromFull: { Email: email, Name: name ?? '', MailboxHash: '' },
    To: OFFICE,
    ToFull: [{ Email: OFFICE, Name: '', MailboxHash: '' }],
    Cc: '',
    CcFull: [],
    Bcc: '',
    BccFull: [],
    OriginalRecipient: OFFICE,
    Subject: subject,
    MessageID: `pm-${messageId}`,
    ReplyTo: '',
    MailboxHash: '',
    Date: 'Mon, 02 Mar 2026 10:00:00 +0000',
    TextBody: text,
    HtmlBody: '',
    StrippedTextReply: '',
    Tag: '',
    Headers: Object.entries({ 'Message-ID': messageId, ...headers }).map(([Name, Value]) => ({
      Name,
      Value,
    })),
    Attachments: [],
    ...more,
  }
}
