// A simulated phone that acts like Twilio: it posts signed forms to a webhook, follows the TwiML of the responses, and speaks
// the caller's words.
import { createHmac, randomBytes } from 'node:crypto'

/** Returns the `X-Twilio-Signature` of a form posted to `url`. */
export function signature(authToken, url, form) {
  const fields = Object.keys(form)
    .sort()
    .map((name) => name + form[name])
  return createHmac('sha1', authToken)
    .update(url + fields.join(''))
    .digest('base64')
}

/** Returns a random Twilio id. */
export const sid = (prefix) => prefix + randomBytes(16).toString('hex')

/** Posts a form to a server, like Twilio. */
export async function postForm({ url, form, signature }) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-twilio-signature': signature,
    },
    body: new URLSearchParams(form).toString(),
  })
  return { status: response.status, body: await response.text() }
}

export class Phone {
  /** All heard texts, one per `<Say>`. */
  heard = []
  /** Posted requests, for redelivery: `{ url, form, signature }`. */
  posted = []
  over = false
  rejected = false
  /** The open line of a live call. */
  line
  #listening
  #action
  #rest = []

  /**
   * @param options `webhook`: the URL for calls; `status`: the URL for status changes; `authToken`; `from`, `to`;
   *   `accountSid`; `post`: function that delivers `{ url, form, signature }` and returns `{ status, body }`; `more`: further fields;
   *   `openLine`: function that opens the line of a live call, called with this phone and the attributes of <ConversationRelay>
   */
  constructor({
    webhook,
    status,
    authToken,
    from,
    to,
    accountSid = `AC${'0'.repeat(32)}`,
    post = postForm,
    more = {},
    openLine,
  }) {
    Object.assign(this, {
      webhook,
      status,
      authToken,
      from,
      to,
      accountSid,
      post,
      more,
      openLine,
      callSid: sid('CA'),
    })
  }

  /** Tells the action of a live call how its line has ended, and follows the response. */
  lineEnded(form) {
    return this.#go(this.#action, form)
  }

  /** Rings, and resolves to the first words. */
  dial() {
    return this.#go(this.webhook, { CallStatus: 'ringing' })
  }

  /** Says a sentence, and resolves to the reply. */
  say(words, confidence = '0.9') {
    return this.#go(this.#listening, {
      CallStatus: 'in-progress',
      SpeechResult: words,
      Confidence: confidence,
    })
  }

  /** Stays silent until the line speaks. */
  keepSilent() {
    return this.#follow(this.#rest)
  }

  /** Hangs up, and posts the status change. */
  async hangUp(more = {}) {
    this.over = true
    const form = {
      CallStatus: 'completed',
      CallDuration: '61',
      CallbackSource: 'call-progress-events',
      SequenceNumber: '2',
      ...more,
    }
    return this.#send(this.status ?? this.webhook, form)
  }

  /** Delivers an earlier request again. */
  again(number = this.posted.length - 1) {
    return this.post(this.posted[number])
  }

  async #go(url, form) {
    const { status, body } = await this.#send(url, form)
    if (status !== 200) throw new Error(`the webhook answered ${status}`)
    this.url = url
    return this.#follow(readTwiml(body))
  }

  async #send(url, more) {
    const form = {
      AccountSid: this.accountSid,
      ApiVersion: '2010-04-01',
      CallSid: this.callSid,
      Direction: 'inbound',
      From: this.from,
      To: this.to,
      Caller: this.from,
      Called: this.to,
      ...this.more,
      ...more,
    }
    const request = { url, form, signature: signature(this.authToken, url, form) }
    this.posted.push(request)
    return this.post(request)
  }

  /** Follows the TwiML until it has to listen or the call is over. Returns the words heard meanwhile. */
  async #follow(verbs) {
    const words = []
    for (const [at, { name, attributes, text, inner }] of verbs.entries()) {
      if (name === 'Say') words.push(text)
      if (name === 'Gather') {
        words.push(...inner.filter((verb) => verb.name === 'Say').map((verb) => verb.text))
        this.#listening = new URL(attributes.action ?? this.url, this.url).href
        this.#rest = verbs.slice(at + 1)
        this.heard.push(...words)
        return words.join(' ')
      }
      if (name === 'Redirect') {
        this.heard.push(...words)
        return this.#go(new URL(text, this.url).href, { CallStatus: 'in-progress' })
      }
      if (name === 'Connect') {
        this.#action = new URL(attributes.action ?? this.url, this.url).href
        this.heard.push(...words)
        this.line = await this.openLine(this, inner[0].attributes, inner[0].inner)
        return words.join(' ')
      }
      if (name === 'Reject') this.rejected = true
      if (name === 'Hangup') break
    }
    this.over = true
    this.heard.push(...words)
    return words.join(' ')
  }
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const unescaped = (text) =>
  text.replace(/&(?:#x([0-9a-f]+)|(\w+));/gi, (_, hex, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : ENTITIES[name],
  )

/** Returns the verbs of a TwiML document: `{ name, attributes, text, inner }`. */
export function readTwiml(xml) {
  const response = /<Response>(.*)<\/Response>/s.exec(xml)
  if (!response) throw new Error(`no TwiML: ${xml.slice(0, 80)}`)
  return elements(response[1])
}

function elements(xml) {
  return [...xml.matchAll(/<(\w+)((?:\s[^>]*?)?)(?:\/>|>(.*?)<\/\1>)/gs)].map(
    ([, name, attributes, body = '']) => ({
      name,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, unescaped(value)]),
      ),
      text: unescaped(body),
      inner: elements(body),
    }),
  )
}
