import { attempt, settle } from './errors'
import { held, hold } from './handle'
import type { NativeTextStream } from './native'
import { decodeResponse, type TextResponse } from './text-response'

/** An answer that is read as it arrives: `for await (const piece of receptionist.text.stream({ … }))`. */
export class TextStream implements AsyncIterableIterator<string> {
  /** The whole answer, with which tools ran and which model gave it, once all pieces were read. */
  response: TextResponse | undefined = undefined

  private constructor() {}

  /** @internal */
  static of(start: () => NativeTextStream): TextStream {
    const made = new TextStream()
    hold(made, { start, native: undefined, ended: false } satisfies State)
    return made
  }

  /**
   * The next piece of text, as soon as there is one. The first call begins the turn.
   * @throws {@link ModelError} if the model cannot answer; `MODEL_STREAM_INTERRUPTED` after its first words
   */
  async next(): Promise<IteratorResult<string, undefined>> {
    const state = held<State>(this)
    if (!state.ended) {
      try {
        const native = (state.native ??= state.start())
        const piece = await settle(() => native.next())
        if (piece !== null && !state.ended) return { done: false, value: piece }
        if (piece === null) this.response = decodeResponse(attempt(() => native.response()))
      } catch (error) {
        // Who left wants to hear no more.
        if (!state.ended) {
          state.ended = true
          throw error
        }
      }
      state.ended = true
    }
    return { done: true, value: undefined }
  }

  /**
   * Stops reading: the model is stopped too, and what was read of its answer is kept, marked as interrupted. Resolves when that is
   * done; a tool that runs already is finished first. `break` calls it.
   */
  async return(): Promise<IteratorResult<string, undefined>> {
    const state = held<State>(this)
    const { native } = state
    const leave = native !== undefined && !state.ended
    state.ended = true
    if (leave) await settle(() => native.leave())
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

interface State {
  start: () => NativeTextStream
  native: NativeTextStream | undefined
  ended: boolean
}
