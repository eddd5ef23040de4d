import { callNative } from '../errors'
import { copyOf, encodeList, requireCount, requireText } from '../bridge/json'
import type { Message } from './message'
import { binding } from '../bridge/native'

/** Size of a prompt, with tokens counted as by OpenAI's current models. */
export interface PromptStats {
  /** Number of tokens. */
  totalTokens: number
  /** Number of characters. */
  totalChars: number
  /** Number of lines. */
  totalLines: number
  /** Size of the section under each title. */
  sections: { name: string; tokens: number; chars: number }[]
}

/** A tool for keeping prompts and message histories within a token limit. */
export class PromptOptimizer {
  /**
   * Removes repeated lines and unnecessary whitespace from a prompt.
   * @param context - `maxTokens`: token limit, 8000 by default
   * @throws {@link PromptTooLargeError} if the result is over the limit
   */
  async optimize(prompt: string, context: { maxTokens?: number } = {}): Promise<string> {
    requireText('prompt', prompt)
    const { maxTokens } = copyOf('context', context, 'PromptLimits')
    const most = maxTokens == null ? null : requireCount('context.maxTokens', maxTokens)
    return callNative(() => binding.fitPrompt(prompt, most))
  }

  /** Returns the newest messages that fit into the token limit, in their order. */
  async compressChatHistory(messages: Message[], targetTokens: number): Promise<Message[]> {
    const json = encodeList('messages', messages, 'Messages')
    const most = requireCount('targetTokens', targetTokens)
    const count = callNative(() => binding.newestThatFit(json, most))
    return count === 0 ? [] : messages.slice(-count)
  }

  /** Returns the size of a prompt and its sections. */
  async getStats(prompt: string): Promise<PromptStats> {
    requireText('prompt', prompt)
    return JSON.parse(callNative(() => binding.measurePrompt(prompt)))
  }

  /** Returns suggestions for fitting a prompt into the token limit; empty if it fits. */
  async suggestOptimizations(prompt: string, maxTokens: number): Promise<string[]> {
    requireText('prompt', prompt)
    const most = requireCount('maxTokens', maxTokens)
    return callNative(() => binding.promptAdvice(prompt, most))
  }
}
