// The TypeScript in README.md and docs/: it compiles under the strictest options and every module
// resolution, and runs.
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import ts from 'typescript'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { temporaryFolder } from '../support/fixtures.mjs'
import { blocks, moduleOf, programOf } from '../support/docs/code-blocks.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = temporaryFolder()
const all = blocks()

test.before(() => {
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '@loctelli'), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
  }
  symlinkSync(root, join(modules, '@loctelli', 'ai-receptionist'), 'junction')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }')
  copyFileSync(join(root, 'examples', 'redis-storage.mjs'), join(folder, 'redis-storage.mjs'))
  for (const block of all) writeFileSync(join(folder, `${block.name}.ts`), moduleOf(block))
  writeFileSync(join(folder, 'schemas.ts'), SCHEMAS)
})

/** Every entry point of the package, as programs import it. */
const SCHEMAS = `
import * as pg from '@loctelli/ai-receptionist/schema'
import * as mysql from '@loctelli/ai-receptionist/schema/mysql'
import * as sqlite from '@loctelli/ai-receptionist/schema/sqlite'
export const content: string = {} as typeof pg.memory.$inferSelect.content
export const ids = [pg.memory.id, mysql.memory.id, sqlite.memory.id]
`

const { ModuleKind, ModuleResolutionKind } = ts
for (const [name, options] of Object.entries({
  nodenext: { module: ModuleKind.NodeNext, moduleResolution: ModuleResolutionKind.NodeNext },
  bundler: { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler },
  node10: { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Node10 },
})) {
  test.serial(`the examples compile under ${name}, with every strict option`, (t) => {
    const files = ['schemas', ...all.map((block) => block.name)].map((file) => join(folder, `${file}.ts`))
    const program = ts.createProgram(files, {
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
      strict: true,
      exactOptionalPropertyTypes: true,
      esModuleInterop: true,
      allowJs: true,
      noEmit: true,
      skipLibCheck: true,
      ...options,
    })
    t.deepEqual(ts.getPreEmitDiagnostics(program).map(written), [])
  })
}

/** Formats a problem with the line of the page. */
function written({ file, start, messageText }) {
  const message = ts.flattenDiagnosticMessageText(messageText, ' ')
  const block = all.find(({ name }) => file?.fileName.endsWith(`/${name}.ts`))
  if (block === undefined) return `${file?.fileName}: ${message}`
  const { line } = file.getLineAndCharacterOfPosition(start)
  return `${block.page}:${block.line + line - 1}: ${message}`
}

/** Runs each module with its own receptionist, and reports failures. */
const RUNNER = `
import assert from 'node:assert/strict'
import { AIReceptionist } from '@loctelli/ai-receptionist'
const expect = (value) => ({ toBe: (other) => assert.equal(value, other), toHaveLength: (n) => assert.equal(value.length, n) })
const failures = []
for (const file of process.argv.slice(2)) {
  const options = {
    agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
    model: { provider: 'openai', apiKey: 'k', model: 'm', baseUrl: process.env.MODEL_URL, maxRetries: 0 },
    database: { connection: 'sqlite::memory:' },
  }
  const receptionist = new AIReceptionist(options)
  await receptionist.initialize()
  let tested
  const test = (_, code) => { tested = code() }
  globalThis.scene = { options, receptionist, test, expect }
  try {
    await import(file)
    await tested
  } catch (error) {
    failures.push([file, String(error?.stack ?? error)])
  }
  await receptionist.dispose()
}
process.stdout.write('\\n' + JSON.stringify(failures), () => process.exit())
`

test.serial('runnable examples run', async (t) => {
  const model = await startScriptedModel(() => 'Hello!')
  t.teardown(() => model.close())
  writeFileSync(join(folder, 'runner.mjs'), RUNNER)
  const programs = all
    .map((block) => [block, programOf(block)])
    .filter(([, program]) => program !== undefined)
  const files = programs.map(([{ name }, program]) => {
    const file = join(folder, `${name}.mjs`)
    // The stand-in has the address of OpenAI.
    writeFileSync(
      file,
      program.replaceAll("provider: 'openai'", `provider: 'openai', baseUrl: '${model.url}'`),
    )
    return pathToFileURL(file).href
  })
  const env = { ...process.env, MODEL_URL: model.url, DATABASE_URL: 'sqlite:docs.db', OPENAI_API_KEY: 'k' }
  const { stdout } = await promisify(execFile)(process.execPath, ['runner.mjs', ...files], {
    cwd: folder,
    env,
  })
  t.deepEqual(JSON.parse(stdout.split('\n').at(-1)), [])
  t.true(files.length >= 20, `only ${files.length} of ${all.length} blocks run`)
})
