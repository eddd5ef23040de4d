// "After (v1.x)"; the excerpt leaves out the model.
import { AIReceptionist, InMemoryStorage } from '@loctelli/ai-receptionist'
import { talk } from './talk'

// <specification>
const receptionist = new AIReceptionist({
  agent: {
    identity: { /* ... */ },
    memory: {
      longTermEnabled: true,
      longTermStorage: new InMemoryStorage() // ✅ New
    }
  }
// </specification>
  , model: { provider: 'openai', apiKey: 'sk-test', model: 'gpt-4', baseUrl: process.env.MODEL_URL },
// <specification>
});
// </specification>
await talk(receptionist)
await receptionist.dispose()
