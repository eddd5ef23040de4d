// Dates keep their moment, even if a program changed how dates are written as JSON.
import { runInNewContext } from 'node:vm'
import test from 'ava'
import { AIReceptionist, DatabaseStorage, InMemoryStorage } from '../../index.js'
import { startModel } from '../support/models/strict-model.mjs'

const MOMENT = Date.UTC(2024, 1, 29, 23, 30, 15, 250)
const ISO = '2024-02-29T23:30:15.250Z'
const local = (date) => `${date.getFullYear()}-02-29 23:30:15+01:00`

class Stamp extends Date {
  toJSON() {
    return local(this)
  }
}

class Day extends Date {
  toISOString() {
    return '2024-02-29'
  }
}

/** Dates of every kind, all at one moment. */
const DATES = {
  plain: () => new Date(MOMENT),
  'of a subclass that writes local time': () => new Stamp(MOMENT),
  'of a subclass that writes days': () => new Day(MOMENT),
  'of another realm': () => runInNewContext(`new Date(${MOMENT})`),
  'of another realm in which toJSON was replaced': () =>
    runInNewContext(`Date.prototype.toJSON = () => 'no'; new Date(${MOMENT})`),
  'with a toJSON of its own': () => Object.assign(new Date(MOMENT), { toJSON: () => 'today' }),
  'with a toJSON that throws': () =>
    Object.assign(new Date(MOMENT), {
      toJSON() {
        throw new Error('no')
      },
    }),
  'with further fields': () => Object.assign(new Date(MOMENT), { zone: 'Europe/Vienna' }),
  'without a prototype of Date': () => Object.setPrototypeOf(new Date(MOMENT), { toJSON: () => 7 }),
}

/**
 * Changes that programs make to Date.prototype, by public advice: local time in JSON, moment's
 * format, days, nothing.
 */
const PATCHES = {
  nothing: {},
  'toJSON to local time': {
    toJSON() {
      return this.toLocaleString()
    },
  },
  'toJSON to an offset without a colon': {
    toJSON() {
      return '2024-03-01T00:30:15+0100'
    },
  },
  'toJSON to milliseconds as text': {
    toJSON() {
      return String(this.getTime())
    },
  },
  'toJSON to the Date itself': {
    toJSON() {
      return this
    },
  },
  'toJSON away': { toJSON: undefined },
  'toISOString to days': { toISOString: () => '2024-02-29' },
  'valueOf to text': { valueOf: () => 'a date' },
  'getTime to seconds': {
    getTime: () => 1,
    toJSON: () => 'no',
  },
}

/** Runs code in a program with this change. */
async function patched(patch, code) {
  const saved = Object.getOwnPropertyDescriptors(Date.prototype)
  Object.assign(Date.prototype, patch)
  try {
    return await code()
  } finally {
    for (const name of Object.keys(patch)) Object.defineProperty(Date.prototype, name, saved[name])
  }
}

// Serial, because the change affects the whole process.
for (const [change, patch] of Object.entries(PATCHES)) {
  for (const [kind, make] of Object.entries(DATES)) {
    test.serial(`a date ${kind}, in a program that changed ${change}`, async (t) => {
      const own = new Map()
      const custom = {
        save: (memory) => void own.set(memory.id, { ...memory, timestamp: make() }),
        get: (id) => own.get(id) ?? null,
        search: () => [...own.values()],
        delete: (id) => void own.delete(id),
        healthCheck: () => true,
      }
      const { config } = await startModel(t, () => 'Hi')
      const receptionist = new AIReceptionist({
        agent: { identity: { name: 'S', role: 'R' }, memory: { longTermStorage: custom, contextWindow: 1 } },
        model: config,
        tools: {
          custom: [
            { name: 'when', description: 'x', handlers: { default: () => ({ at: make(), list: [make()] }) } },
          ],
        },
      })
      const database = new DatabaseStorage({ connectionString: 'sqlite::memory:' })
      t.teardown(() => Promise.all([receptionist.dispose(), database.dispose()]))
      const memory = () => ({
        id: 'm',
        content: 'x',
        type: 'system',
        timestamp: make(),
        metadata: { at: make(), list: [{ at: make() }], id: { toJSON: () => 'its own' } },
      })
      const found = []
      const query = () => ({ startDate: make(), endDate: make() })
      let executed
      await patched(patch, async () => {
        await receptionist.initialize()
        for (const storage of [new InMemoryStorage(), database, receptionist.agent.memory]) {
          const store = storage.store ? 'store' : 'save'
          await storage[store](memory())
          found.push([await storage.get('m'), (await storage.search(query())).length])
        }
        await database.saveBatch([{ ...memory(), id: 'n' }])
        executed = await receptionist
          .getToolRegistry()
          .execute('when', {}, { channel: 'text', conversationId: 'c' })
      })
      for (const [memory, count] of found) {
        t.is(memory.timestamp.getTime(), MOMENT)
        t.deepEqual(memory.metadata, { at: ISO, list: [{ at: ISO }], id: 'its own' })
        t.is(count, 1)
      }
      t.is((await database.get('n')).timestamp.getTime(), MOMENT)
      t.deepEqual(executed.data, { at: ISO, list: [ISO] })
    })
  }
}

test.serial('an invalid date is refused, however a program changed its JSON form', async (t) => {
  const storage = new InMemoryStorage()
  for (const date of [
    new Stamp(NaN),
    Object.assign(new Date(NaN), { toJSON: () => ISO }),
    runInNewContext('new Date(NaN)'),
  ]) {
    const error = await t.throwsAsync(
      storage.save({ id: 'm', content: 'x', type: 'system', timestamp: date }),
    )
    t.is(error.code, 'INVALID_MEMORY')
    t.regex(error.message, /`timestamp` is an invalid Date/)
  }
})
