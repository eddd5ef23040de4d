// Output of `console.log` for objects of the package: the documented names, no internals and no
// secrets.
import { inspect } from 'node:util'
import test from 'ava'
import * as product from '../../index.js'
import { TWILIO } from '../support/channels/phone-harness.mjs'
import { identity } from '../support/fixtures.mjs'

const { Agent, AIReceptionist, DatabaseStorage, InMemoryStorage, InMemoryVectorStore } = product
const KEY = 'sk-never-shown-1'
const TOKEN = 'token-never-shown-2'
const PASSWORD = 'password-never-shown-3'
const model = { provider: 'openai', model: 'm', apiKey: KEY }

const classes = Object.entries(product).filter(([, value]) => /^class /.test(String(value)))

test('class names equal the export names', (t) => {
  t.true(classes.length > 20)
  for (const [name, Class] of classes) t.is(Class.name, name)
})

test('errors show their class name, also in stacks', (t) => {
  for (const [name, Class] of classes.filter(([, { prototype }]) => prototype instanceof Error)) {
    const error = new Class('INTERNAL', 'no')
    t.is(error.name, name)
    t.regex(inspect(error), new RegExp(`^${name}: `))
  }
})

test('stacks name the public classes and methods', async (t) => {
  const error = await t.throwsAsync(new DatabaseStorage({ connectionString: 'sqlite::memory:' }).get(7))
  t.regex(error.stack, /\bDatabaseStorage\.get\b/)
  t.notRegex(error.stack, /\b_[A-Z]/)
})

test('console.log shows the class name and no internals', async (t) => {
  const receptionist = new AIReceptionist({
    agent: { identity },
    model,
    database: { connection: 'sqlite::memory:' },
    providers: { communication: { twilio: { ...TWILIO, authToken: TOKEN } } },
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  const { agent, text, calls, sms, email, database, webhooks } = receptionist
  const storage = new DatabaseStorage({ connectionString: `postgres://me:${PASSWORD}@localhost/x` })
  const factory = await product.AIReceptionistFactory.create({ model })
  t.teardown(() => factory.dispose())
  const shown = {
    AIReceptionist: receptionist,
    TextResource: text,
    VoiceResource: calls,
    SMSResource: sms,
    EmailResource: email,
    DatabaseResource: database,
    Agent: agent,
    MemoryManager: agent.memory,
    Identity: agent.getIdentity(),
    PersonalityEngine: agent.getPersonality(),
    KnowledgeBase: agent.getKnowledge(),
    GoalSystem: agent.getGoals(),
    ToolRegistry: receptionist.getToolRegistry(),
    ToolStore: receptionist.getToolStore(),
    TextStream: text.stream({ prompt: 'Hi' }),
    DatabaseStorage: storage,
    InMemoryStorage: new InMemoryStorage(),
    InMemoryVectorStore: new InMemoryVectorStore(),
    AgentBuilder: Agent.builder().withIdentity(identity).withProvider(model),
    ToolBuilder: new product.ToolBuilder(),
    AIReceptionistFactory: factory,
    ConsoleLogger: product.getLogger(),
  }
  for (const [name, object] of [...Object.entries(shown), ['[Function', webhooks]]) {
    const text = inspect(object, { depth: Infinity })
    t.true(text.startsWith(name), text)
    for (const options of [{ depth: Infinity }, { depth: Infinity, showHidden: true }]) {
      const whole = inspect(object, options)
      t.notRegex(whole, /\b_[A-Z]/, name)
      for (const secret of [KEY, TOKEN, PASSWORD]) t.false(whole.includes(secret), name)
    }
    t.notRegex(text, /native|handle/i, name)
  }
})
