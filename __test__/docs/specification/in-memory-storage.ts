// "Storage Implementations", `InMemoryStorage`.
// <specification>
import { InMemoryStorage } from '@loctelli/ai-receptionist';

// </specification>
import { AIReceptionist } from '@loctelli/ai-receptionist'
import { talk } from './talk'

const agent = {
  identity: { name: 'Sarah', role: 'Sales Rep' },
// <specification>
memory: {
  longTermEnabled: true,
  longTermStorage: new InMemoryStorage()
}
// </specification>
}
const model = { provider: 'openai', apiKey: 'sk-test', model: 'gpt-4', baseUrl: process.env.MODEL_URL } as const
const receptionist = new AIReceptionist({ agent, model })
await talk(receptionist)
await receptionist.dispose()
