// A server that sends invalid responses. It writes bytes, not HTTP, so that nothing corrects them.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { createGzip } from 'node:zlib'

export const MB = 1024 * 1024

/** The head of a response. */
export const head = (status, headers = {}) =>
  `HTTP/1.1 ${status} X\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`

/** A response that ends with the connection. */
export const answer = (socket, status, headers, body = '') => {
  socket.write(head(status, { connection: 'close', ...headers }))
  socket.end(body)
}

/** Writes `piece` repeatedly, up to this many bytes, as long as the client reads. */
export async function flood(socket, piece, bytes = Infinity) {
  const ended = once(socket, 'close').catch(() => undefined)
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += piece.length) {
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain').catch(() => undefined), ended])
  }
  socket.end()
}

/** Writes `piece` repeatedly with pauses, as long as the client waits. */
export async function drip(socket, piece) {
  while (!socket.destroyed) {
    socket.write(piece)
    await wait(20, undefined, { ref: false })
  }
}

/**
 * A compressed body of this many megabytes, in a thousandth of the bytes. It is never held in
 * memory.
 */
export const bomb = (megabytes) =>
  buffer(Readable.from(Array(megabytes).fill(Buffer.alloc(MB, ' '))).pipe(createGzip()))

/**
 * Starts a server for one test. `fault(socket, type)` answers every request while it is set;
 * otherwise the server at `upstream` answers. `type` is the requested content type.
 *
 * `asked` are the requests as received, `sent` the bytes of the longest response.
 */
export async function startFaulty(t, upstream) {
  const state = { asked: [], fault: undefined, sent: 0 }
  const sockets = new Set()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      state.sent = Math.max(state.sent, socket.bytesWritten)
    })
    let bytes = Buffer.alloc(0)
    const read = (chunk) => {
      bytes = Buffer.concat([bytes, chunk])
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0) return
      const headers = bytes.subarray(0, end).toString('latin1')
      const length = Number(/^content-length: (\d+)/im.exec(headers)?.[1] ?? 0)
      if (bytes.length < end + 4 + length) return
      socket.off('data', read)
      socket.resume()
      const body = bytes.subarray(end + 4)
      state.asked.push(`${headers}\n${body}`)
      if (state.fault) {
        const streamed = /:streamGenerateContent/.test(headers) || /"stream":true/.test(body)
        return state.fault(socket, streamed ? 'text/event-stream' : 'application/json')
      }
      const { hostname, port } = new URL(upstream)
      const further = connect(port, hostname)
      further.on('error', () => socket.destroy())
      further.write(`${headers}\r\nconnection: close\r\n\r\n`, 'latin1')
      further.write(body)
      further.pipe(socket)
    }
    socket.on('data', read)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const path = upstream ? new URL(upstream).pathname.replace(/\/$/, '') : ''
  return Object.assign(state, { url: `http://127.0.0.1:${server.address().port}${path}` })
}
