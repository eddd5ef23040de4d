// The command `ai-receptionist eval`, as a process.
import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { DatabaseStorage } from '../../index.js'
import { connectionUrls, createDatabases, dropDatabases } from '../support/databases.mjs'
import { memory, temporaryFolder } from '../support/fixtures.mjs'

const PROGRAM = fileURLToPath(new URL('../../bin/ai-receptionist.mjs', import.meta.url))
const folder = temporaryFolder()
const databases = await createDatabases()
test.after.always(() => dropDatabases(databases))
const urls = connectionUrls(databases, join(folder, 'eval.db'))

/** Runs the command. Resolves to its exit code and what it printed. */
const run = (...args) =>
  new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })

let count = 0
function questionsFile(...lines) {
  const file = join(folder, `questions${++count}.jsonl`)
  writeFileSync(
    file,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  )
  return file
}

const QUESTIONS = questionsFile(
  { question: 'Which colour has the bicycle?', expected: ['green'] },
  '',
  { question: 'bicycle', expected: ['green', 'gone'], until: '2100-01-01' },
  { question: 'bicycle', expected: ['green'], customer: { email: 'bob@example.com' } },
)

const message = (id, content) => memory(id, { content, sessionMetadata: { conversationId: id } })

async function fill(connectionString, options) {
  const storage = new DatabaseStorage({ connectionString, ...options })
  await storage.saveBatch([message('green', 'The bicycle shall be dark green'), message('hello', 'Hello')])
  await storage.dispose()
}

for (const [name, url] of Object.entries(urls)) {
  test(`${name}: a table and JSON`, async (t) => {
    await fill(url, { tablePrefix: 'eval_' })
    const args = ['eval', '--database', url, '--prefix', 'eval_', '--questions', QUESTIONS]
    const table = await run(...args)
    t.is(table.stderr, '')
    t.is(table.code, 0)
    t.regex(
      table.stdout,
      /^questions +3\nR@1 +0\.500\nR@5 +0\.500\nR@10 +0\.500\nR@20 +0\.500\nMRR +0\.667\nlatency p50 +[\d.]+ ms\n/,
    )
    t.regex(table.stdout, /\nmissed +2\n {2}"bicycle" misses "gone"\n {2}"bicycle" misses "green"\n$/)
    const json = await run(...args, '--k', '1,3', '--json')
    t.like(JSON.parse(json.stdout), { questions: 3, recallAt: { 1: 0.5, 3: 0.5 } })
  })
}

test('a tenant is asked for its own memories', async (t) => {
  const url = `sqlite:${join(folder, 'tenants.db')}`
  await fill(url, { tenantId: 'anna' })
  await fill(url, { tenantId: 'bob' })
  const recallOf = async (tenant) => {
    const args = ['eval', '--database', url, '--questions', QUESTIONS, '--tenant', tenant, '--json']
    return JSON.parse((await run(...args)).stdout).recallAt[1]
  }
  t.deepEqual([await recallOf('anna'), await recallOf('carl')], [0.5, 0])
})

test('wrong usage exits with 2 and names the mistake', async (t) => {
  const used = join(folder, 'used.db')
  writeFileSync(used, '')
  const database = ['--database', `sqlite:${used}`]
  const questions = ['--questions', QUESTIONS]
  const cases = [
    [[], /no command/],
    [['evaluate', ...database, ...questions], /no command `evaluate`/],
    [['eval', 'more', ...database, ...questions], /`more`/],
    [['eval', ...questions], /--database/],
    [['eval', ...database], /--questions/],
    [['eval', '--databse', 'x'], /--databse/],
    [['eval', '--database', 'nowhere', ...questions], /connection string/],
    [['eval', '--database', `sqlite:${join(folder, 'none.db')}`, ...questions], /none\.db/],
    [['eval', ...database, '--questions', join(folder, 'none.jsonl')], /none\.jsonl/],
    [['eval', ...database, '--questions', questionsFile('', ' ')], /no questions/],
    [['eval', ...database, '--questions', questionsFile('{}')], /jsonl:1: .*"expected"/],
    [['eval', ...database, '--questions', questionsFile('', 'null')], /jsonl:2: .*"expected"/],
    [['eval', ...database, '--questions', questionsFile('{')], /jsonl:1: .*not JSON/],
    [
      ['eval', ...database, '--questions', questionsFile({ question: 'x', expected: ['a'], since: 'soon' })],
      /"since"/,
    ],
  ]
  const runs = await Promise.all(cases.map(([args]) => run(...args)))
  for (const [n, [args, message]] of cases.entries()) {
    const { code, stdout, stderr } = runs[n]
    t.is(code, 2, args.join(' '))
    t.is(stdout, '')
    t.regex(stderr, message)
    t.notRegex(stderr, /\n +at /)
  }
  t.false(existsSync(join(folder, 'none.db')))
})

test('wrong depths and unknown fields exit with 2', async (t) => {
  const url = `sqlite:${join(folder, 'usage.db')}`
  await fill(url)
  const depths = await run('eval', '--database', url, '--questions', QUESTIONS, '--k', '1,x')
  t.is(depths.code, 2)
  t.regex(depths.stderr, /k\[1\]/)
  const unknown = questionsFile({ question: 'x', expected: ['a'], expects: 1 })
  const fields = await run('eval', '--database', url, '--questions', unknown)
  t.is(fields.code, 2)
  t.regex(fields.stderr, /questions\[0\]\.expects/)
})

test('a failure exits with 1, and creates no tables', async (t) => {
  const file = join(folder, 'empty.db')
  writeFileSync(file, '')
  const { code, stdout, stderr } = await run('eval', '--database', `sqlite:${file}`, '--questions', QUESTIONS)
  t.is(code, 1)
  t.is(stdout, '')
  t.regex(stderr, /^DATABASE_TABLES_MISSING: /)
  const password = 'hunter2hunter2'
  const unreachable = `postgres://user:${password}@127.0.0.1:9/x`
  const offline = await run('eval', '--database', unreachable, '--questions', QUESTIONS)
  t.is(offline.code, 1)
  t.regex(offline.stderr, /^DATABASE_UNREACHABLE: /)
  t.false(offline.stderr.includes(password))
})

test('--help exits with 0', async (t) => {
  const { code, stdout } = await run('--help')
  t.is(code, 0)
  t.regex(stdout, /^Usage: ai-receptionist eval/)
})
