import type { EventCallbacks } from '../receptionist/events'
import type { LogFunction, LogMethods } from '../logging/destination'
import type { LoggerConfig } from '../logging/logger'
import type { AgentConfig } from './agent'
import type { ChannelsConfig, ProviderConfig } from './channels'
import type { DatabaseConfig, StorageConfig } from './database'
import type { ModelConfig } from './model'
import type { ToolConfig } from './tools'

/**
 * Configuration of `new AIReceptionist(…)`. With `database` and neither `agent` nor `model`, only
 * `receptionist.database` can be used.
 */
export interface AIReceptionistConfig extends EventCallbacks {
  /** Agent. */
  agent?: AgentConfig
  /** Language model. */
  model?: ModelConfig
  /** Database of leads and call logs, and of memories unless a storage is given. */
  database?: DatabaseConfig
  /** Alternative to `database`, as in the TypeScript SDK. Use only one of them. */
  storage?: StorageConfig
  /** Tool settings and permissions. */
  tools?: ToolConfig
  /** Providers of calls, messages, e-mail and calendars. */
  providers?: ProviderConfig
  /** Channel settings. */
  channels?: ChannelsConfig
  /**
   * Log destination: console settings, a function, or a custom logger.
   * @defaultValue warnings and errors, to the console
   */
  logger?: LoggerConfig | LogFunction | LogMethods
  /**
   * `true` to log everything, including the duration of every turn, regardless of the level of
   * `logger`.
   * @defaultValue false
   */
  debug?: boolean
}
