// Every storage passes every scenario of `scenarios.mjs`. A new storage is one more line in `storages.mjs`.
process.env.TZ = 'America/New_York'
import test from 'ava'
import { scenarios } from './scenarios.mjs'
import { storageFactories } from './storages.mjs'

const { factories, close } = await storageFactories()

for (const [name, open] of Object.entries(factories)) {
  for (const [title, run] of Object.entries(scenarios)) {
    test.serial(`${name}: ${title}`, async (t) => {
      const storage = open()
      try {
        await run(t, storage)
      } finally {
        await storage.dispose?.()
      }
    })
  }
}

test.after.always(close)
