// Checks of the fields of an API object: field name to check.

/**
 * Returns the first problem of `value`. `shape` maps fields to checks; a name that ends with `?`
 * may be absent.
 */
export function problem(path, value, shape) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${path} is no object`
  const known = Object.keys(shape).map((name) => name.replace('?', ''))
  const unknown = Object.keys(value).find((field) => !known.includes(field))
  if (unknown) return `unknown field ${path}.${unknown}`
  for (const [name, check] of Object.entries(shape)) {
    const field = name.replace('?', '')
    if (!(field in value)) {
      if (field === name) return `${path}.${field} is missing`
      continue
    }
    const found = check(value[field], `${path}.${field}`)
    if (found) return found
  }
  return undefined
}

const must = (test, what) => (value, path) => (test(value) ? undefined : `${path} must be ${what}`)

export const text = must(
  (value) => typeof value === 'string' && value.trim() !== '',
  'a text that is not empty',
)
export const anyText = must((value) => typeof value === 'string', 'a string')
export const number = must((value) => typeof value === 'number', 'a number')
export const positive = must((value) => Number.isInteger(value) && value > 0, 'a positive integer')
export const flag = must((value) => typeof value === 'boolean', 'a boolean')
export const object = must(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'an object',
)
export const matching = (pattern) => must((value) => pattern.test(value), `like ${pattern}`)
export const oneOf = (...words) => must((value) => words.includes(value), words.join(' or '))
export const of = (shape) => (value, path) => problem(path, value, shape)
export const list = (check) => (value, path) => {
  if (!Array.isArray(value) || value.length === 0) return `${path} must be a list that is not empty`
  return value.map((item, index) => check(item, `${path}[${index}]`)).find(Boolean)
}
