// "In-Memory (Testing)".
import { talk } from './talk'

// <specification>
import { AIReceptionist, InMemoryStorage } from '@loctelli/ai-receptionist';

const receptionist = new AIReceptionist({
  agent: {
    identity: { name: 'Sarah', role: 'Sales Rep' },
    memory: {
      longTermEnabled: true,
      longTermStorage: new InMemoryStorage() // Data lost on restart
    }
  },
  model: { /* ... */ }
  // No database config needed
});
// </specification>

await talk(receptionist)
await receptionist.dispose()
