// Parsing e-mails of real mail clients, the recipients of answers, and conversations behind relays.
import test from 'ava'
import { inbound, startEmailHarness } from '../support/channels/email-harness.mjs'
import { startSmtp } from '../support/providers/smtp-server.mjs'

const answers = { 'In-Reply-To': '<1@acme.example>' }
const heard = (model) => model.requests.at(-1).messages.at(-1).content
const limits = { channels: { email: { maxPerHour: 1000, maxPerDay: 1000 } } }
const SARAH = 'Sarah &lt;sarah@acme.example&gt;'

// Each: program, HTML. `MINE` is what the customer wrote, `PAST` is history. Sources: the elements that talon
// (github.com/mailgun/talon, html_quotations.py), Proton Mail (packages/shared, messages) and email-reply-parsers look for, and mails
// of these programs.
const HTML = [
  [
    'Gmail',
    `<div dir="ltr">MINE</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">Wednesday, Sarah:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">PAST</blockquote></div>`,
  ],
  [
    'Outlook on the web',
    `<div class="elementToProof">MINE</div><div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font><b>Frumm:</b> Sarah<br><b>Sendid:</b> PAST</font></div><div>PAST</div>`,
  ],
  [
    'Outlook on Windows',
    `<div class="WordSection1"><p class="MsoNormal">MINE<o:p></o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>X:</b> PAST</p></div></div><p class="MsoNormal">PAST</p></div>`,
  ],
  [
    'Outlook on Windows, by its headers',
    `<p class=MsoNormal>MINE</p><p class=MsoNormal><b>Von:</b> ${SARAH}<br><b>Gesendet:</b> Mittwoch, 4. März 2026 09:12<br><b>An:</b> Ann<br><b>Betreff:</b> Tisch</p><p class=MsoNormal>PAST</p>`,
  ],
  [
    'Outlook for iOS and Android',
    `<div>MINE</div><div id="ms-outlook-mobile-signature">Get Outlook for iOS</div><div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message"><hr>PAST</div>`,
  ],
  ['Outlook for Mac', `<div>MINE</div><span id="OLK_SRC_BODY_SECTION"><div>PAST</div><div>PAST</div></span>`],
  [
    'Outlook 2003',
    `<div>MINE</div><blockquote><div class="OutlookMessageHeader" dir="ltr">-----X-----<br>PAST</div>PAST</blockquote>`,
  ],
  [
    'Apple Mail',
    `<body>MINE<div><br><blockquote type="cite"><div>On 4 Mar 2026, at 09:12, Sarah wrote:</div><div>PAST</div></blockquote></div></body>`,
  ],
  [
    'Thunderbird',
    `<p>MINE</p><div class="moz-cite-prefix">Sarah, mittwochs<br></div><blockquote type="cite" cite="mid:1@acme.example">PAST</blockquote>`,
  ],
  [
    'Yahoo',
    `<div class="ydp1yahoo-style-wrap"><div>MINE</div></div><div id="ydp2yahoo_quoted_17" class="ydp2yahoo_quoted"><div>Mittwoch: Sarah</div><div>PAST</div></div>`,
  ],
  [
    'GMX and WEB.DE',
    `<div>MINE</div><div name="quote" style="margin:10px 5px 5px 10px;border-left:2px solid #C3D9E5"><div><b>X:</b> PAST</div>PAST</div>`,
  ],
  [
    'Proton',
    `<div>MINE</div><div class="protonmail_quote">Sarah, le mercredi<br><blockquote class="protonmail_quote" type="cite">PAST</blockquote></div>`,
  ],
  [
    'Samsung',
    `<div>MINE</div><div>-------- Original message --------</div><div>From: ${SARAH}</div><div>Date: 04/03/2026 09:12 (GMT+01:00)</div><div>To: ann@example.com</div><div>Subject: Table</div><div>PAST</div>`,
  ],
  [
    'Zoho',
    `<div>MINE</div><div class="zmail_extra" style=""><br>---- ${SARAH} ----<br><blockquote>PAST</blockquote>PAST</div>`,
  ],
  [
    'Zimbra',
    `<div>MINE</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>X: </b>PAST</div><blockquote>PAST</blockquote>`,
  ],
  ['Roundcube', `<p>MINE</p><p id="reply-intro">Sarah, 4. mars</p><blockquote type="cite">PAST</blockquote>`],
  ['Spark', `<div>MINE</div><div name="messageReplySection">4. mars, Sarah<br>PAST</div>`],
  ['HubSpot', `<div>MINE</div><div class="hs_reply"><div>4. mars</div>PAST</div>`],
  ['NetEase', `<div>MINE</div><div id="isReplyContent">PAST<br>PAST</div>`],
  [
    'QQ',
    `<div>MINE</div><div>------------------ 原始邮件 ------------------</div><div>发件人: "Sarah"</div><div>PAST</div>`,
  ],
  [
    'Tuta',
    `<div>MINE</div><div>4. mars 2026, 09:12 Sarah:</div><blockquote class="tutanota_quote">PAST</blockquote>`,
  ],
]

test('quoted history in HTML of every mail client is removed from replies, and kept in forwards', async (t) => {
  const { receptionist, model } = await startEmailHarness(t, { config: limits })
  for (const [program, html] of HTML) {
    await receptionist.handleEmailWebhook(
      inbound('', { subject: 'Re: Table', HtmlBody: html, headers: answers }),
    )
    t.regex(heard(model), /MINE/, program)
    t.notRegex(heard(model), /PAST/, `${program}: ${heard(model)}`)
    // With a text part that has no sign of history.
    const text = 'MINE\n\nsomething in no known form\n\nPAST'
    await receptionist.handleEmailWebhook(
      inbound(text, { subject: 'Re: Table', HtmlBody: html, headers: answers }),
    )
    t.notRegex(heard(model), /PAST/, `${program}, with text: ${heard(model)}`)
    await receptionist.handleEmailWebhook(
      inbound('', { subject: 'Fwd: Table', HtmlBody: html, headers: answers }),
    )
    t.regex(heard(model), /PAST/, program)
  }
})

test('inline replies in HTML are read with the lines that they answer', async (t) => {
  const { receptionist, model } = await startEmailHarness(t)
  const html =
    '<div class="gmail_quote"><div class="gmail_attr">On Wed, 4 Mar 2026 at 09:12, Sarah wrote:</div><blockquote>When?</blockquote>' +
    '</div><div>At THREE.</div><blockquote>How many?</blockquote><div>TWELVE.</div>'
  await receptionist.handleEmailWebhook(
    inbound('', { subject: 'Re: Table', HtmlBody: html, headers: answers }),
  )
  t.regex(heard(model), /> When\?[^]*THREE[^]*> How many\?[^]*TWELVE/)
})

test('the model is told of invitations and attachments from Outlook', async (t) => {
  const { receptionist, model } = await startEmailHarness(t)
  const calendar = `BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Viewing\r\nDTSTART;TZID=Europe/Berlin:20260304T091200\r\nLOCATION:Main Street 1\r\nORGANIZER;CN=Ann:mailto:ann@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`
  const file = (Name, ContentType, content) => ({
    Name,
    ContentType,
    Content: Buffer.from(content).toString('base64'),
    ContentLength: content.length,
  })
  await receptionist.handleEmailWebhook(
    inbound('Please come', {
      Attachments: [
        file('invite.ics', 'text/calendar; charset=utf-8', calendar),
        file('', 'application/ms-tnef', 'x'),
      ],
    }),
  )
  t.regex(
    heard(model),
    /\[Calendar: method: REQUEST; what: Viewing; when: 2026-03-04 09:12 Europe\/Berlin; where: Main Street 1; organizer: Ann <ann@example\.com>\]/,
  )
  t.regex(heard(model), /winmail\.dat \(application\/ms-tnef, 1 bytes; Outlook/)
})

test('non-standard addresses of Japanese carriers are answered, over Postmark and SMTP', async (t) => {
  const addresses = [
    'ken..ji.@phone.example',
    'ken.@phone.example',
    '.ken@phone.example',
    'k...n@phone.example',
    'a..b.c..@phone.example',
    'ken-ji..@phone.example',
    '_ken_..x@phone.example',
    'ken+x..y@phone.example',
    'ken/ji.@phone.example',
    'Ken..Ji@phone.example',
  ]
  const { receptionist, mails } = await startEmailHarness(t)
  const server = await startSmtp()
  t.teardown(() => server.close())
  const smtp = { host: 'localhost', port: server.port, secure: 'none', fromEmail: 'sarah@acme.example' }
  const bySmtp = await startEmailHarness(t, { email: { smtp } })
  for (const address of addresses) {
    const { autoReplied } = await receptionist.handleEmailWebhook(inbound('Hi', { from: address }))
    t.true(autoReplied, address)
    t.is(mails.at(-1).To, address)
    const raw = `From: Ken <${address}>\r\nSubject: Hi\r\nMessage-ID: <${address}>\r\n\r\nHi`
    t.true((await bySmtp.receptionist.handleEmailWebhook({ raw })).autoReplied, address)
    const [local, domain] = address.split('@')
    t.deepEqual(server.mails.at(-1).to, [`"${local}"@${domain}`])
  }
  t.deepEqual(server.problems, [])
  await t.throwsAsync(receptionist.handleEmailWebhook(inbound('Hi', { from: '..@phone.example' })))
})

// Each row: the relay, its reply when it accepts an e-mail, and the id that it gives the e-mail
// (from its reply, or from the References that it passes on).
const RELAYS = [
  ['Amazon SES, us-east-1', '250 Ok ID', 'ID@email.amazonses.com'],
  ['Amazon SES, eu-west-1', '250 Ok ID', 'ID@eu-west-1.amazonses.com'],
  ['Amazon SES, ap-northeast-1', '250 Ok ID', 'ID@ap-northeast-1.amazonses.com'],
  [
    'Exchange Online',
    '250 2.0.0 OK <ID@AM0PR04MB1234.eurprd04.prod.outlook.com> [Hostname=AM0PR04MB1234.eurprd04.prod.outlook.com]',
    'ID@AM0PR04MB1234.eurprd04.prod.outlook.com',
  ],
  ['Brevo', '250 2.0.0 OK: queued as <ID@smtp-relay.mailin.fr>', 'ID@smtp-relay.mailin.fr'],
  ['Mandrill', '250 2.0.0 Ok: queued as ID', 'ID@mandrillapp.com'],
  ['Mailjet', '250 OK queued as ID', 'ID@mailjet.com'],
  ['Exim', '250 OK id=ID', 'ID@mx.example'],
  ['a relay that says nothing', '250 2.0.0 queued', 'random17@jngomktg.net', 'anchor'],
  ['Resend', '250 Ok', '0100-other@email.amazonses.com', 'anchor'],
  ['Zoho', '250 Message received', 'x17@zmail.example', 'anchor'],
  ['a relay that keeps it', '250 2.0.0 Ok: queued as 4Ts9Xj5DXzz1234', null],
]

test('replies continue the conversation after a relay changed the Message-ID, but only for its participants', async (t) => {
  for (const [n, [relay, said, named, by]] of RELAYS.entries()) {
    const id = `0100019f${n}c3b4a5d-6f1c2b3a-000000`
    const server = await startSmtp({
      script: (command) => (command === 'END' ? { taken: said.replace('ID', id) } : undefined),
    })
    t.teardown(() => server.close())
    const smtp = { host: 'localhost', port: server.port, secure: 'none', fromEmail: 'sarah@acme.example' }
    const { receptionist } = await startEmailHarness(t, { email: { smtp } })
    const sent = await receptionist.email.send({ to: 'ann@example.com', subject: 'Demo', body: 'At ten?' })
    const raw = server.mails.at(-1)?.raw.toString('latin1') ?? ''
    const [, anchor] = /^References: (<[^>]+>)/m.exec(raw) ?? []
    const own = named ? `<${named.replace('ID', id)}>` : `<${sent.id}>`
    const references = by === 'anchor' ? `${anchor} ${own}` : own
    const answer = (from) =>
      receptionist.handleEmailWebhook({
        raw: `From: ${from}\r\nSubject: Re: Demo\r\nMessage-ID: <r${n}.${from}>\r\nIn-Reply-To: ${own}\r\nReferences: ${references}\r\n\r\nYes`,
      })
    t.is((await answer('ann@example.com')).conversationId, sent.conversationId, relay)
    t.not((await answer('eve@example.com')).conversationId, sent.conversationId, relay)
  }
})
