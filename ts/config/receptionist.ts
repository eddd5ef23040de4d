import type { EventCallbacks } from '../events'
import type { LogFunction, LogMethods } from '../logging/destination'
import type { LoggerConfig } from '../logging/logger'
import type { AgentConfig } from './agent'
import type { ChannelsConfig, ProviderConfig } from './channels'
import type { DatabaseConfig, StorageConfig } from './database'
import type { ModelConfig } from './model'
import type { ToolConfig } from './tools'

/**
 * Everything `new AIReceptionist(…)` takes. With `database` and neither `agent` nor `model`, only
 * `receptionist.database` can be used.
 */
export interface AIReceptionistConfig extends EventCallbacks {
  /** Who answers. */
  agent?: AgentConfig
  /** What it thinks with. */
  model?: ModelConfig
  /** Where leads and call logs live, and memories unless a storage is given. */
  database?: DatabaseConfig
  /** The same as `database`, in the words of the TypeScript SDK; give one of them. */
  storage?: StorageConfig
  /** What the tools may do. */
  tools?: ToolConfig
  /** Who carries calls, messages and mail. */
  providers?: ProviderConfig
  /** How the channels behave. */
  channels?: ChannelsConfig
  /**
   * Where the log goes: settings for the console, a function, or your own logger. @defaultValue warnings and errors, to the
   * console
   */
  logger?: LoggerConfig | LogFunction | LogMethods
  /** Logs everything, the durations of every turn too, whatever the level of `logger`. @defaultValue false */
  debug?: boolean
}
