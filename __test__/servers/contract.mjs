// The official API descriptions, which the project's own machines have beside the checkout; a user's clone does not.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Ajv from 'ajv/dist/2020.js'

/**
 * A description by its file's name: `document`, and `compile`, which makes a validator of the schema at a JSON pointer. Undefined
 * where it is not to be had.
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
