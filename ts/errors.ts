import { tell } from './thrown'

/** The stable `code` of a {@link ReceptionistError}; `INTERNAL` is a defect of this package. */
export type ErrorCode =
  | 'AGENT_IDENTITY_REQUIRED'
  | 'MODEL_REQUIRED'
  | 'INVALID_CONFIG'
  | 'INVALID_CONNECTION'
  | 'NOT_INITIALIZED'
  | 'DISPOSED'
  | 'INVALID_MEMORY'
  | 'INVALID_QUERY'
  | 'INVALID_ARGUMENT'
  | 'UNSUPPORTED_TEXT'
  | 'JSON_TOO_DEEP'
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_AUTHENTICATION_FAILED'
  | 'DATABASE_NOT_FOUND'
  | 'DATABASE_PERMISSION_DENIED'
  | 'DATABASE_TABLES_MISSING'
  | 'DATABASE_SCHEMA_MISMATCH'
  | 'DATABASE_TENANT_CONFLICT'
  | 'DATABASE_POOL_TIMEOUT'
  | 'DATABASE_FULL'
  | 'DATABASE_OVERLOADED'
  | 'DATABASE_FAILED'
  | 'MODEL_AUTHENTICATION_FAILED'
  | 'MODEL_RATE_LIMITED'
  | 'MODEL_REQUEST_REJECTED'
  | 'MODEL_UNAVAILABLE'
  | 'MODEL_TIMEOUT'
  | 'MODEL_RESPONSE_INVALID'
  | 'MODEL_STREAM_INTERRUPTED'
  | 'STREAM_LEFT'
  | 'RECIPIENT_OPTED_OUT'
  | 'PROMPT_TOO_LARGE'
  | 'EMBEDDING_FAILED'
  | 'EMBEDDING_INVALID'
  | 'INVALID_WEBHOOK'
  | 'WEBHOOK_SIGNATURE_INVALID'
  | 'PROVIDER_NOT_CONFIGURED'
  | 'PROVIDER_AUTHENTICATION_FAILED'
  | 'PROVIDER_REJECTED'
  | 'PROVIDER_RATE_LIMITED'
  | 'PROVIDER_UNAVAILABLE'
  | 'PROVIDER_TIMEOUT'
  | 'PROVIDER_OUTCOME_UNKNOWN'
  | 'PROVIDER_RESPONSE_INVALID'
  | 'TOOL_NOT_FOUND'
  | 'TOOL_NOT_AVAILABLE'
  | 'TOOL_ARGUMENTS_INVALID'
  | 'TOOL_TIMEOUT'
  | 'TOOL_FAILED'
  | 'TURN_REENTERED'
  | 'USER_CODE_FAILED'
  | 'USER_CODE_TIMEOUT'
  | 'USER_CODE_INVALID'
  | 'INTERNAL'

/**
 * Every error of this package, thrown or rejected with. Match on `code`, which never changes; the message
 * says what to do. Neither carries secrets.
 */
export class ReceptionistError extends Error {
  /** What happened, for programs. */
  readonly code: ErrorCode
  /** Facts behind the message, where there are any: the field or option at fault, the missing tables, … */
  declare readonly details?: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    if (options.details !== undefined) this.details = options.details
  }
}

/**
 * The configuration cannot be used: `AGENT_IDENTITY_REQUIRED`, `MODEL_REQUIRED`, `INVALID_CONFIG`,
 * `INVALID_CONNECTION`.
 */
export class ConfigurationError extends ReceptionistError {}

/** Called too early or too late, or left too early: `NOT_INITIALIZED`, `DISPOSED`, `STREAM_LEFT`. */
export class LifecycleError extends ReceptionistError {}

/**
 * A memory, query or argument cannot be used, and nothing was written: `INVALID_MEMORY`, `INVALID_QUERY`,
 * `INVALID_ARGUMENT`, `UNSUPPORTED_TEXT`, `JSON_TOO_DEEP`, `RECIPIENT_OPTED_OUT`.
 */
export class ValidationError extends ReceptionistError {}

/**
 * The database failed: `DATABASE_UNREACHABLE`, `DATABASE_AUTHENTICATION_FAILED`, `DATABASE_NOT_FOUND`,
 * `DATABASE_PERMISSION_DENIED`, `DATABASE_TABLES_MISSING`, `DATABASE_SCHEMA_MISMATCH`, `DATABASE_TENANT_CONFLICT`, `DATABASE_POOL_TIMEOUT`,
 * `DATABASE_FULL`, `DATABASE_OVERLOADED`, `DATABASE_FAILED`.
 */
export class DatabaseError extends ReceptionistError {}

/**
 * The language model failed: `MODEL_AUTHENTICATION_FAILED`, `MODEL_RATE_LIMITED`, `MODEL_REQUEST_REJECTED`,
 * `MODEL_UNAVAILABLE`, `MODEL_TIMEOUT`, `MODEL_RESPONSE_INVALID`, `MODEL_STREAM_INTERRUPTED`, `EMBEDDING_FAILED`,
 * `EMBEDDING_INVALID`.
 */
export class ModelError extends ReceptionistError {}

/** A prompt is longer than it may be: `PROMPT_TOO_LARGE`. */
export class PromptTooLargeError extends ReceptionistError {
  /** How many tokens it has, may have, and its parts have, by title. */
  declare readonly details: Readonly<{ tokens: number; maxTokens: number; sections: Record<string, number> }>
}

/** A webhook cannot be used, and nothing was done: `INVALID_WEBHOOK`, `WEBHOOK_SIGNATURE_INVALID`. */
export class WebhookError extends ReceptionistError {}

/**
 * A provider of calls, SMS or e-mail failed: `PROVIDER_NOT_CONFIGURED`, `PROVIDER_AUTHENTICATION_FAILED`, `PROVIDER_REJECTED`,
 * `PROVIDER_RATE_LIMITED`, `PROVIDER_UNAVAILABLE`, `PROVIDER_TIMEOUT`, `PROVIDER_OUTCOME_UNKNOWN`, `PROVIDER_RESPONSE_INVALID`.
 */
export class ProviderError extends ReceptionistError {}

/** A channel is used whose provider has no settings: `PROVIDER_NOT_CONFIGURED`. */
export class ProviderNotConfiguredError extends ProviderError {}

/** A provider refused the credentials: `PROVIDER_AUTHENTICATION_FAILED`. */
export class CredentialValidationError extends ProviderError {}

/** A tool could not run: `TOOL_NOT_FOUND`, `TOOL_NOT_AVAILABLE`, `TOOL_ARGUMENTS_INVALID`, `TOOL_TIMEOUT`, `TOOL_FAILED`. */
export class ToolError extends ReceptionistError {}

/**
 * Code of your own (a storage, a tool, a model, …) misbehaved: `USER_CODE_TIMEOUT`, `USER_CODE_INVALID`, `TURN_REENTERED`. What it throws
 * is no error of this package: you catch the very object.
 */
export class UserCodeError extends ReceptionistError {}

const CLASSES: Record<ErrorCode, typeof ReceptionistError> = {
  AGENT_IDENTITY_REQUIRED: ConfigurationError,
  MODEL_REQUIRED: ConfigurationError,
  INVALID_CONFIG: ConfigurationError,
  INVALID_CONNECTION: ConfigurationError,
  NOT_INITIALIZED: LifecycleError,
  DISPOSED: LifecycleError,
  INVALID_MEMORY: ValidationError,
  INVALID_QUERY: ValidationError,
  INVALID_ARGUMENT: ValidationError,
  UNSUPPORTED_TEXT: ValidationError,
  JSON_TOO_DEEP: ValidationError,
  DATABASE_UNREACHABLE: DatabaseError,
  DATABASE_AUTHENTICATION_FAILED: DatabaseError,
  DATABASE_NOT_FOUND: DatabaseError,
  DATABASE_PERMISSION_DENIED: DatabaseError,
  DATABASE_TABLES_MISSING: DatabaseError,
  DATABASE_SCHEMA_MISMATCH: DatabaseError,
  DATABASE_TENANT_CONFLICT: DatabaseError,
  DATABASE_POOL_TIMEOUT: DatabaseError,
  DATABASE_FULL: DatabaseError,
  DATABASE_OVERLOADED: DatabaseError,
  DATABASE_FAILED: DatabaseError,
  MODEL_AUTHENTICATION_FAILED: ModelError,
  MODEL_RATE_LIMITED: ModelError,
  MODEL_REQUEST_REJECTED: ModelError,
  MODEL_UNAVAILABLE: ModelError,
  MODEL_TIMEOUT: ModelError,
  MODEL_RESPONSE_INVALID: ModelError,
  MODEL_STREAM_INTERRUPTED: ModelError,
  STREAM_LEFT: LifecycleError,
  RECIPIENT_OPTED_OUT: ValidationError,
  PROMPT_TOO_LARGE: PromptTooLargeError,
  EMBEDDING_FAILED: ModelError,
  EMBEDDING_INVALID: ModelError,
  INVALID_WEBHOOK: WebhookError,
  WEBHOOK_SIGNATURE_INVALID: WebhookError,
  PROVIDER_NOT_CONFIGURED: ProviderNotConfiguredError,
  PROVIDER_AUTHENTICATION_FAILED: CredentialValidationError,
  PROVIDER_REJECTED: ProviderError,
  PROVIDER_RATE_LIMITED: ProviderError,
  PROVIDER_UNAVAILABLE: ProviderError,
  PROVIDER_TIMEOUT: ProviderError,
  PROVIDER_OUTCOME_UNKNOWN: ProviderError,
  PROVIDER_RESPONSE_INVALID: ProviderError,
  TOOL_NOT_FOUND: ToolError,
  TOOL_NOT_AVAILABLE: ToolError,
  TOOL_ARGUMENTS_INVALID: ToolError,
  TOOL_TIMEOUT: ToolError,
  TOOL_FAILED: ToolError,
  TURN_REENTERED: UserCodeError,
  USER_CODE_FAILED: UserCodeError,
  USER_CODE_TIMEOUT: UserCodeError,
  USER_CODE_INVALID: UserCodeError,
  INTERNAL: ReceptionistError,
}

for (const [name, Class] of Object.entries({
  ReceptionistError,
  ConfigurationError,
  LifecycleError,
  ValidationError,
  DatabaseError,
  ModelError,
  WebhookError,
  ProviderError,
  ProviderNotConfiguredError,
  CredentialValidationError,
  PromptTooLargeError,
  ToolError,
  UserCodeError,
})) {
  // On the prototype, as built-in errors have it: an own property would show in every printed error.
  Object.defineProperty(Class.prototype, 'name', { value: name, configurable: true, writable: true })
}

/** The error of that code, as the class its code belongs to. */
export function receptionistError(
  code: string,
  message: string,
  options?: { details?: Record<string, unknown>; cause?: unknown },
): ReceptionistError {
  const Class = (CLASSES as Record<string, typeof ReceptionistError>)[code] ?? ReceptionistError
  return new Class(code as ErrorCode, message, options)
}

/** An error as the core describes it. */
export interface NativeFailure {
  code: string
  message: string
  details?: Record<string, unknown>
  cause?: string[]
  /** Of the value that JavaScript threw, when it was a user's client or code that failed. */
  reference?: number | null
}

/** Runs a native call; its failure is thrown as an error of this package, with the caller's stack. */
export function attempt<Result>(call: () => Result): Result {
  try {
    return call()
  } catch (error) {
    throw fromNative(error)
  }
}

/** Like {@link attempt}, for calls that return a promise. */
export async function settle<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    // Awaited here, and by every caller, so that the stack of a failure leads to the user's own line.
    return await answerOf(call())
  } catch (error) {
    throw fromNative(error)
  }
}

/**
 * What a native call promised. In a thread that is being terminated it returns nothing, since Node-API cannot throw there: taken for an answer,
 * whatever waits for one after the other would go on for ever, and be told that all was done. So nothing goes on there.
 */
export function answerOf<Result>(promised: Promise<Result> | undefined): Promise<Result> {
  return promised ?? new Promise(() => {})
}

function fromNative(error: unknown): unknown {
  const failure = parse((error as Error | undefined)?.message)
  if (failure === undefined) {
    return new ReceptionistError('INTERNAL', `Internal error: ${(error as Error)?.message ?? error}`, {
      cause: error,
    })
  }
  return rebuilt(failure)
}

/** The error that the core describes: of this package, or what the user's own code threw. */
export function rebuilt({ code, message, details, cause, reference }: NativeFailure): unknown {
  const thrown = reference ? tell(reference) : undefined
  if (code === 'USER_CODE_FAILED' && thrown) return thrown.value
  const options: { details?: Record<string, unknown>; cause?: unknown } = {}
  if (details) options.details = details
  if (cause?.length) options.cause = thrown?.value || chain(cause)
  return receptionistError(code, message, options)
}

function parse(message: unknown): NativeFailure | undefined {
  if (typeof message !== 'string' || !message.startsWith('{')) return undefined
  try {
    const failure = JSON.parse(message)
    return typeof failure.code === 'string' && typeof failure.message === 'string' ? failure : undefined
  } catch {
    return undefined
  }
}

/** Errors nested by `cause`, outermost first. */
function chain(messages: string[]): Error | undefined {
  return messages.reduceRight<Error | undefined>((inner, message) => {
    const error = inner ? new Error(message, { cause: inner }) : new Error(message)
    // It happened in native code: a stack of where it was unpacked would only mislead.
    error.stack = `Error: ${message}`
    return error
  }, undefined)
}
