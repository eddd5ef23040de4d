// Every storage passes every scenario of `scenarios.mjs`. To add a storage, add a line to
// `storages.mjs`.
process.env.TZ = 'America/New_York'
import test from 'ava'
import { scenarios } from '../support/storage/scenarios.mjs'
import { closeStorage, storageFactories } from '../support/storage/storages.mjs'

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
