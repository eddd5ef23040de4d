// `npm run bench`: this package, the published SDK, three peers and raw drivers on the same work in the same run.
//   --quick          fewer rows and rounds: under two minutes
//   --only=NAME      one of the files in bench/work/, or several by their start: retrieval
//   --database=NAME  only this one: PostgreSQL, MySQL, MariaDB, SQLite or InMemoryStorage (retrieval-speed)
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Report } from './report.mjs'

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, database: { type: 'string' } },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const names = readdirSync(here('work')).map((file) => file.replace(/\.mjs$/, ''))
const chosen = names.filter(
  (name) => !values.only || values.only === name || name.startsWith(`${values.only}-`),
)
if (chosen.length === 0) throw new Error(`--only takes one of: ${names.join(', ')}`)

const report = new Report()
for (const name of chosen) {
  const { run } = await import(`./work/${name}.mjs`)
  await run({
    report,
    quick: values.quick ?? false,
    database: values.database,
    save: () => report.write(here('results')),
  })
}
report.write(here('results'))
console.log('written to bench/results/')
