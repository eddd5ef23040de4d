// The table of scenarios that every storage passes, by title: `(t, storage)`, each on an empty storage.
import { identityScenarios } from './identity-scenarios.mjs'
import { lifecycleScenarios } from './lifecycle-scenarios.mjs'
import { searchScenarios } from './search-scenarios.mjs'
import { valueScenarios } from './value-scenarios.mjs'

export const scenarios = {
  ...valueScenarios,
  ...identityScenarios,
  ...searchScenarios,
  ...lifecycleScenarios,
}
