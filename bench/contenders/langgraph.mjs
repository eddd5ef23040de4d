// LangGraph's PostgreSQL store: a namespace per conversation. It has no order by time.
import { fromPeer } from '../peers.mjs'

export async function open(connectionString) {
  const { PostgresStore } = await fromPeer('langgraph', '@langchain/langgraph-checkpoint-postgres/store')
  const store = PostgresStore.fromConnString(connectionString)
  await store.setup()
  const namespaces = new Map()
  /** Its names cannot contain an underscore. */
  const namespaceOf = (conversationId) => [conversationId.replaceAll('_', '-')]
  const put = ({ id, ...value }) => {
    const namespace = namespaceOf(value.sessionMetadata.conversationId)
    namespaces.set(id, namespace)
    return { namespace, key: id, value: { ...value, timestamp: value.timestamp.toISOString() } }
  }
  return {
    name: 'LangGraph',
    async save(message) {
      const { namespace, key, value } = put(message)
      await store.put(namespace, key, value)
    },
    saveBatch: (messages) => store.batch(messages.map(put)),
    get: (id) => store.get(namespaces.get(id), id),
    history: (conversationId) => store.search(namespaceOf(conversationId), { limit: 100 }),
    newest: (conversationId) => store.search(namespaceOf(conversationId), { limit: 20 }),
    close: () => store.stop(),
  }
}
