// Receptionists over a custom storage.
import { AIReceptionist } from '../../../index.js'
import { mapStorage } from './map-storage.mjs'
import { identity, offlineModel } from '../fixtures.mjs'

/** An initialized receptionist with this storage. It ends with the test. */
export async function open(t, longTermStorage, config = {}) {
  const receptionist = new AIReceptionist({
    agent: { identity, memory: { longTermStorage } },
    model: offlineModel,
    ...config,
  })
  t.teardown(() => receptionist.dispose())
  await receptionist.initialize()
  return { receptionist, memory: receptionist.agent.memory }
}

/** Returns the value that a promise rejects with, which can be any value. */
export const rejection = (t, promise) =>
  promise.then(
    () => t.fail('it resolved'),
    (thrown) => thrown,
  )

/** A working storage with some methods replaced. */
export const storageWith = (methods) => ({ ...mapStorage(), ...methods })
