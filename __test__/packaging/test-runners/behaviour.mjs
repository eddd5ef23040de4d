// The assertions for every test runner. `expect` is that of Jest or Vitest, or built on
// `node:assert`.
import { DatabaseStorage, InMemoryStorage, ReceptionistError, ValidationError } from '../../../index.js'

const memory = {
  id: 'm',
  content: 'hello',
  timestamp: new Date(1_700_000_000_123),
  type: 'system',
  sessionMetadata: { participants: ['a', 'b'] },
}

export const storages = [
  ['InMemoryStorage', () => new InMemoryStorage()],
  ['DatabaseStorage', () => new DatabaseStorage({ connectionString: 'sqlite::memory:' })],
]

/**
 * Returned values are objects of the test's realm, and errors are instances of the exported
 * classes.
 */
export async function behave(expect, storage) {
  await storage.save(memory)
  const found = await storage.get('m')
  expect(found).toStrictEqual(memory)
  expect(found.timestamp).toBeInstanceOf(Date)
  const failure = await storage.save({ ...memory, type: 'note' }).catch((error) => error)
  for (const Class of [ValidationError, ReceptionistError, Error]) expect(failure).toBeInstanceOf(Class)
  await storage.dispose?.()
}
