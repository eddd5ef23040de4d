// Every storage passes every scenario of `scenarios.mjs`. A new storage is one more line in `storages.mjs`.
process.env.TZ = 'America/New_York'
import test from 'ava'
import { scenarios } from './scenarios.mjs'
import { closeStorage, storageFactories } from './storages.mjs'

const { factories, close } = await storageFactories()

for (const [name, open] of Object.entries(factories)) {
  for (const [title, run] of Object.entries(scenarios)) {
    test.serial(`${name}: ${title}`, async (t) => {
      const storage = await open()
      try {
        await run(t, storage)
      } finally {
        await closeStorage(storage)
      }
    })
  }
}

test.after.always(close)
