import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'

test('under Jest, instanceof Date, toStrictEqual and toThrow(Class) work', async (t) => {
  const jest = join(dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin/jest.js')
  const config = fileURLToPath(new URL('jest/jest.config.cjs', import.meta.url))
  const { code, output } = await new Promise((resolve) => {
    execFile(
      process.execPath,
      [jest, '--ci', '--config', config],
      { timeout: 90_000 },
      (error, stdout, stderr) => resolve({ code: error ? (error.code ?? 1) : 0, output: stdout + stderr }),
    )
  })
  t.is(code, 0, output)
  t.regex(output, /Tests: +3 passed, 3 total/)
  t.notRegex(output, /did not exit/)
})
