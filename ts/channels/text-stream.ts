import { AsyncResource } from 'node:async_hooks'
import { callNative, callNativeAsync } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import type { NativeTextStream } from '../bridge/native'
import { decodeResponse, type TextResponse } from './text-response'
import { currentTurns } from '../bridge/turn-context'

/** A streamed answer: `for await (const piece of receptionist.text.stream({ … }))`. */
export class TextStream implements AsyncIterableIterator<string> {
  /** Complete answer, including executed tools and model, once all chunks were read. */
  response: TextResponse | undefined = undefined

  private constructor() {}

  /** Creates a stream that starts its turn when the first chunk is read. @internal */
  static of(start: Start): TextStream {
    const instance = new TextStream()
    // The turn belongs to the code that created the stream, even if other code reads it.
    attachNative(instance, {
      start: AsyncResource.bind(start),
      native: undefined,
      ended: false,
    } satisfies State)
    return instance
  }

  /**
   * Returns the next chunk of text as soon as it arrives. The first call starts the turn.
   * @throws {@link ModelError} if the model fails; `MODEL_STREAM_INTERRUPTED` after the first chunk
   */
  async next(): Promise<IteratorResult<string, undefined>> {
    const state = nativeOf<State>(this)
    if (!state.ended) {
      try {
        const native = (state.native ??= state.start(currentTurns()))
        const piece = await callNativeAsync(() => native.next())
        if (piece !== null && !state.ended) return { done: false, value: piece }
        if (piece === null) this.response = decodeResponse(callNative(() => native.response()))
      } catch (error) {
        // A reader that stopped expects no further errors.
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
   * Stops reading and aborts the model. The text read so far is stored, marked as interrupted.
   * Resolves once that is done; a running tool is finished first. Called by `break`.
   */
  async return(): Promise<IteratorResult<string, undefined>> {
    const state = nativeOf<State>(this)
    const { native } = state
    const isOpen = native !== undefined && !state.ended
    state.ended = true
    if (isOpen) await callNativeAsync(() => native.cancel())
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

/** Starts the turn. `waitingTurns` lists the turns that wait for it. */
type Start = (waitingTurns: number[]) => NativeTextStream

interface State {
  start: Start
  native: NativeTextStream | undefined
  ended: boolean
}
