import type { NativeReceptionist } from './native'

/** Pending startups by native receptionist. */
const startups = new WeakMap<NativeReceptionist, Promise<void>>()

/** Runs the startup of native receptionists. Webhooks that arrive meanwhile wait for it. */
export async function trackStartup(
  natives: NativeReceptionist[],
  makeReady: () => Promise<void>,
): Promise<void> {
  const work = makeReady()
  for (const native of natives) startups.set(native, work)
  try {
    await work
  } finally {
    for (const native of natives) if (startups.get(native) === work) startups.delete(native)
  }
}

/**
 * Returns the current native receptionist after a pending startup. Rejects if the startup fails.
 */
export async function whenReady(current: () => NativeReceptionist): Promise<NativeReceptionist> {
  await startups.get(current())
  return current()
}

/**
 * Returns the current native receptionist once a pending startup has ended. If the startup failed,
 * the receptionist responds with 503.
 */
export async function whenReadyOrFailed(current: () => NativeReceptionist): Promise<NativeReceptionist> {
  return whenReady(current).catch(current)
}
