import { settle } from './errors'
import { held, hold } from './handle'
import type { NativeReceptionist } from './native'
import { warn } from './warnings'

/** A request of Node's `http`, Express, Connect and the like. */
export interface NodeRequest {
  method?: string | undefined
  url?: string | undefined
  headers: Record<string, string | string[] | undefined>
}

/** A response of Node's `http`, Express, Connect and the like. */
export interface NodeResponse {
  statusCode: number
  setHeader(name: string, value: string): unknown
  end(body: string): unknown
}

/**
 * `receptionist.webhooks`: one handler for everything that providers post. A listener for Node's `http` and middleware for Express; its
 * `fetch` is for everything that speaks the Fetch API (Next, Hono, Bun, Deno).
 *
 * @example
 * ```ts
 * app.use(receptionist.webhooks)                    // Express
 * http.createServer(receptionist.webhooks)          // Node
 * export const POST = receptionist.webhooks.fetch   // Next
 * ```
 */
export interface WebhookHandler {
  /** Answers, or calls `next` when the path is not one of a webhook. */
  (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void): void
  /** Answers; paths of others with 404. */
  fetch(request: Request): Promise<Response>
}

/** What the core is told of a request. */
interface Described {
  method: string
  target: string
  mounted?: string | undefined
  secure: boolean
  headers: Record<string, string>
  form?: unknown
}

/** What the core answers. */
interface Answer {
  status: number
  contentType: string
  body: string
}

/** What Node, Express and others add to a request. */
interface Extras {
  originalUrl?: string
  socket?: { encrypted?: boolean }
  readableEnded?: boolean
  body?: unknown
  rawBody?: unknown
}

/** The handler of a receptionist. */
export function webhookHandler(native: NativeReceptionist): WebhookHandler {
  const handler = (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => {
    void listen(held(handler), request as NodeRequest & Extras, response, next)
  }
  hold(handler, native)
  return Object.assign(handler, { fetch: (request: Request) => answerFetch(held(handler), request) })
}

async function listen(
  native: NativeReceptionist,
  request: NodeRequest & Extras,
  response: NodeResponse,
  next?: (error?: unknown) => void,
): Promise<void> {
  let answer: Answer
  try {
    const described = describeNode(request)
    const status = native.refuseWebhook(JSON.stringify(described))
    if (status === 404 && next) return next()
    answer = status === 0 ? await answerNode(native, request, described) : refusal(status)
  } catch (error) {
    answer = failure(error)
  }
  response.statusCode = answer.status
  response.setHeader('content-type', answer.contentType)
  if (answer.status === 405) response.setHeader('allow', 'POST')
  // What was not read would be taken for the next request.
  if (answer.status === 413) response.setHeader('connection', 'close')
  response.end(answer.body)
}

async function answerNode(
  native: NativeReceptionist,
  request: NodeRequest & Extras,
  described: Described,
): Promise<Answer> {
  const read = bytesOf(request.rawBody) ?? bytesOf(request.body)
  if (read !== null) return ask(native, described, read)
  if (request.readableEnded) {
    // A body parser has read it.
    return ask(native, { ...described, form: request.body }, null)
  }
  const limit = native.limitOfWebhook(JSON.stringify(described))
  if (Number(described.headers['content-length']) > limit) return refusal(413)
  const body = await collect(request as unknown as AsyncIterable<Uint8Array>, limit)
  return body === undefined ? refusal(413) : ask(native, described, body)
}

async function answerFetch(native: NativeReceptionist, request: Request): Promise<Response> {
  let answer: Answer
  try {
    const url = new URL(request.url)
    const headers = Object.fromEntries(request.headers)
    const target = url.pathname + url.search
    const secure = url.protocol === 'https:'
    const described = { method: request.method, target, secure, headers: { host: url.host, ...headers } }
    const status = native.refuseWebhook(JSON.stringify(described))
    if (status === 0) {
      const limit = native.limitOfWebhook(JSON.stringify(described))
      const body = request.body ? await collect(chunks(request.body), limit) : new Uint8Array()
      answer = body === undefined ? refusal(413) : await ask(native, described, body)
    } else {
      answer = refusal(status)
    }
  } catch (error) {
    answer = failure(error)
  }
  const headers: Record<string, string> = { 'content-type': answer.contentType }
  if (answer.status === 405) headers['allow'] = 'POST'
  return new Response(answer.body, { status: answer.status, headers })
}

async function ask(
  native: NativeReceptionist,
  described: Described,
  body: Uint8Array | null,
): Promise<Answer> {
  const json = JSON.stringify(described)
  return JSON.parse(await settle(() => native.handleWebhook(json, body)))
}

function describeNode(request: NodeRequest & Extras): Described {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(',') : value
  }
  return {
    method: request.method ?? '',
    target: request.originalUrl ?? request.url ?? '',
    mounted: request.originalUrl === undefined ? undefined : request.url,
    secure: request.socket?.encrypted === true,
    headers,
  }
}

function bytesOf(value: unknown): Uint8Array | null {
  if (typeof value === 'string') return new TextEncoder().encode(value)
  return value instanceof Uint8Array ? value : null
}

/** A whole body, or `undefined` when it is too long. */
async function collect(stream: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of stream) {
    length += part.length
    if (length > limit) return undefined
    parts.push(part)
  }
  const body = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    body.set(part, at)
    at += part.length
  }
  return body
}

/** The parts of a stream; not every runtime's streams can be iterated. */
async function* chunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value
  } finally {
    await reader.cancel()
  }
}

function refusal(status: number): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', body: '' }
}

/** A request that could not be read, or a defect: the provider may try again. */
function failure(error: unknown): Answer {
  warn([`A webhook was answered with HTTP 500. ${(error as Error)?.message ?? error}`])
  return refusal(500)
}
