import { STATUS_CODES } from 'node:http'
import { invalidInput } from '../bridge/invalid-input'
import type { NativeLine, NativeReceptionist } from '../bridge/native'
import { describeError } from '../bridge/error-registry'
import { whenReadyOrFailed } from '../bridge/readiness'
import { describeLine, type LineSocket, serveLine } from './line-socket'

/** A request of Node's `http` that asks for a WebSocket. */
export interface UpgradeRequest {
  url?: string | undefined
  headers: Record<string, string | string[] | undefined>
}

/** The TCP connection of an {@link UpgradeRequest}. */
export interface UpgradeSocket {
  on(event: 'error', listener: (error: Error) => void): unknown
  end(data?: string): unknown
  destroy(): unknown
}

/**
 * A listener for the event `upgrade` of Node's `http` server. It accepts the sockets of live calls
 * and leaves other paths to other listeners.
 */
export type UpgradeListener = (request: UpgradeRequest, socket: UpgradeSocket, head: Uint8Array) => void

/** The WebSocket server of the package `ws`. */
interface WebSocketServer {
  handleUpgrade(
    request: UpgradeRequest,
    socket: UpgradeSocket,
    head: Uint8Array,
    accept: (socket: LineSocket) => void,
  ): void
}

/** Maximum length of a frame, 64 KiB. */
const MAX_FRAME_BYTES = 64 * 1024

/**
 * Creates the listener of a receptionist. Calls are live from then on, unless `channels.voice.mode`
 * says otherwise.
 * @throws `ConfigurationError` if the package `ws` is not installed
 */
export function upgradeListener(current: () => NativeReceptionist): UpgradeListener {
  const sockets = webSocketServer()
  current().acceptLines()
  return (request, socket, head) => {
    // First, because a reset connection would end the process otherwise.
    socket.on('error', ignore)
    void upgrade(current, sockets, request, socket, head)
  }
}

async function upgrade(
  current: () => NativeReceptionist,
  sockets: WebSocketServer,
  request: UpgradeRequest,
  socket: UpgradeSocket,
  head: Uint8Array,
): Promise<void> {
  const native = current()
  if (!native.isLine(request.url ?? '')) {
    if (isSoleListener(socket)) refuse(socket, 404)
    return
  }
  let line: NativeLine
  try {
    const ready = await whenReadyOrFailed(current)
    line = await ready.admitLine(describeLine(request.url ?? '', request.headers))
  } catch (error) {
    native.failWebhook(describeError(error))
    return refuse(socket, 500)
  }
  if (line.status !== 101) return refuse(socket, line.status)
  sockets.handleUpgrade(request, socket, head, (accepted) => serveLine(accepted).open(line))
}

function refuse(socket: UpgradeSocket, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** Returns `true` if no other listener of the server will take the socket. */
function isSoleListener(socket: UpgradeSocket): boolean {
  const { server } = socket as { server?: { listenerCount?(event: string): number } }
  return server?.listenerCount?.('upgrade') === 1
}

function webSocketServer(): WebSocketServer {
  let ws: { WebSocketServer: new (options: object) => WebSocketServer }
  try {
    ws = require('ws')
  } catch (cause) {
    const reason =
      'needs the package `ws`, version 8.21 or later: `npm install ws`. Without it, pass open sockets to `receptionist.calls.connect`.'
    throw invalidInput('INVALID_CONFIG', 'webhooks.upgrade', reason, cause)
  }
  return new ws.WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false })
}

function ignore(): void {}
