import type { AgentConfiguration, AgentRequest } from '../agent/types'
import type { CallQuery, LineRequest, MakeCallOptions } from '../channels/calls'
import type { CommunicationStyleConfig, PersonalityTrait } from '../config/agent'
import type { DatabaseStorageConfig } from '../config/database'
import type { AIReceptionistConfig } from '../config/receptionist'
import type { Customer } from '../agent/customer'
import type { EvaluationOptions, RetrievalQuestion } from '../agent/evaluation'
import type { MigrateConversationsOptions, MigrateOptions, PruneOptions } from '../receptionist/database'
import type {
  GenerateEmailOptions,
  ReplyEmailOptions,
  SendBulkOptions,
  SendEmailOptions,
} from '../channels/email'
import type { FactoryConfig } from '../receptionist/factory'
import type {
  KnowledgeDocument,
  KnowledgeGapOptions,
  KnowledgePage,
  KnowledgeResource,
} from '../knowledge/knowledge'
import type { LoggerConfig } from '../logging/logger'
import type { Memory, MemorySearchQuery } from '../storage/memory'
import type { MemoryManager } from '../agent/memory-manager'
import type { Message } from '../prompts/message'
import type { Goal } from '../pillars/goals'
import type { PromptOptimizer } from '../prompts/prompt-optimizer'
import type { SendSMSOptions } from '../channels/sms'
import type { PromptContext } from '../prompts/system-prompt-builder'
import type { GenerateTextOptions, TextResource } from '../channels/text'
import type { Tools } from '../tools/tool-builder'
import type { ToolRegistryConfig } from '../tools/tool-registry'
import type { ToolStore } from '../tools/tool-store'
import type { ToolDefinition } from '../tools/types'
import type { InMemoryVectorStore, VectorEntry } from '../vectors/vector-store'
import type { EmailWebhookOptions, WebhookAuth } from '../webhooks/payloads'

/** The first or `At`-th parameter of a function, without null and undefined. */
type Parameter<F extends (...args: any) => unknown, At extends number = 0> = NonNullable<Parameters<F>[At]>

/**
 * Every options object of the public API, by the name under which it is checked.
 * `npm run build:face` writes their fields to shapes.ts.
 */
export interface OptionTypes {
  AIReceptionistConfig: AIReceptionistConfig
  FactoryConfig: FactoryConfig
  DatabaseStorageConfig: DatabaseStorageConfig
  AgentConfiguration: Partial<AgentConfiguration>
  AgentRequest: AgentRequest
  PersonalityTrait: PersonalityTrait
  CommunicationStyleConfig: CommunicationStyleConfig
  Goal: Goal
  Memory: Memory
  Memories: Memory[]
  MemorySearchQuery: MemorySearchQuery
  ChannelHistoryOptions: Parameter<MemoryManager['getChannelHistory'], 1>
  Session: Parameter<MemoryManager['startSession']>
  ReindexOptions: Parameter<MemoryManager['reindex']>
  RetrieveOptions: Parameter<MemoryManager['retrieve'], 1>
  RetrievalQuestions: RetrievalQuestion[]
  EvaluationOptions: EvaluationOptions
  KnowledgeDocument: KnowledgeDocument
  KnowledgePage: KnowledgePage
  KnowledgeFolderOptions: Parameter<KnowledgeResource['addFolder'], 1>
  KnowledgeSearchOptions: Parameter<KnowledgeResource['search'], 1>
  KnowledgeGapOptions: KnowledgeGapOptions
  ExecutionQuery: Parameter<ToolStore['findExecutions']>
  MakeCallOptions: MakeCallOptions
  CallQuery: CallQuery
  LineRequest: LineRequest
  SendSMSOptions: SendSMSOptions
  SendEmailOptions: SendEmailOptions
  SendBulkOptions: SendBulkOptions
  GenerateEmailOptions: GenerateEmailOptions
  ReplyEmailOptions: ReplyEmailOptions
  GenerateTextOptions: GenerateTextOptions
  ConversationOptions: Parameter<TextResource['createConversation']>
  MigrateOptions: MigrateOptions
  MigrateConversationsOptions: MigrateConversationsOptions
  PruneOptions: PruneOptions
  Customer: Customer
  ToolDefinition: ToolDefinition
  ToolRegistryConfig: ToolRegistryConfig
  CustomTool: Parameter<typeof Tools.custom>
  WebhookAuth: WebhookAuth
  EmailWebhookOptions: EmailWebhookOptions
  LoggerConfig: LoggerConfig
  PromptContext: PromptContext
  PromptLimits: Parameter<PromptOptimizer['optimize'], 1>
  Messages: Message[]
  VectorEntries: VectorEntry[]
  VectorQuery: Parameter<InMemoryVectorStore['search']>
}
