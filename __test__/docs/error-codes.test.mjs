// The error codes of the core, of the types and of docs/errors.md are the same.
import { readFileSync } from 'node:fs'
import test from 'ava'
import * as receptionist from '../../index.js'

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, code]) => code).sort()

test('every error code has a type and a row in docs/errors.md', (t) => {
  const core = all(read('src/error.rs'), /=> "([A-Z_]+)"/g)
  const union = read('index.d.ts').match(/type ErrorCode = ([^;]+);/)[1]
  t.deepEqual(all(union, /"([A-Z_]+)"/g), core)
  t.deepEqual(all(read('docs/errors.md'), /^\| `([A-Z_]+)` \|/gm), core)
})

test('every code is thrown with the documented class', (t) => {
  for (const [, code, name] of read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| `(\w+)` \|/gm)) {
    const Class = receptionist[name]
    t.true(Class?.prototype instanceof Error, name)
    // Users also create provider errors, in the form of the TypeScript SDK.
    if (!(Class.prototype instanceof receptionist.ProviderError || Class === receptionist.ProviderError)) {
      t.is(new Class(...(name === 'PromptTooLargeError' ? ['why', {}] : [code, 'why'])).code, code)
    }
  }
})
