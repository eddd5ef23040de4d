// How much memory the process holds while it soaks.

const MIB = 1 << 20
/** What a process may grow by after its first tenth, in MiB: what V8 and the pools take as they please. */
const ROOM = 64

/** Looks at the process from time to time. */
export class Memory {
  #resident = []
  #heap = []

  look() {
    const { rss, heapUsed, external } = process.memoryUsage()
    this.#resident.push(rss / MIB)
    this.#heap.push((heapUsed + external) / MIB)
  }

  /** Resident and heap in MiB, at the first look after the start, half-way and at the end, and whether that is flat. */
  outcome() {
    const at = (list, share) => Math.round(list[Math.floor((list.length - 1) * share)])
    const points = (list) => [0.1, 0.5, 1].map((share) => at(list, share))
    const [resident, heap] = [points(this.#resident), points(this.#heap)]
    return { resident, heap, flat: resident[2] - Math.max(...resident.slice(0, 2)) < ROOM }
  }
}
