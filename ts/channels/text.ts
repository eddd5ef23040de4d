import type { Agent } from '../agent/agent'
import type { Customer } from '../agent/customer'
import { withCaller } from '../bridge/caller-context'
import { callNative, callNativeAsync } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import { copyOf, encodeArgument, requireText } from '../bridge/json'
import type { NativeReceptionist } from '../bridge/native'
import { nativeOfAgent, agentHandle } from '../bridge/agent-handle'
import { decodeResponse, type TextResponse } from './text-response'
import { TextStream } from './text-stream'
import { currentTurns } from '../bridge/turn-context'

/** A message to answer. */
export interface GenerateTextOptions {
  /** Message of the customer. */
  prompt: string
  /** Conversation to continue or start. @defaultValue a new conversation */
  conversationId?: string
  /** Custom fields, stored with the customer's message. */
  metadata?: Record<string, any>
  /** The customer, if known. */
  customer?: Customer
  /** Instructions for this answer, added to the system prompt. */
  instructions?: string
}

/** A conversation that can be continued by its id. */
export interface TextConversation {
  /** Conversation id; pass it as `conversationId`. */
  id: string
  /** Always `text`. */
  channel: 'text'
  /** Creation time. */
  startedAt: Date
}

/** `receptionist.text`: text conversations driven by your own code. */
export class TextResource {
  /**
   * Creates the text resource of an agent. A receptionist has one at `text`.
   * @throws {@link ValidationError} if `agent` is not an agent of this package
   */
  constructor(agent: Agent) {
    attachNative(this, nativeOfAgent(agent))
  }

  /** Creates the text resource of a native receptionist. @internal */
  static of(native: NativeReceptionist): TextResource {
    return new TextResource(agentHandle(native))
  }

  /**
   * Answers a message. The model may use tools for up to 8 rounds first. The message, every tool
   * execution and the answer are stored as they happen. Calls with the same `conversationId`
   * continue the conversation.
   * @throws {@link ModelError} if the model fails; the customer's message is stored nevertheless
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
    const { prompt, json } = encode(options)
    return decodeResponse(await callNativeAsync(() => native(this).generate(prompt, json)))
  }

  /**
   * Answers a message like {@link generate}, as a stream that includes text before tool calls.
   *
   * An error at the start is reported when the first chunk is read. An answer that fails midway, or
   * is not read to its end, is stored as far as it got; its `metadata` contains `interrupted` and
   * the code.
   *
   * @example
   * ```ts
   * for await (const piece of receptionist.text.stream({ prompt: 'Tell me about your plans.' })) {
   *   response.write(piece)
   * }
   * ```
   */
  stream(options: GenerateTextOptions): TextStream {
    return TextStream.of((waitingTurns) => {
      const { prompt, json } = encode(options, waitingTurns)
      return callNative(() => withCaller(() => native(this).stream(prompt, json)))
    })
  }

  /** Creates a conversation. `metadata` is merged into its `sessionMetadata`. */
  async createConversation(
    options: { metadata?: Record<string, any>; customer?: Customer } = {},
  ): Promise<TextConversation> {
    const json = encodeArgument('options', options, 'ConversationOptions')
    const conversation = JSON.parse(await callNativeAsync(() => native(this).createConversation(json)))
    conversation.startedAt = new Date(conversation.startedAt)
    return conversation
  }
}

function encode(
  options: GenerateTextOptions,
  waitingTurns = currentTurns(),
): { prompt: string; json: string } {
  const { prompt, ...rest } = copyOf('options', options, 'GenerateTextOptions')
  requireText('options.prompt', prompt)
  return { prompt, json: encodeArgument('options', { ...rest, waitingTurns }, null) }
}

function native(text: TextResource): NativeReceptionist {
  return nativeOf(text)
}
