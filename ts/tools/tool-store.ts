import { callNativeAsync } from '../errors'
import { nativeOf, attachNative } from '../bridge/native-handle'
import { decodeMemories, encodeArgument, requireString } from '../bridge/json'
import type { Memory } from '../storage/memory'
import type { NativeReceptionist } from '../bridge/native'

/** `receptionist.getToolStore()`: tool executions stored in memory. */
export class ToolStore {
  private constructor() {}

  /** Creates the tool store of a native receptionist. @internal */
  static of(native: NativeReceptionist): ToolStore {
    const instance = new ToolStore()
    attachNative(instance, native)
    return instance
  }

  /**
   * Returns tool executions with their `toolCall` and `toolResult`, newest first.
   * @param params - filters `conversationId`, `toolName` and `success`, and `limit`, by default 20.
   *   Without `success`, executions that never ended are included.
   *
   * @example
   * ```ts
   * const executions = receptionist.getToolStore()
   * const failed = await executions.findExecutions({ toolName: 'book_table', success: false })
   * ```
   */
  async findExecutions(
    params: { conversationId?: string; toolName?: string; success?: boolean; limit?: number } = {},
  ): Promise<Memory[]> {
    const json = encodeArgument('params', params, 'ExecutionQuery')
    return decodeMemories(
      await callNativeAsync(() => nativeOf<NativeReceptionist>(this).findExecutions(json)),
    )
  }

  /** Returns the newest successful execution of a tool, or null. */
  async getLastExecution(toolName: string, conversationId?: string): Promise<Memory | null> {
    requireString('toolName', toolName)
    const params = { toolName, success: true, limit: 1, ...(conversationId != null && { conversationId }) }
    return (await this.findExecutions(params))[0] ?? null
  }
}
