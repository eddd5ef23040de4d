// Retention: memories are kept as long as configured, and no others are pruned.
import test from 'ava'
import { AIReceptionist, ValidationError } from '../../index.js'
import { openDatabases } from '../support/databases.mjs'

const { databases, close } = await openDatabases()
test.after.always(close)

const NOW = Date.UTC(2026, 0, 1)
const OLD = 450
const embedder = { model: 'lengths', embed: (texts) => texts.map((text) => [text.length, 1]) }
const model = { provider: 'custom', model: 'silent', chat: () => ({ content: '' }) }

/** By place of the memories: the options, and how to count vectors. */
const PLACES = {
  ...Object.fromEntries(
    Object.entries(databases).map(([name, open]) => [
      name,
      () => {
        const { database, table, query } = open()
        const vectors = async () => (await query(`SELECT memory_id FROM ${table('vectors')}`)).length
        return { config: { database }, vectors }
      },
    ]),
  ),
  InMemoryStorage: () => ({ config: { storage: { type: 'memory' } } }),
}

for (const [name, open] of Object.entries(PLACES)) {
  test(`${name}: old memories and their vectors are pruned in batches, and nothing else`, async (t) => {
    const { config, vectors } = open()
    const receptionist = new AIReceptionist({
      agent: { identity: { name: 'Sarah', role: 'Receptionist' }, memory: { embedder } },
      model,
      ...config,
    })
    t.teardown(() => receptionist.dispose())
    await receptionist.initialize()
    const { memory } = receptionist.agent
    const at = (id, millis, type = 'conversation') => ({
      id,
      content: `It was ${id}`,
      timestamp: new Date(millis),
      type,
      sessionMetadata: { conversationId: 'c' },
    })
    const old = Array.from({ length: OLD }, (_, n) => at(`old-${n}`, NOW - 1 - n))
    const decision = at('decision', NOW - 1_000_000, 'decision')
    const kept = [at('now', NOW), at('later', NOW + 1)]
    await memory.storeBatch([...old, decision, ...kept])
    await memory.reindex()
    if (vectors) t.is(await vectors(), OLD + 3)

    const ids = async () => (await memory.search({ limit: 1_000 })).map(({ id }) => id).sort()
    const before = new Date(NOW)
    const { database } = receptionist
    for (const [wrong, path] of [
      [{}, 'before'],
      [{ before: new Date(NaN) }, 'before'],
      [{ before: 'yesterday' }, 'before'],
      [{ before: new Date(Date.UTC(500, 0)) }, 'before'],
      [{ before, type: 'gossip' }, 'type'],
      [{ before, type: [] }, 'type'],
      [{ before, onProgress: 7 }, 'onProgress'],
      [null, 'options'],
    ]) {
      const error = await t.throwsAsync(database.prune(wrong), { instanceOf: ValidationError })
      t.regex(error.message, new RegExp(path), error.message)
    }
    t.is((await ids()).length, OLD + 3, 'what was refused deleted nothing')

    const progress = []
    const options = { before, type: 'conversation', onProgress: ({ memories }) => progress.push(memories) }
    const arriving = memory.storeBatch([at('arriving', NOW + 2)])
    t.deepEqual(await database.prune(options), { memories: OLD })
    t.deepEqual(progress, [200, 400, 450])
    await arriving
    t.deepEqual(await ids(), ['arriving', 'decision', 'later', 'now'])
    t.deepEqual(await database.prune(options), { memories: 0 })
    t.is(progress.length, 3)
  })
}
