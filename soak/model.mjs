// The model of a soak: answers at once, unless a fault is set.
import { startScriptedModel } from '../examples/scripted-model.mjs'
import { answer } from './ledger.mjs'

/** Faults of a model. The first attempt of a call fails, the next one succeeds. */
const FAILURES = {
  500: { status: 500 },
  429: { status: 429, headers: { 'retry-after': '0' } },
  'cut off': { drop: true },
  garbage: { body: '{"choices": [{"mess' },
}

export const MODEL_FAULTS = Object.keys(FAILURES)

/** Starts the model: `url`, `fail(kind)` for the next call, and `close`. */
export async function startModel() {
  const failures = []
  const server = await startScriptedModel(({ messages }) => {
    // The requests of an hour would be half a gigabyte.
    server.requests.length = 0
    const failure = failures.shift()
    if (failure) return failure
    return answer(messages.findLast(({ role }) => role === 'user').content)
  })
  return {
    url: server.url,
    close: server.close,
    fail: (kind) => failures.push(FAILURES[kind]),
  }
}
