import { receptionistError } from './errors'
import { encodeMemory, reviveMemory } from './json'
import type { IStorage, Memory, MemorySearchQuery } from './memory'
import type { UserCode } from './user-code'

const METHODS = ['save', 'search', 'get', 'delete', 'healthCheck'] as const

/**
 * Lets the core call a storage of the user's own: its methods may be of a class, an object or a proxy, return a promise or
 * not, and are looked up at every call.
 */
export function addStorage(user: UserCode, option: string, given: unknown): void {
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
    return memory == null ? null : checked('storage.get', memory)
  })
  user.add('storage.search', async (query) => {
    const found: unknown = await storage.search(reviveQuery(query))
    if (!Array.isArray(found)) throw unusable('storage.search', 'must be an array of memories')
    return found.map((memory) => checked('storage.search', memory))
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

/** Refuses, by its path, what JSON cannot express. */
function checked(what: string, memory: Memory): Memory {
  try {
    encodeMemory(memory)
  } catch (error) {
    const reason = (error as { details?: { reason?: unknown; field?: unknown } }).details
    if (reason === undefined) throw error
    throw unusable(what, `\`${reason.field}\` ${reason.reason}`)
  }
  return memory
}

function unusable(what: string, reason: string): Error {
  return receptionistError('USER_CODE_INVALID', `${what} returned a value that cannot be used: ${reason}`)
}

function reviveQuery(query: any): MemorySearchQuery {
  for (const date of ['startDate', 'endDate']) if (date in query) query[date] = new Date(query[date])
  return query
}
