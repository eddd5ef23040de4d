// The official API descriptions. They are next to the checkout on the project's machines, but not
// in a user's clone.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Ajv from 'ajv/dist/2020.js'

/**
 * Reads a description by its file name: `document`, and `compile`, which returns a validator of the
 * schema at a JSON pointer. Returns `undefined` where it is not available.
 */
export function readContract(name) {
  const folder = process.env.CONTRACTS ?? fileURLToPath(new URL('../../../shared/contracts', import.meta.url))
  const file = join(folder, name)
  if (!existsSync(file)) return undefined
  const document = JSON.parse(readFileSync(file, 'utf8'))
  const ajv = new Ajv({ strict: false, validateFormats: false })
  ajv.addSchema(document, 'contract')
  return { document, compile: (pointer) => ajv.compile({ $ref: `contract#${pointer}` }) }
}
