// The allowlist as code for the TypeScript SDK manages it: through `DatabaseStorage`, on every
// database.
import test from 'ava'
import { DatabaseStorage } from '../../index.js'
import { inbound, startEmailHarness } from '../support/channels/email-harness.mjs'
import { createDatabases, dropDatabases, connectionUrls } from '../support/databases.mjs'

const servers = await createDatabases()
test.after.always(() => dropDatabases(servers))
const urls = connectionUrls(servers, ':memory:')

for (const [name, connectionString] of Object.entries(urls)) {
  test(`${name}: numbers and addresses are added, listed and removed`, async (t) => {
    const storage = new DatabaseStorage({ connectionString, tablePrefix: 'listed_' })
    t.teardown(() => storage.dispose())
    t.deepEqual(await storage.getAllAllowlistedEmails(), [])
    await storage.addToEmailAllowlist('ann@example.com')
    await storage.addToEmailAllowlist('Ann@Example.com', 'system')
    await storage.addToEmailAllowlist("o'neil@bücher.example")
    await storage.addToPhoneAllowlist('+15551234567', 'manual')
    await storage.addToPhoneAllowlist('(555) 765-4321')
    const emails = [{ email: 'ann@example.com' }, { email: "o'neil@bücher.example" }]
    const numbers = [{ phoneNumber: '+15551234567' }, { phoneNumber: '+15557654321' }]
    // SQLite stores times in milliseconds, and rows of one millisecond have no order.
    const inOrder = (list) => list.map((entry) => JSON.stringify(entry)).sort()
    t.deepEqual(inOrder(await storage.getAllAllowlistedEmails()), inOrder(emails))
    t.deepEqual(inOrder(await storage.getAllAllowlistedPhoneNumbers()), inOrder(numbers))
    await storage.removeFromEmailAllowlist('nobody@example.com')
    await storage.removeFromEmailAllowlist('ANN@example.com')
    await storage.removeFromPhoneAllowlist('+15557654321')
    t.deepEqual(await storage.getAllAllowlistedEmails(), emails.slice(1))
    t.deepEqual(await storage.getAllAllowlistedPhoneNumbers(), numbers.slice(0, 1))
    await storage.clearEmailAllowlist()
    t.deepEqual(await storage.getAllAllowlistedEmails(), [])
    t.deepEqual(await storage.getAllAllowlistedPhoneNumbers(), numbers.slice(0, 1))
    await storage.clearPhoneAllowlist()
    t.deepEqual(await storage.getAllAllowlistedPhoneNumbers(), [])
    await t.throwsAsync(storage.addToEmailAllowlist(7), { code: 'INVALID_ARGUMENT' })
  })
}

test('a receptionist uses the allowlist that the storage manages', async (t) => {
  const { receptionist, settings } = await startEmailHarness(t)
  const storage = new DatabaseStorage({ connectionString: settings.database.connection })
  t.teardown(() => storage.dispose())
  const reasonFor = async (from, by = receptionist) =>
    (await by.handleEmailWebhook(inbound('Hi', { from }))).reason
  t.is(await reasonFor('ann@example.com'), undefined)
  t.deepEqual(await storage.getAllAllowlistedEmails(), [{ email: 'ann@example.com' }])
  await storage.removeFromEmailAllowlist('ann@example.com')
  await storage.removeFromEmailAllowlist('eve@example.com')
  t.is(await reasonFor('ann@example.com'), 'not_allowlisted')
  t.is(await reasonFor('eve@example.com'), 'not_allowlisted')
  await storage.addToEmailAllowlist('Eve@Example.com')
  t.is(await reasonFor('eve@example.com'), undefined)
  await storage.clearEmailAllowlist()
  t.is(await reasonFor('eve@example.com'), 'not_allowlisted')
})

const inPostgres = servers.PostgreSQL ? test : test.skip

inPostgres('rows of the TypeScript SDK count however they are spelled, and are removed', async (t) => {
  const { url, query } = servers.PostgreSQL
  const { receptionist, start } = await startEmailHarness(t, { config: { database: { connection: url } } })
  await query(`INSERT INTO ai_receptionist_allowlist (identifier, type)
    VALUES ('Ann@Example.com', 'email'), ('Ann@Example.com', 'email'), ('bob@example.com', 'email')`)
  const { allowlist } = (await start()).email
  t.deepEqual(allowlist.getAll(), ['ann@example.com', 'bob@example.com'])
  await allowlist.remove('ann@example.com')
  t.deepEqual(allowlist.getAll(), ['bob@example.com'])
  const { reason } = await receptionist.handleEmailWebhook(inbound('Hi', { from: 'ann@example.com' }))
  t.is(reason, 'not_allowlisted')
  await allowlist.clear()
  const cleared = await receptionist.handleEmailWebhook(inbound('Hi', { from: 'bob@example.com' }))
  t.is(cleared.reason, 'not_allowlisted', 'although this is their first mail here')
})
