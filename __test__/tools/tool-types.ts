// Type-checked by tool-types.test.mjs: how tools and callbacks are written, and that those of the TypeScript SDK fit.
import type * as old from '@atchonk/ai-receptionist'
import {
  AIReceptionist,
  ToolBuilder,
  Tools,
  type ExecutionContext,
  type ITool,
  type JSONSchema,
  type Memory,
  type ToolErrorEvent,
  type ToolHandler,
  type ToolHandlers,
  type ToolRegistry,
  type ToolResult,
} from '../../index.js'

// Each is assignable to the other.
const tool = (given: old.ITool): ITool => given
const toolBack = (given: ITool): old.ITool => given
const handlers = (given: old.ToolHandlers): ToolHandlers => given
const handlersBack = (given: ToolHandlers): old.ToolHandlers => given
const handler = (given: old.ToolHandler): ToolHandler => given
const handlerBack = (given: ToolHandler): old.ToolHandler => given
const result = (given: old.ToolResult<number>): ToolResult<number> => given
const resultBack = (given: ToolResult<number>): old.ToolResult<number> => given
const schema = (given: old.JSONSchema): JSONSchema => given
const schemaBack = (given: JSONSchema): old.JSONSchema => given
const context = (given: old.ExecutionContext): ExecutionContext => given
const contextBack = (given: ExecutionContext): old.ExecutionContext => given
const builder = (name: keyof old.ToolBuilder): keyof ToolBuilder => name
const tools = (given: typeof Tools): typeof old.Tools => given
const config = (
  given: old.ToolConfig,
): NonNullable<ConstructorParameters<typeof AIReceptionist>[0]['tools']> => given

const strict: ToolHandler = async (params, { conversationId }) => ({
  success: true,
  data: params,
  response: { speak: conversationId },
})
const built: ITool = new ToolBuilder()
  .withName('a')
  .withDescription('A')
  .withParameters({ type: 'object', properties: {} })
  .onCall(strict)
  .onSMS(() => 'text')
  .default(async () => [1, 2])
  .build()
const custom = Tools.custom({
  name: 'b',
  description: 'B',
  parameters: { type: 'object', properties: {} },
  handler: ({ a }, { signal, customer }) => ({ a, aborted: signal?.aborted, who: customer?.email }),
})

new AIReceptionist({
  tools: {
    custom: [built, custom, { name: 'c', description: 'C', handlers: { onEmail: () => 1 } }],
    timeout: 5,
  },
  onToolExecute: ({ toolName, result, duration }) => `${toolName} ${result.success} ${duration.toFixed()}`,
  onToolError: async ({ error, parameters }: ToolErrorEvent) => [error, parameters],
  onConversationStart: ({ channel, timestamp }) => channel === 'sms' && timestamp.getTime(),
  onConversationEnd: ({ summary }) => summary.length,
})

async function use(receptionist: AIReceptionist, registry: ToolRegistry): Promise<void> {
  registry.register(built)
  const gone: boolean = registry.unregister('a')
  const found: ITool | undefined = registry.get('a')
  const listed: ITool[] = registry.listAvailable('call')
  const ran = await registry.execute<{ table: number }>(
    'a',
    { guests: 2 },
    { channel: 'text', conversationId: 'c' },
  )
  const table: number | undefined = ran.data?.table
  const executions: Memory[] = await receptionist.getToolStore().findExecutions({ success: false, limit: 3 })
  const last: Memory | null = await receptionist.getToolStore().getLastExecution('a')
  void [gone, found, listed, table, executions, last]
  // @ts-expect-error: a tool has handlers
  registry.register({ name: 'x', description: 'X', parameters: { type: 'object' } })
  // @ts-expect-error: a handler is a function
  new ToolBuilder().default('text')
  // @ts-expect-error: there is no such channel
  registry.listAvailable('fax')
}

void [tool, toolBack, handlers, handlersBack, handler, handlerBack, result, resultBack, schema, schemaBack]
void [context, contextBack, builder, tools, config, use]
