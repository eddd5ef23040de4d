// A custom storage in plain synchronous JavaScript: an object without a class and without
// `saveBatch`.

/** Memories in a `Map`, with an independent implementation of every query field. */
export function mapStorage() {
  const memories = new Map()
  return {
    save(memory) {
      // A Map keeps the position of a key that is set again.
      memories.set(memory.id, structuredClone(memory))
    },
    get: (id) => structuredClone(memories.get(id)),
    search: (query) => find([...memories.values()], query).map((memory) => structuredClone(memory)),
    delete(id) {
      memories.delete(id)
    },
    healthCheck: () => true,
    count: () => memories.size,
    clear: () => memories.clear(),
  }
}

function find(memories, query) {
  const { orderBy, orderDirection, limit, offset } = query
  const sign = orderDirection === 'asc' ? 1 : -1
  const inTime = memories
    .map((memory, place) => ({ memory, place }))
    .sort((a, b) => sign * (a.memory.timestamp - b.memory.timestamp || a.place - b.place))
    .map(({ memory }) => memory)
  const found = inTime.filter((memory) => matches(memory, query))
  if (orderBy === 'importance') {
    const last = Number.POSITIVE_INFINITY
    const rank = ({ importance }) => (importance === undefined ? last : sign * importance)
    found.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)))
  }
  return found.slice(offset, offset + limit)
}

function matches(memory, query) {
  const { keywords, type, sessionMetadata = {}, startDate, endDate, minImportance } = query
  const session = memory.sessionMetadata ?? {}
  return (
    (keywords === undefined || keywords.some((word) => fold(memory.content).includes(fold(word)))) &&
    (type === undefined || type.includes(memory.type)) &&
    (query.channel === undefined || query.channel === memory.channel) &&
    (query.role === undefined || query.role === memory.role) &&
    (query.conversationId === undefined || query.conversationId === session.conversationId) &&
    Object.entries(sessionMetadata).every(([field, wanted]) => (session[field] ?? null) === wanted) &&
    (startDate === undefined || memory.timestamp >= startDate) &&
    (endDate === undefined || memory.timestamp <= endDate) &&
    (minImportance === undefined || memory.importance >= minImportance)
  )
}

/** Simple case mapping, one character at a time, so that a final sigma equals a sigma. */
const fold = (text) => Array.from(text, (character) => [...character.toLowerCase()][0]).join('')
