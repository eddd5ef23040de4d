// The storages on which tests of receptionists run.
import { InMemoryStorage } from '../../../index.js'
import { mapStorage } from './map-storage.mjs'

/**
 * Returns a function by name of a storage, which returns options for a new receptionist: `{ database }`
 * or `{ memory }`. `databases` are those of `openDatabases()`.
 */
export function receptionistStorages(databases) {
  return {
    ...Object.fromEntries(
      Object.entries(databases).map(([name, scene]) => [name, () => ({ database: scene().database })]),
    ),
    InMemoryStorage: () => ({ memory: { longTermStorage: new InMemoryStorage() } }),
    'a plain object': () => ({ memory: { longTermStorage: mapStorage() } }),
  }
}
