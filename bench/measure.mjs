// Medians of interleaved rounds, so that other load of the machine affects every contender alike.
import { performance } from 'node:perf_hooks'

/**
 * Runs the same work with every contender, round after round.
 * @param contenders - `{ name, … }`; one whose `work` gives `undefined` does not know that operation
 * @param work - `(contender, round) => () => Promise`, with preparations outside of the function it returns
 * @param rounds - rounds that count; one more, first, warms up
 * @returns median milliseconds by name
 */
export async function measure(contenders, work, rounds) {
  const times = new Map()
  for (let round = 0; round <= rounds; round++) {
    // Another contender starts each round.
    const order = contenders.map((_, i) => contenders[(i + round) % contenders.length])
    for (const contender of order) {
      const run = await work(contender, round)
      if (run === undefined) continue
      const start = performance.now()
      await run()
      const took = performance.now() - start
      if (round > 0) times.set(contender.name, [...(times.get(contender.name) ?? []), took])
    }
  }
  return Object.fromEntries([...times].map(([name, taken]) => [name, median(taken)]))
}

/** Returns the median; of an even number of values, the upper one. */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}
