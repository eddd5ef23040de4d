// InMemoryStorage, against the published SDK's.
import { openInMemory } from '../contenders/storages.mjs'
import { measure } from '../measure.mjs'
import { batches, conversationOf, idOf, message } from '../rows.mjs'

const COUNT = 100_000
const OPERATIONS = 1_000

export async function run({ report, quick }) {
  const rounds = quick ? 7 : 31
  const group = `InMemoryStorage, ${COUNT.toLocaleString('en')} memories`
  const contenders = ['ours', 'SDK 0.1.22'].map(openInMemory)
  for (const contender of contenders) {
    for (const batch of batches(COUNT, 1_000)) await contender.saveBatch(batch)
  }
  const add = async (work, operations, each) => {
    const figures = await measure(
      contenders,
      (contender, round) => {
        // The input is created before the measurement.
        const given = Array.from({ length: operations }, (_, i) => each.given(round * operations + i))
        return async () => {
          for (const one of given) await each.run(contender, one)
        }
      },
      rounds,
    )
    const micros = Object.entries(figures).map(([name, ms]) => [name, (ms / operations) * 1_000])
    report.add({ group, work, unit: 'µs', figures: Object.fromEntries(micros) })
  }
  await add('history of one conversation of 100', 10, {
    given: (n) => conversationOf(10_000 + ((n * 7_919) % 90_000)),
    run: (contender, conversation) => contender.history(conversation),
  })
  await add('get', OPERATIONS, { given: idOf, run: (contender, id) => contender.get(id) })
  await add('save', OPERATIONS, {
    given: (n) => message(COUNT + n),
    run: (contender, one) => contender.save(one),
  })
}
