// The channels on every database: the scenarios of `channel-scenarios.mjs`.
import test from 'ava'
import { scenarios } from './channel-scenarios.mjs'
import { openDatabases } from './servers/databases.mjs'

const { databases, close } = await openDatabases()

for (const [name, open] of Object.entries(databases)) {
  // One at a time on each: servers have only so many connections.
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
