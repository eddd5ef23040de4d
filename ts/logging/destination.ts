import { refusal } from '../json'
import { warn } from '../warnings'
import type { LogEntry } from './entry'
import { ConsoleLogger, configuredLogger, LogLevel, readSettings } from './logger'

/** Takes entries one by one. What it returns is not waited for. */
export type LogFunction = (entry: LogEntry) => unknown

/**
 * A logger by its methods: pino, bunyan, winston, `console`, a child of one, an {@link ILogger}. They are called on the object
 * itself, pino's and bunyan's as `(context, message)`, others' as `(message, context)`.
 */
export interface LogMethods {
  debug(...args: any[]): unknown
  info(...args: any[]): unknown
  warn(...args: any[]): unknown
  error(...args: any[]): unknown
}

const METHODS = { DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const

/** The levels of other loggers by name, as ours. */
const LEVELS: Record<string, keyof typeof LogLevel> = {
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

/** Where the entries of one receptionist go. */
export class LogDestination {
  /** `logger` as the core reads it. */
  readonly settings: { level?: unknown }
  /** Whether the developer said where entries go; warnings go there too, then. */
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
      this.#write = writerTo(requireMethods(option))
    } else {
      const settings = option ?? {}
      if (typeof settings !== 'object' || Array.isArray(settings)) {
        const kinds = 'settings, a function, or a logger with debug(), info(), warn() and error()'
        throw refusal('INVALID_CONFIG', 'logger', `must be ${kinds}`)
      }
      const { level, ...look } = readSettings('INVALID_CONFIG', 'logger', settings)
      this.settings = { level: typeof level === 'number' ? (LogLevel[level] ?? String(level)) : level }
      // The core makes no entries below the level.
      const lines = new ConsoleLogger({ ...look, level: LogLevel.DEBUG })
      this.#write = (entry) => writeLine(lines, entry)
    }
  }

  /** Hands over entries as the core wrote them; a logger that fails is told of once and breaks nothing. */
  readonly deliver = (json: string): void => {
    for (const entry of JSON.parse(json)) {
      entry.time = new Date(entry.time)
      try {
        const written = this.#write(entry) as Partial<PromiseLike<unknown>> | null | undefined
        // Not `instanceof`: promises of another realm are promises, too.
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
      // It is as well without its words.
    }
    warn([`The \`logger\` failed: ${reason}. This is told once; entries it fails on are lost.`])
  }
}

function writeLine(lines: ConsoleLogger, { level, time, tag, message, context }: LogEntry): void {
  lines.write(level, `[${tag}] ${message}`, context, time)
}

/** Methods are looked up at every entry, and called on the logger: children and spies keep working. */
function writerTo(logger: LogMethods): (entry: LogEntry) => unknown {
  return ({ level, tag, message, context }) => {
    const [method, facts] = [METHODS[level], { tag, ...context }]
    if (takesContextFirst(logger)) return logger[method](facts, message)
    if (level === 'ERROR' && isOurKind(logger)) return logger.error(message, undefined, facts)
    return logger[method](message, facts)
  }
}

function takesContextFirst(logger: object): boolean {
  const isPino = Symbol.for('pino.serializers') in logger || 'bindings' in logger
  const isBunyan = 'addSerializers' in logger
  return isPino || isBunyan
}

/** An `ILogger`, whose `error` takes the error before the context. */
function isOurKind(logger: object): logger is { getLevel(): unknown } {
  return 'getLevel' in logger && 'setLevel' in logger && !('setDefaultLevel' in logger)
}

/** From which level on a logger writes anything, where that can be known; else all but DEBUG. */
function levelOfLogger(logger: object): keyof typeof LogLevel {
  const level: unknown = isOurKind(logger) ? logger.getLevel() : (logger as { level?: unknown }).level
  if (typeof level === 'number' && isOurKind(logger)) return nameOf(level)
  return (typeof level === 'string' && LEVELS[level.toLowerCase()]) || 'INFO'
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
  throw refusal('INVALID_CONFIG', 'logger', `lacks ${missing.map((method) => `${method}()`).join(', ')}`)
}
