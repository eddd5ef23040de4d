/** Public entry point of `@loctelli/ai-receptionist`. */

export { Agent, AgentStatus } from './agent/agent'
export { AgentBuilder } from './agent/agent-builder'
export { Allowlist } from './channels/allowlist'
export type { AgentConfiguration, AgentRequest, AgentResponse, AgentState } from './agent/types'
export type {
  AgentConfig,
  CommunicationStyleConfig,
  ContextRequest,
  ExtractConfig,
  ExtractionSchema,
  StandardSchema,
  GoalConfig,
  IdentityConfig,
  KnowledgeConfig,
  LanguageConfig,
  PersonalityConfig,
  PersonalityTrait,
} from './config/agent'
export {
  VoiceResource,
  type CallQuery,
  type CallSession,
  type LineRequest,
  type MakeCallOptions,
} from './channels/calls'
export type { CallConnection, LineSocket } from './webhooks/line-socket'
export type { ConfigChanges } from './config/changes'
export type {
  AppointmentConfig,
  CalendarProviderConfig,
  GoogleConfig,
  GoogleOAuth2Credentials,
  GoogleServiceAccountCredentials,
} from './config/calendar'
export type {
  ChannelsConfig,
  GreetingFunction,
  GreetingRequest,
  LanguageOption,
  ProviderConfig,
  RelayConfig,
  TwilioConfig,
  VoiceConfig,
} from './config/channels'
export type {
  DatabaseConfig,
  DatabaseStorageConfig,
  PoolOptions,
  SslOptions,
  StorageConfig,
} from './config/database'
export type { EmailChannelConfig, EmailProviderConfig, PostmarkConfig, SmtpConfig } from './config/email'
export type { EmbedderConfig, MemoryConfig } from './config/memory'
export type {
  AIModelConfig,
  CustomModelConfig,
  ModelCall,
  ModelConfig,
  ModelMessage,
  ModelRequest,
  ModelResponse,
  ModelStream,
} from './config/model'
export { OPENROUTER_MODELS } from './config/openrouter-models'
export type { AIReceptionistConfig } from './config/receptionist'
export type { BookingToolConfig, CalendarToolConfig, CRMToolConfig, ToolConfig } from './config/tools'
export type { ConversationDigest, ConversationSummary, Customer, KnownCustomer } from './agent/customer'
export { CustomersResource } from './receptionist/customers'
export {
  DatabaseResource,
  type ConversationsReport,
  type MigrateConversationsOptions,
  type MigrateOptions,
} from './receptionist/database'
export { DatabaseStorage } from './storage/database-storage'
export type { DrizzleConnection } from './drizzle/resolve'
export {
  EmailResource,
  type BulkEmailResult,
  type EmailAttachment,
  type EmailSession,
  type GenerateEmailOptions,
  type ReplyEmailOptions,
  type SendBulkOptions,
  type SendEmailOptions,
} from './channels/email'
export {
  ConfigurationError,
  CredentialValidationError,
  DatabaseError,
  LifecycleError,
  ModelError,
  PromptTooLargeError,
  ProviderError,
  ProviderInitializationError,
  ProviderNotConfiguredError,
  ReceptionistError,
  ToolError,
  UserCodeError,
  ValidationError,
  WebhookError,
  type ErrorCode,
} from './errors'
export type {
  ConversationEndEvent,
  ExtractEvent,
  ConversationStartEvent,
  EventCallbacks,
  ToolErrorEvent,
  ToolExecuteEvent,
} from './receptionist/events'
export {
  AIReceptionistFactory,
  type AgentInstance,
  type AgentInstanceConfig,
  type FactoryConfig,
} from './receptionist/factory'
export { InMemoryStorage } from './storage/in-memory-storage'
export { InputValidator, type SecurityResult } from './prompts/input-validator'
export type {
  AgentToolCall,
  AgentToolResult,
  Channel,
  IStorage,
  Memory,
  MemorySearchQuery,
  MemoryStats,
  SessionMetadata,
  VectorStats,
} from './storage/memory'
export type { LogFunction, LogMethods } from './logging/destination'
export type { LogEntry, LoggerContext, LogLevelName } from './logging/entry'
export {
  configureLogger,
  createLogger,
  getLogger,
  logger,
  LogLevel,
  type ILogger,
  type LoggerConfig,
} from './logging/logger'
export { MemoryManager } from './agent/memory-manager'
export type { EvaluationOptions, RetrievalEvaluation, RetrievalQuestion } from './agent/evaluation'
export type { ConversationHistory, ConversationHistoryMetadata, Message, ToolCall } from './prompts/message'
export type { ForgetReport, PersonExport } from './receptionist/personal-data'
export {
  KnowledgeResource,
  type AddedDocument,
  type FoundPassage,
  type KnowledgeDocument,
  type KnowledgeDocumentInfo,
  type KnowledgeGap,
  type KnowledgeGapOptions,
  type KnowledgePage,
  type KnowledgePassage,
} from './knowledge/knowledge'
export { GoalSystem, type Goal } from './pillars/goals'
export { Identity } from './pillars/identity'
export { KnowledgeBase } from './pillars/knowledge'
export { PersonalityEngine } from './pillars/personality'
export { PromptOptimizer, type PromptStats } from './prompts/prompt-optimizer'
export { AIReceptionist } from './receptionist/receptionist'
export { SMSResource, type SendSMSOptions, type SMSSession } from './channels/sms'
export type { ReceptionistHealth, ReceptionistInfo } from './receptionist/status'
export {
  SystemPromptBuilder,
  type PromptContext,
  type PromptExample,
  type PromptSection,
} from './prompts/system-prompt-builder'
export { TextResource, type GenerateTextOptions, type TextConversation } from './channels/text'
export type { TextResponse } from './channels/text-response'
export { TextStream } from './channels/text-stream'
export { ToolBuilder, Tools } from './tools/tool-builder'
export { ToolRegistry, type ToolRegistryConfig } from './tools/tool-registry'
export { ToolStore } from './tools/tool-store'
export type {
  ChannelResponse,
  ExecutionContext,
  ITool,
  JSONSchema,
  ToolDefinition,
  ToolFunction,
  ToolHandler,
  ToolHandlers,
  ToolResult,
} from './tools/types'
export {
  InMemoryVectorStore,
  type CustomEmbedder,
  type EmbedFunction,
  type IVectorStore,
  type VectorEntry,
  type VectorFilter,
  type VectorMatch,
  type VectorQuery,
} from './vectors/vector-store'
export type { UpgradeListener, UpgradeRequest, UpgradeSocket } from './webhooks/upgrade'
export type { NodeRequest, NodeResponse, WebhookHandler } from './webhooks/webhook-handler'
export type {
  EmailPayload,
  EmailReceipt,
  EmailWebhookOptions,
  WebhookContext,
  WebhookPayload,
  WebhookAuth,
} from './webhooks/payloads'
