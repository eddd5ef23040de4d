// Builds the public entry from ts/: index.js (CommonJS, whose named exports ESM sees too) and index.d.ts.
// `--check` fails if the committed index.d.ts is not what ts/ says.
import { readFile, writeFile } from 'node:fs/promises'
import { generateDtsBundle } from 'dts-bundle-generator'
import { build } from 'esbuild'

const BANNER = '// Built from ts/ by `npm run build:face`.'

await build({
  entryPoints: ['ts/index.ts'],
  outfile: 'index.js',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node18',
  external: ['./binding.js'],
  banner: { js: BANNER },
})

const [declarations] = generateDtsBundle(
  [{ filePath: 'ts/index.ts', output: { noBanner: true, exportReferencedTypes: false } }],
  { preferredConfigPath: 'tsconfig.json' },
)
const text = `${BANNER}\n\n${declarations}`
if (process.argv.includes('--check')) {
  if ((await readFile('index.d.ts', 'utf8')) !== text) {
    console.error('index.d.ts is not what ts/ says: run `npm run build:face` and commit it.')
    process.exit(1)
  }
} else {
  await writeFile('index.d.ts', text)
}
