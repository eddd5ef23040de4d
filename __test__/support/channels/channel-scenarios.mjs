// Scenarios for the channels on every database: `(t, scene)`, where the scene is one of
// `support/databases.mjs`.
import { setTimeout } from 'node:timers/promises'
import { LINE, JOHN, answered, phone, authOf, receptionists, sms, transcript } from './phone-harness.mjs'
import { inbound, startEmailHarness } from './email-harness.mjs'
import { header } from '../providers/postmark.mjs'
import { startTwilio } from '../providers/twilio.mjs'

const authorization = `Basic ${Buffer.from('postmark:s3cret').toString('base64')}`

/**
 * The number of messages of other customers before one to a customer who opted out. `.ci/nightly`
 * uses more.
 */
const OTHERS = Number(process.env.STOP_OTHERS ?? 300)

export const scenarios = {
  async 'a call from greeting to hang-up, on two processes'(t, { database, table, query }) {
    const script = ({ messages }) => {
      const last = messages.at(-1)
      if (messages[0].content.startsWith('Summarize')) return 'Asked when we open.'
      return `You said: ${last.content}`
    }
    const { all, model } = await receptionists(t, 2, script, { database })
    const call = phone(all)
    t.is(await call.dial(), 'Hello, this is Sarah from Acme & Sons. How can I help you?')
    t.is(await call.say('When do you open?'), 'You said: When do you open?')
    t.is(await call.say('And on <Sundays>?'), 'You said: And on <Sundays>?')
    const asked = model.requests.length
    for (const n of [0, 1, 2]) {
      const [first, second] = await Promise.all([call.again(n), call.again(n)])
      t.is(first.body, second.body)
    }
    t.is(model.requests.length, asked, 'what was answered is not asked again')
    await call.hangUp()
    await call.again()
    t.deepEqual(await transcript(all[1], call.callSid), [
      ['assistant', 'Hello, this is Sarah from Acme & Sons. How can I help you?'],
      ['user', 'When do you open?'],
      ['assistant', 'You said: When do you open?'],
      ['user', 'And on <Sundays>?'],
      ['assistant', 'You said: And on <Sundays>?'],
    ])
    const history = await all[0].agent.memory.getConversationHistory(call.callSid)
    t.is(history[0].id, `session-start-${call.callSid}`)
    t.like(history[0].sessionMetadata, { callSid: call.callSid, from: JOHN, to: LINE })
    t.like(history.at(-1), { id: `session-end-${call.callSid}`, content: 'Asked when we open.' })
    const logs = await query(`SELECT * FROM ${table('call_logs')}`)
    t.is(logs.length, 1)
    t.like(logs[0], {
      conversation_id: call.callSid,
      phone_number: JOHN,
      duration: 61,
      outcome: 'completed',
      summary: 'Asked when we open.',
    })
  },

  async 'a demo is booked on the phone, and the caller is known on the next call'(
    t,
    { database, table, query },
  ) {
    const turns = {
      "I'm John, john@example.com.": ['save_customer_info', { name: 'John', email: 'john@example.com' }],
      'I prefer mornings.': ['remember_preference', { key: 'preferred_time', value: 'morning' }],
      'Tuesday at ten.': [
        'log_call_outcome',
        { outcome: 'appointment_booked', summary: 'A demo on Tuesday.' },
      ],
      'When do I like to meet?': ['recall_preference', { key: 'preferred_time' }],
    }
    const script = ({ messages }) => {
      if (messages[0].content.startsWith('Summarize')) return 'Asked.'
      const last = messages.at(-1)
      if (last.role === 'tool') return last.content.includes('morning') ? 'In the morning.' : 'Done.'
      const [name, parameters] = turns[last.content]
      return { toolCalls: [{ name, parameters }] }
    }
    const { all } = await receptionists(t, 2, script, { database })
    const call = phone(all)
    await call.dial()
    const words = Object.keys(turns)
    for (const said of words.slice(0, 3)) await call.say(said)
    await call.hangUp()
    const told = []
    for (const from of [JOHN, '+15557654321']) {
      const next = phone(all, { from })
      await next.dial()
      told.push(await next.say(words[3]))
      await next.hangUp({ CallDuration: '5' })
    }
    t.deepEqual(told, ['In the morning.', 'Done.'])

    const rows = await all[0].agent.memory.getConversationHistory(call.callSid)
    t.deepEqual(
      rows.map(({ type, role, content }) => [type, role, type === 'tool_execution' ? '' : content]),
      [
        ['system', undefined, 'Started call conversation'],
        ['conversation', 'assistant', 'Hello, this is Sarah from Acme & Sons. How can I help you?'],
        ['conversation', 'user', words[0]],
        ['tool_execution', 'tool', ''],
        ['decision', undefined, rows[4].content],
        ['conversation', 'assistant', 'Done.'],
        ['conversation', 'user', words[1]],
        ['tool_execution', 'tool', ''],
        ['decision', undefined, 'Customer preference: preferred_time = morning'],
        ['conversation', 'assistant', 'In the morning.'],
        ['conversation', 'user', words[2]],
        ['tool_execution', 'tool', ''],
        ['system', undefined, 'Call outcome: appointment_booked. A demo on Tuesday.'],
        ['conversation', 'assistant', 'Done.'],
        ['system', undefined, 'A demo on Tuesday.'],
      ],
    )
    const logs = await query(`SELECT * FROM ${table('call_logs')}`)
    t.is(logs.length, 3)
    const log = logs.find(({ conversation_id }) => conversation_id === call.callSid)
    t.like(log, {
      phone_number: JOHN,
      duration: 61,
      outcome: 'appointment_booked',
      summary: 'A demo on Tuesday.',
    })
    const leads = await query(`SELECT name, email, phone FROM ${table('leads')}`)
    t.deepEqual(leads, [{ name: 'John', email: 'john@example.com', phone: JOHN }])
  },

  async 'a message is answered once, however often and to whichever process it is delivered'(
    t,
    { database },
  ) {
    const { all, model } = await receptionists(t, 2, undefined, { database })
    const payload = sms('Hello 👋 <&>')
    const deliver = (n) => all[n % 2].handleSMSWebhook(payload, authOf(payload))
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => deliver(n)))
    t.deepEqual(new Set([...answers, await deliver(1)]).size, 1)
    t.true(answers[0].includes('<Message>answer 0</Message>'))
    t.is(model.requests.length, 1)
    const rows = await all[0].agent.memory.search({ type: 'conversation', orderDirection: 'asc' })
    t.deepEqual(
      rows.map(({ role, content, channel }) => [role, content, channel]),
      [
        ['user', 'Hello 👋 <&>', 'sms'],
        ['assistant', 'answer 0', 'sms'],
      ],
    )
  },

  async 'a conversation continues by the number, and another number has its own'(t, { database }) {
    const { all, model } = await receptionists(t, 2, undefined, { database })
    for (const [n, payload] of [
      sms('one'),
      sms('two'),
      sms('other', { From: '+15557654321' }),
      sms('three', { From: '(555) 123-4567' }),
    ].entries()) {
      await all[n % 2].handleSMSWebhook(payload, authOf(payload))
    }
    const said = model.requests.map(({ messages }) => messages.filter(({ role }) => role === 'user'))
    t.deepEqual(
      said.map((messages) => messages.map(({ content }) => content)),
      [['one'], ['one', 'two'], ['other'], ['one', 'two', 'three']],
    )
  },

  async 'STOP, START and HELP have the meaning of carriers, on every process and after a restart'(
    t,
    { database },
  ) {
    const { all, model } = await receptionists(t, 2, undefined, {
      database,
      channels: { sms: { maxPerHour: 100 } },
    })
    t.true(await answered(all[0], sms('YES')), 'an answer, as long as nobody opted out')
    for (const word of ['STOP', 'stopall', ' Unsubscribe ', 'CANCEL.', 'end', 'QUIT']) {
      t.false(await answered(all[0], sms(word)))
      t.false(await answered(all[1], sms('hello?')))
      t.true(await answered(all[1], sms('hello', { From: '+15557654321' })))
      await t.throwsAsync(all[1].sms.send({ to: '+15551234567', body: 'x' }), { code: 'RECIPIENT_OPTED_OUT' })
      for (const receptionist of all) {
        await receptionist.dispose()
        await receptionist.initialize()
      }
      t.false(await answered(all[1], sms('still there?')))
      t.false(await answered(all[1], sms(word === 'end' ? 'yes' : 'START')))
      t.true(await answered(all[0], sms('hello again')))
    }
    const asked = model.requests.length
    t.false(await answered(all[0], sms('HELP')))
    t.is(model.requests.length, asked)
    const kept = await all[0].agent.memory.search({ keywords: ['hello?', 'Unsubscribe'], limit: 20 })
    t.is(kept.length, 7, 'what is not answered is kept')
  },

  async 'STOP survives many other messages and a restart'(t, { database }) {
    const twilio = await startTwilio(t)
    const { all } = await receptionists(t, 1, undefined, {
      database,
      twilio: { baseUrl: twilio.url },
      agent: {
        identity: { name: 'Sarah', role: 'R' },
        memory: { autoPersist: { types: ['error'] }, contextWindow: 1 },
      },
      channels: { sms: { autoReply: false } },
    })
    const [receptionist] = all
    t.false(await answered(receptionist, sms('STOP')))
    const others = Array.from({ length: OTHERS }, (_, n) => sms('hello', { From: `+1555${2_000_000 + n}` }))
    const left = others.values()
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (const other of left) await receptionist.handleSMSWebhook(other, authOf(other))
      }),
    )
    await receptionist.dispose()
    await receptionist.initialize()
    await t.throwsAsync(receptionist.sms.send({ to: JOHN, body: 'x' }), { code: 'RECIPIENT_OPTED_OUT' })
    await receptionist.sms.send({ to: others[0].From, body: 'x' })
    t.deepEqual(
      twilio.requests.map(({ form }) => form.To),
      [others[0].From],
    )
  },

  async 'old inbox rows are pruned in the background of an answer'(
    t,
    { database, table, query, change, longAgo },
  ) {
    const { all } = await receptionists(t, 2, undefined, { database })
    const jane = { From: '+15557654321' }
    const dead = sms('hello')
    t.true(await answered(all[0], dead))
    t.false(await answered(all[0], sms('STOP', jane)))
    const call = phone([all[0]])
    await call.dial()
    await call.say('hello')
    await call.hangUp()
    const inbox = table('inbox')
    const kinds = async () => (await query(`SELECT kind FROM ${inbox}`)).map(({ kind }) => kind).sort()
    const before = await kinds()
    for (const kind of ['call', 'contact', 'conversation', 'event', 'rate_limit', 'opt_out', 'sms', 'turn'])
      t.true(before.includes(kind), kind)
    // More rows than one batch deletes, and an old row that is still in use.
    const uuid = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
    const rows = Array.from(
      { length: 450 },
      (_, n) => `('${uuid(n)}', 'event', 'completed', '', ${longAgo}, ${longAgo})`,
    )
    const columns = 'id, kind, state, owner, touched_at, created_at'
    await change(`INSERT INTO ${inbox} (${columns}) VALUES ${rows}`)
    await change(`UPDATE ${inbox} SET touched_at = ${longAgo}, created_at = ${longAgo}`)
    const fresh = sms('hello', { From: '+15550009999' })
    t.true(await answered(all[0], fresh))
    await change(`UPDATE ${inbox} SET created_at = ${longAgo} WHERE touched_at > ${longAgo}`)
    const used = (await kinds()).length - before.length - rows.length

    t.true(await answered(all[1], sms('hello', { From: '+15550008888' })), 'who is answered does not wait')
    const permanent = before.filter((kind) => kind === 'opt_out' || kind === 'contact').length
    while ((await kinds()).length > permanent + 2 * used) await setTimeout(50)
    t.is((await kinds()).length, permanent + 2 * used)
    t.is((await query(`SELECT kind FROM ${inbox} WHERE touched_at = ${longAgo}`)).length, permanent)
    const again = [await answered(all[1], fresh), await answered(all[0], dead)]
    t.deepEqual(again, [true, true])
    t.false(await answered(all[1], sms('hello?', jane)), 'STOP is for good')
  },

  async 'only numbers on the allowlist are answered'(t, { database, table, query }) {
    const { all } = await receptionists(t, 2, undefined, { database })
    const { allowlist } = all[0].sms
    t.deepEqual([allowlist.getAll(), allowlist.count()], [[], 0])
    t.true(await answered(all[0], sms('hello')), 'a first message adds')
    t.deepEqual(allowlist.getAll(), ['+15551234567'])
    t.true(allowlist.has('(555) 123-4567'))
    await allowlist.remove('555-123-4567')
    t.false(allowlist.has('+15551234567'))
    t.false(await answered(all[1], sms('hello?')), 'on every process')
    await allowlist.add('+15551234567')
    await allowlist.add('+15551234567')
    t.true(await answered(all[1], sms('hello')))
    await all[0].sms.allowlist.add('+15557654321', 'system')
    await all[0].sms.allowlist.remove('+15550009999')
    t.false(await answered(all[1], sms('hello', { From: '+15550009999' })), 'also before its first message')
    await t.throwsAsync(allowlist.add('nobody'), { code: 'INVALID_ARGUMENT' })
    for (const receptionist of all) await receptionist.dispose()
    const kept = await query(
      `SELECT identifier, type, added_by FROM ${table('allowlist')} ORDER BY identifier`,
    )
    t.deepEqual(
      kept.map((row) => ({ ...row })),
      [
        { identifier: '+15551234567', type: 'sms', added_by: 'manual' },
        { identifier: '+15557654321', type: 'sms', added_by: 'system' },
      ],
    )
    await all[1].initialize()
    t.is(all[1].sms.allowlist.count(), 2)
    await all[1].sms.allowlist.clear()
    t.is(all[1].sms.allowlist.count(), 0)
    t.false(await answered(all[1], sms('hello')))
  },

  async 'an e-mail is answered once, however often and to whichever process it is delivered'(
    t,
    { database },
  ) {
    const { all, start, mails, model, postmark } = await startEmailHarness(t, {
      count: 2,
      config: { database },
    })
    const payload = inbound('Do you open on Sundays? 👋', { from: 'Änn <Ann@Example.com>' })
    const deliver = (n) => all[n % 2].handleEmailWebhook(payload, { authorization })
    const receipts = await Promise.all(Array.from({ length: 10 }, (_, n) => deliver(n)))
    const restarted = await start()
    receipts.push(await restarted.handleEmailWebhook(payload, { authorization }))
    for (const receipt of receipts) t.deepEqual(receipt, receipts[0])
    t.true(receipts[0].autoReplied)
    t.is(receipts[0].reason, undefined)
    t.is(model.requests.length, 1)
    t.is(mails.length, 1)
    t.deepEqual(postmark.problems, [])
    const [mail] = mails
    t.deepEqual(
      [mail.To, mail.Subject, mail.TextBody],
      ['"Änn" <Ann@Example.com>', 'Re: Question', 'answer 0'],
    )
    t.is(header(mail, 'Auto-Submitted'), 'auto-replied')
    t.is(header(mail, 'In-Reply-To'), `<${receipts[0].emailId}>`)
    const rows = await all[0].agent.memory.getConversationHistory(receipts[0].conversationId)
    const said = rows.filter(({ type }) => type === 'conversation')
    t.deepEqual(
      said.map(({ role, content, channel }) => [role, content, channel]),
      [
        ['user', 'Subject: Question\n\nDo you open on Sundays? 👋', 'email'],
        ['assistant', 'answer 0', 'email'],
      ],
    )
    t.is(said[0].sessionMetadata.emailId, receipts[0].emailId)
    t.is(said[0].sessionMetadata.subject, 'Question')
  },

  async 'a thread is one conversation, and a forged In-Reply-To does not join it'(t, { database }) {
    const { all, mails, model } = await startEmailHarness(t, { count: 2, config: { database } })
    const first = await all[0].handleEmailWebhook(inbound('My code word is tulip.'))
    const ours = header(mails[0], 'Message-ID')
    const second = await all[1].handleEmailWebhook(
      inbound('And?', { subject: 'Re: Question', headers: { 'In-Reply-To': ours } }),
    )
    t.is(second.conversationId, first.conversationId)
    const third = await all[0].handleEmailWebhook(
      inbound('By references', { headers: { References: `<lost@example.com> <${first.emailId}>` } }),
    )
    t.is(third.conversationId, first.conversationId)
    const fresh = await all[0].handleEmailWebhook(inbound('Something else', { subject: 'Other' }))
    t.not(fresh.conversationId, first.conversationId)

    const forged = await all[1].handleEmailWebhook(
      inbound('What is the code word?', {
        from: 'eve@evil.example',
        headers: { 'In-Reply-To': ours, References: ours },
      }),
    )
    t.not(forged.conversationId, first.conversationId)
    t.false(JSON.stringify(model.requests.at(-1).messages).includes('tulip'))
    t.is(mails.at(-1).To, 'eve@evil.example')
    // The same id as another sender's e-mail.
    const stolen = await all[0].handleEmailWebhook(
      inbound('Hi', { from: 'eve@evil.example', id: `<${first.emailId}>` }),
    )
    t.not(stolen.conversationId, first.conversationId)
    t.false(JSON.stringify(model.requests.at(-1).messages).includes('tulip'))
    const again = await all[0].handleEmailWebhook(
      inbound('Still me', { headers: { 'In-Reply-To': `<${first.emailId}>` } }),
    )
    t.is(again.conversationId, first.conversationId)
  },

  async 'an unsent answer is sent when the e-mail is delivered again; one with an unknown outcome is not'(
    t,
    { database },
  ) {
    const answers = [{ status: 429 }, { status: 429 }, { status: 429 }, undefined, { drop: true }]
    const { all, mails, model } = await startEmailHarness(t, {
      count: 2,
      config: { database },
      postmark: (_, number) => answers[number],
    })
    const first = inbound('one')
    await t.throwsAsync(all[0].handleEmailWebhook(first), { code: 'PROVIDER_RATE_LIMITED' })
    t.true((await all[1].handleEmailWebhook(first)).autoReplied)
    t.is(model.requests.length, 1)
    t.is(new Set(mails.map((mail) => header(mail, 'Message-ID'))).size, 1)
    t.is(mails.length, 4)
    const second = inbound('two')
    const receipt = await all[0].handleEmailWebhook(second)
    t.deepEqual([receipt.autoReplied, receipt.reason], [true, 'unknown'])
    t.deepEqual(await all[1].handleEmailWebhook(second), receipt)
    t.is(mails.length, 5)
    t.is((await all[0].agent.memory.search({ type: 'error' })).length, 1)
  },
}
