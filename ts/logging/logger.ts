import { types } from 'node:util'
import { guardRead, invalidInput, type InputKind } from '../bridge/invalid-input'
import { requireObject, requireText } from '../bridge/json'
import type { LoggerContext, LogLevelName } from './entry'

/** Minimum level of entries to log. */
export enum LogLevel {
  DEBUG = 0,
  INFO = 1,
  WARN = 2,
  ERROR = 3,
  NONE = 4,
}

/** Console logger settings. */
export interface LoggerConfig {
  /** Minimum level. @defaultValue 'INFO'; for a receptionist 'WARN' */
  level?: LogLevel | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'NONE'
  /** Prefix of each line. @defaultValue '[AIReceptionist]' */
  prefix?: string
  /** `true` to include the time, in UTC. @defaultValue true */
  enableTimestamps?: boolean
  /** `true` to colour the levels. @defaultValue true if the output is a terminal */
  enableColors?: boolean
  /** Tags to ignore: messages that contain one of them, as `[tag]`, are not logged. */
  ignoreTags?: Array<string | RegExp>
}

/** A logger, built-in or custom. */
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

/** A console logger. Warnings and errors go to stderr, the rest to stdout. */
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

  /** Writes one line if its level is enabled. `time` is the time of the event, by default now. */
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
    // Unlike `test` with the flag `g`, `search` keeps no state between calls.
    const matches = (tag: string, ignored: string | RegExp) =>
      typeof ignored === 'string' ? tag === ignored : tag.search(ignored) >= 0
    return tags.some((tag) => this.#ignored.some((ignored) => matches(tag, ignored)))
  }
}

/** Returns the level with that number or case-insensitive name, if any. */
export function levelOf(level: unknown): LogLevel | undefined {
  if (typeof level === 'number') return LogLevel[level] === undefined ? undefined : level
  const number: unknown = typeof level === 'string' && LogLevel[level.toUpperCase() as keyof typeof LogLevel]
  return typeof number === 'number' ? number : undefined
}

/**
 * Returns validated settings of the option or argument `at`, each read once. {@link ConsoleLogger}
 * does not validate them.
 */
export function readSettings(subject: InputKind, at: string, given: object): LoggerConfig {
  const settings: LoggerConfig = guardRead(subject, at, () => ({ ...given }))
  const fault = guardRead(subject, at, () => invalidSetting(settings))
  if (fault !== undefined) throw invalidInput(subject, `${at}.${fault[0]}`, fault[1])
  return settings
}

/** Returns the first invalid setting with the reason, if any. */
function invalidSetting(settings: LoggerConfig): [keyof LoggerConfig, string] | undefined {
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

/** Returns the process-wide logger for your own messages. {@link configureLogger} replaces it. */
export function getLogger(): ILogger {
  return shared
}

/**
 * Replaces the process-wide logger. Receptionists created later without their own `logger` use its
 * settings.
 */
export function configureLogger(config: LoggerConfig): void {
  shared = new ConsoleLogger(
    readSettings('INVALID_ARGUMENT', 'config', requireObject('config', config, 'LoggerConfig')),
  )
  configured = true
}

/** Returns the process-wide logger, if one was configured. */
export function configuredLogger(): ConsoleLogger | undefined {
  return configured ? shared : undefined
}

/** Creates a separate logger with the given prefix. */
export function createLogger(prefix: string, config: Omit<LoggerConfig, 'prefix'> = {}): ILogger {
  const settings = readSettings('INVALID_ARGUMENT', 'config', requireObject('config', config, 'LoggerConfig'))
  return new ConsoleLogger({ ...settings, prefix: requireText('prefix', prefix) })
}

/** Process-wide logger; each call uses the currently configured one. */
export const logger = {
  debug: (message: string, context?: LoggerContext): void => getLogger().debug(message, context),
  info: (message: string, context?: LoggerContext): void => getLogger().info(message, context),
  warn: (message: string, context?: LoggerContext): void => getLogger().warn(message, context),
  error: (message: string, error?: Error, context?: LoggerContext): void =>
    getLogger().error(message, error, context),
}
