import { attempt } from './errors'
import { held, hold } from './handle'
import {
  decodeMemories,
  decodeMemory,
  encodeMemories,
  encodeMemory,
  encodeQuery,
  requireString,
} from './json'
import type { IStorage, Memory, MemorySearchQuery } from './memory'
import { binding, type NativeInMemoryStorage } from './native'

/**
 * Keeps memories in this process: for development and tests, and gone when it ends.
 *
 * @example
 * ```ts
 * const storage = new InMemoryStorage()
 * await storage.save({ id: 'm1', content: 'Hello', timestamp: new Date(), type: 'conversation' })
 * ```
 */
export class InMemoryStorage implements IStorage {
  constructor() {
    hold(
      this,
      attempt(() => new binding.InMemoryStorage()),
    )
  }

  /**
   * Saves a memory; the same id again replaces it and keeps its place in the order.
   * @throws {@link ValidationError} if no database could hold it
   */
  async save(memory: Memory): Promise<void> {
    const json = encodeMemory(memory)
    attempt(() => native(this).save(json))
  }

  /**
   * Saves all or none; of several with the same id the last one wins.
   * @throws {@link ValidationError} if one of them could not be held
   */
  async saveBatch(memories: Memory[]): Promise<void> {
    const json = encodeMemories(memories)
    attempt(() => native(this).saveBatch(json))
  }

  /** The memory of that id, or null. */
  async get(id: string): Promise<Memory | null> {
    requireString('id', id)
    const json = attempt(() => native(this).get(id))
    return json === null ? null : decodeMemory(json)
  }

  /**
   * The memories a query asks for, in its order: by default the newest 100, newest first.
   * @throws {@link ValidationError} if the query cannot be answered
   */
  async search(query: MemorySearchQuery = {}): Promise<Memory[]> {
    const json = encodeQuery(query)
    return decodeMemories(attempt(() => native(this).search(json)))
  }

  /** Removes the memory of that id, if there is one. */
  async delete(id: string): Promise<void> {
    requireString('id', id)
    attempt(() => native(this).delete(id))
  }

  /** Always true. */
  async healthCheck(): Promise<boolean> {
    return true
  }

  /** How many memories there are. */
  count(): number {
    return attempt(() => native(this).count())
  }

  /** Removes all memories. */
  clear(): void {
    attempt(() => native(this).clear())
  }

  /** All memories, oldest first. */
  getAll(): Memory[] {
    return decodeMemories(attempt(() => native(this).getAll()))
  }
}

function native(storage: InMemoryStorage): NativeInMemoryStorage {
  return held(storage)
}
