// Custom storages that throw, return invalid values, never settle, or call the receptionist that uses them.
import test from 'ava'
import { ReceptionistError, UserCodeError } from '../../index.js'
import { mapStorage } from '../support/storage/map-storage.mjs'
import { memory as sample } from '../support/fixtures.mjs'
import { startModel } from '../support/models/strict-model.mjs'
import { open, storageWith, rejection } from '../support/storage/custom-storage-harness.mjs'

const hostile = {
  get message() {
    throw new Error('not even this')
  },
}

const THROWN = {
  'an error': new RangeError('mine'),
  'a frozen error': Object.freeze(new TypeError('mine')),
  'a string': 'mine',
  undefined: undefined,
  null: null,
  'a number': 0,
  'a symbol': Symbol('mine'),
  'an object that cannot be read': hostile,
  'half a surrogate pair': '\ud800',
}

for (const [what, value] of Object.entries(THROWN)) {
  test(`${what}, thrown or rejected by the storage, reaches the caller unchanged`, async (t) => {
    for (const fail of [
      () => {
        throw value
      },
      () => Promise.reject(value),
    ]) {
      const { receptionist, memory } = await open(
        t,
        storageWith({ save: fail, search: fail, get: fail, delete: fail }),
      )
      for (const call of [
        () => memory.store(sample('a')),
        () => memory.storeBatch([sample('a')]),
        () => memory.search(),
        () => memory.getConversationHistory('c'),
        () => memory.get('a'),
        () => memory.delete('a'),
        () => receptionist.text.generate({ prompt: 'Hello' }),
      ]) {
        t.is(await rejection(t, call()), value)
      }
      t.is(memory.getStats().shortTermCount, 0, 'what could not be saved is not remembered either')
    }
  })
}

test('an error thrown in a turn, or by a getter of a result, reaches the caller unchanged', async (t) => {
  const server = await startModel(t, () => 'Hello!')
  const own = new Error('mine')
  const saved = []
  const storage = storageWith({
    save(memory) {
      if (memory.role === 'assistant') throw own
      saved.push(memory)
    },
    search: () => saved,
    get: () => ({
      ...sample('a'),
      get metadata() {
        throw own
      },
    }),
  })
  const { receptionist, memory } = await open(t, storage, { model: server.config })
  t.is(await rejection(t, receptionist.text.generate({ prompt: 'Hello', conversationId: 'c' })), own)
  t.is(await rejection(t, memory.get('a')), own)
})

const cyclic = { ...sample('a'), metadata: {} }

cyclic.metadata.self = cyclic

const nested = JSON.parse(`${'{"in":'.repeat(200)}1${'}'.repeat(200)}`)
const secret = 'what the customer said'
const WRONG = {
  'without an id': [{ ...sample('a'), id: undefined }, /id/],
  'with an invalid Date': [{ ...sample('a'), timestamp: new Date(NaN) }, /timestamp.*Date/],
  'with an invalid date': [{ ...sample('a'), timestamp: secret }, /timestamp/],
  'of an unknown type': [{ ...sample('a'), importance: secret }, /importance/],
  'that contains itself': [cyclic, /metadata\.self.*contains itself/],
  'with a BigInt': [{ ...sample('a'), metadata: { n: 1n } }, /metadata\.n.*BigInt/],
  'with half a surrogate pair': [{ ...sample('a'), content: '\ud800' }, /content.*surrogate/],
  'nested too deep': [{ ...sample('a'), metadata: nested }, /metadata.*nested/],
  'that is a number': [7, /object/],
  'that is a string': [secret, /object/],
  'that is a list': [[], /object/],
  'that is a function': [() => {}, /object/],
}

for (const [what, [value, message]] of Object.entries(WRONG)) {
  test(`a returned memory ${what} is refused`, async (t) => {
    const { memory } = await open(t, storageWith({ search: () => [sample('ok'), value], get: () => value }))
    for (const [name, call] of [
      ['storage.search', () => memory.search()],
      ['storage.get', () => memory.get('a')],
    ]) {
      const error = await t.throwsAsync(call, {
        instanceOf: UserCodeError,
        code: 'USER_CODE_INVALID',
        message,
      })
      t.true(error.message.includes(name), error.message)
      t.false(error.message.includes(secret))
    }
  })
}

test('a search that does not return a list is refused', async (t) => {
  for (const value of [undefined, null, 7, 'text', {}, new Map([[1, 2]]), [null], [undefined]]) {
    const { memory } = await open(t, storageWith({ search: () => value }))
    await t.throwsAsync(memory.search(), {
      instanceOf: UserCodeError,
      code: 'USER_CODE_INVALID',
      message: /storage\.search/,
    })
  }
})

test('a promise that never settles times out, and the receptionist continues', async (t) => {
  const pending = []
  const never = () => new Promise((resolve) => pending.push(resolve))
  const storage = storageWith({ save: never, search: never, get: never, delete: never })
  const { memory } = await open(t, storage)
  const expected = { instanceOf: UserCodeError, code: 'USER_CODE_TIMEOUT', message: /storage\.\w+.*30000/s }
  await Promise.all([
    t.throwsAsync(memory.store(sample('a')), expected),
    t.throwsAsync(memory.storeBatch([sample('a')]), expected),
    t.throwsAsync(memory.search(), expected),
    t.throwsAsync(memory.get('a'), expected),
    t.throwsAsync(memory.delete('a'), expected),
  ])
  Object.assign(storage, mapStorage())
  for (const resolve of pending) resolve([sample('late')])
  await memory.store(sample('b'))
  t.deepEqual(await memory.get('b'), sample('b'))
})

test('a storage that deletes its own methods fails only later calls', async (t) => {
  const storage = storageWith({
    save() {
      for (const method of Object.keys(storage)) delete storage[method]
    },
  })
  const { memory } = await open(t, storage)
  await memory.store(sample('a'))
  for (const call of [() => memory.store(sample('b')), () => memory.search(), () => memory.get('a')]) {
    await t.throwsAsync(call, { instanceOf: TypeError, message: /is not a function/ })
  }
})

test('a storage can call the receptionist that calls it', async (t) => {
  const storage = mapStorage()
  let receptionist
  const { save } = storage
  storage.save = async (memory) => {
    const { memory: manager } = receptionist.agent
    if (memory.type !== 'system') {
      const known = await manager.search({ type: 'conversation' })
      await manager.store(sample(`audit of ${memory.id}`, { type: 'system', content: `${known.length}` }))
      await manager.getConversationHistory('c')
    }
    save(memory)
  }
  receptionist = (await open(t, storage)).receptionist
  const { memory } = receptionist.agent
  for (const id of ['a', 'b']) await memory.store(sample(id))
  t.is((await memory.get('audit of b')).content, '1')
  await Promise.all(Array.from({ length: 50 }, (_, n) => memory.store(sample(`m${n}`))))
  t.is(storage.count(), 104)
})

test('a storage can dispose of the receptionist that calls it', async (t) => {
  const storage = mapStorage()
  const { receptionist, memory } = await open(t, storage)
  const { save } = storage
  storage.save = async (memory) => {
    await receptionist.dispose()
    save(memory)
  }
  await memory.store(sample('a'))
  t.is(storage.count(), 1)
  await t.throwsAsync(memory.search(), { instanceOf: ReceptionistError })
  await receptionist.initialize()
  storage.save = save
  t.deepEqual(await receptionist.agent.memory.search(), [sample('a')])
})

test('a hundred thousand memories and messages of several megabytes are returned', async (t) => {
  const many = Array.from({ length: 100_000 }, (_, n) => sample(`m${n}`))
  const content = '👋🏽 äöü '.repeat(500_000)
  const { memory } = await open(t, storageWith({ search: () => many, get: () => sample('big', { content }) }))
  const found = await memory.search({ limit: 1 })
  t.is(found.length, 100_000)
  t.deepEqual(found.at(-1), sample('m99999'))
  t.is((await memory.get('big')).content, content)
})
