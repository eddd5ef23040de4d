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
  report.add({
    group,
    work: 'history of one conversation of 100',
    figures: await measure(
      contenders,
      (contender, round) => () => contender.history(conversationOf(50_000 + round * 1_000)),
      rounds,
    ),
  })
  for (const [work, operation] of [
    ['get', (contender, n) => contender.get(idOf(n))],
    ['save', (contender, n) => contender.save(message(COUNT + n))],
  ]) {
    const figures = await measure(
      contenders,
      (contender, round) => async () => {
        for (let n = 0; n < OPERATIONS; n++) await operation(contender, round * OPERATIONS + n)
      },
      rounds,
    )
    const each = Object.entries(figures).map(([name, ms]) => [name, (ms / OPERATIONS) * 1_000])
    report.add({ group, work, unit: 'µs', figures: Object.fromEntries(each) })
  }
}
