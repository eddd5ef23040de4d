// The output of the demos matches the rows that they write.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { readSqlite } from '../../examples/read-sqlite.mjs'

async function run(name) {
  const path = fileURLToPath(new URL(`../../examples/${name}.mjs`, import.meta.url))
  const env = { ...process.env, NO_COLOR: '1', OPENAI_API_KEY: '' }
  const { stdout } = await promisify(execFile)(process.execPath, [path], { env })
  const [, file] = /^Database: sqlite:(.*)$/m.exec(stdout)
  const rows = (sql) => readSqlite(file, sql)
  const said = stdout.match(/^(?: *[\d.]+ )?Sarah .*$/gm).join('\n')
  return { said, rows }
}

for (const name of ['demo', 'demo-phone']) {
  test(`the output of ${name} matches its rows`, async (t) => {
    const { said, rows } = await run(name)
    const tools = await rows(
      "SELECT tool_call->>'name' AS name, tool_result->>'success' AS success FROM ai_receptionist_memory WHERE type = 'tool_execution'",
    )
    const succeeded = new Set(tools.filter(({ success }) => Number(success) === 1).map(({ name }) => name))
    t.is(succeeded.size, new Set(tools.map(({ name }) => name)).size, 'every tool did its work')
    t.notRegex(said, /sorry|afraid/)
    const leads = await rows('SELECT name, email FROM ai_receptionist_leads')
    t.deepEqual(leads, [{ name: 'John', email: 'john@example.com' }])
    const [call] = await rows(
      "SELECT outcome, summary FROM ai_receptionist_call_logs WHERE outcome = 'qualified_lead'",
    )
    t.regex(call.summary, /Tuesday at 10/)
    const [noted] = await rows(
      "SELECT content FROM ai_receptionist_memory WHERE content LIKE 'Customer preference:%'",
    )
    t.is(noted.content, 'Customer preference: preferred_time = morning')
    t.regex(said, /in the morning/i)
    // Without a calendar and e-mail, nothing is booked and no invitation is sent.
    t.regex(said, /isn't booked yet/)
    t.notRegex(said, /invit|on its way|you're booked/i)
  })
}
