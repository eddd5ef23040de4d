import { callNativeAsync } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import type { NativeInspectedWebhook, NativeReceptionist } from '../bridge/native'
import { whenReadyOrFailed } from '../bridge/readiness'
import { upgradeListener, type UpgradeListener } from './upgrade'
import { describeError } from '../bridge/error-registry'

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
 * `receptionist.webhooks`: one handler for all provider webhooks. It is a listener for Node's
 * `http` and middleware for Express. Its `fetch` supports every framework with the Fetch API (Next,
 * Hono, Bun, Deno).
 *
 * @example
 * ```ts
 * app.use(receptionist.webhooks)                    // Express
 * http.createServer(receptionist.webhooks)          // Node
 * export const POST = receptionist.webhooks.fetch   // Next
 * ```
 */
export interface WebhookHandler {
  /** Responds to a webhook. Calls `next` if the path does not belong to a webhook. */
  (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void): void
  /** Responds to a webhook. Other paths get 404. */
  fetch(request: Request): Promise<Response>
  /**
   * Listener for the sockets of live calls: `server.on('upgrade', receptionist.webhooks.upgrade)`.
   * Reading it makes calls live, unless `channels.voice.mode` is `'gather'`. Needs the package `ws`.
   * @throws `ConfigurationError` if `ws` is not installed
   */
  readonly upgrade: UpgradeListener
}

/** A request without its body, as described to the core. */
interface WebhookRequest {
  method: string
  target: string
  mounted?: string | undefined
  secure: boolean
  headers: Record<string, string>
}

/** The body of a request. */
interface WebhookBody {
  bytes?: Uint8Array
  /** Value that a body parser has read. */
  parsed?: unknown
  /** `true` if the body exceeds the limit and was not read completely. */
  isTooLarge?: boolean
}

/** A response of the core. */
interface WebhookAnswer {
  status: number
  contentType: string
  body: string
}

/** Fields that Node, Express and others add to a request. */
interface FrameworkFields {
  originalUrl?: string
  socket?: { encrypted?: boolean }
  readableEnded?: boolean
  body?: unknown
  rawBody?: unknown
}

/** Creates the webhook handler of a receptionist. */
export function webhookHandler(native: NativeReceptionist): WebhookHandler {
  const webhooks = (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => {
    void listen(() => nativeOf(webhooks), request as NodeRequest & FrameworkFields, response, next)
  }
  attachNative(webhooks, native)
  let upgrade: UpgradeListener | undefined
  Object.defineProperty(webhooks, 'upgrade', {
    get: () => (upgrade ??= upgradeListener(() => nativeOf(webhooks))),
  })
  return Object.assign(webhooks, {
    fetch: (request: Request) => answerFetch(() => nativeOf(webhooks), request),
  }) as WebhookHandler
}

async function listen(
  current: () => NativeReceptionist,
  request: NodeRequest & FrameworkFields,
  response: NodeResponse,
  next?: (error?: unknown) => void,
): Promise<void> {
  const native = await whenReadyOrFailed(current)
  let answer: WebhookAnswer
  try {
    const webhook = describeNode(request)
    const inspected = native.inspectWebhook(JSON.stringify(webhook))
    if (inspected.status === 404 && next) return next()
    const length = Number(webhook.headers['content-length'])
    const body = inspected.status === 0 ? await readNode(request, length, inspected.maxBodyBytes) : {}
    answer = await handle(native, inspected, body)
  } catch (error) {
    answer = failureAnswer(native, error)
  }
  response.statusCode = answer.status
  response.setHeader('content-type', answer.contentType)
  if (answer.status === 405) response.setHeader('allow', 'POST')
  // The unread rest of the body would be taken for the next request.
  if (answer.status === 413) response.setHeader('connection', 'close')
  response.end(answer.body)
}

/** Reads the body of a request of Node, unless a body parser has read it. */
async function readNode(
  request: NodeRequest & FrameworkFields,
  length: number,
  limit: number,
): Promise<WebhookBody> {
  const bytes = bytesOf(request.rawBody) ?? bytesOf(request.body)
  if (bytes !== null) return { bytes }
  if (request.readableEnded) return { parsed: request.body }
  if (length > limit) return { isTooLarge: true }
  return collect(request as unknown as AsyncIterable<Uint8Array>, limit)
}

async function answerFetch(current: () => NativeReceptionist, request: Request): Promise<Response> {
  const native = await whenReadyOrFailed(current)
  let answer: WebhookAnswer
  try {
    const url = new URL(request.url)
    const headers = Object.fromEntries(request.headers)
    const target = url.pathname + url.search
    const secure = url.protocol === 'https:'
    const webhook = { method: request.method, target, secure, headers: { host: url.host, ...headers } }
    const inspected = native.inspectWebhook(JSON.stringify(webhook))
    const body = inspected.status === 0 ? await readFetch(request, inspected.maxBodyBytes) : {}
    answer = await handle(native, inspected, body)
  } catch (error) {
    answer = failureAnswer(native, error)
  }
  const headers: Record<string, string> = { 'content-type': answer.contentType }
  if (answer.status === 405) headers['allow'] = 'POST'
  return new Response(answer.body, { status: answer.status, headers })
}

/** Reads the body of a request of the Fetch API. */
async function readFetch(request: Request, limit: number): Promise<WebhookBody> {
  return request.body ? collect(chunks(request.body), limit) : { bytes: new Uint8Array() }
}

/** Handles an inspected request. A rejected one needs no body. */
async function handle(
  native: NativeReceptionist,
  inspected: NativeInspectedWebhook,
  { bytes, parsed, isTooLarge }: WebhookBody,
): Promise<WebhookAnswer> {
  const json = parsed == null ? null : (JSON.stringify(parsed) ?? null)
  const answer = await callNativeAsync(() =>
    isTooLarge ? native.refuseLargeWebhook(inspected) : native.handleWebhook(inspected, bytes ?? null, json),
  )
  return JSON.parse(answer)
}

function describeNode(request: NodeRequest & FrameworkFields): WebhookRequest {
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

/** Reads a whole body, up to the limit. */
async function collect(stream: AsyncIterable<Uint8Array>, limit: number): Promise<WebhookBody> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of stream) {
    length += part.length
    if (length > limit) return { isTooLarge: true }
    parts.push(part)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return { bytes }
}

/** Yields the chunks of a stream, because not every runtime's streams are iterable. */
async function* chunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value
  } finally {
    await reader.cancel()
  }
}

/**
 * Returns the response to a request that could not be read, or to a bug: the provider may retry.
 */
function failureAnswer(native: NativeReceptionist, error: unknown): WebhookAnswer {
  return JSON.parse(native.failWebhook(describeError(error)))
}
