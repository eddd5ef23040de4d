// The tarball, as a user gets it: packed, installed in an empty folder, imported and type-checked.
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { temporaryFolder } from '../support/fixtures.mjs'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = temporaryFolder()
const npm = (args, cwd) => run('npm', args, { cwd, shell: process.platform === 'win32' })
let contents, warned

test.before(async () => {
  const { stdout } = await npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root)
  const report = JSON.parse(stdout)
  const [packed] = Array.isArray(report) ? report : Object.values(report)
  contents = packed.files.map(({ path }) => path)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const installed = await npm(['install', '--offline', '--no-audit', join(folder, packed.filename)], folder)
  warned = installed.stderr
})

const SNIPPET = `
const storage = new DatabaseStorage({ connectionString: 'sqlite:receptionist.db' })
await storage.save({ id: 'm', content: 'hello', timestamp: new Date(0), type: 'system' })
if ((await storage.get('m')).timestamp.getTime() !== 0) throw new Error('not what was saved')
await storage.delete('m')
await storage.dispose()
new InMemoryStorage()
try { new AIReceptionist({}) } catch (error) { console.log(error.message) }
`

test.serial('the tarball contains the needed files and no others', (t) => {
  for (const file of [
    'index.js',
    'index.d.ts',
    'binding.js',
    'bin/ai-receptionist.mjs',
    'package.json',
    'README.md',
    'LICENSE',
  ]) {
    t.true(contents.includes(file), `${file} is missing`)
  }
  t.true(contents.some((file) => file.endsWith('.node')))
  const others = contents.filter(
    (file) =>
      !/^(index\.(js|d\.ts)|schema\/(pg|mysql|sqlite)\.(js|mjs|d\.ts|d\.mts)|binding\.js|bin\/ai-receptionist\.mjs|package\.json|README\.md|LICENSE|[\w.-]+\.node)$/.test(
        file,
      ),
  )
  t.deepEqual(others, [])
})

test.serial('npm installs it without a warning, and without install scripts', (t) => {
  t.is(warned, '')
})

test.serial('npx finds the command', async (t) => {
  const { stdout } = await run('npx', ['--no-install', 'ai-receptionist', '--help'], {
    cwd: folder,
    shell: process.platform === 'win32',
  })
  t.regex(stdout, /^Usage: ai-receptionist eval/)
})

test.serial('CommonJS', async (t) => {
  const code = `const { AIReceptionist, DatabaseStorage, InMemoryStorage } = require('@loctelli/ai-receptionist');(async () => {${SNIPPET}})()`
  writeFileSync(join(folder, 'use.cjs'), code)
  t.is(
    (await run(process.execPath, ['use.cjs'], { cwd: folder })).stdout,
    'Agent identity configuration is required\n',
  )
})

test.serial('ESM', async (t) => {
  const code = `import { AIReceptionist, DatabaseStorage, InMemoryStorage } from '@loctelli/ai-receptionist';${SNIPPET}`
  writeFileSync(join(folder, 'use.mjs'), code)
  t.is(
    (await run(process.execPath, ['use.mjs'], { cwd: folder })).stdout,
    'Agent identity configuration is required\n',
  )
})

const TYPED = `
import {
  AIReceptionist, DatabaseStorage, InMemoryStorage, OPENROUTER_MODELS, ReceptionistError,
  type AIModelConfig, type ModelConfig, type Memory, type MemorySearchQuery, type IStorage, type TextResponse,
} from '@loctelli/ai-receptionist'

const storage: IStorage = new DatabaseStorage({ host: 'localhost', database: 'a', user: 'u', password: 'p', ssl: { rejectUnauthorized: false }, pool: { max: 5 } })
const receptionist = new AIReceptionist({
  agent: {
    identity: { name: 'Sarah', role: 'Sales Representative', company: 'Acme Corp' },
    personality: { traits: [{ name: 'friendly', description: 'Warm and welcoming' }] },
    goals: { primary: 'Qualify leads and book demo appointments' },
    memory: { contextWindow: 20, longTermEnabled: true, longTermStorage: storage, autoPersist: { minImportance: 7, types: ['decision'] } },
  },
  model: { provider: 'openai', apiKey: process.env['OPENAI_API_KEY'], model: 'gpt-4o-mini' },
  database: { connection: 'sqlite:receptionist.db', autoMigrate: true, tablePrefix: 'my_' },
})
export async function main(): Promise<void> {
  await receptionist.initialize()
  const reply: TextResponse = await receptionist.text.generate({ prompt: 'Hi', conversationId: 'conv_123' })
  const at: Date = reply.metadata.timestamp
  const history: Memory[] = await receptionist.agent.memory.getConversationHistory('conv_123')
  const query: MemorySearchQuery = { type: 'decision', minImportance: 8, channel: 'call', orderBy: 'timestamp', orderDirection: 'desc' }
  await receptionist.getAgent().getMemory().search(query)
  const statements: string[] = await receptionist.database.migrate({ dryRun: true })
  const counts: [number, Promise<number>] = [new InMemoryStorage().count(), new DatabaseStorage({ connectionString: 'sqlite::memory:' }).count()]
  const code: string | undefined = await receptionist.dispose().then(() => undefined, (e: unknown) => (e instanceof ReceptionistError ? e.code : undefined))
  console.log(at, history, statements, counts, code)
  // @ts-expect-error a database storage needs to know its database
  new DatabaseStorage({})
  for await (const piece of receptionist.text.stream({ prompt: 'Hi' })) console.log(piece.length)
  const pieces: AsyncIterableIterator<string> = receptionist.text.stream({ prompt: 'Hi' })
  const old: AIModelConfig = { provider: 'openrouter', apiKey: 'k', model: OPENROUTER_MODELS.anthropic.claude35Sonnet, temperature: 0.5, maxTokens: 5, httpReferer: 'x' }
  const own: ModelConfig = { provider: 'custom', chat: ({ messages }) => ({ content: messages[0]?.role ?? null }), fallbacks: [old] }
  console.log(pieces, old.model.length, own.provider)
  // @ts-expect-error a model of one's own needs code
  const codeless: ModelConfig = { provider: 'custom' }
  // @ts-expect-error a service's model needs a name
  const nameless: ModelConfig = { provider: 'google' }
  console.log(codeless, nameless)
  // @ts-expect-error no such channel
  await receptionist.agent.memory.getChannelHistory('fax')
}
`

for (const [module, moduleResolution, extension] of [
  ['node16', 'node16', 'cts'],
  ['node16', 'node16', 'mts'],
  ['esnext', 'bundler', 'ts'],
]) {
  test.serial(`types: ${moduleResolution}, .${extension}`, async (t) => {
    const place = join(folder, `${moduleResolution}-${extension}`)
    mkdirSync(place)
    writeFileSync(join(place, `use.${extension}`), TYPED)
    writeFileSync(
      join(place, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module,
          moduleResolution,
          target: 'es2022',
          strict: true,
          exactOptionalPropertyTypes: false,
          noEmit: true,
          skipLibCheck: false,
          types: ['node'],
          typeRoots: [join(root, 'node_modules/@types')],
        },
        files: [`use.${extension}`],
      }),
    )
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
    await t.notThrowsAsync(
      run(process.execPath, [tsc, '-p', place]).catch((error) => {
        throw new Error(error.stdout)
      }),
    )
  })
}
