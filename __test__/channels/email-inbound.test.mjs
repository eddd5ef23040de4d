// Inbound e-mails: parsed, refused, and never answered automatically to automatic senders. The
// scenarios for every database are in channel-scenarios.mjs.
import test from 'ava'
import { WebhookError } from '../../index.js'
import { OFFICE, inbound, startEmailHarness } from '../support/channels/email-harness.mjs'
import { header } from '../support/providers/postmark.mjs'

const authorization = `Basic ${Buffer.from('postmark:s3cret').toString('base64')}`

test('answers go to the sender, never to the Reply-To address', async (t) => {
  const { receptionist, mails } = await startEmailHarness(t)
  await receptionist.handleEmailWebhook(
    inbound('Hi', { ReplyTo: 'eve@evil.example', headers: { 'Reply-To': 'eve@evil.example' } }),
  )
  t.is(mails[0].To, '"Ann" <ann@example.com>')
  t.false(JSON.stringify(mails).includes('evil'))
})

test('automatic e-mails are not answered, and are stored', async (t) => {
  const { receptionist, mails, model } = await startEmailHarness(t)
  const sent = await receptionist.email.send({ to: 'ann@example.com', subject: 'Hi', body: 'Hello' })
  for (const [more, reason] of [
    [{ headers: { 'Auto-Submitted': 'auto-replied', 'In-Reply-To': `<${sent.id}>` } }, 'automatic'],
    [{ headers: { 'X-Auto-Response-Suppress': 'All' } }, 'automatic'],
    [{ headers: { 'Return-Path': '<>' } }, 'automatic'],
    [{ headers: { Precedence: 'bulk' } }, 'bulk'],
    [{ headers: { 'List-Unsubscribe': '<mailto:x@y.z>' } }, 'bulk'],
    [{ from: 'Mail Delivery <MAILER-DAEMON@mx.example>' }, 'no_reply'],
    [{ from: 'no-reply@shop.example' }, 'no_reply'],
    [{ headers: { 'X-Spam-Status': 'Yes, score=12' } }, 'spam'],
    [{ from: OFFICE.toUpperCase() }, 'own_message'],
    [{ id: `<${sent.id}>` }, 'own_message'],
  ]) {
    const receipt = await receptionist.handleEmailWebhook(inbound('beep', more))
    t.deepEqual([receipt.autoReplied, receipt.reason], [false, reason], JSON.stringify(more))
    const rows = await receptionist.agent.memory.getConversationHistory(receipt.conversationId)
    t.is(rows.at(-1).content.split('\n').at(-1), 'beep')
    if (reason === 'automatic' && more.headers['In-Reply-To'])
      t.is(receipt.conversationId, sent.conversationId)
  }
  const off = await receptionist.handleEmailWebhook(inbound('Hi'), { autoReply: false })
  t.deepEqual([off.autoReplied, off.reason], [false, 'auto_reply_off'])
  t.is(mails.length, 1)
  t.is(model.requests.length, 0)
})

test('two auto-responders stop at the rate limit, also after a restart', async (t) => {
  const { all, start, mails } = await startEmailHarness(t, {
    config: { channels: { email: { maxPerHour: 3 } } },
  })
  let last
  for (let n = 0; n < 3; n++) {
    const headers = last ? { 'In-Reply-To': header(last, 'Message-ID') } : {}
    t.true((await all[0].handleEmailWebhook(inbound(`ping ${n}`, { headers }))).autoReplied)
    last = mails.at(-1)
  }
  const restarted = await start()
  for (let n = 0; n < 3; n++) {
    const receipt = await restarted.handleEmailWebhook(inbound('ping'))
    t.deepEqual([receipt.autoReplied, receipt.reason], [false, 'rate_limited'])
  }
  t.true((await restarted.handleEmailWebhook(inbound('Hi', { from: 'bob@example.com' }))).autoReplied)
  t.is(mails.length, 4)
})

test('only senders on the allowlist are answered, on every process; other e-mails are stored', async (t) => {
  const { all, mails, model } = await startEmailHarness(t, { count: 2 })
  const { allowlist } = all[0].email
  const deliver = async (n, from, more) => {
    const receipt = await all[n].handleEmailWebhook(inbound('Hi', { from, ...more }))
    return receipt.reason ?? receipt.autoReplied
  }
  t.deepEqual([allowlist.getAll(), allowlist.count()], [[], 0])
  t.is(await deliver(0, 'Ann <Ann@Example.com>'), true, 'a first mail adds')
  t.deepEqual(allowlist.getAll(), ['ann@example.com'])
  t.true(allowlist.has(' ANN@example.com'))
  t.false(allowlist.has('nobody'))
  await allowlist.remove('ANN@example.com')
  t.false(allowlist.has('ann@example.com'))
  const asked = model.requests.length
  const refused = await all[1].handleEmailWebhook(inbound('Are you there?'))
  t.like(refused, { autoReplied: false, reason: 'not_allowlisted' })
  const [kept] = await all[1].agent.memory.search({ conversationId: refused.conversationId, role: 'user' })
  t.regex(kept.content, /Are you there\?$/)
  t.is(model.requests.length, asked)
  await allowlist.remove('eve@example.com')
  t.is(await deliver(1, 'eve@example.com'), 'not_allowlisted', 'also before the first mail')
  await all[1].email.allowlist.add('Ann@Example.com', 'system')
  t.is(await deliver(0, 'ann@example.com'), true)
  t.is(await deliver(0, 'robot@example.com', { headers: { Precedence: 'bulk' } }), 'bulk')
  t.false(allowlist.has('robot@example.com'), 'only who would be answered is added')
  await t.throwsAsync(allowlist.add('nobody'), { code: 'INVALID_ARGUMENT' })
  await all[1].dispose()
  await all[1].initialize()
  t.deepEqual(all[1].email.allowlist.getAll(), ['ann@example.com'])
  await all[1].email.allowlist.clear()
  t.is(await deliver(0, 'ann@example.com'), 'not_allowlisted')
  t.is(mails.length, 2)
})

test('instructions apply to one answer, and the customer does not see them', async (t) => {
  const { receptionist, mails, model } = await startEmailHarness(t)
  const instructions = 'Offer a discount of 10 %.'
  const first = inbound('What does it cost?')
  const { conversationId } = await receptionist.handleEmailWebhook(first, { instructions, autoReply: null })
  t.regex(model.requests[0].messages[0].content, /Sarah[^]*# For this answer\nOffer a discount of 10 %\.$/)
  t.is(model.requests[0].messages.at(-1).content, 'Subject: Question\n\nWhat does it cost?')
  await receptionist.handleEmailWebhook(first, { instructions: 'Be rude.' })
  await receptionist.handleEmailWebhook(
    inbound('Thanks', { headers: { 'In-Reply-To': `<${first.Headers[0].Value}>` } }),
  )
  t.is(mails.length, 2)
  t.false(JSON.stringify(model.requests[1].messages).includes('discount'))
  const kept = await receptionist.agent.memory.getConversationHistory(conversationId)
  t.false(JSON.stringify(kept).includes('discount'))
  for (const wrong of [7, 'x'.repeat(10_001)]) {
    const refused = receptionist.handleEmailWebhook(inbound('Hi'), { instructions: wrong })
    await t.throwsAsync(refused, { code: 'INVALID_ARGUMENT' })
  }
})

test('the model does not receive quoted e-mails, signatures and HTML', async (t) => {
  const { receptionist, model } = await startEmailHarness(t)
  const text =
    'Tuesday is fine.\r\n\r\nOn Mon, 2 Mar 2026 at 10:00, Sarah <s@acme.example> wrote:\r\n> Tuesday?\r\n'
  const { conversationId } = await receptionist.handleEmailWebhook(inbound(text, { subject: '' }))
  const read = () => model.requests.at(-1).messages.at(-1).content
  t.is(read(), 'Tuesday is fine.')
  const [, row] = await receptionist.agent.memory.getConversationHistory(conversationId)
  t.is(row.metadata.originalText, text.replaceAll('\r\n', '\n'))
  await receptionist.handleEmailWebhook(
    inbound('', {
      subject: '',
      HtmlBody: '<style>p{}</style><p>Hello <b>you</b> &amp; all</p><script>x()</script>',
      Attachments: [{ Name: 'a.pdf', Content: 'AAAA', ContentType: 'application/pdf', ContentLength: 3 }],
    }),
  )
  t.is(read(), 'Hello you & all\n\n[Attachments: a.pdf (application/pdf, 3 bytes)]')
  await receptionist.handleEmailWebhook(inbound('x'.repeat(3_000_000), { subject: '' }))
  t.true(read().length < 21_000)
})

test('raw MIME in any charset is parsed like the JSON of Postmark', async (t) => {
  const { receptionist, mails, model } = await startEmailHarness(t)
  const raw = Buffer.concat([
    Buffer.from(
      'From: =?iso-8859-1?Q?J=FCrgen?= <j@example.de>\r\nTo: sarah@acme.example\r\nSubject: =?utf-8?B?8J+Riw==?=\r\n' +
        'Message-ID: <raw-1@example.de>\r\nContent-Type: text/plain; charset=windows-1252\r\n' +
        'Content-Transfer-Encoding: 8bit\r\n\r\n',
    ),
    Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65, 0x20, 0x80]),
  ])
  const receipt = await receptionist.handleEmailWebhook({ raw })
  t.deepEqual(await receptionist.handleEmailWebhook({ raw }), receipt)
  t.is(receipt.emailId, 'raw-1@example.de')
  t.is(model.requests[0].messages.at(-1).content, 'Subject: 👋\n\nGrüße €')
  t.is(mails.length, 1)
  t.deepEqual([mails[0].To, mails[0].Subject], ['"Jürgen" <j@example.de>', 'Re: 👋'])
  const reply = `From: j@example.de\r\nIn-Reply-To: ${header(mails[0], 'Message-ID')}\r\n\r\nThanks`
  t.is((await receptionist.handleEmailWebhook({ raw: reply })).conversationId, receipt.conversationId)
})

test('header injection has no effect', async (t) => {
  const { receptionist, mails, postmark } = await startEmailHarness(t)
  const { autoReplied } = await receptionist.handleEmailWebhook(
    inbound('Hi', {
      from: 'A"nn\r\nBcc: all@evil.example <ann@example.com>',
      subject: 'Hi\r\nBcc: all@evil.example\u0000',
      id: '<a\r\nBcc: all@evil.example>',
      headers: { References: `${'<x@y.z> '.repeat(5000)}` },
      FromFull: { Email: 'ann@example.com', Name: 'A"nn\r\nBcc: all@evil.example', MailboxHash: '' },
    }),
  )
  t.true(autoReplied)
  t.deepEqual(postmark.problems, [])
  t.true(header(mails[0], 'References').length < 9000)
  for (const bad of [null, {}, [], { From: 'nobody' }, { From: 'a@b.c, d@e.f' }, { raw: '' }, { raw: 7 }]) {
    const error = await t.throwsAsync(receptionist.handleEmailWebhook(bad))
    t.true(['INVALID_WEBHOOK', 'INVALID_ARGUMENT'].includes(error.code), error.code)
  }
})

test('a webhook without the secret is refused and stores nothing', async (t) => {
  const { receptionist, model } = await startEmailHarness(t, {
    config: { channels: { webhookAuth: 'required' } },
  })
  for (const given of [
    undefined,
    {},
    { authorization: '' },
    { authorization: 'Basic' },
    { authorization: `${authorization}x` },
  ]) {
    await t.throwsAsync(receptionist.handleEmailWebhook(inbound('Hi'), given), {
      instanceOf: WebhookError,
      code: 'WEBHOOK_SIGNATURE_INVALID',
    })
  }
  t.is(model.requests.length, 0)
  t.deepEqual(await receptionist.agent.memory.search(), [])
  t.true((await receptionist.handleEmailWebhook(inbound('Hi'), { authorization })).autoReplied)
})

test('the customer receives an apology when the model is down', async (t) => {
  const { receptionist, mails } = await startEmailHarness(t, { script: () => ({ status: 500 }) })
  t.true((await receptionist.handleEmailWebhook(inbound('Hi'))).autoReplied)
  t.regex(mails[0].TextBody, /somebody will get back to you/)
  t.is((await receptionist.agent.memory.search({ type: 'error' })).length, 1)
})

test('the webhook handler accepts e-mails with the secret, also large ones and as MIME', async (t) => {
  const { receptionist, mails } = await startEmailHarness(t)
  const post = (body, headers, path = '/webhooks/email/inbound') =>
    receptionist.webhooks.fetch(new Request(`https://example.com${path}`, { method: 'POST', body, headers }))
  const json = { 'content-type': 'application/json' }
  for (const given of [json, { ...json, authorization: `${authorization}x` }]) {
    const refused = await post(JSON.stringify(inbound('Hi')), given)
    t.is(refused.status, 403)
  }
  t.is((await post('{}', { ...json, authorization })).status, 400)
  t.is(
    (await post('a=b', { 'content-type': 'application/x-www-form-urlencoded', authorization })).status,
    415,
  )
  t.is((await post('{}', json, '/webhooks/email/other')).status, 404)
  t.deepEqual(await receptionist.agent.memory.search(), [])

  const large = inbound('Hi', {
    Attachments: [
      { Name: 'a', Content: 'A'.repeat(4_000_000), ContentType: 'image/png', ContentLength: 3_000_000 },
    ],
  })
  const taken = await post(JSON.stringify(large), { ...json, authorization })
  t.is(taken.status, 200)
  t.true((await taken.json()).autoReplied)
  const raw = 'From: bob@example.com\r\nSubject: Raw\r\nMessage-ID: <r@example.com>\r\n\r\nHello'
  const mime = await post(raw, { 'content-type': 'message/rfc822', authorization })
  t.is((await mime.json()).emailId, 'r@example.com')
  t.deepEqual(
    mails.map(({ To }) => To),
    ['"Ann" <ann@example.com>', 'bob@example.com'],
  )
})
