/** Level of a log entry. */
export type LogLevelName = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'

/** A log entry. It contains neither secrets nor message content. */
export interface LogEntry {
  /** Level. */
  level: LogLevelName
  /** Time of the event. */
  time: Date
  /** Component that logged the entry: `agent`, `tools`, `database`, `http`, … */
  tag: string
  /** Message; constant for each kind of event. */
  message: string
  /** Details of the event: `conversationId`, `channel`, `durationMs`, `code`, `tool`, … */
  context: LoggerContext
}

/** Structured fields of a log entry. */
export interface LoggerContext {
  [key: string]: unknown
}
