import { callNative } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import {
  decodeMemories,
  decodeMemory,
  encodeMemories,
  encodeMemory,
  encodeQuery,
  requireString,
} from '../bridge/json'
import type { IStorage, Memory, MemorySearchQuery } from './memory'
import { binding, type NativeInMemoryStorage } from '../bridge/native'

/**
 * A storage in this process, for development and tests. Memories are lost when the process ends.
 *
 * @example
 * ```ts
 * const storage = new InMemoryStorage()
 * await storage.save({ id: 'm1', content: 'Hello', timestamp: new Date(), type: 'conversation' })
 * ```
 */
export class InMemoryStorage implements IStorage {
  constructor() {
    attachNative(
      this,
      callNative(() => new binding.InMemoryStorage()),
    )
  }

  /**
   * Saves a memory. An existing memory with the same id is replaced and keeps its position.
   * @throws {@link ValidationError} if a supported database could not store it
   */
  async save(memory: Memory): Promise<void> {
    const json = encodeMemory(memory)
    callNative(() => native(this).save(json))
  }

  /**
   * Saves all memories or none. If several have the same id, the last one wins.
   * @throws {@link ValidationError} if a supported database could not store one of them
   */
  async saveBatch(memories: Memory[]): Promise<void> {
    const json = encodeMemories(memories)
    callNative(() => native(this).saveBatch(json))
  }

  /** Returns the memory with that id, or null. */
  async get(id: string): Promise<Memory | null> {
    requireString('id', id)
    const json = callNative(() => native(this).get(id))
    return json === null ? null : decodeMemory(json)
  }

  /**
   * Returns the memories that match a query, by default the newest 100, newest first.
   * @throws {@link ValidationError} if the query is invalid
   */
  async search(query: MemorySearchQuery = {}): Promise<Memory[]> {
    const json = encodeQuery(query)
    return decodeMemories(callNative(() => native(this).search(json)))
  }

  /** Deletes the memory with that id, if it exists. */
  async delete(id: string): Promise<void> {
    requireString('id', id)
    callNative(() => native(this).delete(id))
  }

  /** Returns `true`, always. */
  async healthCheck(): Promise<boolean> {
    return true
  }

  /** Returns the number of memories. */
  count(): number {
    return callNative(() => native(this).count())
  }

  /** Deletes all memories. */
  clear(): void {
    callNative(() => native(this).clear())
  }

  /** Returns all memories, oldest first. */
  getAll(): Memory[] {
    return decodeMemories(callNative(() => native(this).getAll()))
  }
}

function native(storage: InMemoryStorage): NativeInMemoryStorage {
  return nativeOf(storage)
}
