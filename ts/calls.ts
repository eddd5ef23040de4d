import { settle } from './errors'
import { held, hold } from './handle'
import { encodeArgument, requireString } from './json'
import type { NativeReceptionist } from './native'

/** Whom to call. */
export interface MakeCallOptions {
  /** A phone number; E.164, or as it is dialled in `tools.defaultCountry`. */
  to: string
  /** What is said first. @defaultValue `channels.voice.greeting` */
  greeting?: string
  /** Kept with the conversation's start. */
  metadata?: Record<string, any>
  /** Whether Twilio records the call. @defaultValue false */
  record?: boolean
  /** Seconds to let it ring, 5 to 600. @defaultValue 60 */
  timeout?: number
}

/** Which calls to list. */
export interface CallQuery {
  /** Who was called. */
  to?: string
  /** Who called. */
  from?: string
  /** Twilio's word for the state: `queued`, `ringing`, `in-progress`, `completed`, … */
  status?: string
  /** At most, 1 to 1,000. @defaultValue 50 */
  limit?: number
}

/** A call. */
export interface CallSession {
  /** Twilio's id of the call, `CA…`. */
  id: string
  /** The same: a call is its own conversation. */
  conversationId: string
  /** Who is called. */
  to: string
  /** Who calls. */
  from: string
  /** How far it is. */
  status: 'initiated' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'no-answer' | 'canceled' | 'failed'
  /** Who began. */
  direction: 'inbound' | 'outbound'
  /** When it began. */
  startedAt: Date
  /** When it ended. */
  endedAt?: Date
  /** Seconds, once it is over. */
  duration?: number
}

/** `receptionist.calls`, also known as `receptionist.voice`: calls that you make. */
export class VoiceResource {
  private constructor() {}

  /** @internal */
  static of(native: NativeReceptionist): VoiceResource {
    const made = new VoiceResource()
    hold(made, native)
    return made
  }

  /**
   * Calls somebody. With `providers.communication.twilio.webhookBaseUrl` the agent talks to whoever answers; without, the greeting
   * is said and the call ends. Never tried again when it may have rung.
   * @throws {@link ValidationError} if `to` is no phone number
   * @throws {@link ProviderError} if Twilio is not configured, or refuses, or does not answer: `PROVIDER_OUTCOME_UNKNOWN` when the
   * phone may ring nevertheless
   *
   * @example
   * ```ts
   * const call = await receptionist.calls.make({ to: '+15551234567', metadata: { leadId: 7 } })
   * console.log(call.conversationId, call.status)
   * ```
   */
  async make(options: MakeCallOptions): Promise<CallSession> {
    const json = encodeArgument('options', options)
    return revive(JSON.parse(await settle(() => native(this).makeCall(json))))
  }

  /** A call as it is now. */
  async get(id: string): Promise<CallSession> {
    requireString('id', id)
    return revive(JSON.parse(await settle(() => native(this).getCall(id))))
  }

  /** The newest calls of the account that match, newest first. */
  async list(query: CallQuery = {}): Promise<CallSession[]> {
    const json = encodeArgument('query', query)
    return JSON.parse(await settle(() => native(this).listCalls(json))).map(revive)
  }

  /** Hangs up, or stops the phone from ringing. */
  async end(id: string): Promise<CallSession> {
    requireString('id', id)
    return revive(JSON.parse(await settle(() => native(this).endCall(id))))
  }
}

function native(calls: VoiceResource): NativeReceptionist {
  return held(calls)
}

function revive(session: any): CallSession {
  session.startedAt = new Date(session.startedAt)
  if (session.endedAt !== undefined) session.endedAt = new Date(session.endedAt)
  return session
}
