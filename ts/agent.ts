import { MemoryManager } from './memory-manager'
import type { NativeReceptionist } from './native'

/** The agent of a receptionist. */
export class Agent {
  /** What it remembers. */
  readonly memory: MemoryManager

  private constructor(memory: MemoryManager) {
    this.memory = memory
  }

  /** @internal */
  static of(native: NativeReceptionist): Agent {
    return new Agent(MemoryManager.of(native))
  }

  /** What it remembers: the same object as `memory`. */
  getMemory(): MemoryManager {
    return this.memory
  }
}
