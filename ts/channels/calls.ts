import type { Agent } from '../agent/agent'
import { callNativeAsync } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import { encodeArgument, requireKnown, requireString } from '../bridge/json'
import { warningsOf } from '../bridge/create-receptionist'
import type { NativeReceptionist } from '../bridge/native'
import { whenReady } from '../bridge/readiness'
import { type CallConnection, describeLine, type LineSocket, serveLine } from '../webhooks/line-socket'
import { invalidInput } from '../bridge/invalid-input'
import { nativeOfAgent, refuseOptions, agentHandle } from '../bridge/agent-handle'
import {
  encodeWebhookAuth,
  payloadOf,
  warnUnlessSigned,
  type WebhookContext,
  type WebhookAuth,
} from '../webhooks/payloads'

/** An outbound call. */
export interface MakeCallOptions {
  /** Phone number to call, in E.164 or as dialled in `tools.defaultCountry`. */
  to: string
  /** First sentence that the agent says. @defaultValue `channels.voice.greeting` */
  greeting?: string
  /** Custom fields, stored with the start of the conversation. */
  metadata?: Record<string, any>
  /** `true` to have Twilio record the call. @defaultValue false */
  record?: boolean
  /** Maximum ringing time in seconds, 5 to 600. @defaultValue 60 */
  timeout?: number
}

/** A filter for listing calls. */
export interface CallQuery {
  /** Called number. */
  to?: string
  /** Calling number. */
  from?: string
  /** Twilio's call status: `queued`, `ringing`, `in-progress`, `completed`, … */
  status?: string
  /** Maximum number of calls, 1 to 1,000. @defaultValue 50 */
  limit?: number
}

/** The request that opened a socket. */
export interface LineRequest {
  /** URL or path of the request. */
  url: string
  /** Headers of the request, of which `X-Twilio-Signature` is needed. */
  headers: Headers | Record<string, string | string[] | undefined>
}

/** A call. */
export interface CallSession {
  /** Twilio SID of the call, `CA…`. */
  id: string
  /** Conversation id. Equals `id`: each call is a separate conversation. */
  conversationId: string
  /** Called number. */
  to: string
  /** Calling number. */
  from: string
  /** Status of the call. */
  status: 'initiated' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'no-answer' | 'canceled' | 'failed'
  /** Direction: `inbound` if the customer called. */
  direction: 'inbound' | 'outbound'
  /** Start time. */
  startedAt: Date
  /** End time. */
  endedAt?: Date
  /** Duration in seconds, once the call has ended. */
  duration?: number
}

/** `receptionist.calls`, also available as `receptionist.voice`: outbound calls. */
export class VoiceResource {
  /**
   * Creates the call resource of an agent. A receptionist has one at `voice`, configured by
   * `channels.voice` and `providers.communication.twilio`.
   * @throws {@link ValidationError} if `agent` is not an agent of this package, or an option is
   *   given here
   */
  constructor(agent: Agent, config?: Record<string, unknown>) {
    attachNative(this, nativeOfAgent(agent))
    refuseOptions(config, {
      rateLimitConfig: 'is an option of the receptionist: channels: { voice: { maxPerHour: 5 } }',
      spamDetection: "is an option of the receptionist: channels: { blocked: ['+1900*'] }",
      recordCalls:
        'is not supported: calls are not recorded; write `make({ record: true })` to have Twilio record one',
      transcribeCalls: 'is not needed: transcripts of calls are stored as memories',
      twimlConfig:
        'is an option of the receptionist: channels: { voice: { language, greeting } }, providers: { communication: { twilio: { voice } } }',
      webhookBaseUrl:
        'is an option of the receptionist: providers: { communication: { twilio: { webhookBaseUrl } } }',
      webhookPath:
        'is an option of the receptionist: providers: { communication: { twilio: { voiceWebhookPath } } }',
    })
  }

  /** Creates the call resource of a native receptionist. @internal */
  static of(native: NativeReceptionist): VoiceResource {
    return new VoiceResource(agentHandle(native))
  }

  /**
   * Calls a phone number. With `providers.communication.twilio.webhookBaseUrl` the agent talks with
   * the customer. Otherwise the greeting is spoken and the call ends. The call is not retried if
   * the phone may have rung.
   * @throws {@link ValidationError} if `to` is not a phone number
   * @throws {@link ProviderError} if Twilio is not configured, rejects the call or does not
   *   respond; `PROVIDER_OUTCOME_UNKNOWN` if the phone may ring nevertheless
   *
   * @example
   * ```ts
   * const call = await receptionist.calls.make({ to: '+15551234567', metadata: { leadId: 7 } })
   * console.log(call.conversationId, call.status)
   * ```
   */
  async make(options: MakeCallOptions): Promise<CallSession> {
    const json = encodeArgument('options', options, 'MakeCallOptions')
    return revive(JSON.parse(await callNativeAsync(() => native(this).makeCall(json))))
  }

  /** Returns the current state of a call. */
  async get(id: string): Promise<CallSession> {
    requireString('id', id)
    return revive(JSON.parse(await callNativeAsync(() => native(this).getCall(id))))
  }

  /** Returns the newest matching calls of the account, newest first. */
  async list(query: CallQuery = {}): Promise<CallSession[]> {
    const json = encodeArgument('query', query, 'CallQuery')
    return JSON.parse(await callNativeAsync(() => native(this).listCalls(json))).map(revive)
  }

  /**
   * Serves a live call on a socket that is already open, where Node's `upgrade` event is not at hand:
   * Fastify, Hono, Bun, Deno, Workers. The URL and the headers are those of the request that opened
   * it. A socket that no call waits for, or that Twilio has not signed, is closed with 1008.
   * Needs `channels.voice.mode: 'relay'`, unless `receptionist.webhooks.upgrade` is used, too.
   *
   * @example
   * ```ts
   * fastify.get('/webhooks/voice/inbound/relay/:token', { websocket: true }, (socket, request) => {
   *   receptionist.calls.connect(socket, { url: request.url, headers: request.headers })
   * })
   * ```
   */
  connect(socket: LineSocket, request: LineRequest): CallConnection {
    requireSocket(socket)
    const description = encodeLineRequest(request)
    const connection = serveLine(socket)
    whenReady(() => native(this))
      .then((receptionist) => receptionist.admitLine(description))
      .then((line) => (line.status === 101 ? connection.open(line) : connection.refuse()))
      .catch(() => connection.refuse())
    return { receive: connection.receive, closed: connection.closed }
  }

  /**
   * Handles a Twilio webhook about a call, like `receptionist.handleVoiceWebhook`.
   * @param context - the parsed form body of the request, or `{ payload }` with it
   */
  async handleWebhook(context: WebhookContext, auth?: WebhookAuth): Promise<string> {
    const [form, json] = [encodeArgument('payload', payloadOf(context), null), encodeWebhookAuth(auth)]
    const line = await whenReady(() => native(this))
    const twiml = await callNativeAsync(() => line.handleVoiceWebhook(form, json))
    warnUnlessSigned(auth, warningsOf(line))
    return twiml
  }

  /** Records a call status, like {@link handleWebhook}. */
  async handleStatusCallback(context: WebhookContext, auth?: WebhookAuth): Promise<void> {
    await this.handleWebhook(context, auth)
  }

  /** Records a recording or its transcription, like {@link handleWebhook}. */
  async handleTranscription(context: WebhookContext, auth?: WebhookAuth): Promise<void> {
    await this.handleWebhook(context, auth)
  }

  /** Does nothing: the receptionist's `dispose()` ends its calls. */
  dispose(): void {}

  /** Hangs up, or stops the phone from ringing. */
  async end(id: string): Promise<CallSession> {
    requireString('id', id)
    return revive(JSON.parse(await callNativeAsync(() => native(this).endCall(id))))
  }
}

function native(calls: VoiceResource): NativeReceptionist {
  return nativeOf(calls)
}

function requireSocket(socket: unknown): void {
  const { send, close } = (socket ?? {}) as Partial<LineSocket>
  if (typeof send !== 'function' || typeof close !== 'function') {
    throw invalidInput('INVALID_ARGUMENT', 'socket', 'must be an open WebSocket with `send` and `close`')
  }
}

/** Checks the request of a socket, and describes it to the core. */
function encodeLineRequest(request: LineRequest): string {
  const { url, headers } = (request ?? {}) as Partial<LineRequest>
  requireKnown('INVALID_ARGUMENT', 'request', request, 'LineRequest')
  const target = requireString('request.url', url)
  if (typeof headers !== 'object' || headers === null) {
    throw invalidInput(
      'INVALID_ARGUMENT',
      'request.headers',
      'must be the headers of the request, for its signature',
    )
  }
  return describeLine(target, headers)
}

function revive(session: any): CallSession {
  session.startedAt = new Date(session.startedAt)
  if (session.endedAt !== undefined) session.endedAt = new Date(session.endedAt)
  return session
}
