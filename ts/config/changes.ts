import type { AgentConfig } from './agent'
import type { AIReceptionistConfig } from './receptionist'

/** Changes for `updateConfig` and `clone`. Sections are merged, so changed fields suffice. */
export type ConfigChanges = Omit<Partial<AIReceptionistConfig>, 'agent' | 'model'> & {
  /** Changes of the agent's options. */
  agent?: { [Pillar in keyof AgentConfig]?: Partial<NonNullable<AgentConfig[Pillar]>> | null }
  /** Changes of the language model options. */
  model?: Partial<NonNullable<AIReceptionistConfig['model']>>
}
