// Values and helpers that tests of every topic share.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The identity of a receptionist without a company. */
export const identity = { name: 'Sarah', role: 'Receptionist' }

/** The identity of a receptionist with a company. */
export const salesIdentity = { name: 'Sarah', role: 'Sales Representative', company: 'Acme Corp' }

/** A model whose address refuses every connection. */
export const offlineModel = {
  provider: 'openai',
  apiKey: 'unused',
  model: 'unused',
  baseUrl: 'http://127.0.0.1:9/v1',
}

/** The time of the first sample memory. */
export const FIRST_TIME = Date.UTC(2026, 0, 15, 12, 0, 0, 0)

/** A memory with the required fields, `minute` minutes after `FIRST_TIME`. */
export function memory(id, fields = {}, minute = 0) {
  return {
    id,
    content: `content of ${id}`,
    timestamp: new Date(FIRST_TIME + minute * 60_000),
    type: 'conversation',
    ...fields,
  }
}

/** A memory with every field. */
export function fullMemory(id = 'full') {
  return {
    id,
    content: 'I prefer mornings – 👩🏽‍💻 it\'s "fine", 100%_sure\\ \t\r\n ünï',
    timestamp: new Date(FIRST_TIME + 123),
    type: 'tool_execution',
    importance: 8,
    channel: 'call',
    sessionMetadata: {
      conversationId: 'conv_123',
      callSid: 'CA1',
      messageSid: 'SM1',
      status: 'active',
      duration: 42,
      participants: ['+15551234567', 'Sarah'],
      'a.b': { "it's": [1, null, true, 'x'] },
    },
    role: 'tool',
    toolCall: { id: 'call_1', name: 'save_customer_info', parameters: { email: 'john@example.com' } },
    toolResult: { success: true, data: { id: 1 }, response: { text: 'Saved.' } },
    metadata: {
      numbers: [0.1, -1, 9007199254740991, 1e21, 5e-7],
      empty: {},
      none: null,
      '': 'empty key',
      text: '\'";--',
    },
    goalAchieved: true,
  }
}

/**
 * Creates an empty folder. It is removed after the test `t`, once everything that the test registered later has ended; without `t`,
 * when the process exits.
 */
export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'receptionist-'))
  if (t) t.teardown(() => removeFolder(folder))
  else untilExit.push(folder)
  return folder
}

const removeFolder = (folder) => rmSync(folder, { recursive: true, force: true })
const untilExit = []
process.once('exit', () => untilExit.forEach(removeFolder))

/** Ends a test that this machine cannot run, and prints the line that names what is missing. */
export function notTested(t, what) {
  console.log(`${what}: NOT TESTED`)
  t.pass()
}
