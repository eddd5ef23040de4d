import { settle } from './errors'
import { held, hold } from './handle'
import { decodeMemories, encodeArgument, requireString } from './json'
import type { Memory } from './memory'
import type { NativeReceptionist } from './native'

/** `receptionist.getToolStore()`: what tools did, found in memory. */
export class ToolStore {
  private constructor() {}

  /** @internal */
  static of(native: NativeReceptionist): ToolStore {
    const made = new ToolStore()
    hold(made, native)
    return made
  }

  /**
   * Executions, the newest first, with their `toolCall` and `toolResult`.
   * @param params - `conversationId`, `toolName` and `success` narrow it; without `success` it finds those too that never
   *   ended. `limit` is 20 unless given.
   *
   * @example
   * ```ts
   * const failed = await receptionist.getToolStore().findExecutions({ toolName: 'book_table', success: false })
   * ```
   */
  async findExecutions(
    params: { conversationId?: string; toolName?: string; success?: boolean; limit?: number } = {},
  ): Promise<Memory[]> {
    const json = encodeArgument('params', params)
    return decodeMemories(await settle(() => held<NativeReceptionist>(this).findExecutions(json)))
  }

  /** The newest execution of a tool that did what was asked, or null. */
  async getLastExecution(toolName: string, conversationId?: string): Promise<Memory | null> {
    requireString('toolName', toolName)
    const params = { toolName, success: true, limit: 1, ...(conversationId != null && { conversationId }) }
    return (await this.findExecutions(params))[0] ?? null
  }
}
