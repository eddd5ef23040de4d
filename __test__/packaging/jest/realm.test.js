// Runs under Jest, whose tests have a realm of their own: results and errors of the package must
// belong to that realm.
const {
  AIReceptionist,
  ConfigurationError,
  DatabaseError,
  DatabaseStorage,
  InMemoryStorage,
  LifecycleError,
  ReceptionistError,
  ValidationError,
} = require('../../../index.js')

const memory = {
  id: 'm',
  content: 'hello',
  timestamp: new Date(1_700_000_000_123),
  type: 'system',
  sessionMetadata: { participants: ['a', 'b'] },
  metadata: { nested: [{ a: null }] },
}
const agent = { identity: { name: 'Sarah', role: 'Sales Rep' } }
const model = {
  provider: 'openai',
  apiKey: 'unused',
  model: 'unused',
  baseUrl: 'http://127.0.0.1:9/v1',
  maxRetries: 0,
}

test.each([
  ['InMemoryStorage', () => new InMemoryStorage()],
  ['DatabaseStorage', () => new DatabaseStorage({ connectionString: 'sqlite::memory:' })],
])('%s returns objects of this realm', async (_, open) => {
  const storage = open()
  await storage.save(memory)
  const found = await storage.get('m')
  expect(found.timestamp).toBeInstanceOf(Date)
  expect(found.sessionMetadata.participants).toBeInstanceOf(Array)
  expect(found).toStrictEqual(memory)
  expect(await storage.search({})).toStrictEqual([memory])
  const saving = storage.save(memory)
  expect(saving).toBeInstanceOf(Promise)
  await saving
  await expect(storage.save({ ...memory, type: 'note' })).rejects.toThrow(ValidationError)
  await expect(storage.save({ ...memory, type: 'note' })).rejects.toBeInstanceOf(Error)
  await expect(storage.save({ ...memory, type: 'note' })).rejects.toMatchObject({
    code: 'INVALID_MEMORY',
    name: 'ValidationError',
  })
  await storage.dispose?.()
})

test('errors are real classes', async () => {
  expect(() => new AIReceptionist({ model })).toThrow(ConfigurationError)
  expect(() => new AIReceptionist({ model })).toThrow(Error)
  expect(() => new AIReceptionist({ model })).toThrow('Agent identity configuration is required')
  const receptionist = new AIReceptionist({ agent, model })
  expect(() => receptionist.agent).toThrow(LifecycleError)
  await expect(receptionist.text.generate({ prompt: 'Hi' })).rejects.toThrow(ReceptionistError)
  const storage = new DatabaseStorage({ connectionString: 'sqlite:/no/such/folder/x.db' })
  await expect(storage.initialize()).rejects.toThrow(DatabaseError)
  expect(() => AIReceptionist({ agent, model })).toThrow(TypeError)
})
