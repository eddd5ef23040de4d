/** How important an entry is. */
export type LogLevelName = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'

/** Something that was logged. It holds no secrets and nothing of what was said. */
export interface LogEntry {
  /** How important it is. */
  level: LogLevelName
  /** When it happened. */
  time: Date
  /** The part that speaks: `agent`, `tools`, `database`, `http`, … */
  tag: string
  /** What happened, in words that stay the same. */
  message: string
  /** About this time: `conversationId`, `channel`, `durationMs`, `code`, `tool`, … */
  context: LoggerContext
}

/** Facts that go with a message. */
export interface LoggerContext {
  [key: string]: unknown
}
