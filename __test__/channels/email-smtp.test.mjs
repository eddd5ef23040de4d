// E-mail over SMTP: encrypted, authenticated, well-formed, and never sent twice.
import test from 'ava'
import { AIReceptionist } from '../../index.js'
import { inbound, startEmailHarness } from '../support/channels/email-harness.mjs'
import { makeCertificate, startSmtp } from '../support/providers/smtp-server.mjs'

const certificate = makeCertificate()
const login = { user: 'sarah', password: 'pässword' }
const letter = (more) => ({ to: 'ann@example.com', subject: 'Hello', body: 'How are you?', ...more })

/** A receptionist that sends through an SMTP server with these options. */
async function scene(t, options, smtp, more) {
  const server = await startSmtp(options)
  t.teardown(() => server.close())
  const email = {
    smtp: {
      host: 'localhost',
      port: server.port,
      fromEmail: 'sarah@acme.example',
      fromName: 'Sarah',
      ...smtp,
    },
  }
  return { server, ...(await startEmailHarness(t, { email, ...more })) }
}

/** Splits an e-mail into unfolded header lines and the body. */
function parse(raw) {
  const text = raw.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const lines = text
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  return {
    headers: Object.fromEntries(lines.map((line) => line.split(/: (.*)/s))),
    body: text.slice(end + 4),
  }
}

test('an e-mail is sent over STARTTLS after a login, with HTML and attachments', async (t) => {
  const { receptionist, server } = await scene(t, { certificate, login }, { ca: certificate.ca, ...login })
  const sent = await receptionist.email.send(
    letter({
      to: ['Änn <ann@example.com>', 'bob@example.com'],
      subject: `Grüße 👋 ${'lang '.repeat(60)}`,
      body: 'Grüße\n.\n..\nende',
      html: `<p>${'x'.repeat(3000)}</p>`,
      attachments: [{ name: 'plän.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF') }],
    }),
  )
  t.deepEqual(server.problems, [])
  const [mail] = server.mails
  t.deepEqual(
    [mail.from, mail.to, mail.user, mail.encrypted],
    ['sarah@acme.example', ['ann@example.com', 'bob@example.com'], 'sarah', true],
  )
  const { headers, body } = parse(mail.raw)
  t.is(headers['Message-ID'], `<${sent.id}>`)
  t.is(headers.From, 'Sarah <sarah@acme.example>')
  t.regex(headers.Subject, /^=\?utf-8\?/)
  t.regex(headers['Content-Type'], /^multipart\/mixed/)
  t.true(body.includes(Buffer.from('%PDF').toString('base64')))
  t.is(sent.providerId, undefined)
  // Parsed by the parser of inbound e-mails.
  const { all } = await startEmailHarness(t)
  const receipt = await all[0].handleEmailWebhook({ raw: mail.raw }, { autoReply: false })
  const rows = await all[0].agent.memory.getConversationHistory(receipt.conversationId)
  t.true(rows.at(-1).content.includes('Grüße\n.\n..\nende'))
  t.true(rows.at(-1).sessionMetadata.subject.startsWith('Grüße 👋 lang'))
  t.is(rows.at(-1).metadata.attachments[0].name, 'plän.pdf')
})

test('implicit TLS works, and a reply has In-Reply-To and References', async (t) => {
  const { receptionist, server } = await scene(
    t,
    { certificate, implicit: true },
    { ca: certificate.ca, secure: true },
  )
  const { emailId, autoReplied } = await receptionist.handleEmailWebhook(inbound('Hi'))
  t.true(autoReplied)
  t.deepEqual(server.problems, [])
  const { headers, body } = parse(server.mails[0].raw)
  t.is(headers['In-Reply-To'], `<${emailId}>`)
  t.is(headers.References, `<${emailId}>`)
  t.is(headers['Auto-Submitted'], 'auto-replied')
  t.is(headers.Subject, 'Re: Question')
  t.is(body.trim(), 'answer 0')
})

test('no credentials or content go to a server without a trusted certificate', async (t) => {
  for (const [options, smtp, more] of [
    [{ certificate, login }, login],
    [{ login }, { ca: certificate.ca, ...login }],
    [
      { certificate, login },
      { ca: certificate.ca, host: '127.0.0.1', ...login },
    ],
  ]) {
    const { receptionist, server } = await scene(t, options, smtp, more)
    const error = await t.throwsAsync(receptionist.email.send(letter()), { code: 'PROVIDER_UNAVAILABLE' })
    t.false(error.message.includes(login.password))
    t.deepEqual([server.mails, server.problems], [[], []])
  }
})

test('a refusal and an unknown outcome have different codes, and neither e-mail is sent again', async (t) => {
  let script
  const options = { login, script: (...args) => script(...args) }
  const { receptionist, server } = await scene(t, options, { secure: 'none', ...login })
  for (const [answers, code, message] of [
    [{ CONNECT: { drop: true } }, 'PROVIDER_UNAVAILABLE', /no connection/],
    [
      { AUTH: { reply: '535 5.7.8 sarah is unknown' } },
      'PROVIDER_AUTHENTICATION_FAILED',
      /reply 535.*providers\.email\.smtp/,
    ],
    [{ AUTH: { reply: '454 4.7.0 Later' } }, 'PROVIDER_UNAVAILABLE', /no login/],
    [{ MAIL: { reply: '421 4.3.2 Busy' } }, 'PROVIDER_UNAVAILABLE', /reply 421/],
    [{ RCPT: { reply: '550 5.1.1 ann@example.com is unknown' } }, 'PROVIDER_REJECTED', /reply 550/],
    [{ END: { reply: '554 5.7.1 Spam' } }, 'PROVIDER_REJECTED', /spam/],
    [{ END: { drop: true } }, 'PROVIDER_OUTCOME_UNKNOWN', /connection was lost/],
    [{ END: { drop: 'after' } }, 'PROVIDER_OUTCOME_UNKNOWN', /connection was lost/],
  ]) {
    script = (name) => answers[name]
    const before = server.mails.length
    const error = await t.throwsAsync(receptionist.email.send(letter()), { code }, JSON.stringify(answers))
    t.regex(error.message, message)
    t.false(error.message.includes('ann@example.com'), error.message)
    t.is(server.mails.length - before, answers.END?.drop === 'after' ? 1 : 0)
  }
  script = () => undefined
  t.is((await receptionist.email.send(letter())).status, 'sent')
  t.deepEqual(server.problems, [])
})

test('healthCheck() logs in and sends nothing', async (t) => {
  let script = () => undefined
  const options = { certificate, login, script: (...args) => script(...args) }
  const { receptionist, server } = await scene(t, options, { ca: certificate.ca, ...login })
  const health = async () => {
    const { providers, errors } = await receptionist.healthCheck()
    return [providers.smtp, errors.filter((error) => error.includes('smtp'))]
  }
  const seen = []
  script = (name) => void seen.push(name)
  t.deepEqual(await health(), [true, []])
  t.deepEqual(seen.slice(0, 5), ['CONNECT', 'EHLO', 'STARTTLS', 'EHLO', 'AUTH'])
  t.false(seen.includes('MAIL'))
  script = (name) => (name === 'AUTH' ? { reply: '535 5.7.8 Bad login' } : undefined)
  const [answers, [error]] = await health()
  t.false(answers)
  t.regex(error, /Provider 'smtp': .*providers\.email\.smtp/)
  t.false(error.includes(login.password))
  script = (name) => (name === 'CONNECT' ? { drop: true } : undefined)
  t.false((await health())[0])
  t.deepEqual([server.mails, server.problems], [[], []])
})

test('the server accepts an answer at most once, wherever the connection breaks', async (t) => {
  const breaks = ['CONNECT', 'MAIL', 'RCPT', 'DATA', 'END']
  let number = 0
  let broken
  const script = (name) => {
    if (name !== broken) return undefined
    broken = undefined
    return number % 2 ? { drop: true } : { drop: name === 'END' ? 'after' : true }
  }
  const config = { channels: { email: { maxPerHour: 1000, maxPerDay: 1000 } } }
  const { all, server } = await scene(t, { script }, { secure: 'none' }, { count: 2, config })
  for (; number < 40; number++) {
    const payload = inbound(`number ${number}`)
    broken = breaks[number % breaks.length]
    for (let delivery = 0; delivery < 3; delivery++) {
      await all[delivery % 2]
        .handleEmailWebhook(payload)
        .catch((error) => t.is(error.code, 'PROVIDER_UNAVAILABLE'))
    }
  }
  const answered = server.mails.map(({ raw }) => parse(raw).headers['In-Reply-To'])
  t.is(new Set(answered).size, answered.length)
  t.true(answered.length >= 8)
})

test('invalid settings are named', (t) => {
  for (const [smtp, option] of [
    [{ ca: 'none' }, 'providers.email.smtp.ca'],
    [{ secure: 'yes' }, 'providers.email.smtp.secure'],
    [{ user: 'u' }, 'providers.email.smtp'],
    [{ fromEmail: 'x' }, 'providers.email.smtp.fromEmail'],
  ]) {
    const email = { smtp: { host: 'localhost', fromEmail: 'a@x.y', ...smtp } }
    const make = () =>
      new AIReceptionist({ database: { connection: 'sqlite::memory:' }, providers: { email } })
    const error = t.throws(make, { code: 'INVALID_CONFIG' })
    t.true(error.message.includes(option), error.message)
  }
})
