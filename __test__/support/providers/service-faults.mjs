// Faults of services: models, Twilio, Postmark and Google.
import { reset } from '../reset-connection.mjs'
import { MB, answer, bomb, drip, flood, head } from './faulty-server.mjs'

const BOMB = await bomb(2_048)
const BROKEN = {
  model: 'MODEL_UNAVAILABLE',
  question: 'PROVIDER_UNAVAILABLE',
  order: 'PROVIDER_OUTCOME_UNKNOWN',
}
const UNUSABLE = {
  model: 'MODEL_RESPONSE_INVALID',
  question: 'PROVIDER_RESPONSE_INVALID',
  order: 'PROVIDER_OUTCOME_UNKNOWN',
}
/** Invalid events are skipped until the stream ends. */
const NO_EVENTS = { ...UNUSABLE, streamed: 'MODEL_UNAVAILABLE' }
const REFUSED = { question: 'PROVIDER_AUTHENTICATION_FAILED', order: 'PROVIDER_AUTHENTICATION_FAILED' }
const LIMITED = { question: 'PROVIDER_RATE_LIMITED', order: 'PROVIDER_RATE_LIMITED' }
const REJECTED = { question: 'PROVIDER_REJECTED', order: 'PROVIDER_REJECTED' }
/**
 * Faults marked `slow` end at a timeout. That of providers is a minute, which the core's own tests
 * shorten.
 */
const SLOW = { model: 'MODEL_TIMEOUT', slow: true }

const whole = (body) => (socket, type) => answer(socket, 200, { 'content-type': type }, body)

/**
 * By fault: the codes for models, for queries and for orders to a provider, and the behaviour of
 * the server.
 */
export const FAULTS = {
  'the connection is reset': [BROKEN, reset],
  'the connection is closed': [BROKEN, (socket) => socket.end()],
  'bytes that are not HTTP': [BROKEN, (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n\r\n')],
  'endless headers': [
    BROKEN,
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      return flood(socket, `X-Filler: ${'x'.repeat(8_000)}\r\n`)
    },
  ],
  'lengths that contradict each other': [
    BROKEN,
    (socket) => socket.end(head(200, { 'content-length': '5\r\ncontent-length: 7' }) + 'hello'),
  ],
  'a chunk of impossible size': [
    BROKEN,
    (socket, type) =>
      socket.end(
        head(200, { 'content-type': type, 'transfer-encoding': 'chunked' }) + 'fffffffffffffffff\r\n{',
      ),
  ],
  'a body that is cut off': [
    BROKEN,
    (socket, type) => socket.end(head(200, { 'content-type': type, 'content-length': 1_000 }) + '{"id":"'),
  ],
  'invalid compression': [
    BROKEN,
    (socket, type) => answer(socket, 200, { 'content-type': type, 'content-encoding': 'gzip' }, 'oops'),
  ],
  'a body of 100 MB': [
    UNUSABLE,
    (socket, type) => {
      socket.write(head(200, { 'content-type': type, 'content-length': 100 * MB }))
      return flood(socket, 'x'.repeat(64 * 1024), 100 * MB)
    },
  ],
  'a body of 2 GB, compressed to 2 MB': [
    UNUSABLE,
    (socket, type) =>
      answer(
        socket,
        200,
        { 'content-type': type, 'content-encoding': 'gzip', 'content-length': BOMB.length },
        BOMB,
      ),
  ],
  'a body that is not JSON': [NO_EVENTS, whole('<html>It works!</html>')],
  nothing: [NO_EVENTS, whole('')],
  'JSON of unlimited depth': [NO_EVENTS, whole('['.repeat(MB))],
  'JSON of five million values': [NO_EVENTS, whole(`[${'[],'.repeat(5 * MB)}[]]`)],
  'JSON of another kind': [NO_EVENTS, whole('[null,1,"two"]')],
  'a redirect to another host': [
    { model: 'MODEL_REQUEST_REJECTED', ...REJECTED },
    (socket, _type, elsewhere) => answer(socket, 307, { location: `${elsewhere.url}/v1/chat/completions` }),
  ],
  'too many requests, for an hour': [
    { model: 'MODEL_RATE_LIMITED', ...LIMITED },
    (socket) => answer(socket, 429, { 'retry-after': 3_600, 'content-type': 'application/json' }, '{}'),
  ],
  'a refusal that quotes the request, and 100 MB': [
    { model: 'MODEL_AUTHENTICATION_FAILED', ...REFUSED },
    (socket, _type, _elsewhere, asked) => {
      socket.write(head(401, { 'content-type': 'application/json', 'content-length': 100 * MB }))
      socket.write(JSON.stringify({ error: { code: asked, type: asked, message: asked }, message: asked }))
      return flood(socket, ' '.repeat(64 * 1024), 100 * MB)
    },
  ],
  'a failure and 100 MB': [
    BROKEN,
    (socket) => {
      socket.write(head(500, { 'content-length': 100 * MB }))
      return flood(socket, 'x'.repeat(64 * 1024), 100 * MB)
    },
  ],
  silence: [SLOW, () => {}],
  'a header a byte at a time': [
    SLOW,
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Filler: ')
      return drip(socket, 'x')
    },
  ],
  'a body a byte at a time': [
    SLOW,
    (socket, type) => {
      socket.write(head(200, { 'content-type': type }))
      return drip(socket, ':')
    },
  ],
  'endless informational responses': [SLOW, (socket) => drip(socket, head(103, {}))],
}
