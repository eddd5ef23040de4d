// Bundled programs, and the error without the native addon.
import { execFile } from 'node:child_process'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { build } from 'esbuild'
import { temporaryFolder } from '../support/fixtures.mjs'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const NAME = '@loctelli/ai-receptionist'
const PROGRAM = `import { InMemoryStorage } from '${NAME}'
const storage = new InMemoryStorage()
await storage.save({ id: 'm', content: 'hello', timestamp: new Date(0), type: 'system' })
console.log(storage.count())`

/** A project with the package installed. */
async function project(t) {
  const folder = temporaryFolder(t)
  await mkdir(join(folder, 'node_modules/@loctelli'), { recursive: true })
  await symlink(root, join(folder, 'node_modules', NAME), 'junction')
  await writeFile(join(folder, 'main.mjs'), PROGRAM)
  const bundle = (options) =>
    build({
      entryPoints: [join(folder, 'main.mjs')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: join(folder, 'out/bundle.mjs'),
      logLevel: 'silent',
      preserveSymlinks: true,
      absWorkingDir: folder,
      ...options,
    })
  return { folder, bundle, start: () => run(process.execPath, [join(folder, 'out/bundle.mjs')]) }
}

test('a bundle that keeps the package external works', async (t) => {
  for (const options of [{ external: [NAME] }, { packages: 'external' }]) {
    const { bundle, start } = await project(t)
    await bundle(options)
    t.is((await start()).stdout, '1\n')
  }
})

test('a bundler that inlines the package fails with an error that names the addon', async (t) => {
  const { bundle } = await project(t)
  const { errors } = await t.throwsAsync(bundle())
  t.regex(errors[0].text, /No loader is configured for "\.node" files: .*ai-receptionist\..*\.node/)
})

test('without the native addon, the error names the missing package and the usual causes', async (t) => {
  const folder = temporaryFolder(t)
  for (const file of ['index.js', 'binding.js']) await cp(join(root, file), join(folder, file))
  const load = async (before) => {
    const code = `${before}
      try { require('./index.js') } catch (error) {
        console.log(JSON.stringify({ code: error.code, message: error.message, cause: Boolean(error.cause) })) }`
    // Not even if the environment names another addon.
    const env = { ...process.env, NAPI_RS_NATIVE_LIBRARY_PATH: '' }
    return JSON.parse((await run(process.execPath, ['-e', code], { cwd: folder, env })).stdout)
  }
  const on = (
    platform,
    arch,
  ) => `for (const [name, value] of Object.entries(${JSON.stringify({ platform, arch })}))
    Object.defineProperty(process, name, { value })`
  const mac = await load(on('darwin', 'arm64'))
  t.like(mac, { code: 'ADDON_NOT_LOADED', cause: true })
  t.true(mac.message.includes(`${NAME}-darwin-arm64,`), mac.message)
  for (const cause of ['--omit=optional', 'another operating system', 'docs/bundlers.md']) {
    t.true(mac.message.includes(cause), cause)
  }
  t.true((await load(on('win32', 'x64'))).message.includes(`${NAME}-win32-x64-msvc,`))
  const other = await load(on('freebsd', 'x64'))
  t.regex(
    other.message,
    /no compiled core .* for this platform \(Node\.js v[\d.]+ on freebsd-x64\), only for linux-x64-gnu/,
  )
})
