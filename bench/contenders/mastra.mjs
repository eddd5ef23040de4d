// Mastra's PostgreSQL store: threads and messages.
import { fromPeer } from '../peers.mjs'

const RESOURCE = 'customer'

export async function open(connectionString) {
  const { PostgresStore } = await fromPeer('mastra', '@mastra/pg')
  const store = new PostgresStore({ id: 'bench', connectionString, max: 10 })
  await store.init()
  const memory = await store.getStore('memory')
  const threads = new Set()
  const toMessage = (m) => ({
    id: m.id,
    role: m.role,
    createdAt: m.timestamp,
    threadId: m.sessionMetadata.conversationId,
    resourceId: RESOURCE,
    content: { format: 2, parts: [{ type: 'text', text: m.content }] },
  })
  /** Messages need an existing thread. */
  const saveThreads = async (messages) => {
    for (const { sessionMetadata, timestamp } of messages) {
      const id = sessionMetadata.conversationId
      if (threads.has(id)) continue
      threads.add(id)
      await memory.saveThread({
        thread: { id, resourceId: RESOURCE, title: '', createdAt: timestamp, updatedAt: timestamp },
      })
    }
  }
  const saveBatch = async (messages) => {
    await saveThreads(messages)
    await memory.saveMessages({ messages: messages.map(toMessage) })
  }
  const list = (threadId, perPage, direction) =>
    memory.listMessages({ threadId, perPage, page: 0, orderBy: { field: 'createdAt', direction } })
  return {
    name: 'Mastra',
    save: (message) => saveBatch([message]),
    saveBatch,
    get: (id) => memory.listMessagesById({ messageIds: [id] }),
    history: (conversationId) => list(conversationId, 100, 'ASC'),
    newest: (conversationId) => list(conversationId, 20, 'DESC'),
    close: () => store.close(),
  }
}
