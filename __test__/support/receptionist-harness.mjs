// Receptionists over a scripted model that is as strict as the real API.
import { AIReceptionist } from '../../index.js'
import { API_KEY, startModel } from './models/strict-model.mjs'
import { salesIdentity as identity } from './fixtures.mjs'

export const model = {
  provider: 'openai',
  apiKey: API_KEY,
  model: 'gpt-4o-mini',
  baseUrl: 'http://127.0.0.1:9/v1',
  maxRetries: 0,
}

/** An initialized receptionist with a scripted model. Both end with the test. */
export async function open(t, script, config = {}) {
  const server = await startModel(t, script)
  const receptionist = new AIReceptionist({
    agent: { identity, ...config.agent },
    model: { ...server.config, ...config.model },
    ...('database' in config
      ? { database: config.database }
      : { database: { connection: 'sqlite::memory:' } }),
    tools: config.tools,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { receptionist, requests: server.requests, memory: receptionist.agent.memory }
}

/** A script that answers with the given tool calls, and then with the text. */
export const callsThenSays =
  (toolCalls, text = 'Done.') =>
  (body) =>
    body.messages.at(-1).role === 'tool' ? text : { toolCalls }

export const said = (memories) =>
  memories
    .filter(({ type, content }) => type === 'conversation' && content)
    .map(({ role, content }) => `${role}: ${content}`)

export const context = { channel: 'text', conversationId: 'conv_123' }
