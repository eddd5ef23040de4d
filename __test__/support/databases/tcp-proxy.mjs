// A TCP proxy in front of a database that breaks connections as networks and servers do.
import { EventEmitter, once } from 'node:events'
import { connect, createServer } from 'node:net'
import { reset } from '../reset-connection.mjs'

/**
 * Starts a proxy to the server of this URL. `url` leads through it, without TLS so that it can read
 * the protocol.
 *
 * - `cut()` closes every connection.
 * - `refuse()` stops listening, `turnAway()` closes every connection as soon as it is made, and
 * `hole()` forwards nothing on open and new connections. `heal()` ends all of these, and held bytes
 * are forwarded.
 * - `cutAt(text, { answer })` cuts the next connection on which a client sends text that matches:
 * before the server receives it, or with `answer` after the server executed it and before the
 * client gets the answer. Resolves when that has happened.
 *
 * It emits `away` for each connection that it turns away, and `held` when it holds bytes back.
 */
export async function openProxy(url) {
  const server = new URL(url)
  const defaultPort = server.protocol === 'postgres:' ? 5432 : 3306
  const there = { host: server.hostname, port: Number(server.port || defaultPort) }
  const events = new EventEmitter()
  const links = new Set()
  const traps = new Set()
  let mode = 'open'

  const listener = createServer((client) => {
    client.on('error', () => {})
    if (mode === 'away') {
      reset(client)
      events.emit('away')
      return
    }
    const link = join(client)
    links.add(link)
    client.on('close', () => links.delete(link))
  })

  function join(client) {
    const upstream = connect(there)
    let trap
    const link = {
      cut() {
        reset(client)
        upstream.destroy()
      },
      hold() {
        client.pause()
        upstream.pause()
      },
      release() {
        client.resume()
        upstream.resume()
      },
    }
    upstream.on('error', () => client.destroy())
    upstream.on('close', () => client.destroy())
    client.on('close', () => upstream.destroy())
    client.on('data', (data) => {
      trap ??= [...traps].find(({ text }) => text.test(data.latin1Slice()))
      if (trap) traps.delete(trap)
      if (trap && !trap.answer) {
        link.cut()
        trap.sprung()
        return
      }
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (trap) {
        link.cut()
        trap.sprung()
        return
      }
      client.write(data)
    })
    if (mode === 'hole') {
      link.hold()
      events.emit('held')
    }
    return link
  }

  const listen = async (port) => {
    listener.listen(port, '127.0.0.1')
    await once(listener, 'listening')
  }
  await listen(0)
  const { port } = listener.address()
  const through = new URL(url)
  through.host = `127.0.0.1:${port}`
  if (server.protocol === 'postgres:') through.searchParams.set('sslmode', 'disable')
  else through.searchParams.set('ssl-mode', 'DISABLED')

  return Object.assign(events, {
    url: through.href,
    connections: () => links.size,
    cut() {
      for (const link of links) link.cut()
    },
    refuse() {
      mode = 'refuse'
      listener.close()
      this.cut()
    },
    turnAway() {
      mode = 'away'
      this.cut()
    },
    hole() {
      mode = 'hole'
      for (const link of links) link.hold()
    },
    async heal() {
      const was = mode
      mode = 'open'
      if (was === 'refuse') await listen(port)
      for (const link of links) link.release()
    },
    cutAt(text, { answer = false } = {}) {
      return new Promise((sprung) => traps.add({ text, answer, sprung }))
    },
    close() {
      for (const link of links) link.cut()
      listener.close()
    },
  })
}
