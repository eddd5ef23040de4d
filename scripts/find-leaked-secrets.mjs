// Checks the secrets that `__test__/support/security/secret-leak-detector.mjs` recorded and the
// output of the tests: no secret may be in either.
import { readFileSync } from 'node:fs'

/** Returns the names of the places that reveal a secret. They contain no secret themselves. */
export function findLeakedSecrets(file, output) {
  const notes = read(file)
  const places = notes.filter(({ shown }) => shown).map(({ shown }) => shown)
  const printed = notes.filter(({ secret }) => secret && output.includes(secret))
  if (printed.length > 0) places.push(`the output of the tests (${printed.length} secrets)`)
  return {
    given: new Set(notes.map(({ secret }) => secret).filter(Boolean)).size,
    places: [...new Set(places)],
  }
}

function read(file) {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter(Boolean).map((line) => JSON.parse(line))
}
