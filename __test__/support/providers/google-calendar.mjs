// Google's token endpoint and Calendar API for tests: accepts what Google accepts, refuses
// everything else, and stores the events.
import { createVerify, generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const INSERT = new Set(['id', 'summary', 'description', 'start', 'end', 'extendedProperties', 'attendees'])
const LIST = new Set([
  'singleEvents',
  'orderBy',
  'maxResults',
  'timeMin',
  'timeMax',
  'privateExtendedProperty',
])

/** A service account with a new key, and a user who has consented. */
export function makeAccount() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    email: 'receptionist@project.iam.gserviceaccount.com',
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    publicKey,
    client: { client_id: 'client', client_secret: 'secret', refresh_token: 'refresh' },
  }
}

/** @param options `calendarId`, `timeZone`, and `script(request)` that may answer a request by `{ status, body }` or `{ drop }` */
export async function startGoogle(
  account,
  { calendarId, timeZone = 'America/New_York', script = () => undefined } = {},
) {
  const events = new Map()
  const requests = []
  const problems = []
  const tokens = new Set()
  const state = { events, requests, problems, tokens, lifetime: 3600 }
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const url = new URL(request.url, 'http://localhost')
    const asked = {
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      text,
    }
    requests.push(asked)
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(body === undefined ? undefined : JSON.stringify(body))
    }
    const refuse = (status, message, kind = 'invalid') => {
      if (status === 400) problems.push(`${asked.method} ${asked.path}: ${message}`)
      answer(status, { error: { code: status, message, errors: [{ reason: kind }] } })
    }
    const before = await script(asked)
    if (before?.drop === true) return request.socket.destroy()
    if (before?.status) return answer(before.status, before.body)
    let scripted = { answer, refuse }
    if (before?.drop === 'after') {
      // The request is executed, but its response is lost.
      scripted = { answer: () => request.socket.destroy(), refuse: () => request.socket.destroy() }
    }
    try {
      if (url.pathname === '/token') return token(asked, request.headers, answer, refuse)
      const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
      if (!tokens.has(bearer)) return refuse(401, 'Invalid Credentials', 'authError')
      calendar(asked, request.headers, scripted.answer, scripted.refuse)
    } catch (error) {
      refuse(400, String(error))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${server.address().port}`

  function token({ method, text }, headers, answer, refuse) {
    if (method !== 'POST' || headers['content-type'] !== 'application/x-www-form-urlencoded') {
      return refuse(400, 'POST a form')
    }
    const { grant_type: grant, ...fields } = Object.fromEntries(new URLSearchParams(text))
    const denied = () => answer(400, { error: 'invalid_grant' })
    if (grant === 'refresh_token') {
      if (JSON.stringify(fields) !== JSON.stringify(account.client)) return denied()
    } else if (grant === 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
      const { assertion, ...rest } = fields
      if (Object.keys(rest).length > 0) return refuse(400, 'unknown fields')
      const [head, claims, signature] = assertion.split('.')
      const signed = createVerify('RSA-SHA256').update(`${head}.${claims}`)
      if (!signed.verify(account.publicKey, signature, 'base64url')) return denied()
      const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString())
      const { iss, scope, aud, iat, exp, ...others } = decode(claims)
      const now = Date.now() / 1000
      const valid =
        JSON.stringify(decode(head)) === '{"alg":"RS256","typ":"JWT"}' &&
        iss === account.email &&
        scope === 'https://www.googleapis.com/auth/calendar' &&
        aud === `${origin}/token` &&
        Math.abs(iat - now) < 30 &&
        exp > iat &&
        exp - iat <= 3600 &&
        Object.keys(others).length === 0
      if (!valid) return denied()
    } else return refuse(400, `grant_type ${grant}`)
    const made = `ya29.${randomUUID()}`
    tokens.add(made)
    answer(200, { access_token: made, expires_in: state.lifetime, token_type: 'Bearer', scope: 'calendar' })
  }

  function calendar({ method, path, query, text }, headers, answer, refuse) {
    const body = text === '' ? undefined : JSON.parse(text)
    if (body !== undefined && headers['content-type'] !== 'application/json') return refuse(400, 'not JSON')
    const [, id, kind, event, ...rest] =
      /^\/calendar\/v3\/(?:calendars\/([^/]+)(?:\/(events)(?:\/([^/]+))?)?|freeBusy)$/.exec(path) ?? []
    if (rest.length > 0) return refuse(404, 'Not Found')
    const route = `${method} ${path.endsWith('/freeBusy') ? 'freeBusy' : (kind ?? 'calendar')}${event ? '/id' : ''}`
    if (route === 'POST freeBusy') return answer(200, freeBusy(body))
    if (decodeURIComponent(id ?? '') !== calendarId) return refuse(404, 'Not Found', 'notFound')
    const changes = ['POST events', 'PATCH events/id', 'DELETE events/id'].includes(route)
    if (changes && JSON.stringify(query) !== '{"sendUpdates":"all"}')
      throw new Error(`query ${JSON.stringify(query)}`)
    const found = events.get(event)
    switch (route) {
      case 'GET calendar':
        return answer(200, { kind: 'calendar#calendar', id: calendarId, summary: 'Office', timeZone })
      case 'GET events':
        return answer(200, { kind: 'calendar#events', timeZone, items: list(query) })
      case 'POST events': {
        check(body, INSERT)
        if (!/^[a-v0-9]{5,1024}$/.test(body.id)) throw new Error(`id ${body.id}`)
        if (typeof body.summary !== 'string' || typeof body.description !== 'string')
          throw new Error('summary')
        if (events.has(body.id)) return refuse(409, 'The requested identifier already exists.', 'duplicate')
        const span = [time(body.start), time(body.end)]
        if (span[0] >= span[1]) throw new Error('The specified time range is empty.')
        const made = {
          kind: 'calendar#event',
          status: 'confirmed',
          created: new Date().toISOString(),
          ...body,
        }
        events.set(body.id, made)
        return answer(200, made)
      }
      case 'GET events/id':
        return found ? answer(200, found) : refuse(404, 'Not Found', 'notFound')
      case 'PATCH events/id':
        if (!found) return refuse(404, 'Not Found', 'notFound')
        check(body, new Set(['start', 'end']))
        if (time(body.start) >= time(body.end)) throw new Error('The specified time range is empty.')
        Object.assign(found, body)
        return answer(200, found)
      case 'DELETE events/id':
        if (!found || found.status === 'cancelled') return refuse(410, 'Resource has been deleted', 'deleted')
        found.status = 'cancelled'
        return answer(204)
      default:
        refuse(404, `Not Found: ${route}`)
    }
  }

  function freeBusy(body) {
    check(body, new Set(['timeMin', 'timeMax', 'items']))
    const [from, to] = [moment(body.timeMin), moment(body.timeMax)]
    const calendars = Object.fromEntries(
      body.items.map(({ id }) => {
        if (id !== calendarId) return [id, { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] }]
        const busy = taken(from, to).map(({ start, end }) => ({ start: utc(start), end: utc(end) }))
        return [id, { busy }]
      }),
    )
    return { kind: 'calendar#freeBusy', timeMin: body.timeMin, timeMax: body.timeMax, calendars }
  }

  function list(query) {
    check(query, LIST)
    if (query.singleEvents !== 'true' || query.orderBy !== 'startTime') throw new Error('order')
    const from = moment(query.timeMin)
    const to = query.timeMax === undefined ? Infinity : moment(query.timeMax)
    const [name, value] = (query.privateExtendedProperty ?? '').split('=')
    return taken(from, to).filter(
      ({ extendedProperties }) => !name || extendedProperties?.private?.[name] === value,
    )
  }

  const taken = (from, to) =>
    [...events.values()].filter(
      ({ status, start, end }) => status !== 'cancelled' && time(start) < to && time(end) > from,
    )

  return {
    ...state,
    setLifetime(seconds) {
      state.lifetime = seconds
    },
    tokenUri: `${origin}/token`,
    baseUrl: `${origin}/calendar/v3`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function check(object, allowed) {
  for (const field of Object.keys(object)) if (!allowed.has(field)) throw new Error(`unknown field ${field}`)
}

function moment(text) {
  if (!RFC3339.test(text)) throw new Error(`no RFC 3339: ${text}`)
  return Date.parse(text)
}

function time({ dateTime, date, timeZone, ...rest }) {
  check(rest, new Set())
  if (timeZone !== undefined) new Intl.DateTimeFormat('en', { timeZone })
  return date === undefined ? moment(dateTime) : Date.parse(date)
}

const utc = (point) => new Date(time(point)).toISOString()
