import { attempt } from './errors'
import { copyOf, encodeList, requireCount, requireText } from './json'
import type { Message } from './message'
import { binding } from './native'

/** How long a prompt is, in tokens of OpenAI's current models. */
export interface PromptStats {
  /** Tokens. */
  totalTokens: number
  /** Characters. */
  totalChars: number
  /** Lines. */
  totalLines: number
  /** What stands beneath each title. */
  sections: { name: string; tokens: number; chars: number }[]
}

/** Keeps prompts and histories within a number of tokens. */
export class PromptOptimizer {
  /**
   * The prompt without repeated lines and needless blanks.
   * @param context - `maxTokens` it may have, 8000 unless given
   * @throws {@link PromptTooLargeError} if it has more even so
   */
  async optimize(prompt: string, context: { maxTokens?: number } = {}): Promise<string> {
    requireText('prompt', prompt)
    const { maxTokens } = copyOf('context', context)
    const most = maxTokens == null ? null : requireCount('context.maxTokens', maxTokens)
    return attempt(() => binding.fitPrompt(prompt, most))
  }

  /** The newest messages that fit into so many tokens, in their order. */
  async compressChatHistory(messages: Message[], targetTokens: number): Promise<Message[]> {
    const json = encodeList('messages', messages)
    const most = requireCount('targetTokens', targetTokens)
    const count = attempt(() => binding.newestThatFit(json, most))
    return count === 0 ? [] : messages.slice(-count)
  }

  /** How long a prompt and its parts are. */
  async getStats(prompt: string): Promise<PromptStats> {
    requireText('prompt', prompt)
    return JSON.parse(attempt(() => binding.measurePrompt(prompt)))
  }

  /** What would make a prompt fit; nothing if it does. */
  async suggestOptimizations(prompt: string, maxTokens: number): Promise<string[]> {
    requireText('prompt', prompt)
    const most = requireCount('maxTokens', maxTokens)
    return attempt(() => binding.promptAdvice(prompt, most))
  }
}
