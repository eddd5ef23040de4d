// A chat over HTTP: `node examples/express.mjs`, then
//   curl -d '{"prompt":"Hi!"}' -H 'content-type: application/json' http://localhost:3000/chat/conv_1
import { pathToFileURL } from 'node:url'
import express from 'express'
import { AIReceptionist, ReceptionistError } from '../index.js'

/** HTTP status by error code; every other error is 500. */
const STATUS = {
  INVALID_ARGUMENT: 400,
  UNSUPPORTED_TEXT: 400,
  JSON_TOO_DEEP: 400,
  MODEL_RATE_LIMITED: 503,
  MODEL_UNAVAILABLE: 503,
  MODEL_TIMEOUT: 504,
  DATABASE_UNREACHABLE: 503,
  DATABASE_POOL_TIMEOUT: 503,
}

/** Returns an app in which an initialized `receptionist` answers `POST /chat/:conversation`. */
export function chatApp(receptionist) {
  const app = express()
  app.use(express.json())
  // Express 4 does not await handlers, so rejections must be passed on.
  const route = (handler) => (request, response, next) => handler(request, response).catch(next)

  app.post(
    '/chat/:conversation',
    route(async (request, response) => {
      const conversationId = request.params.conversation
      const { text } = await receptionist.text.generate({ prompt: request.body.prompt, conversationId })
      response.json({ text, conversationId })
    }),
  )
  app.get(
    '/chat/:conversation',
    route(async (request, response) => {
      const history = await receptionist.agent.memory.getConversationHistory(request.params.conversation)
      const messages = history.filter(({ type }) => type === 'conversation')
      response.json(messages.map(({ role, content, timestamp }) => ({ role, content, timestamp })))
    }),
  )
  app.use((error, _request, response, next) => {
    if (!(error instanceof ReceptionistError)) return next(error)
    const status = STATUS[error.code] ?? 500
    // Error messages contain no secrets, but only bad requests concern the client.
    response.status(status).json({ code: error.code, ...(status === 400 && { message: error.message }) })
  })
  return app
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'Sarah', role: 'Receptionist', company: 'Acme Corp' } },
    model: { provider: 'openai', apiKey: process.env.OPENAI_API_KEY, model: 'gpt-4o-mini' },
    database: { connection: 'sqlite:receptionist.db' },
    logger: { level: 'INFO' },
  })
  await receptionist.initialize()
  const server = chatApp(receptionist).listen(3000, () => console.log('http://localhost:3000'))
  process.once('SIGTERM', () => server.close(() => receptionist.dispose()))
}
