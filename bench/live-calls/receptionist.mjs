// A receptionist in a process of its own. Answers `memory` with its resident size in bytes.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { AIReceptionist } from '../../index.js'
import { ACCOUNT, AUTH_TOKEN, LINE } from './line.mjs'

const [modelUrl, connection] = process.argv.slice(2)
const server = createServer()
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${server.address().port}`
const receptionist = new AIReceptionist({
  agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
  model: { provider: 'openai', model: 'm', baseUrl: modelUrl },
  database: { connection, tablePrefix: `bench${process.pid}_` },
  providers: {
    communication: {
      twilio: {
        accountSid: ACCOUNT,
        authToken: AUTH_TOKEN,
        phoneNumber: LINE,
        webhookBaseUrl: url,
        baseUrl: url,
      },
    },
  },
  channels: { voice: { maxPerHour: 1_000_000, noInputTimeoutSeconds: 60 } },
  logger: { level: 'warn' },
})
await receptionist.initialize()
server.on('request', receptionist.webhooks)
server.on('upgrade', receptionist.webhooks.upgrade)
// The first reply of an unknown model is held back.
for await (const _ of receptionist.text.stream({ prompt: 'Hello' }));
process.on('message', async (message) => {
  if (message === 'memory') {
    globalThis.gc?.()
    process.send({ memory: process.memoryUsage.rss() })
  }
  if (message === 'stop') {
    await receptionist.dispose()
    process.exit()
  }
})
process.send({ url })
