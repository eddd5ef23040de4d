// A program for the TypeScript SDK, after its README: the test compiles it with either package, and runs it with ours.
import {
  AgentBuilder,
  AIReceptionist,
  InMemoryStorage,
  LogLevel,
  ToolBuilder,
  type AIModelConfig,
  type AIReceptionistConfig,
  type ITool,
  type Memory,
} from '@atchonk/ai-receptionist'

const create_lead: ITool = new ToolBuilder()
  .withName('create_lead')
  .withDescription('Create a new lead in the CRM system')
  .withParameters({
    type: 'object',
    properties: { name: { type: 'string' }, email: { type: 'string' }, phone: { type: 'string' } },
    required: ['name', 'email'],
  })
  .onCall(async (params) => ({
    success: true,
    data: { leadId: '123' },
    response: { speak: `Perfect! I've created a lead for ${params.name} in our CRM.` },
  }))
  .default(async () => ({ success: true, data: { leadId: '123' }, response: { text: 'Created.' } }))
  .build()

export async function main(model: AIModelConfig) {
  const config: AIReceptionistConfig = {
    agent: {
      identity: {
        name: 'Sarah',
        role: 'Sales Representative',
        title: 'Senior Sales Specialist',
        authorityLevel: 'medium',
        specializations: ['lead qualification', 'product demos'],
      },
      personality: {
        traits: [{ name: 'friendly', description: 'Warm and welcoming' }],
        communicationStyle: { primary: 'consultative', tone: 'friendly', formalityLevel: 7 },
        emotionalIntelligence: 'high',
      },
      knowledge: {
        domain: 'B2B SaaS sales',
        expertise: ['lead qualification'],
        languages: { fluent: ['English'] },
      },
      goals: { primary: 'Qualify leads', secondary: ['Gather lead information'], constraints: ['No prices'] },
      memory: {
        contextWindow: 20,
        longTermEnabled: true,
        longTermStorage: new InMemoryStorage(),
        autoPersist: { minImportance: 5, types: ['decision', 'tool_execution'] },
      },
    },
    model,
    tools: { custom: [create_lead] },
    logger: { level: 'NONE' },
  }
  const client = new AIReceptionist(config)
  await client.initialize()

  const greeting = await client.text!.generate({ prompt: 'Hello!', conversationId: 'conv_1' })
  const answer = await client.text!.generate({
    prompt: 'Note: John, john@example.com',
    conversationId: 'conv_1',
  })
  const history: Memory[] = await client.getAgent().getMemory().getConversationHistory('conv_1')
  const result = await client
    .getToolRegistry()
    .execute(
      'create_lead',
      { name: 'Ann', email: 'ann@example.com' },
      { channel: 'call', conversationId: 'conv_2' },
    )

  const bob = client.clone({ agent: { identity: { name: 'Bob', role: 'Support Specialist' } } })
  await bob.initialize()
  const cloned = bob.getInfo().agentName
  await bob.dispose()

  client.getAgent().getIdentity().addCertification('CSM')
  client.getAgent().markPromptForRebuild()
  client.updateConfig({ model: { ...client.getConfig().model, temperature: 0.5 } })
  await client.reinitialize()
  const { healthy } = await client.healthCheck()
  const { agentName } = client.getInfo()
  await client.dispose()

  const agent = AgentBuilder.create()
    .withIdentity({ name: 'Ann', role: 'Manager' })
    .withAIProvider(model)
    .build()
  await agent.initialize()
  await agent.process({ id: '1', input: 'Hi', channel: 'text', context: { conversationId: 'conv_3' } })
  await agent.dispose()

  return {
    greeting: greeting.text,
    answer: answer.text,
    remembered: history.some(({ content }) => content.includes('john@example.com')) && LogLevel.NONE === 4,
    executed: result.data.leadId as string,
    agentName,
    cloned,
    healthy,
  }
}
