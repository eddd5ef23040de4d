// Builds the public entry points from ts/: index.js (CommonJS, whose named exports ESM sees too),
// schema/ (CommonJS and ESM, so that it uses the same drizzle-orm as the program) and their
// declarations. `--check` fails if the committed declarations, or ts/options/shapes.ts, do not
// match ts/. Otherwise the declarations of schema/ are only generated again when ts/schema/ is
// newer, because Drizzle's types take long to read.
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { generateDtsBundle } from 'dts-bundle-generator'
import { build } from 'esbuild'
import ts from 'typescript'
import { shapes, TARGET as SHAPES } from './option-shapes.mjs'

const BANNER = '// Built from ts/ by `npm run build:face`.'
const SCHEMAS = ['pg', 'mysql', 'sqlite']

const check = process.argv.includes('--check')
await put(SHAPES, await shapes(), 'ts/options/types.ts')

const common = {
  bundle: true,
  platform: 'node',
  target: 'node18',
  banner: { js: BANNER },
  plugins: [{ name: 'class-names', setup: keepClassNames }],
  write: false,
}
await build({
  ...common,
  entryPoints: ['ts/index.ts'],
  outfile: 'index.js',
  format: 'cjs',
  external: ['./binding.js', 'ws'],
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
  const text = `${BANNER}\n\n${n === 0 ? acceptUndefined(declarations[n]) : declarations[n]}`
  for (const target of targets) await put(target, text, source)
}

/** Writes a committed file, or with `--check` reports that it does not match its source. */
async function put(target, text, source) {
  if (!check) {
    await writeFile(target, text)
  } else if ((await readFile(target, 'utf8')) !== text) {
    console.error(`${target} is not what ${source} says: run \`npm run build:face\` and commit it.`)
    process.exitCode = 1
  }
}

/**
 * Writes the build. esbuild names a class that refers to itself `_Name`, which `console.log` and
 * stacks would show.
 */
function keepClassNames({ onEnd }) {
  onEnd(async ({ outputFiles }) => {
    for (const { path, text } of outputFiles) {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text.replace(/^var (\w+) = class _\1 [^]*?^};$/gm, rename))
    }
  })
}

/** Renames a class within itself to its public name. */
function rename(declaration, name) {
  return declaration.replaceAll(new RegExp(`\\b_${name}\\b`, 'g'), name)
}

/**
 * Declarations in which optional properties may be given as `undefined`, which means "not given": TypeScript's
 * `exactOptionalPropertyTypes` would refuse `apiKey: process.env.KEY`. But `tenantId` is refused at run time, too.
 */
function acceptUndefined(declarations) {
  const source = ts.createSourceFile('index.d.ts', declarations, ts.ScriptTarget.Latest, true)
  const insertions = []
  const visit = (node) => {
    const isProperty = ts.isPropertySignature(node) || ts.isMappedTypeNode(node)
    if (isProperty && node.questionToken && node.type && node.name?.getText() !== 'tenantId') {
      const { type } = node
      const isLoose = ts.isFunctionOrConstructorTypeNode(type) || ts.isConditionalTypeNode(type)
      if (isLoose) insertions.push([type.getStart(), '('])
      if (!isLoose && /\b(any|unknown|undefined)$/.test(type.getText())) return
      insertions.push([type.getEnd(), isLoose ? ') | undefined' : ' | undefined'])
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return insertions
    .sort(([a], [b]) => b - a)
    .reduce((text, [place, inserted]) => text.slice(0, place) + inserted + text.slice(place), declarations)
}

/** Returns `true` if files exist and are newer than everything in a folder. */
async function areNewer(files, folder) {
  const sources = (await readdir(folder)).map((name) => `${folder}/${name}`)
  const changed = async (file) => (await stat(file).catch(() => ({ mtimeMs: -Infinity }))).mtimeMs
  const oldest = Math.min(...(await Promise.all(files.map(changed))))
  return oldest > Math.max(...(await Promise.all(sources.map(changed))))
}
