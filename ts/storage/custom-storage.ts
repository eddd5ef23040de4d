import { DatabaseStorage } from './database-storage'
import { invalidInput } from '../bridge/invalid-input'
import { nativeOf } from '../bridge/native-handle'
import { InMemoryStorage } from './in-memory-storage'
import { reviveMemory } from '../bridge/json'
import type { IStorage, MemorySearchQuery } from './memory'
import type { NativeStorage } from '../bridge/native'
import { storageExample } from '../options/examples'
import { invalidResult, assertSerializable } from '../bridge/returned-values'
import { unpatched } from '../bridge/unpatched'
import type { UserCode } from '../bridge/user-code'

const METHODS = ['save', 'search', 'get', 'delete', 'healthCheck'] as const

const isUnpatchedInstance = unpatched(DatabaseStorage, InMemoryStorage)

/** A storage as passed to the core. */
export interface ResolvedStorage {
  /**
   * Native counterpart of a built-in storage, or of the built-in class that the user's class
   * extends.
   */
  storage: NativeStorage | undefined
  /** `true` if memories go through user code. */
  isCustom: boolean
}

/**
 * Converts the storage option for the core. Unmodified built-in storages never cross into
 * JavaScript. Everything else is called as user code: other classes, plain objects, and subclasses,
 * proxies and spied instances of built-in storages.
 */
export function resolveStorage(user: UserCode, option: string, given: unknown): ResolvedStorage {
  if (given == null) return { storage: undefined, isCustom: false }
  if (isUnpatchedInstance(given)) return { storage: nativeOf<NativeStorage>(given), isCustom: false }
  addStorage(user, option, given)
  return {
    storage: given instanceof DatabaseStorage ? nativeOf<NativeStorage>(given) : undefined,
    isCustom: true,
  }
}

/**
 * Registers a custom storage. Its methods may belong to a class, an object or a proxy, may return a
 * promise or a value, and are looked up at every call.
 */
function addStorage(user: UserCode, option: string, given: unknown): void {
  const storage = requireStorage(option, given)
  user.add('storage.save', async (memory) => {
    await storage.save(reviveMemory(memory))
  })
  user.add('storage.saveBatch', async (memories: any[]) => {
    const revived = memories.map(reviveMemory)
    if (storage.saveBatch) await storage.saveBatch(revived)
    else for (const memory of revived) await storage.save(memory)
  })
  user.add('storage.get', async (id: string) => {
    const memory = await storage.get(id)
    return memory == null ? null : assertSerializable('storage.get', 'memory', memory)
  })
  user.add('storage.search', async (query) => {
    const found: unknown = await storage.search(reviveQuery(query))
    if (!Array.isArray(found)) throw invalidResult('storage.search', 'must be an array of memories')
    return found.map((memory) => assertSerializable('storage.search', 'memory', memory))
  })
  user.add('storage.delete', async (id: string) => {
    await storage.delete(id)
  })
  user.add('storage.healthCheck', async () => Boolean(await storage.healthCheck()))
}

function requireStorage(option: string, given: unknown): IStorage {
  const missing =
    typeof given === 'object' && given !== null
      ? METHODS.filter((method) => typeof (given as Partial<IStorage>)[method] !== 'function')
      : METHODS
  if (missing.length === 0) return given as IStorage
  const missingText = `must be a storage; it lacks ${missing.map((method) => `${method}()`).join(', ')}`
  // A Map and a Drizzle database have a `delete` method too.
  const hasNoMethod = missing.includes('save') && missing.includes('search')
  const reason = hasNoMethod ? `${missingText}; write \`${storageExample(option, given)}\`` : missingText
  throw invalidInput('INVALID_CONFIG', option, reason)
}

function reviveQuery(query: any): MemorySearchQuery {
  for (const date of ['startDate', 'endDate']) if (date in query) query[date] = new Date(query[date])
  return query
}
