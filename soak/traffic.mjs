// What a receptionist does all day, all at once: it saves, reads, forgets, talks, and answers messages that are delivered twice.
import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { AIReceptionist, ReceptionistError } from '../index.js'
import { readTwiml } from '../examples/phone.mjs'
import { TWILIO, proof, sms } from '../__test__/servers/line.mjs'

/** Callers at once, each of whom waits for an answer before asking for the next thing. */
const CALLERS = 24
/** Nothing may take longer, whatever is broken, in milliseconds. */
const PATIENCE = 120_000

const random = (most) => Math.floor(Math.random() * most)

/** The work on one database. */
export class Traffic {
  /** Operation → how long each took, in milliseconds. */
  #took = {}
  /** Code → how many calls failed with it. */
  #failed = {}
  /** What is no coded error, or took too long. */
  #wrong = []
  /** What was tried again, and how often, as the log tells. */
  #retries = {}
  #ledger
  #receptionist
  #operations
  #number = 0

  constructor({ url, model, ledger }) {
    this.#ledger = ledger
    this.#receptionist = new AIReceptionist({
      agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
      model: { provider: 'openai', model: 'm', baseUrl: model.url, maxRetries: 2 },
      database: { connection: url },
      providers: { communication: { twilio: TWILIO } },
      channels: { sms: { maxPerHour: 1e9 } },
      logger: { debug() {}, info() {}, error() {}, warn: (message) => this.#note(message) },
    })
    this.#operations = [
      ['save', 8, () => this.#save()],
      ['saveBatch of 20', 2, () => this.#saveBatch()],
      ['get', 4, () => this.#get()],
      ['search', 4, () => this.#search()],
      ['delete', 2, () => this.#delete()],
      ['turn', 4, () => this.#turn()],
      ['SMS, delivered twice', 2, () => this.#message()],
    ].flatMap(([name, weight, run]) => Array.from({ length: weight }, () => ({ name, run })))
  }

  begin() {
    return this.#receptionist.initialize()
  }

  async run(until) {
    await Promise.all(Array.from({ length: CALLERS }, () => this.#call(until)))
  }

  health() {
    return this.#receptionist.healthCheck()
  }

  end() {
    return this.#receptionist.dispose()
  }

  outcome() {
    return { took: this.#took, failed: this.#failed, retries: this.#retries, wrong: this.#wrong }
  }

  #note(message) {
    if (/trying again/.test(message)) this.#retries[message] = (this.#retries[message] ?? 0) + 1
  }

  async #call(until) {
    while (Date.now() < until) {
      const { name, run } = this.#operations[random(this.#operations.length)]
      const began = performance.now()
      try {
        await run()
      } catch (error) {
        if (!(error instanceof ReceptionistError)) this.#wrong.push(`${name}: ${error}`)
        this.#failed[error.code] = (this.#failed[error.code] ?? 0) + 1
      }
      const took = performance.now() - began
      if (took > PATIENCE) this.#wrong.push(`${name} took ${Math.round(took / 1_000)} s`)
      this.#took[name] ??= []
      this.#took[name].push(took)
      await setImmediate()
    }
  }

  #memory() {
    const id = `soak-${this.#number++}`
    return { id, content: `what ${id} says 👋`, timestamp: new Date(), type: 'system', channel: 'sms' }
  }

  async #save() {
    const memory = this.#memory()
    this.#ledger.asked([memory.id])
    await this.#receptionist.agent.memory.store(memory)
    this.#ledger.saved([memory.id])
  }

  async #saveBatch() {
    const memories = Array.from({ length: 20 }, () => this.#memory())
    const ids = memories.map(({ id }) => id)
    this.#ledger.asked(ids)
    await this.#receptionist.agent.memory.storeBatch(memories)
    this.#ledger.saved(ids)
  }

  async #get() {
    await this.#receptionist.agent.memory.get(`soak-${random(this.#number)}`)
  }

  async #search() {
    await this.#receptionist.agent.memory.search({ channel: 'sms', limit: 20 })
  }

  async #delete() {
    const memory = this.#memory()
    await this.#receptionist.agent.memory.store(memory)
    this.#ledger.asked([memory.id])
    await this.#receptionist.agent.memory.delete(memory.id)
    this.#ledger.deleted(memory.id)
  }

  async #turn() {
    const said = `word ${this.#number++}`
    const conversationId = randomUUID()
    await this.#receptionist.text.generate({ prompt: said, conversationId })
    this.#ledger.answered(said)
  }

  /** Twilio delivers again what it got no answer for, and sometimes what it got one for. */
  async #message() {
    const said = `word ${this.#number++}`
    const message = sms(said, { From: `+1555${String(this.#number % 1e7).padStart(7, '0')}` })
    const deliver = () => this.#receptionist.handleSMSWebhook(message, proof(message))
    const answers = await Promise.allSettled([deliver(), deliver()])
    const failure = answers.find(({ status }) => status === 'rejected')
    if (failure) throw failure.reason
    const texts = answers.flatMap(({ value }) => readTwiml(value).map(({ text }) => text))
    if (texts.includes(`answer to ${said}`)) this.#ledger.answered(said)
  }
}
