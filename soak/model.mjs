// The model of a soak: answers at once, unless it is told to fail.
import { startScriptedModel } from '../examples/scripted-model.mjs'
import { answer } from './ledger.mjs'

/** Ways in which a model fails; the first attempt of a call fails so, the next one is answered. */
const FAILURES = {
  500: { status: 500 },
  429: { status: 429, headers: { 'retry-after': '0' } },
  'cut off': { drop: true },
  garbage: { body: '{"choices": [{"mess' },
}

export const MODEL_FAULTS = Object.keys(FAILURES)

/** `url`, `fail(kind)`: what the next call meets, and `close`. */
export async function startModel() {
  const failures = []
  const server = await startScriptedModel(({ messages }) => {
    // Of an hour, they would be half a gigabyte.
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
