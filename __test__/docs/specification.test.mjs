// Every code block of the specification, as in `specification/`: type-checked in strict mode and run on its database.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { build } from 'esbuild'
import ts from 'typescript'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { mariadb, mysql, postgres, Sqlite, dropDatabases } from '../support/databases/drizzle-drivers.mjs'

const fixtures = fileURLToPath(new URL('specification/', import.meta.url))
// Inside the package, so that `@loctelli/ai-receptionist` resolves to the tested build.
const folder = mkdtempSync(fileURLToPath(new URL('.specification-', import.meta.url)))

const MODEL =
  "model: { provider: 'openai', apiKey: 'sk-test', model: 'gpt-4', baseUrl: process.env.MODEL_URL }"
const ELISION = ['model: { /* ... */ }', MODEL]

/**
 * By fixture: the database it runs on, and the text that the test replaces, each found once:
 * elisions, addresses.
 */
const PROGRAMS = {
  'quick-start': { on: 'PostgreSQL' },
  tools: {},
  'memory-config': {},
  'database-config': { on: 'PostgreSQL' },
  'in-memory-storage': {},
  'database-storage': { on: 'PostgreSQL' },
  'custom-storage': {},
  postgres: {
    on: 'PostgreSQL',
    fill: [
      ELISION,
      ["host: 'localhost'", 'host: process.env.HOST'],
      ['port: 5432', 'port: Number(process.env.PORT)'],
      ["database: 'myapp'", 'database: process.env.DATABASE'],
      ["user: 'postgres'", 'user: process.env.DATABASE_USER'],
      ["password: 'password'", 'password: process.env.PASSWORD'],
    ],
  },
  mysql: {
    on: 'MySQL',
    fill: [
      ELISION,
      ["host: 'localhost'", 'host: process.env.HOST, port: Number(process.env.PORT)'],
      ["user: 'root'", 'user: process.env.DATABASE_USER, password: process.env.PASSWORD'],
      ["database: 'myapp'", 'database: process.env.DATABASE'],
    ],
  },
  sqlite: { on: 'better-sqlite3', fill: [ELISION] },
  'in-memory': { fill: [ELISION] },
  'custom-prefix': { on: 'PostgreSQL' },
  'manual-migrations': { on: 'PostgreSQL' },
  'real-world': {
    on: 'PostgreSQL',
    fill: [
      [/^ {2}providers: \{\n[^]*?^ {2}\},\n/m, ''],
      [/^await sarah\.calls\.make.*$/m, ''],
    ],
  },
  'memory-api': { on: 'PostgreSQL' },
  'drizzle-queries': { on: 'PostgreSQL' },
  before: {},
  after: { fill: [['identity: { /* ... */ }', "identity: { name: 'Sarah', role: 'Sales Rep' }"]] },
  'migration-script': { on: 'PostgreSQL' },
}
const HELPERS = ['columns', 'talk', 'old-schema', 'new-schema']

function sourceOf(name) {
  let source = readFileSync(join(fixtures, `${name}.ts`), 'utf8')
  for (const [from, to] of PROGRAMS[name]?.fill ?? []) {
    const pieces = source.split(from)
    if (pieces.length !== 2) throw new Error(`${name}.ts has ${from} ${pieces.length - 1} times`)
    source = pieces.join(to)
  }
  return source
}

const model = await startScriptedModel(() => 'How can I help?')
/** By value of `on`: the available servers, by name. */
const SERVERS = {
  PostgreSQL: { PostgreSQL: postgres },
  MySQL: { MySQL: mysql, MariaDB: mariadb },
  'better-sqlite3': { SQLite: Sqlite && {} },
}

test.before(() => {
  for (const name of [...Object.keys(PROGRAMS), ...HELPERS]) {
    writeFileSync(join(folder, `${name}.ts`), sourceOf(name))
  }
})

test.after.always(async () => {
  model.close()
  rmSync(folder, { recursive: true, force: true })
  await dropDatabases()
})

test('every program of the specification is listed', (t) => {
  const found = readdirSync(fixtures).filter((file) => file.endsWith('.ts'))
  t.deepEqual(found.sort(), [...Object.keys(PROGRAMS), ...HELPERS].map((name) => `${name}.ts`).sort())
})

/** Returns the compiler's messages about files, line by line. */
function problemsOf(files, options) {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    types: ['node'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    ...options,
  })
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file ? `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}: ` : ''
    return line + ts.flattenDiagnosticMessageText(messageText, '\n')
  })
}

test('types: strict, with the bundler resolution', (t) => {
  const files = Object.keys(PROGRAMS).map((name) => join(folder, `${name}.ts`))
  const { Bundler } = ts.ModuleResolutionKind
  t.deepEqual(problemsOf(files, { module: ts.ModuleKind.ESNext, moduleResolution: Bundler }), [])
})

test('types: strict, with the Node.js resolution', (t) => {
  // Node.js requires extensions; `./old-schema` has none.
  const place = join(folder, 'node16')
  mkdirSync(place)
  for (const name of [...Object.keys(PROGRAMS), ...HELPERS]) {
    const source = sourceOf(name).replace(/from '(\.\/[\w-]+)'/g, "from '$1.mjs'")
    writeFileSync(join(place, `${name}.mts`), source)
  }
  const files = Object.keys(PROGRAMS).map((name) => join(place, `${name}.mts`))
  t.deepEqual(problemsOf(files, { module: ts.ModuleKind.Node16 }), [])
})

/** Runs a program in its own folder and process. The program checks itself. */
async function run(name, server) {
  const outfile = join(folder, `${name}.mjs`)
  await build({
    entryPoints: [join(folder, `${name}.ts`)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node18',
    logLevel: 'silent',
  })
  const url = server.url && new URL(server.url)
  const env = {
    ...process.env,
    TZ: 'America/New_York',
    OPENAI_API_KEY: 'sk-test',
    MODEL_URL: model.url,
    ...(url && {
      DATABASE_URL: url.href,
      HOST: url.hostname,
      PORT: url.port || (url.protocol.startsWith('postgres') ? '5432' : '3306'),
      DATABASE: url.pathname.slice(1),
      DATABASE_USER: decodeURIComponent(url.username),
      PASSWORD: decodeURIComponent(url.password),
    }),
  }
  const cwd = mkdtempSync(join(folder, 'cwd-'))
  await promisify(execFile)(process.execPath, [outfile], { cwd, env, timeout: 60_000 })
}

for (const [name, { on }] of Object.entries(PROGRAMS)) {
  for (const [place, server] of Object.entries(on ? SERVERS[on] : { Node: {} })) {
    if (!server) continue
    test.serial(`runs: ${name} on ${place}`, async (t) => {
      // Each program starts with an empty database.
      if (on === 'PostgreSQL') {
        await server.query('DROP SCHEMA public CASCADE')
        await server.query('CREATE SCHEMA public')
      }
      await t.notThrowsAsync(run(name, server))
    })
  }
}

// The specification is next to the checkout on the project's machines, but not in a user's clone.
const specification =
  process.env.SPECIFICATION ??
  fileURLToPath(new URL('../../../shared/spec/database-integration.md', import.meta.url))

/** Blocks that are not code, by their first line. */
const EXCLUDED = {
  '{ "dependencies": {': 'a manifest with comments in it; package.json says which versions are supported',
}

const flat = (text) => text.trim().replace(/\s+/g, ' ')

;(existsSync(specification) ? test : test.skip)(
  'every block of the specification is present verbatim',
  (t) => {
    const blocks = [...readFileSync(specification, 'utf8').matchAll(/^```\w*\n([^]*?)^```$/gm)].map(
      ([, block]) => flat(block),
    )
    t.true(blocks.length > 0)
    const quoted = readdirSync(fixtures).map((file) => {
      const text = readFileSync(join(fixtures, file), 'utf8')
      const parts = text.matchAll(/^(?:\/\/|--) <specification>\n([^]*?)^(?:\/\/|--) <\/specification>$/gm)
      return [...parts].map(([, part]) => flat(part))
    })
    for (const block of blocks) {
      const isQuoted = quoted.some((parts) => parts.join(' ').includes(block))
      const isExcluded = Object.keys(EXCLUDED).some((start) => block.startsWith(start))
      t.true(isQuoted !== isExcluded, `not quoted: ${block}`)
    }
    for (const part of quoted.flat()) {
      t.true(
        blocks.some((block) => block.includes(part)),
        `not in the specification: ${part}`,
      )
    }
  },
)
