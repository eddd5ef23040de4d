/** The public entry of `@loctelli/ai-receptionist`: all that users import. */

export { Agent, AgentStatus } from './agent'
export { AgentBuilder } from './agent-builder'
export { Allowlist } from './allowlist'
export type { AgentConfiguration, AgentRequest, AgentResponse, AgentState } from './agent-types'
export type {
  AgentConfig,
  CommunicationStyleConfig,
  GoalConfig,
  IdentityConfig,
  KnowledgeConfig,
  LanguageConfig,
  PersonalityConfig,
  PersonalityTrait,
} from './config/agent'
export { VoiceResource, type CallQuery, type CallSession, type MakeCallOptions } from './calls'
export type { ConfigChanges } from './config/changes'
export type {
  AppointmentConfig,
  CalendarProviderConfig,
  GoogleConfig,
  GoogleOAuth2Credentials,
  GoogleServiceAccountCredentials,
} from './config/calendar'
export type { ChannelsConfig, ProviderConfig, TwilioConfig, VoiceConfig } from './config/channels'
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
export type { Customer } from './customer'
export {
  DatabaseResource,
  type ConversationsReport,
  type MigrateConversationsOptions,
  type MigrateOptions,
} from './database'
export { DatabaseStorage } from './database-storage'
export type { DrizzleConnection } from './drizzle'
export {
  EmailResource,
  type BulkEmailResult,
  type EmailAttachment,
  type EmailSession,
  type GenerateEmailOptions,
  type ReplyEmailOptions,
  type SendBulkOptions,
  type SendEmailOptions,
} from './email'
export {
  ConfigurationError,
  CredentialValidationError,
  DatabaseError,
  LifecycleError,
  ModelError,
  PromptTooLargeError,
  ProviderError,
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
  ConversationStartEvent,
  EventCallbacks,
  ToolErrorEvent,
  ToolExecuteEvent,
} from './events'
export {
  AIReceptionistFactory,
  type AgentInstance,
  type AgentInstanceConfig,
  type FactoryConfig,
} from './factory'
export { InMemoryStorage } from './in-memory-storage'
export { InputValidator, type SecurityResult } from './input-validator'
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
} from './memory'
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
export { MemoryManager } from './memory-manager'
export type { ConversationHistory, ConversationHistoryMetadata, Message, ToolCall } from './message'
export type { ForgetReport, PersonExport } from './person'
export { GoalSystem, type Goal } from './pillars/goals'
export { Identity } from './pillars/identity'
export { KnowledgeBase } from './pillars/knowledge'
export { PersonalityEngine } from './pillars/personality'
export { PromptOptimizer, type PromptStats } from './prompt-optimizer'
export { AIReceptionist } from './receptionist'
export { SMSResource, type SendSMSOptions, type SMSSession } from './sms'
export type { ReceptionistHealth, ReceptionistInfo } from './status'
export {
  SystemPromptBuilder,
  type PromptContext,
  type PromptExample,
  type PromptSection,
} from './system-prompt-builder'
export { TextResource, type GenerateTextOptions, type TextConversation } from './text'
export type { TextResponse } from './text-response'
export { TextStream } from './text-stream'
export { ToolBuilder, Tools } from './tool-builder'
export { ToolRegistry } from './tool-registry'
export { ToolStore } from './tool-store'
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
} from './tools'
export {
  InMemoryVectorStore,
  type CustomEmbedder,
  type EmbedFunction,
  type IVectorStore,
  type VectorEntry,
  type VectorFilter,
  type VectorMatch,
  type VectorQuery,
} from './vector-store'
export type { NodeRequest, NodeResponse, WebhookHandler } from './webhook-handler'
export type {
  EmailPayload,
  EmailReceipt,
  EmailWebhookOptions,
  WebhookPayload,
  WebhookProof,
} from './webhooks'
