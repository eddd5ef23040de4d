// The memory of the process during a soak.

const MIB = 1 << 20
/** The allowed growth after the first tenth, in MiB, for V8 and the pools. */
const ROOM = 64

/** Samples the memory of the process. */
export class Memory {
  #resident = []
  #heap = []

  look() {
    const { rss, heapUsed, external } = process.memoryUsage()
    this.#resident.push(rss / MIB)
    this.#heap.push((heapUsed + external) / MIB)
  }

  /**
   * Returns resident set and heap in MiB, at the first sample, half-way and at the end, and if they
   * are flat.
   */
  outcome() {
    const at = (list, share) => Math.round(list[Math.floor((list.length - 1) * share)])
    const points = (list) => [0.1, 0.5, 1].map((share) => at(list, share))
    const [resident, heap] = [points(this.#resident), points(this.#heap)]
    return { resident, heap, flat: resident[2] - Math.max(...resident.slice(0, 2)) < ROOM }
  }
}
