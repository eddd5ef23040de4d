import type { DrizzleConnection, Via } from './drizzle'
import type { IStorage, Memory } from './memory'

/** Who the agent is. */
export interface IdentityConfig {
  /** Name it answers with. */
  name: string
  /** Its role, for example `Sales Representative`. */
  role: string
  /** Job title. @defaultValue the role */
  title?: string
  /** The business it answers for. */
  company?: string
  /** Its story. */
  backstory?: string
  /** Its department. */
  department?: string
  /** Its superior. */
  reportsTo?: string
  /** How much it may decide on its own. */
  authorityLevel?: 'low' | 'medium' | 'high'
  /** When it must hand over to a human. */
  escalationRules?: string[]
  /** Experience in years. */
  yearsOfExperience?: number
  /** What it is best at. */
  specializations?: string[]
  /** What it is certified in. */
  certifications?: string[]
}

/** A trait of character, explained. */
export interface PersonalityTrait {
  /** The word. */
  name: string
  /** What it means in practice. */
  description: string
  /** How strong it is. */
  weight?: number
}

/** A style of speech. */
export interface CommunicationStyleConfig {
  /** The main style. */
  primary: 'consultative' | 'assertive' | 'empathetic' | 'analytical' | 'casual'
  /** Tone of voice. */
  tone?: 'formal' | 'friendly' | 'professional' | 'casual'
  /** 1 (casual) to 10 (formal). */
  formalityLevel?: number
}

/** How the agent behaves. */
export interface PersonalityConfig {
  /** Traits of character: words, or words explained. */
  traits?: string[] | PersonalityTrait[]
  /** Style of speech: a word, or in detail. */
  communicationStyle?: string | CommunicationStyleConfig
  /** Sense for feelings. */
  emotionalIntelligence?: 'low' | 'medium' | 'high'
  /** Readiness to adapt. */
  adaptability?: 'low' | 'medium' | 'high'
  /** Behaviour in conflicts. */
  conflictStyle?: string
  /** Way of deciding. */
  decisionStyle?: string
  /** Behaviour under stress. */
  stressResponse?: string
  /** When and how to adapt. */
  adaptabilityRules?: string[]
}

/** Languages by fluency. */
export interface LanguageConfig {
  /** Spoken fluently. */
  fluent?: string[]
  /** Spoken well enough to converse. */
  conversational?: string[]
}

/** What the agent knows. */
export interface KnowledgeConfig {
  /** The field of business. */
  domain?: string
  /** Areas of expertise. */
  expertise?: string[]
  /** Languages: a list, or by fluency. */
  languages?: string[] | LanguageConfig
  /** Industries served. */
  industries?: string[]
  /** Domains it can talk about. */
  knownDomains?: string[]
  /** What it must not claim to know. */
  limitations?: string[]
  /** What to do when unsure. */
  uncertaintyThreshold?: string
}

/** What the agent aims at. */
export interface GoalConfig {
  /** The main goal. */
  primary: string
  /** Further goals. */
  secondary?: string[]
  /** Limits while pursuing them. */
  constraints?: string[]
  /** How success is measured: name → target. */
  metrics?: Record<string, string>
}

/** What the agent remembers and what of it is kept. */
export interface MemoryConfig {
  /**
   * Memories kept in the window of each conversation. When set, it also caps what the model sees of the
   * conversation; unset, only the token budget does. @defaultValue 20
   */
  contextWindow?: number
  /**
   * Whether the storage is used. `false` wins over a storage; `true` without one is an error.
   * @defaultValue true when there is a storage
   */
  longTermEnabled?: boolean
  /**
   * Where memories are kept: a {@link DatabaseStorage}, an {@link InMemoryStorage} or a storage of your own.
   * @defaultValue a {@link DatabaseStorage} over `database`, when that is given
   */
  longTermStorage?: IStorage
  /**
   * Which memories are persisted; any rule that matches suffices, and `goalAchieved` always is.
   * What is not persisted is still in the window. @defaultValue everything is
   */
  autoPersist?: {
    /** From this importance on. @defaultValue 7 */
    minImportance?: number
    /** These kinds. */
    types?: Memory['type'][]
    /** Everything. */
    persistAll?: boolean
  }
}

/** What the agent is. */
export interface AgentConfig {
  /** Who it is. Required, unless `customSystemPrompt` is given. */
  identity?: IdentityConfig
  /** How it behaves. */
  personality?: PersonalityConfig
  /** What it knows. */
  knowledge?: KnowledgeConfig
  /** What it aims at. */
  goals?: GoalConfig
  /** What it remembers. */
  memory?: MemoryConfig
  /** Replaces the whole system prompt that is made of the above. */
  customSystemPrompt?: string
}

/** What the agent thinks with. */
export interface AIModelConfig {
  /** The service, or `openai` for any server that speaks OpenAI's chat completions. */
  provider: 'openai' | 'openrouter'
  /** The service's key. Appears in no message, log or stack. */
  apiKey?: string | undefined
  /** Name of the model, for example `gpt-4o-mini`. */
  model: string
  /** Another server with the same API, up to and including its version: `http://localhost:11434/v1`. */
  baseUrl?: string
  /** Sampling temperature. @defaultValue the provider's */
  temperature?: number
  /** Longest answer in tokens. @defaultValue the provider's */
  maxTokens?: number
  /** OpenRouter's `HTTP-Referer`. */
  httpReferer?: string
  /** Milliseconds one attempt may take. @defaultValue 60000 */
  timeout?: number
  /** Further attempts after 429, 5xx and network failures; `Retry-After` is honoured. @defaultValue 2 */
  maxRetries?: number
  /** Tokens of prompt and history sent at most; the newest messages are kept. @defaultValue 16000 */
  maxContextTokens?: number
}

/** Connection pool, named as in node-postgres. */
export interface PoolOptions {
  /** Connections at most. @defaultValue 10 */
  max?: number
  /** Milliseconds an unused connection stays open. @defaultValue 600000 */
  idleTimeoutMillis?: number
  /** Milliseconds to wait for a connection. @defaultValue 10000 */
  connectionTimeoutMillis?: number
}

/** TLS towards the database server, as node-postgres takes it. */
export interface SslOptions {
  /** `false` accepts any certificate. @defaultValue true */
  rejectUnauthorized?: boolean
  /** PEM of the authority to trust. */
  ca?: string
  /** PEM of the client certificate. */
  cert?: string
  /** PEM of the client key. */
  key?: string
}

/** The database that leads and call logs live in, and memories unless a storage is given. */
export interface DatabaseConfig {
  /**
   * A Drizzle database (`drizzle(pool)`, or `drizzle({ client: pool })` from drizzle-orm 1.0 on), or a URL:
   * `postgres://…`, `postgresql://…`, `mysql://…`, `mariadb://…`, `sqlite:path`, `sqlite://path` or
   * `sqlite::memory:`.
   */
  connection: DrizzleConnection | string
  /**
   * How a Drizzle database is used: `native` by connections of this package to the same database, `client` by its
   * own client. @defaultValue native where its settings describe the connection fully
   */
  via?: Via
  /**
   * Create missing tables, columns and indexes on `initialize()`; nothing is ever dropped or rewritten.
   * @defaultValue true
   */
  autoMigrate?: boolean
  /** Prefix of all table names. @defaultValue 'ai_receptionist_' */
  tablePrefix?: string
  /** PostgreSQL: the schema of the tables, created if it is missing. @defaultValue the first of the connection's search path */
  schema?: string
  /** Connection pool. */
  pool?: PoolOptions
}

/** What the tools may do. */
export interface ToolConfig {
  /**
   * What `find_customer` tells about people other than the caller: that there is one (`own`), or the whole
   * record (`full`, for trusted back offices only). @defaultValue 'own'
   */
  customerLookup?: 'own' | 'full'
  /** ISO 3166-1 alpha-2 country of phone numbers given without a country code. @defaultValue 'US' */
  defaultCountry?: string
}

/**
 * Everything `new AIReceptionist(…)` takes. With `database` and neither `agent` nor `model`, only
 * `receptionist.database` can be used.
 */
export interface AIReceptionistConfig {
  /** Who answers. */
  agent?: AgentConfig
  /** What it thinks with. */
  model?: AIModelConfig
  /** Where leads and call logs live, and memories unless a storage is given. */
  database?: DatabaseConfig
  /** What the tools may do. */
  tools?: ToolConfig
  /** Who carries calls, messages and mail. */
  providers?: ProviderConfig
  /** How the channels behave. */
  channels?: ChannelsConfig
}

/** Who carries calls, messages and mail. */
export interface ProviderConfig {
  /** Calls and SMS. */
  communication?: {
    /** Twilio. */
    twilio?: TwilioConfig
  }
}

/** An account and number of Twilio's. */
export interface TwilioConfig {
  /** `AC…`. */
  accountSid: string | undefined
  /** The account's token, with which webhooks are signed. Appears in no message, log or stack. */
  authToken: string | undefined
  /** The number that calls and is called, E.164. */
  phoneNumber: string | undefined
  /** Where Twilio reaches this server: `https://example.com`. Without it calls go out, but nobody listens. */
  webhookBaseUrl?: string
  /** Path of the webhook for calls. @defaultValue '/webhooks/voice/inbound' */
  voiceWebhookPath?: string
  /** Path of the webhook for SMS. @defaultValue '/webhooks/sms/inbound' */
  smsWebhookPath?: string
  /** Another address than `https://api.twilio.com`: a region, an edge, a test. */
  baseUrl?: string
}

/** How the channels behave. */
export interface ChannelsConfig {
  /** SMS. */
  sms?: {
    /** Messages of one customer answered an hour. @defaultValue 10 */
    maxPerHour?: number
    /** Hours of silence after which a conversation is over. @defaultValue 24 */
    conversationHours?: number
    /** Whether messages are answered at all. @defaultValue true */
    autoReply?: boolean
    /** What STOP, START and HELP are answered, if you told Twilio not to. @defaultValue nothing */
    keywordReplies?: { stop?: string; start?: string; help?: string }
  }
  /** Whether `handle…Webhook` refuses what comes without a signature. @defaultValue false, with a warning */
  requireSignature?: boolean
}

interface DatabaseStorageOptions {
  /**
   * Create missing tables, columns and indexes on first use.
   * @defaultValue true; with `db`, what the receptionist's `database` says
   */
  autoMigrate?: boolean
  /** Prefix of all table names. @defaultValue 'ai_receptionist_'; with `db`, what the receptionist's `database` says */
  tablePrefix?: string
  /** PostgreSQL: the schema of the tables, created if it is missing. @defaultValue as for `tablePrefix`: `database`'s, else the connection's */
  schema?: string
  /** Connection pool. */
  pool?: PoolOptions
}

/** A database for memories: a Drizzle object, a connection string, or a server by its parts. */
export type DatabaseStorageConfig = DatabaseStorageOptions &
  (
    | {
        /**
         * A Drizzle database, or `tx` inside `db.transaction`: what is saved through that commits or rolls back with
         * it, and nothing is migrated there.
         */
        db: DrizzleConnection
        /** How `db` is used, see {@link DatabaseConfig.via}. */
        via?: Via
      }
    | {
        /**
         * `postgres://…`, `postgresql://…`, `mysql://…`, `mariadb://…`, `sqlite:path`, `sqlite://path` or
         * `sqlite::memory:`.
         */
        connectionString: string
      }
    | {
        /** What the server speaks; `mysql` is MariaDB's language too. @defaultValue 'postgres' */
        dialect?: 'postgres' | 'mysql'
        /** Server. */
        host: string
        /** Port. @defaultValue 5432, for MySQL 3306 */
        port?: number
        /** Database name. */
        database: string
        /** User name. */
        user: string
        /** Password. Appears in no message, log or stack. */
        password?: string
        /** `true`: required and verified; `false`: off. @defaultValue used when the server offers it */
        ssl?: boolean | SslOptions
      }
  )
