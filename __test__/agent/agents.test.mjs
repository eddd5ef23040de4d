// Standalone agents, agents of a factory, and changes of an agent at work.
import test from 'ava'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import {
  Agent,
  AgentBuilder,
  AgentStatus,
  AIReceptionist,
  AIReceptionistFactory,
  ConfigurationError,
  DatabaseStorage,
  InMemoryStorage,
  LifecycleError,
  ModelError,
  ValidationError,
} from '../../index.js'
import { startModel } from '../support/models/strict-model.mjs'
import { identity } from '../support/fixtures.mjs'

const offline = {
  provider: 'openai',
  apiKey: 'k',
  model: 'm',
  baseUrl: 'http://127.0.0.1:9/v1',
  maxRetries: 0,
}

/** The prompts that the model gets, by the agent. */
async function recording(t, script = () => 'Hello.') {
  const server = await startModel(t, script)
  return { config: server.config, prompts: () => server.requests.map(({ messages }) => messages[0].content) }
}

const request = (input, more) => ({
  id: `request-${Math.random()}`,
  input,
  channel: 'sms',
  context: { conversationId: 'conv_1', ...more },
})

test('an agent works without a receptionist', async (t) => {
  const model = await recording(t, (body) => (body.messages.length > 2 ? 'And again.' : 'Hello.'))
  const agent = Agent.builder()
    .withIdentity(identity)
    .withPersonality({ traits: ['calm'] })
    .withKnowledge({ domain: 'boats' })
    .withGoals({ primary: 'Sell boats' })
    .withMemory({ contextWindow: 5 })
    .withProvider(model.config)
    .build()
  t.is(agent.getStatus(), AgentStatus.INITIALIZING)
  t.throws(() => agent.getSystemPrompt(), { instanceOf: LifecycleError, code: 'NOT_INITIALIZED' })
  await agent.initialize()
  await agent.initialize()
  t.is(agent.getStatus(), AgentStatus.READY)

  const response = await agent.process({ ...request('Hi', { industry: 'shipping' }), id: 'first' })
  t.deepEqual(response, {
    content: 'Hello.',
    channel: 'sms',
    metadata: { conversationId: 'conv_1', toolsUsed: [], toolResults: [] },
  })
  t.is((await agent.process(request('More'))).content, 'And again.')
  t.regex(model.prompts()[0], /You are Sarah[^]*calm[^]*boats[^]*Sell boats[^]*text messages/)
  const history = await agent.getMemory().getConversationHistory('conv_1')
  t.deepEqual(
    history.map(({ role, content }) => [role, content]),
    [
      ['user', 'Hi'],
      ['assistant', 'Hello.'],
      ['user', 'More'],
      ['assistant', 'And again.'],
    ],
  )
  t.is(history[0].id, 'first-user')
  t.deepEqual(history[0].metadata, { industry: 'shipping' })

  await agent.dispose()
  await agent.dispose()
  t.is(agent.getStatus(), AgentStatus.DISPOSED)
  await t.throwsAsync(agent.process(request('Hi')), { code: 'DISPOSED' })
})

test('an agent reports when it is busy, and when it failed to initialize', async (t) => {
  let during
  const model = await recording(t, () => {
    during = agent.getStatus()
    return 'Hello.'
  })
  const agent = AgentBuilder.create().withIdentity(identity).withAIProvider(model.config).build()
  await agent.initialize()
  await agent.process(request('Hi'))
  t.is(during, AgentStatus.PROCESSING)
  t.is(agent.getStatus(), AgentStatus.READY)
  await agent.dispose()

  const storage = new DatabaseStorage({ connectionString: 'sqlite:/nowhere/at/all.db' })
  const stuck = AgentBuilder.create()
    .withIdentity(identity)
    .withMemory({ longTermStorage: storage })
    .withProvider(offline)
    .build()
  await t.throwsAsync(stuck.initialize())
  t.is(stuck.getStatus(), AgentStatus.ERROR)
})

test('invalid agent options and requests are refused', async (t) => {
  const refused = (builder, message) =>
    t.throws(() => builder.build(), { instanceOf: ConfigurationError, message })
  refused(AgentBuilder.create().withProvider(offline), /identity/)
  refused(AgentBuilder.create().withIdentity(identity), /Model configuration is required/)
  refused(
    AgentBuilder.create()
      .withIdentity({ ...identity, name: '' })
      .withProvider(offline),
    /name/,
  )
  refused(
    AgentBuilder.create().withIdentity(identity).withMemory({ longTermEnabled: true }).withProvider(offline),
    /longTermStorage/,
  )
  const agent = AgentBuilder.create().withCustomSystemPrompt('Be brief.').withProvider(offline).build()
  await agent.initialize()
  t.is(agent.getSystemPrompt(), 'Be brief.')
  t.is(agent.getIdentity().name, 'Custom Agent')
  for (const bad of [
    request(' '),
    { ...request('Hi'), context: { conversationId: '' } },
    { ...request('Hi'), context: {} },
    { ...request('Hi'), id: 'a\0' },
    undefined,
  ]) {
    await t.throwsAsync(agent.process(bad), { instanceOf: ValidationError })
  }
  await t.throwsAsync(agent.process(request('Hi')), { instanceOf: ModelError })
  await agent.dispose()
})

test('the identity of an agent can change while it works', async (t) => {
  const model = await recording(t)
  const receptionist = new AIReceptionist({
    agent: {
      identity,
      personality: {
        traits: ['calm', { name: 'warm', description: 'smiles' }],
        communicationStyle: 'casual',
      },
      knowledge: { domain: 'boats', languages: ['English'] },
      goals: { primary: 'Sell boats', secondary: ['Be liked'], constraints: ['No discounts'] },
    },
    model: model.config,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  const { agent } = receptionist
  t.is(agent.getIdentity(), agent.getIdentity())
  const [who, how, what, why] = [
    agent.getIdentity(),
    agent.getPersonality(),
    agent.getKnowledge(),
    agent.getGoals(),
  ]
  t.is(who.summary(), 'Sarah (Receptionist)')
  who.updateName('Ann')
  who.updateTitle('Captain')
  who.addSpecialization('knots')
  who.addSpecialization('sails')
  who.removeSpecialization('sails')
  who.setAuthorityLevel('high')
  how.addTrait('brave')
  how.removeTrait('calm')
  how.updateTrait('warm', { description: 'laughs' })
  how.setFormalityLevel(2)
  what.addLanguage('Dutch', 'conversational')
  what.addLimitation('submarines')
  t.true(why.removeGoal('Secondary Goal 1'))
  why.addGoal({
    name: 'rest',
    description: 'Sleep well',
    type: 'secondary',
    priority: 2,
    constraints: ['by night'],
  })
  t.true(why.updateGoal('Primary Goal', { metric: 'ten a day' }))
  t.false(why.updateGoal('nothing', {}))
  t.throws(() => why.addGoal({ ...why.getPrimary(), type: 'secondary' }), { instanceOf: ValidationError })

  await receptionist.text.generate({ prompt: 'Hi' })
  const [prompt] = model.prompts()
  for (const told of [
    'You are Ann, Captain',
    'knots',
    'Your authority: high',
    'brave',
    'warm: laughs',
    'Formality: 2',
    'casual',
    'Dutch',
    'submarines',
    'Sell boats (success: ten a day)',
    'Sleep well',
    'No discounts',
    'by night',
  ]) {
    t.true(prompt.includes(told), `${told} is not in ${prompt}`)
  }
  for (const gone of ['Sarah', 'sails', 'calm', 'smiles', 'Be liked']) t.false(prompt.includes(gone), gone)
  t.true(prompt.startsWith(`${agent.getSystemPrompt('text')}\n\n# Who you are talking to\n`))
  t.true(prompt.startsWith(who.getDescription()))
  for (const pillar of [how, what, why]) t.true(prompt.includes(pillar.getDescription()))
  t.deepEqual(who.specializations, ['knots'])
  t.deepEqual(how.traits, [
    { name: 'warm', description: 'laughs' },
    { name: 'brave', description: '' },
  ])
  t.deepEqual(what.languages, { fluent: ['English'], conversational: ['Dutch'] })
  t.deepEqual(
    why.getCurrent().map(({ name, priority }) => [name, priority]),
    [
      ['Primary Goal', 1],
      ['rest', 2],
    ],
  )
  t.is(JSON.parse(JSON.stringify(who)).name, 'Ann')
  t.is(receptionist.getInfo().agentName, 'Ann')

  t.throws(() => who.updateName(' '), { instanceOf: ConfigurationError, message: /agent\.identity\.name/ })
  t.throws(() => who.setAuthorityLevel('total'), { message: /authorityLevel/ })
  t.throws(() => agent.withAgentConfig({ memory: { autoPersist: {} } }), {
    instanceOf: ValidationError,
    message: /memory/,
  })
  t.is(agent.withAgentConfig({ identity: { role: 'Skipper' } }), agent)
  t.is(who.name, 'Ann')
  t.is(who.role, 'Skipper')
  agent.withAgentConfig({ customSystemPrompt: 'Only this.' })
  t.is(agent.getSystemPrompt(), 'Only this.')

  await receptionist.reinitialize()
  t.is(who.name, 'Ann')
  receptionist.updateConfig({ agent: { identity: { name: 'Bob', role: 'Mate' } } })
  await receptionist.reinitialize()
  t.is(who.name, 'Bob')
})

test('agents of a factory share only the database', async (t) => {
  const model = await recording(t, (body) => `${body.tools?.length ?? 0} tools`)
  const client = new Database(':memory:')
  t.teardown(() => client.close())
  const factory = await AIReceptionistFactory.create({
    model: model.config,
    storage: { type: 'database', database: { db: drizzle(client) } },
  })
  t.true(factory.getStorage() instanceof DatabaseStorage)
  const [sarah, bob] = await Promise.all([
    factory.createAgent({ identity }),
    factory.createAgent({ identity: { name: 'Bob', role: 'Mechanic' }, memory: { contextWindow: 3 } }),
  ])
  t.not(sarah.agent.getToolRegistry(), bob.agent.getToolRegistry())
  t.true(sarah.receptionist.getInfo().initialized && sarah.voice !== bob.voice && sarah.sms !== bob.sms)

  // In 0.1.22 the tools of all agents wrote to the memory of the first agent.
  for (const [one, key] of [
    [sarah, 'a'],
    [bob, 'b'],
  ]) {
    const context = { channel: 'text', conversationId: `conv_${key}` }
    await one.agent.getToolRegistry().execute('remember_preference', { key, value: 'yes' }, context)
  }
  t.is(sarah.agent.memory.getStats().shortTermCount, bob.agent.memory.getStats().shortTermCount)
  const written = client
    .prepare(
      "SELECT json_extract(session_metadata, '$.conversationId') AS c FROM ai_receptionist_memory WHERE type = 'tool_execution' ORDER BY c",
    )
    .all()
  t.deepEqual(
    written.map(({ c }) => c),
    ['conv_a', 'conv_b'],
  )
  t.is((await sarah.agent.memory.getConversationHistory('conv_b')).length > 0, true)

  await sarah.text.generate({ prompt: 'Hi' })
  await bob.text.generate({ prompt: 'Hi' })
  t.regex(model.prompts()[0], /You are Sarah/)
  t.regex(model.prompts()[1], /You are Bob/)

  await sarah.dispose()
  await sarah.dispose()
  await t.throwsAsync(sarah.text.generate({ prompt: 'Hi' }), { code: 'DISPOSED' })
  t.is((await bob.text.generate({ prompt: 'Still there?' })).text, '5 tools')
  await factory.dispose()
  await factory.dispose()
  await t.throwsAsync(bob.text.generate({ prompt: 'Hi' }), { code: 'DISPOSED' })
  await t.throwsAsync(factory.createAgent({ identity }), { instanceOf: LifecycleError, code: 'DISPOSED' })
  t.true(client.open)
})

test('a factory accepts every kind of storage, or none', async (t) => {
  const own = new InMemoryStorage()
  for (const [options, Class] of [
    [{ storage: { type: 'memory' } }, InMemoryStorage],
    [{ storage: { type: 'database', database: { connectionString: 'sqlite::memory:' } } }, DatabaseStorage],
    [{ database: { connection: 'sqlite::memory:' } }, DatabaseStorage],
    [{}, undefined],
  ]) {
    const factory = await AIReceptionistFactory.create({ model: offline, ...options })
    t.is(factory.getStorage()?.constructor, Class)
    const [one, two] = [
      await factory.createAgent({ identity }),
      await factory.createAgent({ identity, memory: { longTermStorage: own } }),
    ]
    await one.agent.memory.store({ id: 'a', content: 'a', timestamp: new Date(), type: 'system' })
    t.is((await two.agent.memory.search()).length, 0)
    const three = await factory.createAgent({ identity })
    t.is((await three.agent.memory.search()).length, Class ? 1 : 0)
    t.is(one.agent.getToolRegistry().count() > 0, Class !== undefined)
    await factory.dispose()
  }
  const refused = (config, message) =>
    t.throwsAsync(AIReceptionistFactory.create(config), { instanceOf: ConfigurationError, message })
  await refused({}, /Model configuration is required/)
  await refused(
    { model: offline, storage: { type: 'memory' }, database: { connection: 'sqlite:a' } },
    /one of them/,
  )
  await refused({ model: offline, storage: { type: 'database' } }, /./)
  const factory = await AIReceptionistFactory.create({ model: offline })
  await t.throwsAsync(factory.createAgent({}), { code: 'AGENT_IDENTITY_REQUIRED' })
  await factory.dispose()
})

test('a conversation is found by its call, its message and its number', async (t) => {
  const agent = AgentBuilder.create().withIdentity(identity).withProvider(offline).build()
  await t.throwsAsync(agent.memory.initialize(), { code: 'NOT_INITIALIZED' })
  await agent.initialize()
  const { memory } = agent
  await memory.initialize()
  const id = memory.generateConversationId()
  t.regex(id, /^conv_\d+_[0-9a-z]{7}$/)
  const [call, message] = ['CA1', 'SM1']
  await memory.startSession({ conversationId: id, channel: 'call', metadata: { from: '+15551234567' } })
  await memory.startSession({ conversationId: 'other', channel: 'call', metadata: { to: '+15550000000' } })
  await memory.attachCallSid(id, call)
  await memory.attachMessageSid(id, message)
  const found = (memory) => memory?.sessionMetadata.conversationId
  t.is(found(await memory.getConversationByCallId(call)), id)
  t.is(found(await memory.getConversationByMessageId(message)), id)
  t.is(found(await memory.getConversationByIdentifier('call', '+15551234567')), id)
  t.is(found(await memory.getConversationByIdentifier('call', '+15550000000')), 'other')
  t.is(await memory.getConversationByIdentifier('sms', '+15551234567'), null)
  t.is(await memory.getConversationByCallId('CA2'), null)
  t.true((await memory.getConversationByCallId(call)).timestamp instanceof Date)
  await memory.dispose()
  t.is(memory.getStats().shortTermCount, 0)
  await agent.dispose()
})
