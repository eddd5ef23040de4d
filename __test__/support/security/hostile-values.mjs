// Hostile values, by their defect. Each is created on use.

const own = () => {
  throw new RangeError('of the caller')
}

/** Nests objects this many levels deep. */
export function nested(levels, inner = {}) {
  let value = inner
  for (let level = 1; level < levels; level++) value = { in: value }
  return value
}

function cyclic() {
  const value = { list: [] }
  value.list.push({ value })
  return value
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

/** A proxy that throws on every access. */
const untouchable = () =>
  new Proxy({}, Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((trap) => [trap, own])))

/**
 * Strings with special meaning in SQL, LIKE, JSON, paths, headers and XML, and strings that no
 * database stores.
 */
export const STRINGS = {
  empty: '',
  blank: ' \t\n',
  NUL: 'a\0b',
  'half a surrogate pair': 'a\ud800b',
  'the other half': '\udc00',
  'ten kilobytes': 'x'.repeat(10_000),
  SQL: `'; DROP TABLE ai_receptionist_memory; --`,
  'double quotes': `" OR ""="`,
  'a back slash': `\\' OR 1=1 #`,
  LIKE: '%_[]^-%',
  placeholders: '$1 ? :x @y {0} ${z}',
  'a JSON path': '$."a".b[*]',
  null: 'null',
  undefined: 'undefined',
  __proto__: '__proto__',
  constructor: 'constructor',
  toString: 'toString',
  'a path': '../../etc/passwd\u0000.png',
  'a header': 'x\r\nBcc: y@example.com',
  XML: ']]><Say>&amp;</Say><!--',
  'not a number': 'NaN',
  'an enormous number': '9'.repeat(400),
  'right to left': '\u202eevil\u2066',
  'combining marks': `a${'\u0301'.repeat(2_000)}`,
  'no characters': '\uffff\ufffe\u0001',
}

/** Values of every other kind. */
export const OTHERS = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  zero: () => 0,
  'minus zero': () => -0,
  'minus one': () => -1,
  'a fraction': () => 1.5,
  NaN: () => NaN,
  Infinity: () => Infinity,
  'minus Infinity': () => -Infinity,
  'more than 32 bits': () => 2 ** 32,
  'more than 53 bits': () => 2 ** 53 + 2,
  'an enormous number': () => Number.MAX_VALUE,
  'a BigInt': () => 10n,
  'a boxed BigInt': () => Object(10n),
  'a symbol': () => Symbol('x'),
  'a function': () => () => {},
  'a class': () => class {},
  'an empty object': () => ({}),
  'an object without a prototype': () => Object.create(null),
  'an own __proto__': () =>
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  'an empty array': () => [],
  'an array of undefined': () => [undefined],
  'an array with holes': () => new Array(3),
  'an array of arrays': () => [[['x']]],
  'an array of null': () => [null],
  'an invalid Date': () => new Date(NaN),
  'a Date far away': () => new Date(8.64e15),
  'a Map': () => new Map([['a', 1]]),
  bytes: () => new Uint8Array([0, 255]),
  'an Error': () => new Error('x'),
  'a promise': () => Promise.resolve(1),
  'a thenable that throws': () => ({ then: own }),
  'what contains itself': cyclic,
  'a hundred levels': () => nested(100),
  'a hundred thousand levels': () => nested(100_000),
  'a getter that throws': () => Object.defineProperty({}, 'x', { enumerable: true, get: own }),
  'a toJSON that throws': () => ({ toJSON: own }),
  'a toJSON that lies': () => ({ toJSON: () => undefined }),
  'a toString that throws': () => ({ toString: own, [Symbol.toPrimitive]: own }),
  'a proxy that throws': untouchable,
  'a revoked proxy': revoked,
  'a proxy of an array': () => new Proxy([], {}),
}

/** All hostile values: name, and a function that creates the value. */
export const HOSTILE = [
  ...Object.entries(STRINGS).map(([name, text]) => [`a string (${name})`, () => text]),
  ...Object.entries(OTHERS),
]
