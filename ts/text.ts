import type { Customer } from './customer'
import { attempt, settle } from './errors'
import { held, hold } from './handle'
import { copyOf, encodeArgument, requireText } from './json'
import type { NativeReceptionist } from './native'
import { decodeResponse, type TextResponse } from './text-response'
import { TextStream } from './text-stream'
import { turnsWaiting } from './turns'

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
    const { prompt, json } = encode(options)
    return decodeResponse(await settle(() => native(this).generate(prompt, json)))
  }

  /**
   * Answers like {@link generate}, handing out the text as it arrives, also what the agent says before it uses tools. What cannot
   * be begun is told by the first piece that is asked for. An answer that breaks off, or is not read to its end, is kept as far as
   * it came: its memory has `interrupted` and the code in its `metadata`.
   *
   * @example
   * ```ts
   * for await (const piece of receptionist.text.stream({ prompt: 'Tell me about your plans.' })) {
   *   response.write(piece)
   * }
   * ```
   */
  stream(options: GenerateTextOptions): TextStream {
    return TextStream.of(() => {
      const { prompt, json } = encode(options)
      return attempt(() => native(this).stream(prompt, json))
    })
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

function encode(options: GenerateTextOptions): { prompt: string; json: string } {
  const { prompt, ...rest } = copyOf('options', options)
  requireText('options.prompt', prompt)
  return { prompt, json: encodeArgument('options', { ...rest, within: turnsWaiting() }) }
}

function native(text: TextResource): NativeReceptionist {
  return held(text)
}
