import assert from 'node:assert/strict'
import { test } from 'node:test'
import { behave, storages } from './behaviour.mjs'

const expect = (value) => ({
  toStrictEqual: (expected) => assert.deepEqual(value, expected),
  toBeInstanceOf: (Class) => assert.ok(value instanceof Class, Class.name),
})

for (const [name, open] of storages) test(name, () => behave(expect, open()))
