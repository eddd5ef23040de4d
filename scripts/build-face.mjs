// Builds the public entries from ts/: index.js (CommonJS, whose named exports ESM sees too), schema/ (both, so that
// it uses the same drizzle-orm as the program) and their declarations.
// `--check` fails if the committed declarations are not what ts/ says; otherwise those of schema/ are made again only when
// ts/schema/ is newer, because Drizzle's types take long to read.
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { generateDtsBundle } from 'dts-bundle-generator'
import { build } from 'esbuild'

const BANNER = '// Built from ts/ by `npm run build:face`.'
const SCHEMAS = ['pg', 'mysql', 'sqlite']

const common = { bundle: true, platform: 'node', target: 'node18', banner: { js: BANNER } }
await build({
  ...common,
  entryPoints: ['ts/index.ts'],
  outfile: 'index.js',
  format: 'cjs',
  external: ['./binding.js'],
})
for (const [format, extension] of [
  ['cjs', '.js'],
  ['esm', '.mjs'],
]) {
  await build({
    ...common,
    entryPoints: SCHEMAS.map((name) => `ts/schema/${name}.ts`),
    outdir: 'schema',
    outExtension: { '.js': extension },
    format,
    external: ['drizzle-orm'],
  })
}

// A .d.mts cannot re-export the .d.ts: as CommonJS it would name another drizzle-orm's classes than the program does.
const entries = [
  ['ts/index.ts', ['index.d.ts']],
  ...SCHEMAS.map((name) => [`ts/schema/${name}.ts`, [`schema/${name}.d.ts`, `schema/${name}.d.mts`]]),
]
const check = process.argv.includes('--check')
const ofSchemas = entries.slice(1).flatMap(([, targets]) => targets)
if (!check && (await areNewer(ofSchemas, 'ts/schema'))) entries.length = 1
const declarations = generateDtsBundle(
  entries.map(([filePath]) => ({
    filePath,
    output: { noBanner: true, exportReferencedTypes: false },
  })),
  { preferredConfigPath: 'tsconfig.json' },
)
await mkdir('schema', { recursive: true })
for (const [n, [source, targets]] of entries.entries()) {
  const text = `${BANNER}\n\n${declarations[n]}`
  for (const target of targets) {
    if (!check) {
      await writeFile(target, text)
    } else if ((await readFile(target, 'utf8')) !== text) {
      console.error(`${target} is not what ${source} says: run \`npm run build:face\` and commit it.`)
      process.exitCode = 1
    }
  }
}

/** Whether files are there and newer than everything in a folder. */
async function areNewer(files, folder) {
  const sources = (await readdir(folder)).map((name) => `${folder}/${name}`)
  const changed = async (file) => (await stat(file).catch(() => ({ mtimeMs: -Infinity }))).mtimeMs
  const oldest = Math.min(...(await Promise.all(files.map(changed))))
  return oldest > Math.max(...(await Promise.all(sources.map(changed))))
}
