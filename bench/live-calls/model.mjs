// A scripted model in a process of its own. Each reply carries the time at which its request arrived and the times at which its pieces
// were sent, in milliseconds since 1970.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { clock } from './clock.mjs'

const PIECES = 6
const BETWEEN_PIECES = 60

const server = createServer(async (request, response) => {
  const arrived = clock()
  const parts = []
  for await (const part of request) parts.push(part)
  const { messages, stream } = JSON.parse(Buffer.concat(parts).toString())
  const said = messages.findLast(({ role }) => role === 'user')?.content ?? ''
  const [, asked] = /asked at (\S+)/.exec(said) ?? []
  const choice = (delta, finish_reason = null) => ({ choices: [{ index: 0, delta, finish_reason }] })
  if (!stream) {
    response.writeHead(200, { 'content-type': 'application/json' })
    return response.end(
      JSON.stringify({
        choices: [{ index: 0, message: { role: 'assistant', content: 'Noted.' }, finish_reason: 'stop' }],
      }),
    )
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (data) => response.write(`data: ${JSON.stringify(data)}\n\n`)
  send(choice({ role: 'assistant', content: `request ${(arrived - Number(asked)).toFixed(3)} ms. ` }))
  for (let piece = 0; piece < PIECES; piece++) {
    send(choice({ content: `sent ${clock()} now. ` }))
    await wait(BETWEEN_PIECES)
  }
  send(choice({}, 'stop'))
  response.end('data: [DONE]\n\n')
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
process.send({ url: `http://127.0.0.1:${server.address().port}/v1` })
