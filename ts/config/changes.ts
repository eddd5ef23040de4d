import type { AgentConfig } from './agent'
import type { AIReceptionistConfig } from './receptionist'

/** Options to change, see `updateConfig` and `clone`: of sections that are merged, the fields that change suffice. */
export type ConfigChanges = Omit<Partial<AIReceptionistConfig>, 'agent' | 'model'> & {
  /** Who answers. */
  agent?: { [Pillar in keyof AgentConfig]?: Partial<NonNullable<AgentConfig[Pillar]>> | null }
  /** What it thinks with. */
  model?: Partial<NonNullable<AIReceptionistConfig['model']>>
}
