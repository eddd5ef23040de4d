import { expect, test } from 'vitest'
import { behave, storages } from './behaviour.mjs'

test.each(storages)('%s', (_, open) => behave(expect, open()))
