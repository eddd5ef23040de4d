// The rows for every contender: one conversation of 5,000 messages that has been idle for long,
// then many of 100, one after the other. Equal numbers are equal messages.
import { createHash } from 'node:crypto'

export const IDLE_LENGTH = 5_000
export const CONVERSATION_LENGTH = 100
const EPOCH = Date.UTC(2025, 0, 1)

/** Message `n` of the data set. */
export function message(n) {
  return messageOf(conversationOf(n), n)
}

/** Message `n`, in a given conversation. */
export function messageOf(conversationId, n) {
  return {
    id: idOf(n),
    content: `Message ${n}: could we move the appointment to Tuesday morning, say half past nine? Thanks, Jo`,
    timestamp: new Date(EPOCH + n * 1_000),
    type: 'conversation',
    importance: 5,
    channel: 'sms',
    role: n % 2 ? 'assistant' : 'user',
    sessionMetadata: { conversationId, status: 'active' },
  }
}

/** A canonical UUID, which every contender accepts as an id. */
export function idOf(n) {
  const hex = createHash('md5').update(String(n)).digest('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The conversation of message `n`. */
export function conversationOf(n) {
  return n < IDLE_LENGTH ? 'idle' : `conv_${Math.floor((n - IDLE_LENGTH) / CONVERSATION_LENGTH)}`
}

/** Yields messages from `start` in batches of `size`, up to `count`. */
export function* batches(count, size, start = 0) {
  for (let n = start; n < count; n += size) {
    yield Array.from({ length: Math.min(size, count - n) }, (_, i) => message(n + i))
  }
}
