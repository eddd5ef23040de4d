// A TCP proxy in front of a database that breaks connections the way networks and servers do.
import { EventEmitter, once } from 'node:events'
import { connect, createServer } from 'node:net'

/**
 * A proxy to the server of that URL. `url` leads through it, unencrypted so that it can look at what is said.
 *
 * - `cut()` closes every connection.
 * - `refuse()` has nobody listen there, `turnAway()` closes every connection as soon as it is made, `hole()` neither takes nor gives anything,
 *   on connections there are and on new ones; `heal()` ends any of them, and what was held back goes on.
 * - `cutAt(text, { answer })` cuts the next connection on which a client says what that expression matches: before the server hears it, or with `answer`
 *   once the server has carried it out, before the client hears that. Resolves when that has happened.
 *
 * It emits `away` for each connection that it turns away, and `held` when it holds something back in a hole.
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
      client.resetAndDestroy()
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
        client.resetAndDestroy()
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
