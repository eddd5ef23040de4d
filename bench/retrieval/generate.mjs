// The project's own set of conversations and questions; README.md describes it. The same time gives the same set.
import { readdirSync } from 'node:fs'

const DAY = 86_400_000
const folder = new URL('languages/', import.meta.url)

/** The languages, in alphabetical order of their codes. */
export const languages = await Promise.all(
  readdirSync(folder)
    .sort()
    .map(async (file) => (await import(new URL(file, folder))).default),
)

/** Days before now of the conversations about which a date asks. No other conversation is on one of them. */
const ASKED_DAY = (n) => 25 + 5 * n
/** Days before now of the other conversations, 21 to 299 and no multiple of 5. */
const OTHER_DAY = (n) => 21 + 5 * Math.floor((n % 224) / 4) + (n % 4)
const LAST_WEEK = 7

/**
 * Returns `{ memories, questions }`. A question is `{ question, expected, language, business, kind }`, with the ids of the
 * memories that answer it.
 * @param now - time of the newest conversations, which questions such as "last week" refer to
 */
export function generate({ now = new Date() } = {}) {
  const set = { memories: [], questions: [] }
  for (const language of languages) new Generator(language, now, set).run()
  set.memories.sort((a, b) => a.timestamp - b.timestamp || (a.id < b.id ? -1 : 1))
  return set
}

class Generator {
  constructor(language, now, set) {
    Object.assign(this, { language, set, count: 0 })
    const noon = new Date(now)
    noon.setUTCHours(12, 0, 0, 0)
    this.noon = noon.getTime()
  }

  run() {
    const { language } = this
    this.converse({
      id: `${language.code}-talk`,
      turns: language.talk.map((text) => `agent ${text}`),
      values: {},
    })
    for (const [place, [business, content]] of Object.entries(language.businesses).entries()) {
      this.business = business
      for (let n = 0; n < 2; n++) {
        const common = place * 2 + n
        this.callback(common)
        this.move(common)
        this.dated(common, content.topics, n)
      }
      for (const [s, scenario] of content.scenarios.entries()) {
        scenario.items.forEach((item, v) => this.scenario(scenario, s, item, v, place * 4 + s * 2 + v * 3))
      }
    }
  }

  callback(n) {
    const { turns, question } = this.language.callback
    const digits = String(3_055_501_000 + this.number(n, 8_999))
    const phone = `0${digits.slice(0, 2)} ${digits.slice(2, 5)} ${digits.slice(5, 7)} ${digits.slice(7)}`
    const asked = n % 2 ? `0${digits}` : `0${digits.slice(0, 2)}/${digits.slice(2)}`
    this.ask('telephone', { turns, question, n, values: { phone, asked } })
  }

  move(n) {
    const { turns, question, items } = this.language.move
    this.ask('neighbour', {
      id: 'move',
      turns,
      question,
      n: n + 1,
      values: { item: items[n % items.length] },
    })
  }

  /** Two conversations with the same person, of which the time in the question chooses one. */
  dated(n, topics, isLastWeek) {
    const { turns, onDate, lastWeek } = this.language.dated
    const days = isLastWeek ? LAST_WEEK : ASKED_DAY(n * 3 + 2)
    const at = this.noon - days * DAY
    const date = new Intl.DateTimeFormat(this.language.code, { day: 'numeric', month: 'long' }).format(at)
    const [topic, other] = [topics[n % topics.length], topics[(n + 1) % topics.length]]
    const question = isLastWeek ? lastWeek : onDate
    this.ask('time', { turns, question, n: n + 2, values: { topic, date }, at })
    const values = { topic: other, name: this.name(n + 2) }
    const unasked = turns.map((turn) => turn.replace('!', ''))
    this.converse({ id: this.id('time-other', n), turns: unasked, values })
  }

  scenario({ turns, questions }, s, [item, asked], v, n) {
    const letters = 'ABCDEFGHKLMNPRSTVWXZ'
    const letter = (step) => letters[this.number(n * 7 + step, letters.length)]
    const [place, owner, digits] = [`K${letter(1)}`, letter(2) + letter(3), 100 + this.number(n, 899)]
    const kind = turns.findIndex((turn) => /^\w+!/.test(turn)) > 0 ? 'neighbour' : 'paraphrase'
    this.ask(kind, {
      id: `scenario${s}-${v}`,
      turns,
      question: questions[v % questions.length],
      n,
      values: {
        item,
        asked,
        n: 45 + 5 * this.number(n + s, 90),
        plate: `${place}-${owner} ${digits}`,
        askedPlate: v % 2 ? `${place}${owner}${digits}` : `${place} ${owner} ${digits}`,
      },
    })
  }

  /** Adds a conversation and the question about it. */
  ask(kind, { id = kind, turns, question, n, values, at }) {
    const all = { ...values, name: this.name(n) }
    const expected = this.converse({ id: this.id(id, n), turns, values: all, at })
    const { business } = this
    this.set.questions.push({
      question: fill(question, all),
      expected,
      language: this.language.code,
      business,
      kind,
    })
  }

  /** Adds a conversation. Returns the ids of the marked turns. */
  converse({ id, turns, values, at = this.noon - OTHER_DAY(this.count * 37) * DAY }) {
    this.count++
    const customerId = values.name === undefined ? undefined : `${this.language.code}-${values.name}`
    const marked = []
    for (const [place, turn] of turns.entries()) {
      const [, speaker, mark, text] = /^(user|agent)(!?) (.*)$/.exec(turn)
      const memory = {
        id: `${id}-${place}`,
        content: fill(text, values),
        timestamp: new Date(at + place * 20_000 + this.count * 60_000),
        type: 'conversation',
        role: speaker === 'user' ? 'user' : 'assistant',
        channel: 'call',
        sessionMetadata: { conversationId: id, ...(customerId && { customerId }) },
      }
      this.set.memories.push(memory)
      if (mark) marked.push(memory.id)
    }
    return marked
  }

  id(name, n) {
    return `${this.language.code}-${this.business}-${name}-${n}`
  }

  name(n) {
    return this.language.names[n % this.language.names.length]
  }

  /** Returns a number below `limit` that depends on the language and on `n` only. */
  number(n, limit) {
    let hash = 2166136261
    for (const c of `${this.language.code} ${n}`) hash = Math.imul(hash ^ c.charCodeAt(0), 16777619)
    hash ^= hash >>> 15
    return (Math.imul(hash, 0x2c1b3c6d) >>> 0) % limit
  }
}

/** Returns a text with the values of its slots. */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    if (values[name] === undefined) throw new Error(`no value of {${name}} in: ${text}`)
    return values[name]
  })
}
