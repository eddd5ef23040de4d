// `node scripts/pack-vocabulary.mjs o200k_base.tiktoken`: packs OpenAI's vocabulary for src/llm/tokens/bpe.rs, which
// describes the format. The file is https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken (MIT).
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'

const SHA256 = '446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d'
const SINGLES = 256

const file = readFileSync(process.argv[2])
if (createHash('sha256').update(file).digest('hex') !== SHA256) throw new Error('this is not o200k_base')
const tokens = file
  .toString()
  .trim()
  .split('\n')
  .map((line) => Buffer.from(line.split(' ')[0], 'base64').toString('latin1'))
const ranks = new Map(tokens.map((token, rank) => [token, rank]))

const singles = tokens.slice(0, SINGLES)
if (singles.some((token) => token.length !== 1)) throw new Error('single bytes should come first')
const pairs = tokens.slice(SINGLES).map((token, n) => halves(token, SINGLES + n))
const planes = [0, 1].flatMap((side) =>
  [0, 8, 16].map((shift) => pairs.map((pair) => (pair[side] >> shift) & 0xff)),
)
const packed = Buffer.concat([
  Buffer.from(singles.join(''), 'latin1'),
  ...planes.map((plane) => Buffer.from(plane)),
])
writeFileSync(new URL('../src/llm/tokens/o200k_base.bin', import.meta.url), deflateSync(packed, { level: 9 }))

/**
 * Returns the two earlier tokens that a token consists of: the result of merging up to its own
 * rank.
 */
function halves(token, rank) {
  const parts = [...token]
  while (parts.length > 2) {
    let [best, at] = [rank, -1]
    for (let i = 0; i + 1 < parts.length; i++) {
      const merged = ranks.get(parts[i] + parts[i + 1]) ?? rank
      if (merged < best) [best, at] = [merged, i]
    }
    if (at < 0) throw new Error(`token ${rank} is not made of two`)
    parts.splice(at, 2, parts[at] + parts[at + 1])
  }
  return parts.map((part) => ranks.get(part))
}
