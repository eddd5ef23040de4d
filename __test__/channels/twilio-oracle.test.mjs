// Checks signatures and TwiML against Twilio's own library.
import test from 'ava'
import twilio from 'twilio'
import { InMemoryStorage } from '../../index.js'
import { readTwiml } from '../../examples/phone.mjs'
import { AUTH_TOKEN, LINE, receptionists } from '../support/channels/phone-harness.mjs'

const CASES = Number(process.env.CASES ?? 400)

/** A seeded random generator. */
function random(seed) {
  let state = seed
  const next = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const pick = (list) => list[next(list.length)]
  const text = (length) =>
    Array.from({ length }, () =>
      pick([
        'a',
        'B',
        '7',
        ' ',
        '+',
        '&',
        '=',
        '%',
        '<',
        '"',
        "'",
        'é',
        'ü',
        '漢',
        '😀',
        '～',
        '\u2028',
        '\n',
        '\t',
        ';',
        '/',
        '?',
        '#',
      ]),
    ).join('')
  return { next, pick, text }
}

/** Receptionists that store and answer nothing. */
const silent = {
  database: undefined,
  agent: { identity: { name: 'Sarah', role: 'R' }, memory: { longTermStorage: new InMemoryStorage() } },
  channels: { sms: { autoReply: false } },
}

test('signature checks agree with the Twilio library', async (t) => {
  const { all } = await receptionists(t, 1, undefined, silent)
  const { next, pick, text } = random(7)
  const seen = { true: 0, false: 0 }
  for (let n = 0; n < CASES; n++) {
    const query = pick([
      '',
      '?',
      '?a=1&b=2',
      `?q=${encodeURIComponent(text(6))}`,
      "?x='y'&10=a&2=b",
      '?a=1+2&a=%7e&é=ü',
    ])
    const url = `${pick(['https', 'http'])}://${pick(['example.com', 'EXAMPLE.com', 'a.b:8443', 'u:p@a.com', '[::1]:80'])}/hook${pick(['', '/', '/a b', '/%C3%A9'])}${query}`
    const form = { MessageSid: `SM${n}`, From: '+15551234567', To: LINE, Body: text(next(20)) }
    for (let field = next(6); field > 0; field--) form[`F${text(next(3))}${field}`] = text(next(8))
    if (next(4) === 0) form.Many = [text(3), text(2), text(3)]
    let signature = twilio.getExpectedTwilioSignature(AUTH_TOKEN, url, form)
    let asked = url
    const posted = { ...form }
    const change = next(8)
    if (change === 0) asked = url.replace('hook', 'hock')
    if (change === 1) asked = url.replace(/:8443|:80(?=\/)/, '')
    if (change === 2) asked = url.replace('example.com', 'example.com:443')
    if (change === 3) posted.Body += ' '
    if (change === 4) posted.Extra = '1'
    if (change === 5) signature = signature.slice(1)
    if (change === 6) signature = twilio.getExpectedTwilioSignature('another token', url, form)
    const expected = twilio.validateRequest(AUTH_TOKEN, signature, asked, posted)
    const ours = await all[0].handleSMSWebhook(posted, { signature, url: asked }).then(
      () => true,
      ({ code }) => (code === 'WEBHOOK_SIGNATURE_INVALID' ? false : t.fail(code)),
    )
    t.is(ours, expected, JSON.stringify({ asked, posted, change }))
    seen[expected]++
  }
  t.true(seen.true > CASES / 4 && seen.false > CASES / 4, JSON.stringify(seen))
})

test('generated TwiML equals the TwiML of the Twilio library', async (t) => {
  const { pick, text, next } = random(11)
  const { VoiceResponse } = twilio.twiml
  const words = []
  const { all } = await receptionists(t, 1, () => words.at(-1), {
    ...silent,
    agent: { ...silent.agent, identity: { name: 'S', role: 'R' } },
    channels: {
      voice: { greeting: 'Hi.', language: 'en-GB', noInputTimeoutSeconds: 4 },
      sms: { maxPerHour: 1e6 },
    },
    twilio: { voice: { provider: 'amazon', voiceId: 'Amy' } },
  })
  const call = (more) => ({
    CallSid: 'CA1',
    From: '+15551234567',
    To: LINE,
    CallStatus: 'in-progress',
    ...more,
  })
  const deliver = async (n, form) => {
    const url = `https://example.com/voice?turn=${n}`
    const signature = twilio.getExpectedTwilioSignature(AUTH_TOKEN, url, form)
    return all[0].handleVoiceWebhook(form, { url, signature })
  }
  for (let n = 0; n <= CASES / 2; n++) {
    words.push(n === 0 ? 'Hi.' : `w${text(next(30))}${pick(['.', '!', '…'])}`)
    const ours = await deliver(n, n === 0 ? call({ CallStatus: 'ringing' }) : call({ SpeechResult: 'x' }))
    const theirs = new VoiceResponse()
    const [voice, language] = ['Polly.Amy', 'en-GB']
    for (const said of [words.at(-1), 'Are you still there?']) {
      const action = `/voice?turn=${n + 1}`
      theirs
        .gather({ input: ['speech'], action, method: 'POST', timeout: 4, speechTimeout: 'auto', language })
        .say({ voice, language }, said)
    }
    theirs.say({ voice, language }, "I can't hear you. Please call again. Goodbye.")
    theirs.hangup()
    t.deepEqual(readTwiml(ours), readTwiml(theirs.toString()))
  }
  for (let n = 0; n < CASES / 2; n++) {
    words.push(`w${text(next(60))}.`)
    const form = { MessageSid: `SM-${n}`, From: '+15551234567', To: LINE, Body: 'x' }
    const url = 'https://example.com/sms'
    const signature = twilio.getExpectedTwilioSignature(AUTH_TOKEN, url, form)
    const theirs = new twilio.twiml.MessagingResponse()
    theirs.message(words.at(-1))
    t.deepEqual(
      readTwiml(await all[0].handleSMSWebhook(form, { url, signature })),
      readTwiml(theirs.toString()),
    )
  }
})
