import type { NativeLine } from '../bridge/native'

/**
 * An open WebSocket of any make: that of `ws`, `@fastify/websocket`, Deno, Workers or a browser. One
 * without events, such as that of Bun or Hono, passes its messages to {@link CallConnection}.
 */
export interface LineSocket {
  /** Sends a text frame. */
  send(data: string): unknown
  /** Closes the socket. */
  close(code?: number): unknown
  /** Adds a listener, as in Node. */
  on?(event: string, listener: (...values: any[]) => void): unknown
  /** Adds a listener, as in browsers. */
  addEventListener?(event: string, listener: (event: any) => void): unknown
  /** Sends a ping, if the socket can. */
  ping?(): unknown
}

/** A live call on a socket. */
export interface CallConnection {
  /** Passes a message of the socket on. Needed only for sockets without events. */
  receive(data: string | ArrayBuffer | Uint8Array): void
  /** Tells that the socket is closed. Needed only for sockets without events. */
  closed(): void
}

/** Interval of pings, 20 s. Proxies close sockets that are idle for about a minute. */
const PING_INTERVAL = 20_000
/** Maximum number of messages that wait for the admission of the socket. */
const MAX_EARLY_MESSAGES = 16
/** Close code for a socket that is not admitted. */
const POLICY_VIOLATION = 1008

/** A connection whose socket is not admitted yet. */
export interface PendingConnection extends CallConnection {
  /** Starts the call on the admitted socket. */
  open(line: NativeLine): void
  /** Closes a socket that is not admitted. */
  refuse(): void
}

/** Listens to a socket. Messages wait until it is admitted. */
export function serveLine(socket: LineSocket): PendingConnection {
  let line: NativeLine | undefined
  let isClosed = false
  const early: string[] = []
  const ping = setInterval(() => socket.ping?.(), PING_INTERVAL)
  unref(ping)

  const receive = (data: unknown) => {
    const text = textOf(data)
    if (line !== undefined) line.receive(text)
    else if (early.length < MAX_EARLY_MESSAGES) early.push(text)
  }
  const closed = () => {
    isClosed = true
    clearInterval(ping)
    line?.closed()
  }
  /** Carries out what the core wants of the socket. Resolves to nothing of use. */
  const perform = async (json: string) => {
    const { frame, close } = JSON.parse(json)
    try {
      if (isClosed) return ''
      if (frame !== undefined) socket.send(frame)
      else socket.close(close)
    } catch {
      closed()
    }
    return ''
  }

  if (socket.on) {
    socket.on('message', receive)
    socket.on('close', closed)
    socket.on('error', closed)
  } else if (socket.addEventListener) {
    socket.addEventListener('message', ({ data }) => receive(data))
    socket.addEventListener('close', closed)
    socket.addEventListener('error', closed)
  }

  return {
    receive,
    closed,
    open(admitted) {
      admitted.start(perform)
      line = admitted
      for (const text of early.splice(0)) admitted.receive(text)
      if (isClosed) admitted.closed()
    },
    refuse() {
      clearInterval(ping)
      if (!isClosed) socket.close(POLICY_VIOLATION)
    },
  }
}

/** Headers of a request, of any runtime. */
export type RequestHeaders = Headers | Record<string, string | string[] | undefined>

/** Describes the request of a socket to the core. */
export function describeLine(target: string, headers: RequestHeaders): string {
  return JSON.stringify({ target, signature: headerOf(headers, 'x-twilio-signature') })
}

function headerOf(headers: RequestHeaders, name: string): string | undefined {
  if (typeof (headers as Headers).get === 'function') return (headers as Headers).get(name) ?? undefined
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  return Array.isArray(found) ? found.join(',') : found
}

/** Returns the text of a message. Runtimes pass it as a string, as bytes, or as parts of these. */
function textOf(data: unknown): string {
  if (typeof data === 'string') return data
  if (Array.isArray(data)) return data.map(textOf).join('')
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data))
    return new TextDecoder().decode(data as Uint8Array)
  return ''
}

/** Lets the process exit while a timer runs. */
function unref(timer: unknown): void {
  ;(timer as { unref?(): void }).unref?.()
}
