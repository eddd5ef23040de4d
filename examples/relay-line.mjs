// The line of a call with <ConversationRelay>, simulated: it opens the WebSocket like Twilio, speaks the tokens that it receives,
// reports what was heard, and lets the caller interrupt. Needs the package `ws`.
import { EventEmitter, once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket } from 'ws'

/** Characters that are spoken in a second. */
const CHARACTERS_PER_SECOND = 15
/** Milliseconds from the first token of a reply to its first sound. */
const SYNTHESIS = 330
/** Number of malformed frames in a row after which Twilio closes the socket. */
const MAX_MALFORMED = 10

/** The frames that Twilio accepts: the required fields and the others. */
const FRAMES = {
  text: {
    required: { token: 'string' },
    others: { last: 'boolean', lang: 'string', interruptible: 'boolean', preemptible: 'boolean' },
  },
  play: {
    required: { source: 'string' },
    others: { loop: 'number', interruptible: 'boolean', preemptible: 'boolean' },
  },
  sendDigits: { required: { digits: 'string' }, others: {} },
  language: { required: {}, others: { ttsLanguage: 'string', transcriptionLanguage: 'string' } },
  end: { required: {}, others: { handoffData: 'string' } },
}

/**
 * Emits `heard` with each clause of the agent, `caller` with the caller's words, `quiet` when the agent has
 * finished, and `closed` with the form that Twilio posts to the action.
 */
export class RelayLine extends EventEmitter {
  /** All frames: `{ at, from: 'twilio' | 'app', frame }`. */
  frames = []
  /** The clauses that were played, and those that were cut. */
  heard = []
  /** What a strict provider would complain about. */
  problems = []
  /** Milliseconds from each final prompt to the first token after it. */
  latencies = []
  closed = false
  #queue = []
  #playing
  #isStreamOpen = false
  #isSpeaking = false
  #malformed = 0
  #ended
  #isEndedByApp = false
  #asked
  #hasReplied = false
  /** `true` once the agent has said more than a filler. */
  #hasSpoken = false

  /**
   * @param call `{ callSid, accountSid, from, to, authToken }`
   * @param attributes those of <ConversationRelay>
   * @param options `signature(url)`; `speed`: how many times faster than life it speaks; `events`: `false` for a provider
   *   without reports of what was heard
   */
  constructor(call, attributes, { signature, speed = 1, events = true }) {
    super()
    Object.assign(this, { call, attributes, signature, speed, events, began: performance.now() })
  }

  /** Opens the socket. Resolves to the HTTP status of the handshake. */
  async open(headers = {}) {
    this.socket = new WebSocket(this.attributes.url, {
      headers: { 'x-twilio-signature': this.signature(this.attributes.url), ...headers },
      perMessageDeflate: false,
    })
    const refused = new Promise((resolve) =>
      this.socket.on('unexpected-response', (_request, response) => resolve(response.statusCode)),
    )
    this.socket.on('error', () => {})
    this.socket.on('message', (data) => this.#receive(data.toString()))
    this.socket.on('close', (code) => this.#onClose(code))
    const status = await Promise.race([
      once(this.socket, 'open').then(
        () => 101,
        () => 0,
      ),
      refused,
    ])
    if (status !== 101) return status
    this.sessionId = `VX${this.call.callSid.slice(2)}`
    this.#send({
      type: 'setup',
      sessionId: this.sessionId,
      callSid: this.call.callSid,
      parentCallSid: '',
      accountSid: this.call.accountSid,
      from: this.call.from,
      to: this.call.to,
      forwardedFrom: '',
      callerName: '',
      direction: 'inbound',
      callType: 'PSTN',
      callStatus: 'RINGING',
      customParameters: {},
    })
    const greeting = this.attributes.welcomeGreeting
    if (greeting)
      this.#speak(greeting, { interruptible: this.attributes.welcomeGreetingInterruptible !== 'none' })
    return status
  }

  /**
   * The caller speaks. Cuts the agent's speech, if there is any.
   * @param options `finals`: the number of pieces that the words arrive in; `words: false` for a noise; `interrupts: false`
   *   for words that do not interrupt; `takes`: milliseconds of speech
   */
  async say(text, { finals = 1, partials = false, interrupts = true, takes = 300 } = {}) {
    this.emit('caller', text)
    this.#hasReplied = this.#hasSpoken = false
    this.#info('clientSpeaking', 'on')
    if (interrupts && this.#isSpeaking) this.#interrupt()
    const words = text.split(' ')
    if (partials)
      this.#send({ type: 'prompt', voicePrompt: words.slice(0, 2).join(' '), lang: 'en-US', last: false })
    await this.#sleep(takes)
    this.#info('clientSpeaking', 'off')
    if (text === '') return
    const length = Math.ceil(words.length / finals)
    for (let at = 0; at < words.length; at += length) {
      if (at > 0) await this.#sleep(200)
      this.#asked = performance.now()
      this.#send({
        type: 'prompt',
        voicePrompt: words.slice(at, at + length).join(' '),
        lang: 'en-US',
        last: true,
      })
    }
  }

  /** The caller presses keys. The key is reported before its interruption. */
  async press(keys) {
    for (const digit of keys) {
      this.emit('caller', `[${digit}]`)
      this.#hasReplied = this.#hasSpoken = false
      this.#send({ type: 'dtmf', digit })
      if (this.#isSpeaking) {
        const playing = this.#playing
        await wait(1)
        if (this.#playing === playing) this.#interrupt()
      }
      await this.#sleep(100)
    }
  }

  /** Resolves when the agent has finished a reply to what the caller said last. */
  async quiet() {
    while (!this.#hasReplied) await once(this, 'quiet', { signal: AbortSignal.timeout(30_000) })
  }

  /** Resolves to the clause that matches, as soon as it was played. */
  async hears(pattern) {
    const before = this.heard.find((clause) => pattern.test(clause))
    if (before) return before
    for (;;) {
      const [clause] = await once(this, 'heard', { signal: AbortSignal.timeout(30_000) })
      if (pattern.test(clause)) return clause
    }
  }

  /** The caller hangs up. */
  hangUp() {
    this.#ended ??= { SessionStatus: 'completed', CallStatus: 'completed' }
    this.socket.close(1000, 'Closing websocket session')
  }

  /** The socket breaks. The call lives. */
  drop() {
    this.#ended ??= LOST
    this.socket.terminate()
  }

  /** Sends a frame that is none. */
  sendRaw(text) {
    this.socket.send(text)
  }

  #onClose() {
    this.closed = true
    this.#stopPlaying()
    const form = {
      SessionId: this.sessionId,
      SessionDuration: '9',
      CallStatus: 'in-progress',
      ...(this.#ended ?? LOST),
    }
    this.emit('closed', form)
  }

  #receive(text) {
    const frame = parse(text)
    this.frames.push({ at: this.#now(), from: 'app', frame: frame ?? text })
    const problem = problemOf(frame)
    if (problem) {
      this.problems.push(`${problem}: ${text.slice(0, 200)}`)
      this.#send({
        type: 'error',
        description: `Invalid message received, code: 64107, ${text.slice(0, 100)}`,
      })
      if (++this.#malformed >= MAX_MALFORMED)
        this.socket.close(1007, 'Too many consecutive malformed messages.')
      return
    }
    this.#malformed = 0
    if (this.#isEndedByApp) return this.problems.push(`a frame after the end: ${text.slice(0, 200)}`)
    if (this.#ended) return
    if (frame.type === 'end') {
      this.#isEndedByApp = true
      if (this.#isStreamOpen) this.problems.push('the end comes while a token stream is open')
      this.#ended = { SessionStatus: 'ended', ...(frame.handoffData && { HandoffData: frame.handoffData }) }
      return this.#endWhenSpoken()
    }
    if (frame.type === 'text') this.#speak(frame.token, frame, frame.last === true)
  }

  async #endWhenSpoken() {
    while (this.#playing) await once(this, 'played')
    await this.#sleep(88)
    if (!this.closed) this.socket.close(1000, 'Closing websocket session')
  }

  #speak(token, { interruptible = true, preemptible = false } = {}, isLast = true) {
    if (this.#asked !== undefined && token !== '') {
      this.latencies.push(performance.now() - this.#asked)
      this.#asked = undefined
    }
    if (token !== '' && !preemptible) this.#hasSpoken = true
    if (token !== '' && this.#playing?.preemptible) this.#preempt()
    for (const text of clausesOf(token)) this.#queue.push({ text, interruptible, preemptible })
    this.#isStreamOpen = !isLast
    if (!this.#playing) this.#play()
    if (!this.#playing && isLast) this.#stopSpeaking()
  }

  async #play() {
    const clause = this.#queue.shift()
    if (!clause) return
    const playing = { ...clause, began: undefined }
    this.#playing = playing
    if (!this.#isSpeaking) {
      await this.#sleep(SYNTHESIS)
      if (this.#playing !== playing || this.closed) return
      this.#isSpeaking = true
      this.#info('agentSpeaking', 'on')
    }
    playing.began = performance.now()
    await this.#sleep((clause.text.length / CHARACTERS_PER_SECOND) * 1_000)
    if (this.#playing !== playing || this.closed) return
    this.#played(clause.text)
    this.#playing = undefined
    if (this.#queue.length > 0) return this.#play()
    this.emit('played')
    if (!this.#isStreamOpen) this.#stopSpeaking()
  }

  /** Cuts everything that is queued, in the order in which Twilio reports it. */
  #interrupt() {
    const playing = this.#playing
    if (!playing || playing.began === undefined || !playing.interruptible) return
    if (this.attributes.interruptible === 'none') return
    const cut = this.#cutText(playing)
    this.#stopPlaying()
    if (cut) this.#played(cut)
    const ms = Math.round((performance.now() - playing.began) * this.speed)
    this.#send({ type: 'interrupt', utteranceUntilInterrupt: cut, durationUntilInterruptMs: ms })
    this.#info('agentSpeaking', 'off')
    this.emit('interrupted')
  }

  /** Cuts speech that is preemptible. Nothing but the played part is reported. */
  #preempt() {
    const cut = this.#playing.began === undefined ? '' : this.#cutText(this.#playing)
    this.#playing = undefined
    this.#queue = this.#queue.filter(({ preemptible }) => !preemptible)
    if (cut) this.#played(cut)
  }

  #cutText({ text, began }) {
    const seconds = ((performance.now() - began) * this.speed) / 1_000
    return text
      .slice(0, Math.floor(seconds * CHARACTERS_PER_SECOND))
      .replace(/\S+$/, (part, at, cut) =>
        text[cut.length] === undefined || text[cut.length] === ' ' ? part : '',
      )
  }

  #stopPlaying() {
    this.#playing = undefined
    this.#queue = []
    this.#isSpeaking = false
    this.#isStreamOpen = false
    this.emit('played')
  }

  #stopSpeaking() {
    if (this.#isSpeaking) {
      this.#isSpeaking = false
      this.#info('agentSpeaking', 'off')
    }
    this.#hasReplied ||= this.#hasSpoken
    this.emit('quiet')
  }

  #played(text) {
    this.heard.push(text)
    if (this.events) this.#info('tokensPlayed', text)
    this.emit('heard', text)
  }

  #info(name, value) {
    if (this.events) this.#send({ type: 'info', name, value })
  }

  #send(frame) {
    if (this.socket.readyState !== WebSocket.OPEN) return
    this.frames.push({ at: this.#now(), from: 'twilio', frame })
    this.socket.send(JSON.stringify(frame))
  }

  #now() {
    return Math.round(performance.now() - this.began)
  }

  #sleep(milliseconds) {
    return wait(milliseconds / this.speed)
  }
}

const LOST = {
  SessionStatus: 'failed',
  ErrorCode: '64105',
  ErrorMessage: 'Websocket ended',
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function problemOf(frame) {
  const shape = FRAMES[frame?.type]
  if (!shape) return 'an unknown frame'
  for (const [name, type] of Object.entries(shape.required)) {
    if (typeof frame[name] !== type) return `\`${name}\` must be a ${type}`
  }
  for (const [name, value] of Object.entries(frame)) {
    const type = name === 'type' ? 'string' : (shape.required[name] ?? shape.others[name])
    if (type === undefined) return `\`${name}\` is not known`
    if (typeof value !== type) return `\`${name}\` must be a ${type}`
  }
  if (frame.type === 'text' && /[<>*`]/.test(frame.token)) return 'markup would be read aloud'
  return undefined
}

/** Splits a text into the clauses that are synthesized one after the other. */
function clausesOf(text) {
  return (text.match(/[^.!?,;:]+[.!?,;:]*\s*|[.!?,;:]+\s*/g) ?? []).filter((clause) => clause.trim() !== '')
}
