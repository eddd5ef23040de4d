import { DatabaseStorage } from './database-storage'
import { receptionistError } from './errors'
import { held } from './handle'
import { InMemoryStorage } from './in-memory-storage'
import { reviveMemory } from './json'
import type { IStorage, MemorySearchQuery } from './memory'
import type { NativeStorage } from './native'
import { unusable, usable } from './returned'
import { unmodified } from './unmodified'
import type { UserCode } from './user-code'

const METHODS = ['save', 'search', 'get', 'delete', 'healthCheck'] as const

const isUnmodified = unmodified(DatabaseStorage, InMemoryStorage)

/** A storage as the core is given it. */
export interface GivenStorage {
  /** Ours, or the one of ours that the user's own extends. */
  storage: NativeStorage | null
  /** Whether memories go through the user's own code. */
  isCustom: boolean
}

/**
 * Storages of ours as they came from `new` never cross into JavaScript; everything else – other classes, plain objects, and
 * subclasses, proxies and spied instances of ours – is called as the user's own code.
 */
export function giveStorage(user: UserCode, option: string, given: unknown): GivenStorage {
  if (given == null) return { storage: null, isCustom: false }
  if (isUnmodified(given)) return { storage: held<NativeStorage>(given), isCustom: false }
  addStorage(user, option, given)
  return { storage: given instanceof DatabaseStorage ? (held(given) ?? null) : null, isCustom: true }
}

/**
 * Lets the core call a storage of the user's own: its methods may be of a class, an object or a proxy, return a promise or
 * not, and are looked up at every call.
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
    return memory == null ? null : usable('storage.get', 'memory', memory)
  })
  user.add('storage.search', async (query) => {
    const found: unknown = await storage.search(reviveQuery(query))
    if (!Array.isArray(found)) throw unusable('storage.search', 'must be an array of memories')
    return found.map((memory) => usable('storage.search', 'memory', memory))
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
  const reason = `must be a storage; it lacks ${missing.map((method) => `${method}()`).join(', ')}`
  throw receptionistError('INVALID_CONFIG', `Invalid option \`${option}\`: ${reason}`, {
    details: { field: option, reason },
  })
}

function reviveQuery(query: any): MemorySearchQuery {
  for (const date of ['startDate', 'endDate']) if (date in query) query[date] = new Date(query[date])
  return query
}
