// Calls that the TypeScript SDK 0.1.22 documents. Where possible, they are compared with the
// published package.
import * as published from '@atchonk/ai-receptionist'
import test from 'ava'
import {
  Agent,
  AgentBuilder,
  AIReceptionist,
  InMemoryStorage,
  TextResource,
  ToolRegistry,
} from '../../index.js'
import * as ours from '../../index.js'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { inbound, startEmailHarness } from '../support/channels/email-harness.mjs'
import { LINE, JOHN, phone, receptionists, sms } from '../support/channels/phone-harness.mjs'

published.configureLogger({ level: published.LogLevel.NONE })

/** A model that follows instructions: `use name {…}` calls a tool. */
const tools = ({ messages }) => {
  const last = messages.at(-1)
  if (last.role === 'tool') return last.content
  const [, name, parameters] = /^use (\w+) (\{.*\})$/s.exec(last.content) ?? []
  return name ? { toolCalls: [{ name, parameters: JSON.parse(parameters) }] } : `heard: ${last.content}`
}

async function model(t, script = tools) {
  const server = await startScriptedModel(script)
  t.teardown(server.close)
  return server
}

async function receptionist(t, more = {}) {
  const server = await model(t)
  const made = new AIReceptionist({
    agent: {
      identity: { name: 'Sarah', role: 'Receptionist' },
      memory: { longTermStorage: new InMemoryStorage() },
    },
    model: { provider: 'openai', model: 'm', baseUrl: server.url },
    ...more,
  })
  await made.initialize()
  t.teardown(() => made.dispose())
  return { receptionist: made, server }
}

/** A tool that returns its arguments. */
const echo = (seen = [], more) => ({
  name: 'echo',
  description: 'Tells what it is given',
  parameters: { type: 'object', properties: { a: { type: 'string' }, to: { type: 'string' } } },
  handlers: {
    default: async (params, context) => {
      seen.push({ params, context })
      return { success: true, data: params, response: { text: 'done' } }
    },
  },
  ...more,
})

for (const [name, args] of [
  ['ProviderError', ['It broke', 'BROKEN', 503, { at: 'night' }]],
  ['ProviderError', ['It broke', 'BROKEN']],
  ['CredentialValidationError', ['twilio', 'wrong token', { a: 1 }]],
  ['ProviderNotConfiguredError', ['twilio']],
  ['ProviderInitializationError', ['twilio', 'no network']],
  ['PromptTooLargeError', ['Too long', { tokens: 3, maxTokens: 2, sections: { a: 3 } }]],
]) {
  test(`new ${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`, (t) => {
    const [theirs, mine] = [new published[name](...args), new ours[name](...args)]
    for (const field of ['name', 'message', 'statusCode', 'context', 'details']) {
      t.deepEqual(mine[field], theirs[field], field)
    }
    if (theirs.code !== undefined) t.is(mine.code, theirs.code)
    t.true(mine instanceof Error && mine instanceof ours.ReceptionistError)
    t.is(mine instanceof ours.ProviderError, theirs instanceof published.ProviderError)
  })
}

test('errors of the core keep their classes', async (t) => {
  const { receptionist: one } = await receptionist(t)
  const error = await t.throwsAsync(one.sms.send({ to: JOHN, body: 'Hi' }))
  t.true(error instanceof ours.ProviderNotConfiguredError && error instanceof ours.ProviderError)
  t.is(error.code, 'PROVIDER_NOT_CONFIGURED')
  t.false(error.message.includes('undefined'))
})

test('new ToolRegistry() runs tools as the SDK does', async (t) => {
  for (const Registry of [published.ToolRegistry, ToolRegistry]) {
    const registry = new Registry()
    const seen = []
    registry.register(echo(seen))
    registry.register(echo([], { name: 'other' }))
    t.is(registry.count(), 2)
    t.is(registry.get('echo').name, 'echo')
    t.is(registry.get('nothing'), undefined)
    t.deepEqual(
      registry.listAvailable('sms').map(({ name }) => name),
      ['echo', 'other'],
    )
    const context = { channel: 'sms', conversationId: 'c', leadId: 7, metadata: { x: 1 } }
    const result = await registry.execute('echo', { a: 'b' }, context)
    t.like(result, { success: true, data: { a: 'b' }, response: { text: 'done' } })
    t.like(seen[0].context, context, 'a handler is given what was passed')
    t.true(registry.unregister('other'))
    t.false(registry.unregister('other'))
    registry.clear()
    t.is(registry.count(), 0)
  }
  t.is(new ToolRegistry({ defaultTimeout: 50 }).count(), 0)
  const slow = new ToolRegistry({ defaultTimeout: 50 })
  slow.register(echo([], { handlers: { default: () => new Promise(() => {}) } }))
  t.false((await slow.execute('echo', {}, { channel: 'text', conversationId: 'c' })).success)
  t.throws(() => new ToolRegistry({ validateParameters: false }), { message: /type: 'object'/ })
})

test('a custom registry gives its tools to agents, also tools that are registered later', async (t) => {
  const server = await model(t)
  const registry = new ToolRegistry()
  const seen = []
  registry.register(echo(seen))
  const build = () =>
    AgentBuilder.create()
      .withIdentity({ name: 'Ann', role: 'Manager' })
      .withProvider({ provider: 'openai', model: 'm', baseUrl: server.url })
  const agents = [build().withToolRegistry(registry).build(), build().build()]
  agents[1].setToolRegistry(registry)
  registry.register(echo(seen, { name: 'later' }))
  for (const agent of agents) {
    await agent.initialize()
    t.teardown(() => agent.dispose())
    for (const name of ['echo', 'later']) {
      const request = {
        id: name,
        input: `use ${name} {"a":"b"}`,
        channel: 'text',
        context: { conversationId: 'c' },
      }
      t.deepEqual((await agent.process(request)).metadata.toolsUsed, [name])
    }
  }
  t.is(seen.length, 4)
  registry.unregister('later')
  t.false(agents[0].getToolRegistry().has('later'))
})

test('resources are created from an agent', async (t) => {
  const { receptionist: one } = await receptionist(t)
  const text = new TextResource(one.agent)
  t.is((await text.generate({ prompt: 'Hello', conversationId: 'c' })).text, 'heard: Hello')
  t.true((await one.agent.memory.getConversationHistory('c')).length > 1)
  for (const name of ['VoiceResource', 'SMSResource', 'EmailResource']) {
    t.true(new ours[name](one.agent) instanceof ours[name])
    for (const wrong of [undefined, {}, one]) {
      t.throws(() => new ours[name](wrong), { code: 'INVALID_ARGUMENT', message: /receptionist\.agent/ })
    }
  }
  for (const [name, config, hint] of [
    ['VoiceResource', { rateLimitConfig: { maxCalls: 5 } }, /channels: \{ voice: \{ maxPerHour/],
    ['VoiceResource', { spamDetection: true }, /channels: \{ blocked/],
    ['VoiceResource', { recordCalls: true }, /not recorded/],
    ['VoiceResource', { transcribeCalls: true }, /memories/],
    ['VoiceResource', { twimlConfig: { language: 'en' } }, /channels: \{ voice: \{ language/],
    ['VoiceResource', { webhookBaseUrl: 'https://x.y' }, /twilio: \{ webhookBaseUrl/],
    ['VoiceResource', { webhookPath: '/x' }, /voiceWebhookPath/],
    ['SMSResource', { autoReplyEnabled: false }, /channels: \{ sms: \{ autoReply: false/],
    ['SMSResource', { rateLimitConfig: {} }, /channels: \{ sms: \{ maxPerHour/],
  ]) {
    t.throws(() => new ours[name](one.agent, config), { code: 'INVALID_ARGUMENT', message: hint })
  }
  t.throws(() => new ours.SMSResource(one.agent, undefined, {}), {
    message: /`database` of the receptionist/,
  })
})

test('resources accept webhooks, as a context or as posted', async (t) => {
  const { all } = await receptionists(t, 1, tools)
  const [one] = all
  const form = sms('Hello')
  t.true(
    (await one.sms.handleWebhook({ provider: 'twilio', payload: form, timestamp: new Date() })).includes(
      'heard: Hello',
    ),
  )
  t.true((await one.sms.handleWebhook(sms('Again'))).includes('heard: Again'))
  const call = {
    CallSid: `CA${'1'.repeat(32)}`,
    From: JOHN,
    To: LINE,
    CallStatus: 'ringing',
    Direction: 'inbound',
  }
  t.true((await one.voice.handleWebhook({ payload: call })).includes('<Gather'))
  await one.voice.handleStatusCallback({ payload: { ...call, CallStatus: 'completed', CallDuration: '5' } })
  one.voice.dispose()
  one.sms.dispose()
  const { receptionist: mail } = await startEmailHarness(t, {})
  t.like(await mail.email.handleWebhook({ provider: 'postmark', payload: inbound('One') }), {
    autoReplied: true,
  })
  t.like(await mail.email.handleWebhook(inbound('Two'), { autoReply: false }), { autoReplied: false })
})

for (const second of [undefined, null, '', 'a-signature', 'Basic cG9zdG1hcms6czNjcmV0']) {
  test(`handleEmailWebhook(body, ${JSON.stringify(second)})`, async (t) => {
    const { receptionist: one } = await startEmailHarness(t, {})
    t.like(await one.handleEmailWebhook(inbound('Hello'), second), { autoReplied: true })
  })
}

test('withAgentConfig({ identity, memory })', async (t) => {
  const { receptionist: one, server } = await receptionist(t)
  const { agent } = one
  t.is(
    agent.withAgentConfig({ identity: { name: 'Ann', role: 'Boss' }, memory: { contextWindow: 2 } }),
    agent,
  )
  t.is(agent.getIdentity().name, 'Ann')
  for (let n = 0; n < 4; n++) await one.text.generate({ prompt: `message ${n}`, conversationId: 'c' })
  // A summary of what was left out may be asked for meanwhile.
  const turn = server.requests.findLast(({ messages }) => messages.at(-1).content === 'message 3')
  t.false(JSON.stringify(turn.messages.slice(1)).includes('message 0'), 'the window is smaller at once')
  for (const memory of [
    { longTermEnabled: true },
    { longTermStorage: new InMemoryStorage() },
    { autoPersist: {} },
  ]) {
    t.throws(() => agent.withAgentConfig({ memory }), { code: 'INVALID_ARGUMENT', message: /reinitialize/ })
  }
})

test('businessContext, systemPromptEnhancement, toolParams and further fields of process', async (t) => {
  const seen = []
  const { receptionist: one, server } = await receptionist(t, { tools: { custom: [echo(seen)] } })
  const ask = (input, context) =>
    one.agent.process({ id: input, input, channel: 'sms', context: { conversationId: 'c', ...context } })
  await ask('Hi', {
    businessContext: {
      companyInfo: 'Acme sells anvils',
      leadInfo: 'John is new',
      additionalContext: 'It rains',
    },
    systemPromptEnhancement: 'Answer in verse',
  })
  const prompt = server.requests.at(-1).messages[0].content
  for (const words of ['Acme sells anvils', 'John is new', 'It rains', 'Answer in verse']) {
    t.true(prompt.includes(words), words)
  }
  await ask('Again')
  t.false(server.requests.at(-1).messages[0].content.includes('Answer in verse'), 'for one answer only')
  await ask('use echo {"a":"model","to":"model"}', {
    toolParams: { to: '+1555' },
    leadSource: 'fair',
    industry: 'steel',
  })
  t.deepEqual(seen[0].params, { a: 'model', to: '+1555' })
  t.like(seen[0].context, { leadSource: 'fair', industry: 'steel', channel: 'sms', conversationId: 'c' })
})

test('registry.execute hands the fields of its context to the tool', async (t) => {
  const seen = []
  const { receptionist: one } = await receptionist(t, { tools: { custom: [echo(seen)] } })
  const context = {
    channel: 'call',
    conversationId: 'c',
    callSid: 'CA1',
    agentId: 'a',
    userId: 7,
    nested: { a: [1] },
  }
  await one.getToolRegistry().execute('echo', { a: 'b' }, context)
  t.like(seen[0].context, context)
})

test('goals.metrics as a list', async (t) => {
  const { receptionist: one } = await receptionist(t, {
    agent: {
      identity: { name: 'Sarah', role: 'Receptionist' },
      goals: { primary: 'Help', metrics: ['calls answered', 'demos booked'] },
    },
  })
  for (const metric of ['calls answered', 'demos booked'])
    t.true(one.agent.getSystemPrompt().includes(`- ${metric}`))
})

test("getChannelHistory('voice') returns the history of calls", async (t) => {
  const { all } = await receptionists(t, 1, tools)
  const line = phone(all)
  await line.dial()
  await line.say('Hello')
  await line.hangUp()
  const { memory } = all[0].agent
  const calls = await memory.getChannelHistory('voice')
  t.true(calls.length > 2)
  t.deepEqual(calls, await memory.getChannelHistory('call'))
  t.truthy(await memory.getConversationByIdentifier('voice', JOHN))
})

test.serial('OPENAI_BASE_URL sets the address of OpenAI', async (t) => {
  const server = await model(t)
  process.env.OPENAI_BASE_URL = ` ${server.url} `
  t.teardown(() => delete process.env.OPENAI_BASE_URL)
  const agent = { identity: { name: 'Sarah', role: 'Receptionist' } }
  const ask = async (settings) => {
    const one = new AIReceptionist({
      agent,
      model: { provider: 'openai', apiKey: 'k', model: 'm', ...settings },
    })
    t.teardown(() => one.dispose())
    await one.initialize()
    return (await one.text.generate({ prompt: 'Hi' })).text
  }
  t.is(await ask({}), 'heard: Hi')
  const other = await model(t, () => 'the other')
  t.is(await ask({ baseUrl: other.url }), 'the other', 'an option wins')
})

test('search({ type: [] }) finds nothing', async (t) => {
  const { receptionist: one } = await receptionist(t)
  await one.text.generate({ prompt: 'Hi', conversationId: 'c' })
  t.true((await one.agent.memory.search({})).length > 0)
  t.deepEqual(await one.agent.memory.search({ type: [] }), [])
  const storage = new InMemoryStorage()
  await storage.save({ id: 'a', content: 'x', timestamp: new Date(), type: 'system' })
  t.deepEqual(await storage.search({ type: [] }), [])
})

test('Agent.builder() builds an agent as in the SDK', (t) => {
  t.true(Agent.builder() instanceof AgentBuilder)
})

test('the stack of an error leads to the caller', async (t) => {
  const { receptionist: one } = await receptionist(t)
  for (const to of [JOHN, 'nobody']) {
    const error = await t.throwsAsync(async () => {
      await one.sms.send({ to, body: 'Hi' })
    })
    t.true(error.stack.startsWith(`${error.name}: ${error.message}`))
    t.true(error.stack.includes('sdk-calls.test.mjs'), error.stack)
  }
})
