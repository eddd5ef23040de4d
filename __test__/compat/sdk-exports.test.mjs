// Exports for users of the TypeScript SDK (@atchonk/ai-receptionist 0.1.22): every name has a
// compatible type, or a row with the reason in docs/migrating.md.
import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import ts from 'typescript'
import * as published from '@atchonk/ai-receptionist'
import * as receptionist from '../../index.js'
import { startScriptedModel } from '../../examples/scripted-model.mjs'

const folder = dirname(fileURLToPath(import.meta.url))
const root = dirname(dirname(folder))
const OLD = '@atchonk/ai-receptionist'
const OPTIONS = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  lib: ['lib.es2022.d.ts'],
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
}

/** Types whose values users create: values for the old package must be accepted. */
const GIVEN = [
  'AIModelConfig',
  'AIReceptionistConfig',
  'AgentConfiguration',
  'AgentInstanceConfig',
  'AgentRequest',
  'Channel',
  'CommunicationStyleConfig',
  'DatabaseStorageConfig',
  'ExecutionContext',
  'FactoryConfig',
  'GenerateTextOptions',
  'Goal',
  'GoalConfig',
  'ILogger',
  'IStorage',
  'ITool',
  'IdentityConfig',
  'JSONSchema',
  'KnowledgeConfig',
  'LanguageConfig',
  'LoggerConfig',
  'LoggerContext',
  'Memory',
  'MemoryConfig',
  'MemorySearchQuery',
  'Message',
  'PersonalityConfig',
  'PersonalityTrait',
  'PromptContext',
  'PromptExample',
  'StorageConfig',
  'ToolConfig',
  'ToolHandler',
  'ToolHandlers',
]

/**
 * Types and classes whose values users receive: they must be usable like those of the old package.
 */
const RETURNED = [
  'AIReceptionist',
  'AIReceptionistFactory',
  'Agent',
  'AgentBuilder',
  'AgentInstance',
  'AgentResponse',
  'AgentState',
  'AgentToolCall',
  'AgentToolResult',
  'Channel',
  'ChannelResponse',
  'ConversationHistory',
  'ConversationHistoryMetadata',
  'CredentialValidationError',
  'DatabaseStorage',
  'Goal',
  'GoalSystem',
  'ILogger',
  'ITool',
  'Identity',
  'InMemoryStorage',
  'InputValidator',
  'KnowledgeBase',
  'Memory',
  'MemoryManager',
  'MemoryStats',
  'Message',
  'PersonalityEngine',
  'PromptOptimizer',
  'PromptSection',
  'PromptTooLargeError',
  'ProviderError',
  'ProviderInitializationError',
  'ProviderNotConfiguredError',
  'SecurityResult',
  'SystemPromptBuilder',
  'TextResource',
  'TextResponse',
  'ToolBuilder',
  'ToolCall',
  'ToolRegistry',
  'ToolResult',
]

/** Functions and constants. */
const VALUES = ['AgentStatus', 'LogLevel', 'Tools', 'configureLogger', 'createLogger', 'getLogger', 'logger']

/**
 * Names of channels and their providers. Other tests (sms.test.mjs and more) cover their behaviour,
 * and their types are not compared.
 */
const OF_CHANNELS =
  /^(OPENROUTER_MODELS|CalendarEvent|(Call|SMS|MakeCall|SendSMS|SendEmail)(Options|Params|Result|Session)|(Booking|CRM|Calendar)ToolConfig|(Voice|Twilio|Google|Postmark|Provider|BaseEmail|EmailProvider)Config|(Voice|SMS|Email)Resource|BulkEmail(Message|Result)|EmailSession|PostmarkInboundEmail)$/
const MEMBERS_OF_CHANNELS = /^(AIReceptionist|AgentInstance)\.(voice|sms|email|handle\w+Webhook)$/

/** The rows of docs/migrating.md: `Name` or `Name.member`. */
const listed = [
  ...readFileSync(join(root, 'docs/migrating.md'), 'utf8').matchAll(/^\| `([\w.]+)` \| ([^|]+) \|$/gm),
].map(([, name, reason]) => ({ name, reason }))
const names = listed.map(({ name }) => name)

const oldFile = realpathSync(join(root, 'node_modules', OLD, 'dist/index.d.ts'))
const newFile = join(root, 'index.d.ts')

/** Parsed files that all programs share. */
const parsed = new Map()

/**
 * A program of one source next to this file, and the two packages; `declarations` replaces those of
 * the old one.
 */
function compile(name, source, declarations) {
  const file = join(folder, name)
  const host = ts.createCompilerHost(OPTIONS)
  const { fileExists, getSourceFile } = host
  host.fileExists = (path) => path === file || fileExists(path)
  host.getSourceFile = (path, ...rest) => {
    if (path === file) return ts.createSourceFile(path, source, rest[0], true)
    if (path === oldFile && declarations) return ts.createSourceFile(path, declarations, rest[0], true)
    if (!parsed.has(path)) parsed.set(path, getSourceFile(path, ...rest))
    return parsed.get(path)
  }
  const program = ts.createProgram([file, oldFile, newFile], OPTIONS, host)
  const problems = program.getSemanticDiagnostics(program.getSourceFile(file))
  const lines = problems.map(({ file, start, messageText }) => ({
    line: file.getLineAndCharacterOfPosition(start).line,
    text: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }))
  return { program, lines }
}

/**
 * The old declarations without private members, which make types incomparable, and without the
 * omitted names.
 */
function comparable() {
  const text = readFileSync(oldFile, 'utf8')
  const source = ts.createSourceFile(oldFile, text, OPTIONS.target, true)
  const exported = new Map()
  const cuts = []
  const left = (name) => names.includes(name) || MEMBERS_OF_CHANNELS.test(name)
  source.forEachChild((node) => {
    if (!ts.isExportDeclaration(node)) return
    for (const { name, propertyName } of node.exportClause.elements)
      exported.set((propertyName ?? name).text, name.text)
  })
  source.forEachChild((node) => {
    if (!ts.isClassDeclaration(node) && !ts.isInterfaceDeclaration(node)) return
    for (const member of node.members) {
      const flags = ts.getCombinedModifierFlags(member)
      const hidden = flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)
      if (hidden || left(`${exported.get(node.name.text)}.${member.name?.getText()}`)) cuts.push(member)
    }
  })
  return cuts.reduceRight((rest, member) => rest.slice(0, member.pos) + rest.slice(member.end), text)
}

function exportsOf(program, file) {
  const checker = program.getTypeChecker()
  return checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)))
    .map(({ name }) => name)
}

const PRELUDE = `import * as Old from '${OLD}'
import * as New from '../../index.js'
`
const { program } = compile('names.ts', PRELUDE)
const [old, now] = [exportsOf(program, oldFile), exportsOf(program, newFile)]

test('every export of the TypeScript SDK exists, or docs/migrating.md gives the reason', (t) => {
  t.true(old.length > 100)
  const silent = old.filter((name) => !now.includes(name) && !names.includes(name) && !OF_CHANNELS.test(name))
  t.deepEqual(silent, [], 'export them, or give docs/migrating.md a row with the reason')
  const stale = listed.filter(({ name }) => now.includes(name)).map(({ name }) => name)
  t.deepEqual(stale, [], 'docs/migrating.md says that these are missing')
  const unknown = names.filter((name) => !old.includes(name.split('.')[0]))
  t.deepEqual(unknown, [], 'the TypeScript SDK has no such names')
  for (const { name, reason } of listed) t.true(reason.trim().length > 15, `${name} has no reason`)
})

test('every export of both packages is compared', (t) => {
  const compared = [...GIVEN, ...RETURNED, ...VALUES]
  const forgotten = old.filter(
    (name) => now.includes(name) && !compared.includes(name) && !OF_CHANNELS.test(name),
  )
  t.deepEqual(forgotten, [])
})

const there = (list) => list.filter((name) => now.includes(name))

test('the types are compatible, except for the differences that docs/migrating.md lists', (t) => {
  const checks = [
    ...there(GIVEN).map((name) => [
      name,
      `{ const given = {} as Old.${name}; const taken: New.${name} = given; void taken }`,
    ]),
    ...there(RETURNED).map((name) => [
      name,
      `{ const got = {} as New.${name}; const used: Old.${name} = got; void used }`,
    ]),
    ...there(VALUES).map((name) => [name, `{ const used: typeof Old.${name} = New.${name}; void used }`]),
  ]
  const start = PRELUDE.split('\n').length - 1
  const source = PRELUDE + checks.map(([, check]) => check).join('\n')
  const { lines } = compile('fit.ts', source, comparable())
  const problems = lines.map(({ line, text }) => `${checks[line - start]?.[0]}: ${text}`)
  t.deepEqual(problems, [])
})

test('every difference that docs/migrating.md lists exists', (t) => {
  const members = names.filter((name) => name.includes('.') && now.includes(name.split('.')[0]))
  const checks = members.map((name) => {
    const [type, member] = name.split('.')
    return GIVEN.includes(type)
      ? `{ const given = {} as Pick<Old.${type}, '${member}'>; const taken: Pick<New.${type}, '${member}'> = given; void taken }`
      : `{ const got = {} as New.${type}; const used: Pick<Old.${type}, '${member}'> = got; void used }`
  })
  const start = PRELUDE.split('\n').length - 1
  const { lines } = compile('differ.ts', PRELUDE + checks.join('\n'))
  const different = new Set(lines.map(({ line }) => members[line - start]))
  const checker = program.getTypeChecker()
  const types = symbolsOf(program, newFile)
  // The declarations do so for read-only members.
  const isIgnored = (name) => {
    const [type, member] = name.split('.')
    const symbol = checker.getPropertyOfType(checker.getDeclaredTypeOfSymbol(types.get(type)), member)
    const said = ts.displayPartsToString(symbol?.getDocumentationComment(checker))
    return said.startsWith('Accepted for compatibility with the TypeScript SDK')
  }
  t.deepEqual(
    members.filter((name) => !different.has(name) && !isIgnored(name)),
    [],
  )
})

/** The public members of a class or interface of the old package, by the compiler. */
function partsOf(checker, symbol) {
  const isPublic = (member) =>
    !(
      ts.getCombinedModifierFlags(member.declarations[0]) &
      (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)
    )
  const named = (members) =>
    members.filter((member) => member.declarations && isPublic(member)).map(({ name }) => name)
  const declared = checker.getDeclaredTypeOfSymbol(symbol)
  const [declaration] = symbol.declarations
  const isClass = ts.isClassDeclaration(declaration)
  const type = isClass ? checker.getTypeOfSymbol(symbol) : undefined
  const constructor = declaration.members?.find(ts.isConstructorDeclaration)
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected
  return {
    isClass,
    members: named(checker.getPropertiesOfType(declared)),
    statics: isClass ? named(checker.getPropertiesOfType(type)).filter((name) => name !== 'prototype') : [],
    parameters:
      isClass && !(constructor && ts.getCombinedModifierFlags(constructor) & hidden)
        ? (type.getConstructSignatures()[0]?.parameters.length ?? 0)
        : undefined,
  }
}

function symbolsOf(program, file) {
  const checker = program.getTypeChecker()
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)))
  const real = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)
  return new Map(symbols.map((symbol) => [symbol.name, real(symbol)]))
}

test('every class, constructor, method and option exists, or docs/migrating.md names the replacement', (t) => {
  const checker = program.getTypeChecker()
  const [theirs, ours] = [symbolsOf(program, oldFile), symbolsOf(program, newFile)]
  const silent = []
  for (const [name, symbol] of theirs) {
    if (names.includes(name) || !ours.has(name)) continue
    const [old, now] = [partsOf(checker, symbol), partsOf(checker, ours.get(name))]
    const missing = [
      ...old.members.filter((member) => !now.members.includes(member)),
      ...old.statics.filter((member) => !now.statics.includes(member)),
      ...(old.parameters > (now.parameters ?? -1) ? ['constructor'] : []),
    ]
    silent.push(...missing.map((member) => `${name}.${member}`).filter((row) => !names.includes(row)))
    if (old.isClass) t.is(typeof receptionist[name], 'function', `${name} is a class at runtime, too`)
  }
  t.deepEqual(silent, [], 'have them, or give docs/migrating.md a row that says what to write')
})

test('the runtime members of its classes exist', (t) => {
  for (const [name, theirs] of Object.entries(published)) {
    if (typeof theirs !== 'function' || !theirs.prototype || names.includes(name)) continue
    const { members } = partsOf(program.getTypeChecker(), symbolsOf(program, oldFile).get(name))
    const methods = Object.getOwnPropertyNames(theirs.prototype).filter((member) => members.includes(member))
    for (const method of methods) {
      if (names.includes(`${name}.${method}`)) continue
      t.true(method in receptionist[name].prototype, `${name}.${method}`)
    }
  }
})

/** The paths of all options of a type: `model.apiKey`. */
function optionsOf(checker, type, path = '', seen = []) {
  if (seen.includes(type) || seen.length > 6) return []
  const parts = type.isUnion() ? type.types : [type]
  return parts.flatMap((part) => {
    if (
      !(part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) ||
      checker.isArrayType(part) ||
      part.getCallSignatures().length > 0
    )
      return []
    return checker.getPropertiesOfType(part).flatMap((property) => {
      const declaration = property.declarations?.[0]
      const file = declaration?.getSourceFile().fileName
      if (file !== oldFile && file !== newFile) return []
      const here = path ? `${path}.${property.name}` : property.name
      const below = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(property, declaration))
      return [here, ...optionsOf(checker, below, here, [...seen, type])]
    })
  })
}

test('every option of a receptionist and a factory exists, or docs/migrating.md names the replacement', (t) => {
  const checker = program.getTypeChecker()
  const declared = (file, name) => checker.getDeclaredTypeOfSymbol(symbolsOf(program, file).get(name))
  for (const name of [
    'AIReceptionistConfig',
    'AgentInstanceConfig',
    'DatabaseStorageConfig',
    'MemorySearchQuery',
  ]) {
    const old = new Set(optionsOf(checker, declared(oldFile, name)))
    const now = new Set(optionsOf(checker, declared(newFile, name)))
    // Custom storages, tools and loggers are compared by their own types.
    const isOwn = (path) =>
      /(longTermStorage|custom|customLogger|sharedLongTermMemory|db|auth|toolRegistry)\./.test(path)
    const gone = [...old].filter(
      (path) =>
        !now.has(path) && !isOwn(path) && !names.some((row) => row.endsWith(`.${path.split('.').at(-1)}`)),
    )
    t.deepEqual(gone, [], name)
  }
})

const program0122 = readFileSync(join(folder, 'sdk-program.mts'), 'utf8')

test('a program for the TypeScript SDK type-checks with either import', (t) => {
  const { lines } = compile('program-0.1.22.mts', program0122)
  t.deepEqual(lines, [])
  const { lines: ours } = compile('program-ours.mts', program0122.replace(OLD, '../../index.js'))
  t.deepEqual(ours, [])
})

test('it runs after a change of the import only', async (t) => {
  const server = await startScriptedModel((body) => {
    // healthCheck() lists the models.
    if (body === null) return { body: { data: [] } }
    const last = body.messages.at(-1)
    if (last.role === 'tool') return `Done: ${JSON.parse(last.content).data.leadId}`
    if (!last.content.startsWith('Note')) return 'Hello, I am Sarah.'
    return { toolCalls: [{ name: 'create_lead', parameters: { name: 'John', email: 'john@example.com' } }] }
  })
  t.teardown(server.close)
  const source = ts.transpileModule(program0122, {
    compilerOptions: { ...OPTIONS, module: ts.ModuleKind.ESNext },
  })
  const body =
    source.outputText.replace(/^import [^;]*?;$/gms, '').replace('export async function', 'async function') +
    '\nreturn main'
  const names = Object.keys(receptionist).filter((name) => name !== 'default')
  const run = new Function(...names, body)(...names.map((name) => receptionist[name]))
  const seen = await run({ provider: 'openai', apiKey: 'k', model: 'gpt-4o-mini', baseUrl: server.url })
  t.deepEqual(seen, {
    greeting: 'Hello, I am Sarah.',
    answer: 'Done: 123',
    remembered: true,
    executed: '123',
    agentName: 'Sarah',
    cloned: 'Bob',
    healthy: true,
  })
})
