// The scenarios of `channel-scenarios.mjs` on every database.
import test from 'ava'
import { scenarios } from '../support/channels/channel-scenarios.mjs'
import { openDatabases } from '../support/databases.mjs'

const { databases, close } = await openDatabases()

for (const [name, open] of Object.entries(databases)) {
  // One scenario at a time on each server, because servers limit their connections.
  let before = Promise.resolve()
  for (const [title, run] of Object.entries(scenarios)) {
    test(`${name}: ${title}`, (t) => {
      const ran = before.then(() => run(t, open()))
      before = ran.catch(() => {})
      return ran
    })
  }
}

test.after.always(close)
