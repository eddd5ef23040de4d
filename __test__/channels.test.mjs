// The channels on every database: the scenarios of `channel-scenarios.mjs`.
import test from 'ava'
import { scenarios } from './channel-scenarios.mjs'
import { openDatabases } from './servers/databases.mjs'

const { databases, close } = await openDatabases()

for (const [name, open] of Object.entries(databases)) {
  for (const [title, run] of Object.entries(scenarios)) test(`${name}: ${title}`, (t) => run(t, open()))
}

test.after.always(close)
