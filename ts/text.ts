import type { Customer } from './customer'
import { receptionistError, settle } from './errors'
import { held, hold } from './handle'
import { encodeArgument, requireString } from './json'
import type { NativeReceptionist } from './native'

/** What to answer. */
export interface GenerateTextOptions {
  /** What the customer said. */
  prompt: string
  /** The conversation to continue or begin. @defaultValue a new one */
  conversationId?: string
  /** Kept with the customer's message. */
  metadata?: Record<string, any>
  /** Who is asking, where you know it. */
  customer?: Customer
}

/** An answer. */
export interface TextResponse {
  /** What the agent says. */
  text: string
  /** About the answer. */
  metadata: {
    /** When it was given. */
    timestamp: Date
    /** The conversation it belongs to. */
    conversationId: string
    /** Whose model gave it: `openai`, `anthropic`, …, `custom`. */
    provider: string
    /** The model that gave it, by its name in the options; a fallback's where one stood in. */
    model: string
    [key: string]: any
  }
}

/** A conversation that can be continued by its id. */
export interface TextConversation {
  /** Pass it as `conversationId`. */
  id: string
  /** Always `text`. */
  channel: 'text'
  /** When it was created. */
  startedAt: Date
}

/** `receptionist.text`: conversations by text, from your own code. */
export class TextResource {
  private constructor() {}

  /** @internal */
  static of(native: NativeReceptionist): TextResource {
    const made = new TextResource()
    hold(made, native)
    return made
  }

  /**
   * Answers a message: the model may use tools for up to 8 rounds first. The message, every tool execution
   * and the answer are remembered as they happen; calls with the same `conversationId` continue it.
   * @throws {@link ModelError} if the model cannot answer; what the customer said is remembered nevertheless
   * @throws {@link LifecycleError} before `initialize()`
   *
   * @example
   * ```ts
   * const reply = await receptionist.text.generate({
   *   prompt: "I'm John, john@example.com. I prefer mornings.",
   *   conversationId: 'conv_123',
   * })
   * console.log(reply.text)
   * ```
   */
  async generate(options: GenerateTextOptions): Promise<TextResponse> {
    const { prompt, ...rest } = requireOptions(options)
    requireString('options.prompt', prompt)
    const json = encodeArgument('options', rest)
    const response = JSON.parse(await settle(() => native(this).generate(prompt, json)))
    response.metadata.timestamp = new Date(response.metadata.timestamp)
    return response
  }

  /** Opens a conversation. `metadata` becomes part of its `sessionMetadata`. */
  async createConversation(
    options: { metadata?: Record<string, any>; customer?: Customer } = {},
  ): Promise<TextConversation> {
    const json = encodeArgument('options', options)
    const conversation = JSON.parse(await settle(() => native(this).createConversation(json)))
    conversation.startedAt = new Date(conversation.startedAt)
    return conversation
  }
}

function requireOptions(options: GenerateTextOptions): GenerateTextOptions {
  if (typeof options === 'object' && options !== null) return options
  throw receptionistError('INVALID_ARGUMENT', 'Invalid argument `options`: must be an object', {
    details: { field: 'options' },
  })
}

function native(text: TextResource): NativeReceptionist {
  return held(text)
}
