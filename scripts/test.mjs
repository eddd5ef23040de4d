// `npm test`: the core's tests, then those of the public behaviour, against one PostgreSQL for all.
// Says by name what could not be had; with REQUIRE_SERVERS=1 that fails instead.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { findPostgres } from '../__test__/servers/postgres.mjs'

const postgres = await findPostgres()
const env = { ...process.env, ...(postgres && { POSTGRES_URL: postgres.url }) }

try {
  const commands = [
    ['cargo', ['test', '--quiet']],
    ['ava', process.argv.slice(2)],
  ]
  for (const [command, args] of commands) {
    const child = spawn(command, args, { stdio: 'inherit', env, shell: process.platform === 'win32' })
    const [code] = await once(child, 'exit')
    if (code !== 0) {
      process.exitCode = code ?? 1
      break
    }
  }
} finally {
  console.log(postgres ? 'PostgreSQL: tested' : 'PostgreSQL: NOT TESTED, no server could be had (see above)')
  await postgres?.stop()
}
