import { types } from 'node:util'
import { readable, refusal, requireObject, requireText, type Subject } from '../json'
import type { LoggerContext, LogLevelName } from './entry'

/** How important an entry must be to be logged. */
export enum LogLevel {
  DEBUG = 0,
  INFO = 1,
  WARN = 2,
  ERROR = 3,
  NONE = 4,
}

/** What to log on the console, and how it looks. */
export interface LoggerConfig {
  /** How important an entry is at least. @defaultValue `'INFO'`; for a receptionist `'WARN'` */
  level?: LogLevel | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'NONE'
  /** What lines begin with. @defaultValue `'[AIReceptionist]'` */
  prefix?: string
  /** Whether lines have the time, in UTC. @defaultValue true */
  enableTimestamps?: boolean
  /** Whether levels are coloured. @defaultValue whether the output is a terminal */
  enableColors?: boolean
  /** Messages that carry one of these tags, `[tag]`, are left out. */
  ignoreTags?: Array<string | RegExp>
}

/** A logger, ours or your own. */
export interface ILogger {
  debug(message: string, context?: LoggerContext): void
  info(message: string, context?: LoggerContext): void
  warn(message: string, context?: LoggerContext): void
  error(message: string, error?: Error, context?: LoggerContext): void
  setLevel(level: LogLevel): void
  getLevel(): LogLevel
}

const COLORS: Record<LogLevelName, string> = {
  DEBUG: '\x1B[36m',
  INFO: '\x1B[32m',
  WARN: '\x1B[33m',
  ERROR: '\x1B[31m',
}
const RESET = '\x1B[0m'

/** Writes to the console: warnings and errors to stderr, the rest to stdout. */
export class ConsoleLogger implements ILogger {
  #level: LogLevel
  readonly #prefix: string
  readonly #timestamps: boolean
  readonly #colors: boolean | undefined
  readonly #ignored: Array<string | RegExp>

  constructor(config: LoggerConfig = {}) {
    this.#level = levelOf(config.level) ?? LogLevel.INFO
    this.#prefix = config.prefix ?? '[AIReceptionist]'
    this.#timestamps = config.enableTimestamps ?? true
    this.#colors = config.enableColors
    this.#ignored = config.ignoreTags ?? []
  }

  debug(message: string, context?: LoggerContext): void {
    this.write('DEBUG', message, context)
  }

  info(message: string, context?: LoggerContext): void {
    this.write('INFO', message, context)
  }

  warn(message: string, context?: LoggerContext): void {
    this.write('WARN', message, context)
  }

  error(message: string, error?: Error, context?: LoggerContext): void {
    const { name, message: reason, stack } = error ?? {}
    this.write('ERROR', message, error ? { ...context, error: { name, message: reason, stack } } : context)
  }

  setLevel(level: LogLevel): void {
    this.#level = level
  }

  getLevel(): LogLevel {
    return this.#level
  }

  /** One line, if it is important enough; `time` is when it happened, now unless given. */
  write(level: LogLevelName, message: string, context?: LoggerContext, time = new Date()): void {
    if (LogLevel[level] < this.#level || this.#isIgnored(message)) return
    const serious = level === 'WARN' || level === 'ERROR'
    const colored = this.#colors ?? (serious ? process.stderr : process.stdout).isTTY
    const word = colored ? `${COLORS[level]}${level}${RESET}` : level
    const stamp = this.#timestamps ? `[${time.toISOString()}]` : ''
    const line = [stamp, this.#prefix, word, message].filter(Boolean).join(' ')
    const facts = context && Object.keys(context).length > 0 ? [context] : []
    if (serious) console[level === 'WARN' ? 'warn' : 'error'](line, ...facts)
    else console[level === 'DEBUG' ? 'debug' : 'info'](line, ...facts)
  }

  #isIgnored(message: string): boolean {
    const tags = Array.from(message.matchAll(/\[([^\]]+)\]/g), (match) => match[1]!)
    // `search` keeps nothing between calls, as `test` does under the flag `g`.
    const matches = (tag: string, ignored: string | RegExp) =>
      typeof ignored === 'string' ? tag === ignored : tag.search(ignored) >= 0
    return tags.some((tag) => this.#ignored.some((ignored) => matches(tag, ignored)))
  }
}

/** The level of that number or name, whatever its case. */
export function levelOf(level: unknown): LogLevel | undefined {
  if (typeof level === 'number') return LogLevel[level] === undefined ? undefined : level
  const number: unknown = typeof level === 'string' && LogLevel[level.toUpperCase() as keyof typeof LogLevel]
  return typeof number === 'number' ? number : undefined
}

/** Settings given as the option or argument `at`, each read once; {@link ConsoleLogger} takes them as they are. */
export function readSettings(subject: Subject, at: string, given: object): LoggerConfig {
  const settings: LoggerConfig = readable(subject, at, () => ({ ...given }))
  const fault = readable(subject, at, () => faultOf(settings))
  if (fault !== undefined) throw refusal(subject, `${at}.${fault[0]}`, fault[1])
  return settings
}

/** The setting that cannot be used, and why. */
function faultOf(settings: LoggerConfig): [keyof LoggerConfig, string] | undefined {
  const { level, prefix, enableTimestamps, enableColors, ignoreTags } = settings
  const isFlag = (value: unknown) => value == null || typeof value === 'boolean'
  const isTag = (tag: unknown) => typeof tag === 'string' || types.isRegExp(tag)
  if (level != null && levelOf(level) === undefined) {
    return ['level', 'must be DEBUG, INFO, WARN, ERROR or NONE']
  }
  if (prefix != null && typeof prefix !== 'string') return ['prefix', 'must be a string']
  if (!isFlag(enableTimestamps)) return ['enableTimestamps', 'must be true or false']
  if (!isFlag(enableColors)) return ['enableColors', 'must be true or false']
  if (ignoreTags != null && !(Array.isArray(ignoreTags) && ignoreTags.every(isTag))) {
    return ['ignoreTags', 'must be an array of strings and regular expressions']
  }
  return undefined
}

let shared = new ConsoleLogger()
let configured = false

/** The logger of this process, for your own messages; {@link configureLogger} replaces it. */
export function getLogger(): ILogger {
  return shared
}

/** Replaces the logger of this process. Receptionists without a `logger` of their own, made later, log like it. */
export function configureLogger(config: LoggerConfig): void {
  shared = new ConsoleLogger(readSettings('INVALID_ARGUMENT', 'config', requireObject('config', config)))
  configured = true
}

/** The logger of this process, if somebody configured one. */
export function configuredLogger(): ConsoleLogger | undefined {
  return configured ? shared : undefined
}

/** A logger of its own, with lines that begin with `prefix`. */
export function createLogger(prefix: string, config: Omit<LoggerConfig, 'prefix'> = {}): ILogger {
  const settings = readSettings('INVALID_ARGUMENT', 'config', requireObject('config', config))
  return new ConsoleLogger({ ...settings, prefix: requireText('prefix', prefix) })
}

/** The logger of this process, whichever it is when called. */
export const logger = {
  debug: (message: string, context?: LoggerContext): void => getLogger().debug(message, context),
  info: (message: string, context?: LoggerContext): void => getLogger().info(message, context),
  warn: (message: string, context?: LoggerContext): void => getLogger().warn(message, context),
  error: (message: string, error?: Error, context?: LoggerContext): void =>
    getLogger().error(message, error, context),
}
