// Tenants that share a database, and what each of them stores.

/** Two tenants and rows without a tenant, with a word that marks the text of each. */
export const WHOSE = [
  ['a', 'SIGN-A'],
  ['b', 'SIGN-B'],
  [undefined, 'SIGN-NOBODY'],
]

export const UUID = '0192f5a0-0000-7000-8000-000000000000'

export const of = (tenantId) => (tenantId === undefined ? {} : { tenantId })

export const memory = (id, sign, more) => ({
  id,
  content: `${id} of ${sign}`,
  timestamp: new Date(1_700_000_000_000),
  type: 'conversation',
  channel: 'sms',
  importance: 5,
  sessionMetadata: { conversationId: 'c', callSid: 'CA1' },
  ...more,
})
