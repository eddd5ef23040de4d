// This package's storages and those of the TypeScript SDK as published, which have the same interface.
import * as published from '@atchonk/ai-receptionist'
import * as ours from '../../index.js'

published.configureLogger({ level: 'ERROR' })

const PACKAGES = { ours, 'SDK 0.1.22': published }

/** The `DatabaseStorage` of a package over a URL; that of the SDK knows PostgreSQL only. */
export const openDatabase = (name) => async (connectionString) => {
  const storage = new PACKAGES[name].DatabaseStorage({ connectionString, autoMigrate: true })
  await storage.initialize()
  return contender(name, storage)
}

/** The `InMemoryStorage` of a package. */
export const openInMemory = (name) => contender(name, new PACKAGES[name].InMemoryStorage())

function contender(name, storage) {
  return {
    name,
    save: (message) => storage.save(message),
    saveBatch: (messages) => storage.saveBatch(messages),
    get: (id) => storage.get(id),
    history: (conversationId) => storage.search({ conversationId, orderDirection: 'asc', limit: 100 }),
    newest: (conversationId) => storage.search({ conversationId, limit: 20 }),
    close: () => storage.dispose?.(),
  }
}
