// "Before (v0.x)" is history: the compiler refuses it, and so does the constructor, which names the replacement.
import assert from 'node:assert/strict'
import { AIReceptionist, ConfigurationError } from '@loctelli/ai-receptionist'

class InMemoryConversationStore {}

assert.throws(
  () => {
// <specification>
const receptionist = new AIReceptionist({
// </specification>
// @ts-expect-error no such option any more
// <specification>
  conversationStore: new InMemoryConversationStore() // ❌ Old
});
// </specification>
    return receptionist
  },
  (error) =>
    error instanceof ConfigurationError &&
    error.code === 'INVALID_CONFIG' &&
    /conversationStore/.test(error.message) &&
    /longTermStorage/.test(error.message),
)
