import assert from 'node:assert/strict'
import type { AIReceptionist } from '@loctelli/ai-receptionist'

/** One turn with the scripted model, which the memory then tells. */
export async function talk(receptionist: AIReceptionist): Promise<void> {
  await receptionist.initialize()
  const { text } = await receptionist.text.generate({ prompt: 'Hello 👋', conversationId: 'conv_123' })
  assert.equal(text, 'How can I help?')
  const history = await receptionist.agent.memory.getConversationHistory('conv_123')
  const said = history.filter(({ type }) => type === 'conversation').map(({ content }) => content)
  assert.deepEqual(said, ['Hello 👋', 'How can I help?'])
}
