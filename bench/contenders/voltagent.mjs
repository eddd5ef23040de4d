// VoltAgent's PostgreSQL memory. It has no lookup of one message, and concurrent saves in one
// conversation deadlock.
import { fromPeer } from '../peers.mjs'

const USER = 'customer'

export async function open(connection) {
  const { PostgreSQLMemoryAdapter } = await fromPeer('voltagent', '@voltagent/postgres')
  const memory = new PostgreSQLMemoryAdapter({ connection, maxConnections: 10 })
  const conversations = new Set()
  const prepare = async (conversationId) => {
    if (conversations.has(conversationId)) return
    conversations.add(conversationId)
    await memory.createConversation({
      id: conversationId,
      resourceId: 'bench',
      userId: USER,
      title: '',
      metadata: {},
    })
  }
  const toMessage = (m) => ({ id: m.id, role: m.role, parts: [{ type: 'text', text: m.content }] })
  const saveBatch = async (messages) => {
    const byConversation = new Map()
    for (const message of messages) {
      const id = message.sessionMetadata.conversationId
      byConversation.set(id, [...(byConversation.get(id) ?? []), message])
    }
    for (const [conversationId, some] of byConversation) {
      await prepare(conversationId)
      await memory.addMessages(some.map(toMessage), USER, conversationId)
    }
  }
  return {
    name: 'VoltAgent',
    deadlocks: true,
    saveBatch,
    save: (message) => saveBatch([message]),
    history: (conversationId) => memory.getMessages(USER, conversationId, { limit: 100 }),
    newest: (conversationId) => memory.getMessages(USER, conversationId, { limit: 20 }),
    close: () => memory.close?.(),
  }
}
