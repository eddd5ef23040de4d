/**
 * Closes a connection with a TCP reset. A connection that is already half closed is only destroyed:
 * libuv refuses to reset it, and Node.js 20 then marks its handle as closing without closing it, so
 * that the process spins for ever when it exits.
 */
export function reset(socket) {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
