// The options that the declarations in index.d.ts name, and the calls that take them.
import ts from 'typescript'
import { AIReceptionist, AIReceptionistFactory, DatabaseStorage } from '../../index.js'
import { identity } from './fixtures.mjs'

export const agent = { identity }

export const model = { provider: 'custom', chat: () => ({ content: 'x' }) }
export const logger = { level: 'NONE' }

const program = ts.createProgram(['index.d.ts'], { strict: true, skipLibCheck: true, types: ['node'] })

export const checker = program.getTypeChecker()

const declarations = program.getSourceFile('index.d.ts')

/** Parameters of public methods that accept options: `Class.method.parameter`, with the type. */
function* parameters() {
  for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(declarations))) {
    const [declared] = symbol.declarations
    if (ts.isClassDeclaration(declared)) {
      for (const member of declared.members) {
        const isHidden =
          ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)
        if (!isHidden) yield* parametersOf(symbol.name, member)
      }
    } else if (ts.isFunctionDeclaration(declared)) {
      yield* parametersOf('', declared)
    } else if (symbol.name === 'Tools') {
      for (const property of checker.getPropertiesOfType(checker.getTypeOfSymbol(symbol)))
        yield* parametersOf('Tools', property.declarations[0])
    }
  }
}

function* parametersOf(owner, member) {
  const method = ts.isConstructorDeclaration(member) ? 'new' : member.name?.getText()
  for (const parameter of member.parameters ?? []) {
    const type = checker.getTypeAtLocation(parameter)
    if (fieldsOf(type).length > 0)
      yield [[owner, method, parameter.name.getText()].filter(Boolean).join('.'), type]
  }
}

export const members = (type) => {
  const given = checker.getNonNullableType(type)
  return given.isUnion() ? given.types : [given]
}

/** The options of a type, across the members of a union. Lists, functions and objects of other packages have none. */
export function fieldsOf(type) {
  return members(type)
    .filter(isOptions)
    .flatMap((one) => checker.getPropertiesOfType(one))
}

export function isOptions(type) {
  const isObject = type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)
  const isOurs = (type.symbol?.declarations ?? []).every((node) =>
    /index\.d\.ts$|lib\.es5/.test(node.getSourceFile().fileName),
  )
  if (!isObject || !isOurs || type.getCallSignatures().length > 0) return false
  return !checker.isArrayType(type) && !type.isClass() && checker.getIndexInfosOfType(type).length === 0
}

/** Parameters that are not options, with the reason. */
const FREE_FORM = new Set([
  'PromptTooLargeError.new.details',
  'AIReceptionist.handleEmailWebhook.payload', // What Postmark posts.
  'ReceptionistError.new.options', // Programs that create errors know the fields.
  'InputValidator.hasCategory.result', // What validate() returned.
  'ToolRegistry.execute.context', // A context holds any fields that the tool needs.
])

/** Opens a receptionist, a storage and a factory that end with the test. */
export async function open(t) {
  const receptionist = new AIReceptionist({
    agent,
    model,
    logger,
    database: { connection: 'sqlite::memory:' },
  })
  await receptionist.initialize()
  const storage = new DatabaseStorage({ connectionString: 'sqlite::memory:' })
  const factory = await AIReceptionistFactory.create({ model, logger })
  t.teardown(() => Promise.all([receptionist.dispose(), storage.dispose(), factory.dispose()]))
  return { receptionist, storage, factory }
}

/** The parameters that accept options. */
export const optionParameters = [...parameters()].filter(([name]) => !FREE_FORM.has(name))
