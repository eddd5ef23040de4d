import { runInContextOf } from '../bridge/caller-context'
import { invalidInput } from '../bridge/invalid-input'
import { warn } from './warnings'
import type { LogEntry } from './entry'
import { ConsoleLogger, configuredLogger, LogLevel, readSettings } from './logger'

/** A log sink that receives entries one by one. Its return value is not awaited. */
export type LogFunction = (entry: LogEntry) => unknown

/**
 * A logger with level methods: pino, bunyan, winston, `console`, a child logger, an
 * {@link ILogger}.
 *
 * The methods are called on the object itself: with `(context, message)` for pino and bunyan,
 * otherwise with `(message, context)`.
 */
export interface LogMethods {
  debug(...args: any[]): unknown
  info(...args: any[]): unknown
  warn(...args: any[]): unknown
  error(...args: any[]): unknown
}

const METHODS = { DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const

/** Level names of other loggers, mapped to the levels of this package. */
const LEVEL_NAMES: Record<string, keyof typeof LogLevel> = {
  trace: 'DEBUG',
  silly: 'DEBUG',
  debug: 'DEBUG',
  verbose: 'DEBUG',
  http: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'ERROR',
  silent: 'NONE',
}

/** Log destination of one receptionist. */
export class LogDestination {
  /** `logger` settings for the core. */
  readonly settings: { level?: unknown }
  /** `true` if the developer configured a destination; warnings are sent to it too. */
  readonly isChosen: boolean
  readonly #write: (entry: LogEntry) => unknown
  #failed = false

  /**
   * Reads the option `logger`.
   * @throws {@link ConfigurationError} if it is neither settings nor a function nor a logger
   */
  constructor(option: unknown) {
    const shared = option == null ? configuredLogger() : undefined
    this.isChosen = option != null || shared !== undefined
    if (typeof option === 'function' && !hasMethods(option)) {
      this.settings = { level: 'INFO' }
      this.#write = option as LogFunction
    } else if (shared !== undefined) {
      this.settings = { level: LogLevel[shared.getLevel()] }
      this.#write = (entry) => writeLine(shared, entry)
    } else if (hasMethods(option)) {
      this.settings = { level: levelOfLogger(option) }
      this.#write = createWriter(requireMethods(option))
    } else {
      const settings = option ?? {}
      if (typeof settings !== 'object' || Array.isArray(settings)) {
        const kinds = 'settings, a function, or a logger with debug(), info(), warn() and error()'
        throw invalidInput('INVALID_CONFIG', 'logger', `must be ${kinds}`)
      }
      const { level, ...format } = readSettings('INVALID_CONFIG', 'logger', settings)
      this.settings = { level: typeof level === 'number' ? (LogLevel[level] ?? String(level)) : level }
      // The core does not create entries below the level.
      const lines = new ConsoleLogger({ ...format, level: LogLevel.DEBUG })
      this.#write = (entry) => writeLine(lines, entry)
    }
  }

  /** Delivers entries from the core. A failing logger is reported once and has no other effect. */
  readonly deliver = (json: string): void => {
    for (const { caller = null, ...entry } of JSON.parse(json)) {
      entry.time = new Date(entry.time)
      try {
        const written = runInContextOf(caller, () => this.#write(entry)) as
          Partial<PromiseLike<unknown>> | null | undefined
        // Not `instanceof`, because promises of another realm are promises too.
        if (typeof written?.then === 'function') written.then(undefined, (error) => this.#report(error))
      } catch (error) {
        this.#report(error)
      }
    }
  }

  #report(error: unknown): void {
    if (this.#failed) return
    this.#failed = true
    let reason = 'a value that cannot be read'
    try {
      reason = String(error)
    } catch {
      // The default reason is sufficient.
    }
    warn([`The \`logger\` failed: ${reason}. This is reported once; entries that it fails on are lost.`])
  }
}

function writeLine(lines: ConsoleLogger, { level, time, tag, message, context }: LogEntry): void {
  lines.write(level, `[${tag}] ${message}`, context, time)
}

/**
 * Creates the function that writes an entry to a logger. Methods are looked up at every entry and
 * called on the logger, so that child loggers and spies work.
 */
function createWriter(logger: LogMethods): (entry: LogEntry) => unknown {
  return ({ level, tag, message, context }) => {
    const [method, facts] = [METHODS[level], { tag, ...context }]
    if (takesContextFirst(logger)) return logger[method](facts, message)
    if (level === 'ERROR' && isILogger(logger)) return logger.error(message, undefined, facts)
    return logger[method](message, facts)
  }
}

function takesContextFirst(logger: object): boolean {
  const isPino = Symbol.for('pino.serializers') in logger || 'bindings' in logger
  const isBunyan = 'addSerializers' in logger
  return isPino || isBunyan
}

/** Returns `true` for an `ILogger`, whose `error` takes the error before the context. */
function isILogger(logger: object): logger is { getLevel(): unknown } {
  return 'getLevel' in logger && 'setLevel' in logger && !('setDefaultLevel' in logger)
}

/** Returns the minimum level of a logger if it is known, else INFO. */
function levelOfLogger(logger: object): keyof typeof LogLevel {
  const level: unknown = isILogger(logger) ? logger.getLevel() : (logger as { level?: unknown }).level
  if (typeof level === 'number' && isILogger(logger)) return nameOf(level)
  return (typeof level === 'string' && LEVEL_NAMES[level.toLowerCase()]) || 'INFO'
}

function nameOf(level: number): keyof typeof LogLevel {
  return (LogLevel[level] as keyof typeof LogLevel | undefined) ?? 'INFO'
}

function hasMethods(option: unknown): option is object {
  if (option === null || (typeof option !== 'object' && typeof option !== 'function')) return false
  return Object.values(METHODS).some((method) => typeof (option as any)[method] === 'function')
}

function requireMethods(option: object): LogMethods {
  const missing = Object.values(METHODS).filter((method) => typeof (option as any)[method] !== 'function')
  if (missing.length === 0) return option as LogMethods
  throw invalidInput('INVALID_CONFIG', 'logger', `lacks ${missing.map((method) => `${method}()`).join(', ')}`)
}
