// The codes of the core, the types of the face and the documented table are one list.
import { readFileSync } from 'node:fs'
import test from 'ava'
import * as receptionist from '../index.js'

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, code]) => code).sort()

test('every error code is typed and documented', (t) => {
  const core = all(read('src/error.rs'), /=> "([A-Z_]+)"/g)
  const union = read('index.d.ts').match(/type ErrorCode = ([^;]+);/)[1]
  t.deepEqual(all(union, /"([A-Z_]+)"/g), core)
  t.deepEqual(all(read('docs/errors.md'), /^\| `([A-Z_]+)` \|/gm), core)
})

test('the documented class is the one thrown', (t) => {
  for (const [, code, name] of read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| `(\w+)` \|/gm)) {
    const Class = receptionist[name]
    t.true(Class?.prototype instanceof Error, name)
    t.is(new Class(code, 'why').code, code)
  }
})
