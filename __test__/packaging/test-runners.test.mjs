// The package under the test runners of its users. Jest with CommonJS is in jest.test.mjs.
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import ts from 'typescript'
import { temporaryFolder } from '../support/fixtures.mjs'

const require = createRequire(import.meta.url)
const here = fileURLToPath(new URL('test-runners', import.meta.url))
const bin = (name, path) => join(dirname(require.resolve(`${name}/package.json`)), path)

/** Runs a test runner. Returns its exit code and output. */
function run(...args) {
  // Node's runner prints another format inside another test runner.
  const { NODE_TEST_CONTEXT: _, ...env } = { ...process.env, NO_COLOR: '1', CI: 'true' }
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: here, env, timeout: 100_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? 1) : 0, output: stdout + stderr }),
    )
  })
}

test('Jest with ES modules', async (t) => {
  const jest = bin('jest', 'bin/jest.js')
  const { code, output } = await run(
    '--experimental-vm-modules',
    jest,
    '--ci',
    '--config',
    'jest.config.json',
  )
  t.is(code, 0, output)
  t.regex(output, /Tests: +2 passed, 2 total/)
  t.notRegex(output, /did not exit/)
})

for (const pool of ['forks', 'threads']) {
  test(`Vitest in ${pool}`, async (t) => {
    const { code, output } = await run(bin('vitest', 'vitest.mjs'), 'run', `--pool=${pool}`)
    t.is(code, 0, output)
    t.regex(output, /Tests +2 passed \(2\)/)
  })
}

test('node --test', async (t) => {
  const { code, output } = await run('--test', '--test-reporter=tap', 'node.test.mjs')
  t.is(code, 0, output)
  t.regex(output, /# pass 2\n/)
})

test('the example of docs/testing.md passes', async (t) => {
  const folder = temporaryFolder(t)
  const page = await readFile(new URL('../../docs/testing.md', import.meta.url), 'utf8')
  const example = page.match(/```ts\n(.*?)```/s)[1]
  const index = JSON.stringify(new URL('../../index.js', import.meta.url).href)
  const expected = `import assert from 'node:assert/strict'
    import { test } from 'node:test'
    const expect = (value) => ({
      toBe: (other) => assert.equal(value, other),
      toHaveLength: (length) => assert.equal(value.length, length),
    })\n`
  const file = join(folder, 'example.test.mjs')
  const { outputText } = ts.transpileModule(example.replace("'@loctelli/ai-receptionist'", index), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  await writeFile(file, expected + outputText)
  const { code, output } = await run('--test', '--test-reporter=tap', file)
  t.is(code, 0, output)
  t.regex(output, /# pass 1\n/)
})
