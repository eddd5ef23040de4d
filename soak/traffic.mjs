// The mixed traffic of a soak: saves, reads, deletes, turns, and messages that are delivered twice.
import { randomUUID } from 'node:crypto'
import { createHistogram } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { AIReceptionist, ReceptionistError } from '../index.js'
import { readTwiml } from '../examples/phone.mjs'
import { TWILIO, authOf, sms } from '../__test__/support/channels/phone-harness.mjs'
import { answer, memoryId, words } from './ledger.mjs'

/** The number of concurrent callers. Each awaits a result before the next call. */
const CALLERS = 24
/** The maximum duration of any call, whatever fails, in milliseconds. */
const MAX_DURATION = 120_000

const random = (most) => Math.floor(Math.random() * most)

/** The work on one database. */
export class Traffic {
  /** The durations by operation, in microseconds. */
  #took = {}
  /** The number of failed calls by code. */
  #failed = {}
  /** Errors without a code, and calls that took too long. */
  #wrong = []
  /** The number of retries by log message. */
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
      if (took > MAX_DURATION) this.#wrong.push(`${name} took ${Math.round(took / 1_000)} s`)
      this.#took[name] ??= createHistogram()
      this.#took[name].record(Math.max(1, Math.round(took * 1_000)))
      await setImmediate()
    }
  }

  #memory(number) {
    const id = memoryId(number)
    return { id, content: `what ${id} says 👋`, timestamp: new Date(), type: 'system', channel: 'sms' }
  }

  async #save() {
    const number = this.#number++
    this.#ledger.asked([number])
    await this.#receptionist.agent.memory.store(this.#memory(number))
    this.#ledger.saved([number])
    return number
  }

  async #saveBatch() {
    const numbers = Array.from({ length: 20 }, () => this.#number++)
    this.#ledger.asked(numbers)
    await this.#receptionist.agent.memory.storeBatch(numbers.map((number) => this.#memory(number)))
    this.#ledger.saved(numbers)
  }

  async #get() {
    await this.#receptionist.agent.memory.get(memoryId(random(this.#number)))
  }

  async #search() {
    await this.#receptionist.agent.memory.search({ channel: 'sms', limit: 20 })
  }

  async #delete() {
    const number = await this.#save()
    this.#ledger.asked([number])
    await this.#receptionist.agent.memory.delete(memoryId(number))
    this.#ledger.deleted(number)
  }

  async #turn() {
    const number = this.#number++
    await this.#receptionist.text.generate({ prompt: words(number), conversationId: randomUUID() })
    this.#ledger.answered(number)
  }

  /** Twilio delivers a message again that got no answer, and sometimes one that did. */
  async #message() {
    const number = this.#number++
    const said = words(number)
    const message = sms(said, { From: `+1555${String(number % 1e7).padStart(7, '0')}` })
    const deliver = () => this.#receptionist.handleSMSWebhook(message, authOf(message))
    const outcomes = await Promise.allSettled([deliver(), deliver()])
    const failure = outcomes.find(({ status }) => status === 'rejected')
    if (failure) throw failure.reason
    const texts = outcomes.flatMap(({ value }) => readTwiml(value).map(({ text }) => text))
    if (texts.includes(answer(said))) this.#ledger.answered(number)
  }
}
