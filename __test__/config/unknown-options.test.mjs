// Unknown options are refused wherever options are accepted. The cases come from the declarations in index.d.ts, so that every method
// and option is covered.
import { readFileSync } from 'node:fs'
import test from 'ava'
import ts from 'typescript'
import {
  Agent,
  AIReceptionist,
  AIReceptionistFactory,
  DatabaseStorage,
  InMemoryStorage,
  InMemoryVectorStore,
  PromptOptimizer,
  SystemPromptBuilder,
  ToolRegistry,
  Tools,
  configureLogger,
  createLogger,
} from '../../index.js'
import { identity } from '../support/fixtures.mjs'
import {
  agent,
  checker,
  fieldsOf,
  isOptions,
  members,
  model,
  open,
  optionParameters,
} from '../support/option-declarations.mjs'

/** Calls by the parameter that they cover. `given` is its value. */
const CALLS = {
  'AIReceptionist.new.config': (given) => new AIReceptionist(given),
  'AIReceptionist.clone.overrides': (given, { receptionist }) => receptionist.clone(given),
  'AIReceptionist.updateConfig.updates': (given, { receptionist }) => receptionist.updateConfig(given),
  'AIReceptionist.handleVoiceWebhook.auth': (given, { receptionist }) =>
    receptionist.handleVoiceWebhook({}, given),
  'AIReceptionist.handleSMSWebhook.auth': (given, { receptionist }) =>
    receptionist.handleSMSWebhook({}, given),
  'AIReceptionist.handleEmailWebhook.options': (given, { receptionist }) =>
    receptionist.handleEmailWebhook({}, given),
  'AIReceptionistFactory.create.config': (given) => AIReceptionistFactory.create(given),
  'AIReceptionistFactory.createAgent.config': (given, { factory }) => factory.createAgent(given),
  'Agent.process.request': (given, { receptionist }) => receptionist.agent.process(given),
  'Agent.withAgentConfig.config': (given, { receptionist }) => receptionist.agent.withAgentConfig(given),
  'DatabaseStorage.new.config': (given) => new DatabaseStorage(given),
  'DatabaseStorage.migrate.options': (given, { storage }) => storage.migrate(given),
  'DatabaseStorage.save.memory': (given, { storage }) => storage.save(given),
  'DatabaseStorage.search.query': (given, { storage }) => storage.search(given),
  'InMemoryStorage.save.memory': (given) => new InMemoryStorage().save(given),
  'InMemoryStorage.search.query': (given) => new InMemoryStorage().search(given),
  'InMemoryVectorStore.search.query': (given) => new InMemoryVectorStore().search(given),
  'Tools.custom.config': (given) => Tools.custom(given),
  'ToolRegistry.new.config': (given) => new ToolRegistry(given),
  'ToolRegistry.register.tool': (given, { receptionist }) => receptionist.getToolRegistry().register(given),
  'PromptOptimizer.optimize.context': (given) => new PromptOptimizer().optimize('x', given),
  'SystemPromptBuilder.build.context': (given) => new SystemPromptBuilder().build(given),
  'createLogger.config': (given) => createLogger('x', given),
  'configureLogger.config': (given) => configureLogger(given),
  'GoalSystem.addGoal.goal': (given, { receptionist }) => receptionist.agent.getGoals().addGoal(given),
  'GoalSystem.updateGoal.updates': (given, { receptionist }) =>
    receptionist.agent.getGoals().updateGoal('x', given),
  'PersonalityEngine.addTrait.trait': (given, { receptionist }) =>
    receptionist.agent.getPersonality().addTrait(given),
  'PersonalityEngine.updateTrait.updates': (given, { receptionist }) =>
    receptionist.agent.getPersonality().updateTrait('x', given),
  'PersonalityEngine.updateCommunicationStyle.style': (given, { receptionist }) =>
    receptionist.agent.getPersonality().updateCommunicationStyle(given),
}

/** Objects of the public API that a receptionist provides. */
const AT = {
  MemoryManager: ({ receptionist }) => receptionist.agent.memory,
  ToolStore: ({ receptionist }) => receptionist.getToolStore(),
  VoiceResource: ({ receptionist }) => receptionist.calls,
  SMSResource: ({ receptionist }) => receptionist.sms,
  EmailResource: ({ receptionist }) => receptionist.email,
  TextResource: ({ receptionist }) => receptionist.text,
  DatabaseResource: ({ receptionist }) => receptionist.database,
  CustomersResource: ({ receptionist }) => receptionist.customers,
  KnowledgeResource: ({ receptionist }) => receptionist.knowledge,
}

/** The arguments before the options. */
const BEFORE = {
  getChannelHistory: ['text'],
  retrieve: ['x'],
  'CustomersResource.merge': [{ email: 'anna@example.com' }],
  evaluateRetrieval: [[{ question: 'x', expected: ['m'] }]],
  addFolder: ['.'],
  'KnowledgeResource.search': ['x'],
  connect: [{ send() {}, close() {} }],
  handleWebhook: [{}],
  handleStatusCallback: [{}],
  handleTranscription: [{}],
}

function callOf(name) {
  if (CALLS[name]) return CALLS[name]
  const [owner, method] = name.split('.')
  if (owner === 'AgentBuilder')
    return (given) => {
      const builder = Agent.builder().withIdentity(identity).withProvider(model)
      builder[method](given).build()
    }
  if (!AT[owner]) return undefined
  return async (given, scene) => {
    const result = AT[owner](scene)[method](
      ...(BEFORE[name.split('.', 2).join('.')] ?? BEFORE[method] ?? []),
      given,
    )
    if (method === 'stream') for await (const _ of result);
    return result
  }
}

async function errorOf(call) {
  try {
    await call()
  } catch (error) {
    return error
  }
}

/** Objects with one unknown option, at every path of a type. */
function* misspelt(type, depth = 6, seen = []) {
  if (depth === 0 || fieldsOf(type).length === 0) return
  const [last] = members(type).filter(isOptions)
  if (seen.includes(last)) return
  const areOwn = fieldsOf(type).every((field) => isFunction(field))
  if (!areOwn && !isUsers(type)) yield [['qqqqq'], { qqqqq: 1 }]
  for (const field of fieldsOf(type)) {
    const inner = checker.getTypeOfSymbol(field)
    for (const [path, value] of misspelt(inner, depth - 1, [...seen, last]))
      yield [[field.name, ...path], { [field.name]: value }]
    for (const list of members(inner).filter((one) => checker.isArrayType(one))) {
      const item = checker.getTypeArguments(list)[0]
      for (const [path, value] of misspelt(item, depth - 1, [...seen, last]))
        yield [[`${field.name}[0]`, ...path], { [field.name]: [value] }]
    }
  }
}

const isFunction = (field) =>
  checker.getNonNullableType(checker.getTypeOfSymbol(field)).getCallSignatures().length > 0

/** An object of the user that is recognized by its methods or kept as given. */
function isUsers(type) {
  const required = members(type)
    .filter(isOptions)
    .flatMap((one) => checker.getPropertiesOfType(one))
    .filter(({ flags }) => !(flags & ts.SymbolFlags.Optional))
  const isKept = members(type).some(({ symbol }) =>
    ['AgentToolCall', 'AgentToolResult'].includes(symbol?.name),
  )
  return isKept || (required.length > 0 && required.every(isFunction))
}

test('every public method that accepts options is covered', (t) => {
  t.deepEqual(
    optionParameters.map(([name]) => name).filter((name) => callOf(name) === undefined),
    [],
  )
  t.true(optionParameters.length > 50, `${optionParameters.length} parameters`)
})

test('an unknown option is refused at every path of every type', async (t) => {
  const scene = await open(t)
  let tried = 0
  for (const [name, type] of optionParameters) {
    for (const [path, given] of misspelt(type)) {
      tried++
      const error = await errorOf(() => callOf(name)(given, scene))
      const where = `${name}: ${path.join('.')}`
      t.regex(error?.code ?? `${error}`, /^INVALID_(CONFIG|ARGUMENT|MEMORY|QUERY)$/, where)
      t.true(error?.details?.field?.endsWith('qqqqq'), `${where}: ${error?.message}`)
    }
  }
  t.true(tried > 150, `${tried} places`)
})

test('free-form objects accept any field', async (t) => {
  const { receptionist } = await open(t)
  const own = { anything: { nested: [1] } }
  await receptionist.text.generate({ prompt: 'Hi', metadata: own, conversationId: 'c' })
  await receptionist.agent.memory.store({
    id: 'm',
    content: 'x',
    timestamp: new Date(),
    type: 'tool_execution',
    metadata: own,
    sessionMetadata: { conversationId: 'c', ...own },
    toolCall: { id: '1', name: 'n', parameters: own, ...own },
    toolResult: { success: true, ...own },
  })
  class Logger {
    anything = 1
    debug() {}
    info() {}
    warn() {}
    error() {}
  }
  class Tool {
    name = 'own'
    description = 'Own'
    parameters = { type: 'object', properties: {}, additionalProperties: false, anything: 1 }
    handlers = { default: () => 1, helper: 7 }
    client = {}
  }
  t.notThrows(
    () => new AIReceptionist({ agent, model, logger: new Logger(), tools: { custom: [new Tool()] } }),
  )
})

test('the options of the TypeScript SDK 0.1.22 are accepted', (t) => {
  const path = 'node_modules/@atchonk/ai-receptionist/dist/index.d.ts'
  const types = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  const shapes = readFileSync('ts/options/shapes.ts', 'utf8')
  const names = [
    'IdentityConfig',
    'PersonalityConfig',
    'KnowledgeConfig',
    'GoalConfig',
    'MemoryConfig',
    'AIModelConfig',
    'TwilioConfig',
    'BaseEmailConfig',
    'GoogleConfig',
    'StorageConfig',
    'AIReceptionistConfig',
    'LoggerConfig$1',
    'ToolConfig',
    'ProviderConfig',
    'MakeCallOptions',
    'SendSMSOptions$1',
    'SendEmailOptions',
    'GenerateTextOptions',
    'MemorySearchQuery',
    'ITool',
    'EmailAttachment',
    'AgentConfiguration',
    'PromptContext',
    'ToolRegistryConfig',
  ]
  const found = types.statements.filter(
    (node) => ts.isInterfaceDeclaration(node) && names.includes(node.name.text),
  )
  t.is(found.length, names.length)
  for (const { name, members } of found) {
    for (const member of members)
      t.regex(shapes, new RegExp(`\\b${member.name.text}:`), `${name.text}.${member.name.text}`)
  }
})
