// Outbound e-mails: sent once, in the format of the provider, and stored.
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { AIReceptionist, ProviderError, ValidationError } from '../../index.js'
import { OFFICE, inbound, startEmailHarness } from '../support/channels/email-harness.mjs'
import { header } from '../support/providers/postmark.mjs'

const letter = (more) => ({ to: 'ann@example.com', subject: 'Hello', body: 'How are you?', ...more })

test('an e-mail is sent as given and stored in a conversation', async (t) => {
  const { receptionist, mails, postmark } = await startEmailHarness(t)
  const path = join(tmpdir(), `plan-${process.pid}.txt`)
  await writeFile(path, 'plan')
  const before = Date.now()
  const sent = await receptionist.email.send(
    letter({
      to: ['Ann "A" <Ann@Example.com>', 'bob@example.com'],
      subject: 'Grüße 👋',
      html: '<b>How are you?</b>',
      tags: ['hello'],
      metadata: { campaign: 7 },
      attachments: [
        { name: 'a.bin', contentType: 'image/png', content: Buffer.from([0, 255]), contentId: 'logo' },
        { filename: 'b.txt', content: Buffer.from('hi').toString('base64') },
        { path },
      ],
    }),
  )
  t.deepEqual(postmark.problems, [])
  const [mail] = mails
  t.is(mail.From, `"Sarah" <${OFFICE}>`)
  t.is(mail.To, `"Ann 'A'" <Ann@Example.com>, bob@example.com`)
  t.is(mail.Subject, 'Grüße 👋')
  t.deepEqual([mail.TextBody, mail.HtmlBody, mail.Tag], ['How are you?', '<b>How are you?</b>', 'hello'])
  t.is(header(mail, 'Message-ID'), `<${sent.messageId}>`)
  t.is(header(mail, 'Auto-Submitted'), undefined)
  t.deepEqual(
    mail.Attachments.map(({ Name, ContentType, Content, ContentID }) => [
      Name,
      ContentType,
      Content,
      ContentID,
    ]),
    [
      ['a.bin', 'image/png', 'AP8=', 'cid:logo'],
      ['b.txt', 'application/octet-stream', 'aGk=', undefined],
      [`plan-${process.pid}.txt`, 'application/octet-stream', 'cGxhbg==', undefined],
    ],
  )
  t.deepEqual(
    { ...sent, startedAt: undefined, sentAt: undefined },
    {
      id: sent.messageId,
      messageId: sent.messageId,
      providerId: sent.providerId,
      conversationId: sent.conversationId,
      to: ['Ann "A" <Ann@Example.com>', 'bob@example.com'],
      from: OFFICE,
      subject: 'Grüße 👋',
      channel: 'email',
      direction: 'outbound',
      status: 'sent',
      startedAt: undefined,
      sentAt: undefined,
      metadata: { campaign: 7 },
    },
  )
  t.true(sent.sentAt instanceof Date && sent.sentAt.getTime() >= before)
  t.regex(sent.messageId, /^[0-9a-f]{32}@acme\.example$/)

  const rows = await receptionist.agent.memory.search({
    conversationId: sent.conversationId,
    type: 'conversation',
  })
  t.is(rows.length, 1)
  t.is(rows[0].content, 'Subject: Grüße 👋\n\nHow are you?')
  t.deepEqual([rows[0].role, rows[0].channel], ['assistant', 'email'])
  t.is(rows[0].sessionMetadata.emailId, sent.messageId)
  t.deepEqual(rows[0].metadata, { campaign: 7, status: 'sent', providerId: sent.providerId })
})

test('a reply to a sent e-mail continues its conversation, on any process', async (t) => {
  const { all, mails, model } = await startEmailHarness(t, { count: 2 })
  const sent = await all[0].email.send(letter())
  const receipt = await all[1].handleEmailWebhook(
    inbound('Fine!', { headers: { 'In-Reply-To': `<${sent.messageId}>` } }),
  )
  t.is(receipt.conversationId, sent.conversationId)
  t.true(receipt.autoReplied)
  t.is(header(mails[1], 'In-Reply-To'), `<${receipt.emailId}>`)
  t.is(header(mails[1], 'References'), `<${sent.messageId}> <${receipt.emailId}>`)
  t.deepEqual(
    model.requests[0].messages.slice(1).map(({ role, content }) => [role, content]),
    [
      // Chat templates of models require a user message first.
      ['user', '(The conversation goes on.)'],
      ['assistant', 'Subject: Hello\n\nHow are you?'],
      ['user', 'Fine!'],
    ],
  )
})

test('an invalid e-mail is refused with the field, and nothing is sent or stored', async (t) => {
  const { receptionist, mails } = await startEmailHarness(t)
  const hostile = 'ann@example.com\r\nBcc: everybody@example.com'
  for (const [given, argument] of [
    [letter({ to: '' }), 'to'],
    [letter({ to: [] }), 'to'],
    [letter({ to: 'ann' }), 'to'],
    [letter({ to: hostile }), 'to'],
    [letter({ to: 'ann@example.com, bob@example.com' }), 'to'],
    [letter({ to: Array(51).fill('ann@example.com') }), 'to'],
    [letter({ subject: ' ' }), 'subject'],
    [letter({ subject: 'Hi\r\nBcc: everybody@example.com' }), 'subject'],
    [letter({ subject: 'x'.repeat(501) }), 'subject'],
    [letter({ body: ' ' }), 'body'],
    [letter({ body: 'x'.repeat(11 * 1024 * 1024) }), 'body'],
    [letter({ attachments: [{ name: 'a\r\nb', content: 'aGk=' }] }), 'attachments[0].name'],
    [
      letter({ attachments: [{ name: 'a', content: 'aGk=', contentType: 'a/b\r\nX: y' }] }),
      'attachments[0].contentType',
    ],
    [letter({ attachments: [{ name: 'a', content: 'not base64!' }] }), 'attachments[0].content'],
    [letter({ attachments: [{ name: 'a', path: '/nowhere' }] }), 'attachments[0].path'],
    [letter({ inReplyTo: 'unknown@example.com' }), 'inReplyTo'],
    [letter({ conversationId: '' }), 'conversationId'],
    [letter({ provider: 'smtp' }), 'provider'],
    [letter({ tags: ['a\nb'] }), 'tags'],
  ]) {
    const error = await t.throwsAsync(receptionist.email.send(given), { instanceOf: ValidationError })
    t.is(error.code, 'INVALID_ARGUMENT', argument)
    t.true(error.message.includes(`\`${argument}\``), error.message)
    t.false(error.message.includes('everybody'))
  }
  await t.throwsAsync(receptionist.email.send(), { code: 'INVALID_ARGUMENT' })
  t.deepEqual(mails, [])
  t.deepEqual(await receptionist.agent.memory.search(), [])
})

test('an e-mail with an unknown outcome is not sent again, and has its own error code', async (t) => {
  const answers = [
    { drop: true },
    { status: 500, body: {} },
    { status: 200, body: '<html>' },
    { status: 422, body: { ErrorCode: 406, Message: 'ann@example.com is inactive' } },
  ]
  const { receptionist, mails } = await startEmailHarness(t, { postmark: (_, number) => answers[number] })
  for (const [code, status] of [
    ['PROVIDER_OUTCOME_UNKNOWN', 'unknown'],
    ['PROVIDER_OUTCOME_UNKNOWN', 'unknown'],
    ['PROVIDER_OUTCOME_UNKNOWN', 'unknown'],
    ['PROVIDER_REJECTED', 'failed'],
  ]) {
    const error = await t.throwsAsync(receptionist.email.send(letter()), { instanceOf: ProviderError, code })
    t.false(error.message.includes('ann@example.com'))
    const [row] = await receptionist.agent.memory.search({ type: ['conversation', 'error'], limit: 1 })
    t.is(row.metadata.status, status)
    t.is(row.type, status === 'failed' ? 'error' : 'conversation')
  }
  t.is(mails.length, answers.length)
})

test('without an e-mail provider everything else works', async (t) => {
  const { receptionist } = await startEmailHarness(t, {
    email: { postmark: { apiKey: undefined, fromEmail: undefined } },
  })
  const error = await t.throwsAsync(receptionist.email.send(letter()), { code: 'PROVIDER_NOT_CONFIGURED' })
  t.true(error.message.includes('providers.email.postmark'))
  await t.throwsAsync(receptionist.handleEmailWebhook(inbound('Hi')), { code: 'PROVIDER_NOT_CONFIGURED' })
  t.truthy((await receptionist.text.generate({ prompt: 'Hi' })).text)
  const bad = { postmark: { apiKey: 'k', fromEmail: 'a@x.y\r\nBcc: b@x.y' } }
  t.throws(
    () => new AIReceptionist({ database: { connection: 'sqlite::memory:' }, providers: { email: bad } }),
    {
      code: 'INVALID_CONFIG',
      message: /providers\.email\.postmark\.fromEmail/,
    },
  )
})

test('many e-mails are each sent once, with one outcome each', async (t) => {
  const { receptionist, mails } = await startEmailHarness(t)
  const emails = Array.from({ length: 25 }, (_, n) =>
    letter({ to: n === 3 ? 'nobody' : `c${n}@example.com`, tag: 't' }),
  )
  const results = await receptionist.email.sendBulk({ emails, chunkSize: 500 })
  t.is(results.length, 25)
  t.deepEqual(
    results.map(({ to, success, code }) => [to, success, code]),
    emails.map(({ to }) => [to, to !== 'nobody', to === 'nobody' ? 'INVALID_ARGUMENT' : undefined]),
  )
  t.is(mails.length, 24)
  t.is(new Set(mails.map(({ To }) => To)).size, 24)
  t.is(new Set(results.map(({ messageId }) => messageId)).size, 25)
  await t.throwsAsync(receptionist.email.sendBulk({ emails: [] }), { code: 'INVALID_ARGUMENT' })
  await t.throwsAsync(receptionist.email.sendBulk(), { code: 'INVALID_ARGUMENT' })
})

test('the agent drafts e-mails and replies, and sends them on request', async (t) => {
  const { receptionist, mails, model } = await startEmailHarness(t, {
    script: (_, number) =>
      ['Subject: Our offer\n\nDear Ann', 'received', 'As a draft', 'Sent at once'][number],
  })
  t.deepEqual(await receptionist.email.generate({ prompt: 'Offer Ann a demo', tone: 'warm' }), {
    subject: 'Our offer',
    body: 'Dear Ann',
  })
  t.true(model.requests[0].messages.at(-1).content.includes('warm'))
  const { emailId, conversationId } = await receptionist.handleEmailWebhook(
    inbound('Hello', { subject: 'Demo' }),
  )
  const draft = await receptionist.email.reply({ inReplyTo: emailId, prompt: 'Offer Tuesday' })
  t.is(draft.status, 'draft')
  t.is(draft.sentAt, undefined)
  t.deepEqual(draft.metadata, { draft: { subject: 'Re: Demo', body: 'As a draft' } })
  t.is(mails.length, 1)
  const sent = await receptionist.email.reply({ inReplyTo: `<${emailId}>`, autoSend: true })
  t.deepEqual([sent.status, sent.to, sent.conversationId], ['sent', 'ann@example.com', conversationId])
  t.deepEqual([mails[1].Subject, mails[1].TextBody], ['Re: Demo', 'Sent at once'])
  t.is(header(mails[1], 'In-Reply-To'), `<${emailId}>`)
  await t.throwsAsync(receptionist.email.reply({ inReplyTo: 'x@y.z' }), { code: 'INVALID_ARGUMENT' })
  await t.throwsAsync(receptionist.email.generate({ prompt: '' }), { code: 'INVALID_ARGUMENT' })
})

test('the agent sends e-mails only to the current customer and to allowed addresses', async (t) => {
  const config = { tools: { email: { allowedRecipients: ['Boss@acme.example', '@partner.example'] } } }
  const { receptionist, mails } = await startEmailHarness(t, { config })
  const run = (parameters, customer) =>
    receptionist
      .getToolRegistry()
      .execute(
        'send_email',
        { subject: 'Hi', body: 'Hello', ...parameters },
        { channel: 'text', conversationId: 'c', customer },
      )
  const ann = { email: 'Ann@Example.com' }
  for (const [to, customer] of [
    [undefined, ann],
    ['ANN@example.com', ann],
    ['boss@acme.example', undefined],
    ['x@partner.example', ann],
  ]) {
    const { success, data } = await run({ to }, customer)
    t.true(success, String(to))
    t.is(header(mails.at(-1), 'Message-ID'), `<${data.messageId}>`)
    t.is(header(mails.at(-1), 'Auto-Submitted'), 'auto-generated')
  }
  for (const [to, customer] of [
    ['eve@evil.example', ann],
    ['ann@example.com', undefined],
    [undefined, { phone: '+15551234567' }],
    ['x@evilpartner.example', ann],
    ['boss@acme.example, eve@evil.example', ann],
    ['boss@acme.example\r\nBcc: eve@evil.example', ann],
  ]) {
    t.false((await run({ to }, customer)).success, String(to))
  }
  t.false((await run({ subject: 'Hi\r\nBcc: eve@evil.example' }, ann)).success)
  t.is(mails.length, 4)
  // A reply of the customer continues the conversation; replies of others do not.
  const answer = (mail, from) =>
    inbound('Thanks', { from, headers: { 'In-Reply-To': header(mail, 'Message-ID') } })
  t.is((await receptionist.handleEmailWebhook(answer(mails[0], 'ann@example.com'))).conversationId, 'c')
  t.not((await receptionist.handleEmailWebhook(answer(mails[2], 'boss@acme.example'))).conversationId, 'c')
})
