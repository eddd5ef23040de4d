// Appointments in Google Calendar: free times, bookings without doubles, and changes by their
// customer only.
import { createHash } from 'node:crypto'
import test from 'ava'
import { AIReceptionist } from '../../index.js'
import { startScriptedModel } from '../../examples/scripted-model.mjs'
import { makeAccount, startGoogle } from '../support/providers/google-calendar.mjs'

const account = makeAccount()
const CALENDAR = 'office/1@group.calendar.google.com'
const ZONE = 'America/New_York'
const john = { channel: 'text', conversationId: 'c-john', customer: { email: 'John@Example.com' } }
const eve = { channel: 'text', conversationId: 'c-eve', customer: { email: 'eve@example.com' } }
const stranger = { channel: 'text', conversationId: 'c-unknown' }

/** The date of a Monday that is at least a week ahead. */
const monday = (() => {
  const day = new Date(Date.now() + 7 * 86_400_000)
  day.setUTCDate(day.getUTCDate() + ((8 - day.getUTCDay()) % 7))
  return day.toISOString().slice(0, 10)
})()
const at = (time, date = monday) => `${date}T${time}`
const later = (days) => new Date(Date.parse(monday) + days * 86_400_000).toISOString().slice(0, 10)
/** The local time in New York. */
const clock = (text) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' }).format(
    new Date(text),
  )

const serviceAccount = (google) => ({
  client_email: account.email,
  private_key: account.key.replaceAll('\n', '\\n'),
  token_uri: google.tokenUri,
  project_id: 'project',
})

async function scene(t, { count = 1, google: server, credentials = serviceAccount, options, script } = {}) {
  const google = await startGoogle(account, { calendarId: CALENDAR, timeZone: ZONE, ...server })
  const model = await startScriptedModel(script ?? (() => 'ok'))
  const all = []
  for (let n = 0; n < count; n++) {
    const receptionist = new AIReceptionist({
      agent: { identity: { name: 'Sarah', role: 'Receptionist' } },
      model: { provider: 'openai', model: 'm', baseUrl: model.url },
      database: { connection: 'sqlite::memory:' },
      providers: {
        calendar: {
          google: {
            calendarId: CALENDAR,
            credentials: credentials(google),
            baseUrl: google.baseUrl,
            ...options,
          },
        },
      },
    })
    await receptionist.initialize()
    all.push(receptionist)
  }
  t.teardown(async () => {
    for (const receptionist of all) await receptionist.dispose()
    model.close()
    google.close()
  })
  const run = (name, parameters, context = john, n = 0) =>
    all[n].getToolRegistry().execute(`calendar_${name}`, parameters, context)
  const standing = () => [...google.events.values()].filter(({ status }) => status !== 'cancelled')
  return { google, model, all, run, standing }
}

test('free times are the business hours without booked times', async (t) => {
  const { google, run } = await scene(t)
  await run('book', { start: at('10:00'), title: 'Demo', durationMinutes: 60 })
  const { success, data } = await run('check_availability', { date: monday, durationMinutes: 60 })
  t.true(success)
  t.is(data.timeZone, ZONE)
  t.is(Date.parse(data.now) > Date.now() - 60_000, true)
  t.deepEqual(
    data.slots.map(({ start }) => clock(start)),
    [
      '09:00',
      '11:00',
      '11:30',
      '12:00',
      '12:30',
      '13:00',
      '13:30',
      '14:00',
      '14:30',
      '15:00',
      '15:30',
      '16:00',
    ],
  )
  t.deepEqual((await run('check_availability', { date: later(5), days: 2 })).data.slots, [])
  t.is((await run('check_availability', { date: later(4), days: 4 })).data.slots.length, 24)
  t.false((await run('check_availability', { date: 'tomorrow' })).success)
  t.deepEqual(google.problems, [])
  // One login, and one lookup of the time zone.
  t.is(google.requests.filter(({ path }) => path === '/token').length, 1)
  t.is(google.requests.filter(({ path }) => path.endsWith('google.com')).length, 1)
})

test('an appointment is booked once, however often the model asks', async (t) => {
  const { google, all, run, standing } = await scene(t, { count: 2 })
  const booking = { start: at('10:00'), title: 'Demo with John', notes: 'Brings plans' }
  const results = await Promise.all(Array.from({ length: 6 }, (_, n) => run('book', booking, john, n % 2)))
  for (const { success, data } of results) {
    t.true(success)
    t.deepEqual(data, results[0].data)
  }
  t.is(clock(results[0].data.start), '10:00')
  t.is(clock(results[0].data.end), '10:30')
  t.is(standing().length, 1)
  const [event] = standing()
  t.is(event.summary, 'Demo with John')
  t.regex(event.description, /Brings plans\nE-mail: john@example\.com/)
  t.is(event.attendees, undefined)
  t.is(Date.parse(event.start.dateTime), Date.parse(results[0].data.start))
  t.false(JSON.stringify(event.extendedProperties).includes('john'))
  t.deepEqual(google.problems, [])
  t.true(all.every((one) => one.getToolRegistry().has('calendar_book')))
})

test('a booked time is refused with alternatives, also for two concurrent requests', async (t) => {
  const { google, run, standing } = await scene(t, { count: 2 })
  t.true((await run('book', { start: at('09:00'), title: 'A', durationMinutes: 60 })).success)
  const refused = await run('book', { start: at('09:30'), title: 'B' }, eve)
  t.false(refused.success)
  t.regex(refused.error, /taken\. Free that day: \S+T10:00/)
  for (let n = 0; n < 10; n++) {
    const start = at(`${11 + Math.floor(n / 2)}:${n % 2 ? '30' : '00'}`)
    const both = await Promise.all([
      run('book', { start, title: 'J' }, john, 0),
      run('book', { start, title: 'E' }, eve, 1),
      run('book', { start, title: 'S' }, stranger, n % 2),
    ])
    t.is(both.filter(({ success }) => success).length, 1, JSON.stringify(both))
  }
  t.is(standing().length, 11)
  t.deepEqual(google.problems, [])
})

test('an invalid booking is refused with a reason', async (t) => {
  const { run, standing } = await scene(t)
  for (const [booking, reason] of [
    [{ start: 'soon' }, /must be a time/],
    [{ start: at('10:00', '2020-03-02') }, /over/],
    [{ start: at('08:30') }, /closed/],
    [{ start: at('16:45') }, /closed/],
    [{ start: at('10:00', later(5)) }, /closed/],
    [{ start: at('10:00', later(600)) }, /year/],
  ]) {
    const { success, error } = await run('book', { title: 'T', ...booking })
    t.false(success)
    t.regex(error, reason)
  }
  await t.throwsAsync(run('book', { start: at('10:00') }), { code: 'TOOL_ARGUMENTS_INVALID' })
  t.is(standing().length, 0)
})

test('only the customer of an appointment can move or cancel it', async (t) => {
  const { google, run, standing } = await scene(t)
  const booked = await run('book', { start: at('10:00'), title: 'Demo' })
  const { eventId } = booked.data
  google.events.set('private0', {
    id: 'private0',
    status: 'confirmed',
    summary: 'Board',
    created: '2020-01-01T00:00:00.000Z',
    start: { dateTime: `${monday}T21:00:00Z` },
    end: { dateTime: `${monday}T21:30:00Z` },
  })
  for (const id of [eventId, 'private0', '../../users', 'nothing0']) {
    for (const context of [eve, stranger]) {
      for (const [name, more] of [
        ['cancel', {}],
        ['reschedule', { start: at('14:00') }],
      ]) {
        const { success, error } = await run(name, { eventId: id, ...more }, context)
        t.false(success)
        t.is(error, 'The customer has no appointment of that eventId.')
      }
    }
  }
  t.false((await run('cancel', { eventId: 'private0' })).success)
  t.regex((await run('cancel', {}, eve)).error, /no appointment/)
  t.is(standing().length, 2)

  const moved = await run('reschedule', { start: at('10:15') })
  t.true(moved.success, moved.error)
  t.deepEqual([clock(moved.data.start), clock(moved.data.end)], ['10:15', '10:45'])
  await run('book', { start: at('13:00'), title: 'E' }, eve)
  t.regex((await run('reschedule', { start: at('12:45') })).error, /taken/)
  t.is(clock(google.events.get(eventId).start.dateTime), '10:15')

  const second = await run('book', { start: at('15:00'), title: 'Second' })
  t.regex((await run('cancel', {})).error, /several.*Demo.*Second/s)
  t.true((await run('cancel', { eventId })).success)
  t.is(google.events.get(eventId).status, 'cancelled')
  t.true((await run('cancel', {})).success)
  t.is(google.events.get(second.data.eventId).status, 'cancelled')
  // The same time again, after it was cancelled.
  const again = await run('book', { start: at('10:00'), title: 'Demo' })
  t.true(again.success)
  t.not(again.data.eventId, eventId)
  t.deepEqual(google.problems, [])
})

test('appointments of a number are found under every spelling', async (t) => {
  for (const [before, now] of [
    ['+5218112345678', '+528112345678'],
    ['+5491123456789', '+541123456789'],
    ['+553187654321', '+5531987654321'],
  ]) {
    const { google, run, standing } = await scene(t)
    const caller = { channel: 'call', conversationId: 'CA1', customer: { phone: now } }
    const first = await run('book', { start: at('10:00'), title: 'Demo' }, caller)
    t.true(first.success, first.error)
    // A booking of an older version, in which each spelling was another number.
    const hash = createHash('sha256').update(`calendar phone:${before}`).digest('hex').slice(0, 40)
    const { id: given, ...event } = google.events.get(first.data.eventId)
    google.events.delete(given)
    const id = 'b'.repeat(40)
    const extendedProperties = { private: { receptionistCustomer: hash } }
    google.events.set(id, { ...event, id, extendedProperties })

    const again = await run('book', { start: at('10:00'), title: 'Demo' }, caller)
    t.is(again.data?.eventId, id, `${now} asks again`)
    t.is(standing().length, 1)
    const moved = await run('reschedule', { start: at('11:00') }, caller)
    t.is(moved.data?.eventId, id, `${now} moves`)
    t.false((await run('cancel', { eventId: id }, eve)).success)
    const other = { ...caller, customer: { phone: '+528187654321' } }
    t.false((await run('cancel', { eventId: id }, other)).success)
    t.true((await run('cancel', {}, caller)).success, `${now} cancels`)
    t.is(standing().length, 0)
    t.deepEqual(google.problems, [])
  }
})

test('a request whose response is lost does not book twice', async (t) => {
  let lost = 0
  const script = ({ method, path }) => {
    if (method === 'POST' && path.endsWith('/events') && lost++ === 0) return { drop: 'after' }
    return undefined
  }
  const { run, standing, google } = await scene(t, { google: { script } })
  const { success } = await run('book', { start: at('10:00'), title: 'Demo' })
  t.true(success)
  t.is(lost, 2)
  t.is(standing().length, 1)
  t.deepEqual(google.problems, [])
})

test('a refresh token works too, and a rejected access token is renewed', async (t) => {
  const { google, run } = await scene(t, {
    credentials: ({ tokenUri }) => ({ ...account.client, token_uri: tokenUri }),
    options: {
      timeZone: 'Europe/Berlin',
      workingHours: { start: '00:00', end: '24:00', days: [1, 2, 3, 4, 5, 6, 7] },
    },
  })
  const { data } = await run('check_availability', { date: monday })
  t.regex(data.slots[0].start, new RegExp(`^${monday}T00:00:00\\+0[12]:00$`))
  google.tokens.clear()
  t.true((await run('check_availability', {})).success)
  t.is(google.requests.filter(({ path }) => path === '/token').length, 2)
  t.deepEqual(google.problems, [])
})

test('the model is told of failures of Google, without secrets', async (t) => {
  for (const script of [
    ({ path }) => (path === '/token' ? { status: 400, body: { error: 'invalid_grant' } } : undefined),
    ({ path }) =>
      path === '/token' ? undefined : { status: 403, body: { error: { code: 403, message: 'forbidden' } } },
    ({ path }) => (path === '/token' ? undefined : { status: 404, body: { error: { code: 404 } } }),
  ]) {
    const { run } = await scene(t, { google: { script } })
    const result = await run('check_availability', {})
    t.false(result.success)
    t.false(JSON.stringify(result).includes('PRIVATE KEY'))
  }
})

test('the agent books in one conversation, and finds the appointment in the next one', async (t) => {
  const turns = [
    { toolCalls: [{ name: 'calendar_book', parameters: { start: at('11:00'), title: 'Demo with John' } }] },
    'Booked.',
    { toolCalls: [{ name: 'calendar_cancel', parameters: {} }] },
    'Cancelled.',
  ]
  const { all, standing } = await scene(t, { script: (_, number) => turns[number] })
  const customer = { email: 'john@example.com' }
  await all[0].text.generate({ prompt: 'Monday at 11, please', customer })
  t.is(standing().length, 1)
  const reply = await all[0].text.generate({ prompt: 'Please cancel it', customer })
  t.deepEqual(reply.metadata.toolsUsed, ['calendar_cancel'])
  t.is(standing().length, 0)
})

test('invalid settings are named, and without settings there are no calendar tools', async (t) => {
  for (const [config, option] of [
    [{ providers: { calendar: { google: { timeZone: 'New York' } } } }, 'providers.calendar.google.timeZone'],
    [
      { providers: { calendar: { google: { workingHours: { start: '9' } } } } },
      'providers.calendar.google.workingHours',
    ],
    [
      { providers: { calendar: { google: { calendarId: 'c', credentials: { client_id: 'x' } } } } },
      'credentials',
    ],
    [
      {
        providers: {
          calendar: { google: { calendarId: 'c', credentials: { client_email: 'a', private_key: 'b' } } },
        },
      },
      'private_key',
    ],
  ]) {
    const make = () => new AIReceptionist({ database: { connection: 'sqlite::memory:' }, ...config })
    t.true(t.throws(make, { code: 'INVALID_CONFIG' }).message.includes(option), option)
  }
  const receptionist = new AIReceptionist({
    agent: { identity: { name: 'S', role: 'R' } },
    model: { provider: 'openai', model: 'm', baseUrl: 'http://127.0.0.1:9/v1' },
    database: { connection: 'sqlite::memory:' },
    providers: { calendar: { google: { calendarId: undefined, credentials: { client_email: undefined } } } },
  })
  await receptionist.initialize()
  t.false(receptionist.getToolRegistry().has('calendar_book'))
  t.false(receptionist.getToolRegistry().has('send_email'))
  await receptionist.dispose()
})
