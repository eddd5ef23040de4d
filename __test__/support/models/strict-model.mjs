// The scripted model behind the real APIs' checks: a request that they would refuse fails the test.
import { startScriptedModel } from '../../../examples/scripted-model.mjs'
import * as anthropic from './anthropic-model.mjs'
import * as google from './google-model.mjs'
import * as openai from './openai-model.mjs'
import { secretsInPrompt } from '../security/secret-leak-detector.mjs'

export const API_KEY = 'sk-test-4f1c2b'

const APIS = { openai, anthropic, google }

/** The providers whose APIs are simulated. */
export const PROVIDERS = Object.keys(APIS)

/**
 * Starts a strict scripted model for one test. See `startScriptedModel` for the script. `requests`
 * are the received bodies.
 */
export async function startModel(t, script, provider = 'openai') {
  const problems = []
  const { config, wording, problemOf } = APIS[provider]
  const model = await startScriptedModel(script, {
    wording,
    check(request, body) {
      const problem = problemOf(request, body, API_KEY) ?? secretsInPrompt(request, body)
      if (problem) problems.push(problem)
      return problem
    },
  })
  t.teardown(() => {
    model.close()
    if (problems.length > 0) throw new Error(`requests the real API would refuse:\n${problems.join('\n')}`)
  })
  return { ...model, config: { ...config, apiKey: API_KEY, baseUrl: model.url } }
}
