// Input as phones and networks send it: hidden numbers, messages without text, STOP, spellings of
// numbers, and secrets from files.
import test from 'ava'
import twilioLibrary from 'twilio'
import { sid } from '../../examples/phone.mjs'
import { AIReceptionist } from '../../index.js'
import {
  AUTH_TOKEN,
  JOHN,
  LINE,
  VOICE_URL,
  authOf,
  receptionists,
  sms,
} from '../support/channels/phone-harness.mjs'
import { startTwilio } from '../support/providers/twilio.mjs'

const call = (From) => ({ CallSid: sid('CA'), From, To: LINE, CallStatus: 'ringing', Direction: 'inbound' })
const heard = (request) => request.messages.filter(({ role }) => role === 'user').at(-1).content

/** The spellings of networks and Twilio, with sources in src/channels/shared/withheld_number.rs. */
const HIDDEN = [
  '',
  '+',
  'anonymous',
  'Anonymous',
  'RESTRICTED',
  'Unknown',
  'Private',
  'Unavailable',
  'Blocked',
  'Withheld',
  'No Caller ID',
  'Verborgen',
  '+266696687',
  '266696687',
  '+7378742833',
  '+17378742833',
  '+2562533',
  '+8656696',
  '+8566696687',
  '+86282452253',
  '+464',
  '0000000000',
  'sip:anonymous@anonymous.invalid',
  'SIP:Anonymous@Anonymous.Invalid',
  'sip:anonymous@203.0.113.5:5060;user=phone',
  'sip:unavailable@unknown.invalid',
  'sip:+266696687@sip.example.com',
  'client:Anonymous',
]

test('hidden callers are rejected if the options say so', async (t) => {
  const { all, model } = await receptionists(t, 1, undefined, {
    channels: { voice: { rejectAnonymous: true } },
  })
  for (const from of HIDDEN) t.regex(await all[0].handleVoiceWebhook(call(from)), /<Reject/, from)
  for (const from of [JOHN, 'sip:john@example.com', 'client:john', 'sip:1001@pbx.example.com'])
    t.notRegex(await all[0].handleVoiceWebhook(call(from)), /<Reject/, from)
  t.is(model.requests.length, 0)
})

test('hidden callers share neither a rate limit nor a customer record', async (t) => {
  const { all } = await receptionists(t, 1, undefined, { channels: { voice: { maxPerHour: 1 } } })
  for (const from of HIDDEN) t.regex(await all[0].handleVoiceWebhook(call(from)), /<Gather/, from)
  const owners = (await all[0].agent.memory.search({ limit: 1000 })).map(
    ({ sessionMetadata }) => sessionMetadata?.customerPhone,
  )
  t.true(owners.every((owner) => owner === undefined))
  t.regex(await all[0].handleVoiceWebhook(call('sip:ann@example.com')), /<Gather/)
  t.notRegex(await all[0].handleVoiceWebhook(call('sip:Ann@example.com:5060;x=1')), /<Gather/)
})

test('a spelling of a number never identifies another customer', async (t) => {
  const { all } = await receptionists(t, 1)
  await all[0].handleSMSWebhook(sms('My allergy is nuts'))
  for (const From of ['sip:+15551234567@evil.example', 'client:+15551234567', '+15551234567 ext. 1']) {
    const form = { ...call(From), SpeechResult: 'Hello', CallStatus: 'in-progress' }
    await all[0].handleVoiceWebhook(form)
    const memories = await all[0].agent.memory.getConversationHistory(form.CallSid)
    t.true(memories.length > 0)
    t.true(
      memories.every(({ sessionMetadata }) => sessionMetadata.customerPhone === undefined),
      From,
    )
  }
})

test('the model is told of messages without text', async (t) => {
  const { all, model } = await receptionists(t, 1, undefined, { channels: { sms: { maxPerHour: 99 } } })
  const secret = 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1'
  const media = (...types) => ({
    NumMedia: String(types.length),
    ...Object.fromEntries(
      types.flatMap((type, n) => [
        [`MediaUrl${n}`, secret],
        [`MediaContentType${n}`, type],
      ]),
    ),
  })
  for (const [fields, told] of [
    [media('image/png'), /1 picture \(image\/png\)/],
    [media('image/jpeg', 'image/jpeg'), /2 pictures/],
    [media('audio/ogg'), /1 voice note/],
    [media('video/mp4'), /1 video/],
    [media('text/vcard'), /1 contact card/],
    [media('application/pdf'), /1 document/],
    [{ ...media('image/webp'), MessageType: 'sticker' }, /1 sticker/],
    [
      { Latitude: '48.2', Longitude: '16.3', Label: 'Dom', Address: 'Wien' },
      /A place: Dom, Wien .*48\.2.*16\.3/,
    ],
    [{ ButtonText: 'Confirm', ButtonPayload: 'yes-1' }, /^Confirm$/],
    [{ ListTitle: 'Tuesday', ListId: 't' }, /^Tuesday$/],
    [{ Body: 'Look', ...media('image/gif') }, /^Look\n\n\[.*1 picture/],
    [{}, /without text/],
  ]) {
    for (const channel of ['', 'whatsapp:']) {
      const message = sms('', { From: channel + JOHN, To: channel + LINE, ...fields })
      t.regex(await all[0].handleSMSWebhook(message, authOf(message)), /<Message>/)
      t.regex(heard(model.requests.at(-1)), told)
      t.false(JSON.stringify(model.requests.at(-1)).includes('api.twilio.com'), 'no address of media')
    }
  }
})

test('STOP is recognized in every spelling that phones send', async (t) => {
  const { all } = await receptionists(t, 1)
  let number = 2_000_000
  const hears = async (From, Body) => {
    const message = sms(Body, { From })
    return (await all[0].handleSMSWebhook(message, authOf(message))).includes('<Message>')
  }
  for (const word of [
    '“STOP”',
    'Stop\u200b',
    'ｓｔｏｐ',
    'Stop…',
    'Opt out',
    'opt\u2011out',
    '« ARRÊT »',
    'ARRE\u0302T',
    '¡ALTO!',
    'Baja',
    'STOP 🙏',
    'please stop',
  ]) {
    const from = `+1555${number++}`
    t.false(await hears(from, word), word)
    t.false(await hears(from, 'Hi'), word)
    await t.throwsAsync(all[0].sms.send({ to: from, body: 'x' }), { code: 'RECIPIENT_OPTED_OUT' })
  }
  for (const words of [
    'can you stop by at five?',
    'cancel my appointment',
    'the end',
    'stop it',
    'un arrêt de bus',
  ])
    t.true(await hears(`+1555${number++}`, words), words)
})

test('senders that cannot receive messages are not answered', async (t) => {
  const { all, model } = await receptionists(t, 1)
  const message = sms('Your parcel is here', { From: 'Amazon' })
  t.notRegex(await all[0].handleSMSWebhook(message, authOf(message)), /<Message>/)
  t.is(model.requests.length, 0)
  t.true((await all[0].agent.memory.search()).some(({ content }) => content === 'Your parcel is here'))
})

test('numbers are sent to Twilio in E.164, or refused with the correct spelling', async (t) => {
  const twilio = await startTwilio(t)
  for (const [country, given, wanted] of [
    ['AT', '+43 (0)1 58858', '+43158858'],
    ['US', '+353 (0) 1 679 2222', '+35316792222'],
    ['IT', '+39 06 6982 1234', '+390669821234'],
    ['AU', '0011 33 1 42 68 53 00', '+33142685300'],
    ['SG', '001 33 1 42 68 53 00', '+33142685300'],
    ['RU', '8~10 33 1 42 68 53 00', '+33142685300'],
    ['US', '\u202d+1 (555) 765-0002\u202c', '+15557650002'],
    ['JP', '＋８１３１２３４５６７８', '+81312345678'],
    ['US', 'tel:+1-555-765-0002;isub=1', '+15557650002'],
    ['US', '765-0002', /not a phone number of US \(`tools\.defaultCountry`\)/],
    ['FR', '01 42 68 53', /not a phone number of FR/],
    ['US', '1-800-FLOWERS', /has letters/],
    ['US', 'hello', /is not a phone number/],
    ['US', 'sip:+15557650002@example.com', /`to`/],
  ]) {
    const { all } = await receptionists(t, 1, undefined, {
      twilio: { baseUrl: twilio.url },
      tools: { defaultCountry: country },
    })
    const sending = all[0].sms.send({ to: given, body: 'x' })
    if (typeof wanted === 'string') {
      await sending
      t.is(twilio.requests.at(-1).form.To, wanted, given)
    } else {
      t.regex((await t.throwsAsync(sending, { code: 'INVALID_ARGUMENT' })).message, wanted)
    }
  }
  const { all } = await receptionists(t, 1)
  const customer = { phone: '+1 555 123 4567 ext. 1' }
  const error = await t.throwsAsync(all[0].text.generate({ prompt: 'Hi', customer }), {
    code: 'INVALID_ARGUMENT',
  })
  t.regex(error.message, /`customer\.phone`.*extension/)
})

test('secrets read from files work with surrounding white space', async (t) => {
  const twilio = await startTwilio(t)
  for (const around of [
    (s) => `${s}\n`,
    (s) => `${s}\r\n`,
    (s) => ` ${s} `,
    (s) => `\ufeff${s}`,
    (s) => `${s}\u200b`,
  ]) {
    const { all } = await receptionists(t, 1, undefined, {
      twilio: {
        accountSid: around(`AC${'0'.repeat(32)}`),
        authToken: around(AUTH_TOKEN),
        phoneNumber: around(LINE),
        baseUrl: twilio.url,
      },
    })
    await all[0].sms.send({ to: JOHN, body: 'x' })
    const message = sms('HELP')
    await all[0].handleSMSWebhook(message, authOf(message))
    const url = VOICE_URL
    const form = call('anonymous')
    const signature = twilioLibrary.getExpectedTwilioSignature(AUTH_TOKEN, url, form)
    await t.notThrowsAsync(all[0].handleVoiceWebhook(form, { url, signature }))
  }
  const mail = {
    email: { postmark: { apiKey: 'k\n', fromEmail: 's@acme.example', webhookSecret: 's3cret\r\n' } },
  }
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'S', role: 'R' } },
    model: { provider: 'openai', model: 'm', baseUrl: 'http://127.0.0.1:9', apiKey: 'x\n' },
    database: { connection: 'sqlite::memory:\n' },
    providers: mail,
    channels: { email: { autoReply: false } },
  })
  await receptionist.initialize()
  const url = 'https://example.com/webhooks/email/inbound'
  const request = (password) =>
    new Request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`u:${password}`)}` },
      body: JSON.stringify({
        FromFull: { Email: 'ann@example.com' },
        ToFull: [{ Email: 's@acme.example' }],
        TextBody: 'Hi',
        MessageID: 'm1',
        Headers: [],
      }),
    })
  t.is((await receptionist.webhooks.fetch(request('s3cret'))).status, 200)
  t.is((await receptionist.webhooks.fetch(request('s3cre'))).status, 403)
  await receptionist.dispose()
})
