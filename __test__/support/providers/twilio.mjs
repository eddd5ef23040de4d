// A Twilio API that is as strict as the real one: method, path, basic auth, form encoding, fields.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { sid } from '../../../examples/phone.mjs'
import { readContract } from '../api-contracts.mjs'
import { ACCOUNT, AUTH_TOKEN } from '../channels/phone-harness.mjs'

const ROOT = '/2010-04-01/Accounts/{AccountSid}'
const FORM = 'application/x-www-form-urlencoded'

/**
 * The accepted fields by resource. Without the official description (a user's clone has none), the
 * fields that this package sends.
 */
const ROUTES = {
  'POST Calls.json': {
    path: `${ROOT}/Calls.json`,
    fields:
      'To From Url Method Twiml StatusCallback StatusCallbackMethod StatusCallbackEvent Timeout Record RecordingStatusCallback SendDigits',
    required: ['To', 'From'],
  },
  'POST Calls/CA.json': { path: `${ROOT}/Calls/{Sid}.json`, fields: 'Status Url Method Twiml', required: [] },
  'POST Messages.json': {
    path: `${ROOT}/Messages.json`,
    fields: 'To From MessagingServiceSid Body MediaUrl ContentSid ContentVariables StatusCallback',
    required: ['To'],
  },
  'GET Calls.json': { fields: 'To From Status PageSize', required: [] },
  'GET Calls/CA.json': { fields: '', required: [] },
}

const contract = loadContract()

function loadContract() {
  const description = readContract('twilio-api-v2010.json')
  if (!description) return undefined
  const { document, compile } = description
  return (path) => {
    const content = document.paths[path].post.requestBody.content[FORM]
    const pointer = `/paths/${path.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}`
    const validate = compile(`${pointer}/post/requestBody/content/${FORM.replace('/', '~1')}/schema`)
    return { properties: content.schema.properties, validate }
  }
}

/**
 * Starts the server for one test. `answer(request, number)` may return `{ status?, body?, drop?,
 * delay? }`; `requests` are `{ method, resource, form, body }` as received.
 */
export async function startTwilio(t, answer = () => ({})) {
  const requests = []
  const problems = []
  const calls = new Map()
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const url = new URL(request.url, 'http://x')
    const body = Buffer.concat(chunks).toString()
    const problem = problemOf(request, url, body)
    if (problem) {
      problems.push(problem)
      return send(response, 400, { code: 20001, message: problem, status: 400 })
    }
    const form = Object.fromEntries(new URLSearchParams(request.method === 'POST' ? body : url.search))
    const resource = url.pathname.split('/').slice(4).join('/')
    requests.push({ method: request.method, resource, form, body })
    const { status, body: given, drop, delay } = await answer(requests.at(-1), requests.length - 1)
    if (delay) await new Promise((resolve) => setTimeout(resolve, delay).unref())
    if (drop) return request.socket.destroy()
    send(
      response,
      status ?? (request.method === 'POST' ? 201 : 200),
      given ?? made(request.method, resource, form),
    )
  })

  function made(method, resource, form) {
    if (resource === 'Messages.json')
      return {
        sid: sid('SM'),
        status: 'queued',
        to: form.To,
        from: form.From,
        num_segments: '1',
        error_code: null,
      }
    if (method === 'GET' && resource === 'Calls.json')
      return { calls: [...calls.values()], next_page_uri: null }
    const id = resource === 'Calls.json' ? sid('CA') : resource.slice(6, 40)
    const call = calls.get(id) ?? {
      sid: id,
      status: 'queued',
      to: form.To,
      from: form.From,
      direction: 'outbound-api',
      duration: null,
      start_time: null,
    }
    if (form.Status === 'completed') Object.assign(call, { status: 'completed', duration: '7' })
    calls.set(id, call)
    return call
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
    if (problems.length > 0) throw new Error(`requests the real API would refuse:\n${problems.join('\n')}`)
  })
  return { url: `http://127.0.0.1:${server.address().port}`, requests, calls }
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function problemOf(request, url, body) {
  const expected = `Basic ${Buffer.from(`${ACCOUNT}:${AUTH_TOKEN}`).toString('base64')}`
  if (request.headers.authorization !== expected) return `authorization ${request.headers.authorization}`
  const [, version, accounts, account, ...rest] = url.pathname.split('/')
  if (version !== '2010-04-01' || accounts !== 'Accounts' || account !== ACCOUNT)
    return `path ${url.pathname}`
  const route = ROUTES[`${request.method} ${rest.join('/').replace(/CA[0-9a-f]{32}/, 'CA')}`]
  if (!route) return `${request.method} ${url.pathname}`
  if (request.method === 'POST' && request.headers['content-type'] !== FORM)
    return `content-type ${request.headers['content-type']}`
  if (request.method === 'GET' && body !== '') return 'a body of a GET'
  const fields = {}
  for (const [name, value] of new URLSearchParams(request.method === 'POST' ? body : url.search)) {
    ;(fields[name] ??= []).push(value)
  }
  return fieldProblem(route, fields)
}

function fieldProblem({ path, fields: known, required }, fields) {
  const described = contract && path ? contract(path) : undefined
  const names = described ? Object.keys(described.properties) : known.split(' ')
  const unknown = Object.keys(fields).find((name) => !names.includes(name))
  if (unknown) return `unknown field ${unknown}`
  const missing = required.find((name) => !fields[name])
  if (missing) return `missing field ${missing}`
  const problem = path === ROUTES['POST Messages.json'].path ? messageProblem(fields) : numberProblem(fields)
  if (problem) return problem
  if (!described) return undefined
  const typed = Object.fromEntries(
    Object.entries(fields).map(([name, values]) => [name, typedValue(described.properties[name], values)]),
  )
  if (described.validate(typed)) return undefined
  const [error] = described.validate.errors
  return `schema: ${error.instancePath} ${error.message}`
}

const NUMBER = /^(whatsapp:|rcs:)?\+[1-9]\d{6,14}$/
const SHORT_CODE = /^\d{3,8}$/

function numberProblem(fields) {
  const wrong = ['To', 'From'].find((name) => fields[name] && !/^\+[1-9]\d{6,14}$/.test(fields[name][0]))
  if (wrong) return `${wrong} is not E.164`
  const digits = fields.SendDigits?.[0]
  return digits !== undefined && !/^[0-9#*w]{1,32}$/.test(digits) ? 'SendDigits' : undefined
}

/** Messages that the real API refuses, with its error numbers. */
function messageProblem({ To, From, MessagingServiceSid, Body, MediaUrl, ContentSid, ContentVariables }) {
  if (!NUMBER.test(To[0])) return '21211: To is no number'
  if (!From && !MessagingServiceSid) return '21603: From is missing'
  if (From && !NUMBER.test(From[0]) && !SHORT_CODE.test(From[0])) return '21212: From is no sender'
  const channel = (address) => address.match(/^(whatsapp|rcs):/)?.[1] ?? 'sms'
  if (From && channel(From[0]) !== channel(To[0])) return '21910: From and To are on different channels'
  if (From && From[0] === To[0]) return '63031: From and To are the same'
  if (!Body && !MediaUrl && !ContentSid) return '21619: Body, MediaUrl or ContentSid is missing'
  if (Body && [...Body[0]].length > 1600) return '21617: Body is too long'
  if (MediaUrl?.length > 10) return '21623: too many media'
  if (ContentSid && !/^HX[0-9a-fA-F]{32}$/.test(ContentSid[0])) return '21655: ContentSid'
  if (ContentSid && (Body || MediaUrl)) return 'a template with Body or MediaUrl'
  if (!ContentVariables) return undefined
  if (!ContentSid) return '21654: ContentVariables without ContentSid'
  try {
    const values = JSON.parse(ContentVariables[0])
    if (Array.isArray(values) || !Object.values(values).every((value) => typeof value === 'string'))
      return '21656: ContentVariables'
  } catch {
    return '21656: ContentVariables'
  }
}

function typedValue(schema, values) {
  if (schema.type === 'array') return values
  const [value] = values
  if (schema.type === 'integer' || schema.type === 'number') return Number(value)
  if (schema.type === 'boolean') return value === 'true'
  return value
}
