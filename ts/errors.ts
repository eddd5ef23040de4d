import { Caller } from './bridge/caller-context'
import { takeError } from './bridge/error-registry'

/** Stable `code` of a {@link ReceptionistError}. `INTERNAL` means a bug in this package. */
export type ErrorCode =
  | 'AGENT_IDENTITY_REQUIRED'
  | 'MODEL_REQUIRED'
  | 'INVALID_CONFIG'
  | 'INVALID_CONNECTION_STRING'
  | 'NOT_INITIALIZED'
  | 'DISPOSED'
  | 'INVALID_MEMORY'
  | 'INVALID_QUERY'
  | 'INVALID_ARGUMENT'
  | 'UNSUPPORTED_TEXT'
  | 'JSON_TOO_DEEP'
  | 'DOCUMENT_UNREADABLE'
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_AUTHENTICATION_FAILED'
  | 'DATABASE_NOT_FOUND'
  | 'DATABASE_PERMISSION_DENIED'
  | 'DATABASE_TABLES_MISSING'
  | 'DATABASE_SCHEMA_MISMATCH'
  | 'DATABASE_TENANT_CONFLICT'
  | 'DATABASE_POOL_TIMEOUT'
  | 'DATABASE_DISK_FULL'
  | 'DATABASE_OVERLOADED'
  | 'DATABASE_QUERY_FAILED'
  | 'MODEL_AUTHENTICATION_FAILED'
  | 'MODEL_RATE_LIMITED'
  | 'MODEL_REQUEST_REJECTED'
  | 'MODEL_UNAVAILABLE'
  | 'MODEL_TIMEOUT'
  | 'MODEL_RESPONSE_INVALID'
  | 'MODEL_STREAM_INTERRUPTED'
  | 'STREAM_ABORTED'
  | 'RECIPIENT_OPTED_OUT'
  | 'MESSAGING_WINDOW_CLOSED'
  | 'PROMPT_TOO_LARGE'
  | 'EMBEDDING_FAILED'
  | 'EMBEDDING_INVALID'
  | 'RETRIEVAL_TIMEOUT'
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
  | 'EXTRACTION_INVALID'
  | 'TOOL_TIMEOUT'
  | 'TOOL_FAILED'
  | 'CONVERSATION_DEADLOCK'
  | 'USER_CODE_FAILED'
  | 'USER_CODE_TIMEOUT'
  | 'USER_CODE_INVALID'
  | 'INTERNAL'

/**
 * Base class of all errors of this package. Match on `code`, which never changes; the message
 * explains the fix. Neither contains secrets.
 */
export class ReceptionistError extends Error {
  /** Stable error code. */
  readonly code: ErrorCode
  /** Structured details, if any: the invalid field or option, the missing tables, … */
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
 * Invalid configuration: `AGENT_IDENTITY_REQUIRED`, `MODEL_REQUIRED`, `INVALID_CONFIG`,
 * `INVALID_CONNECTION_STRING`.
 */
export class ConfigurationError extends ReceptionistError {}

/** A call at the wrong time, or an aborted stream: `NOT_INITIALIZED`, `DISPOSED`, `STREAM_ABORTED`. */
export class LifecycleError extends ReceptionistError {}

/**
 * Invalid memory, query or argument; nothing was written: `INVALID_MEMORY`, `INVALID_QUERY`,
 * `INVALID_ARGUMENT`, `UNSUPPORTED_TEXT`, `JSON_TOO_DEEP`, `DOCUMENT_UNREADABLE`,
 * `RECIPIENT_OPTED_OUT`.
 */
export class ValidationError extends ReceptionistError {}

/**
 * Database failure: `DATABASE_UNREACHABLE`, `DATABASE_AUTHENTICATION_FAILED`, `DATABASE_NOT_FOUND`,
 * `DATABASE_PERMISSION_DENIED`, `DATABASE_TABLES_MISSING`, `DATABASE_SCHEMA_MISMATCH`,
 * `DATABASE_TENANT_CONFLICT`, `DATABASE_POOL_TIMEOUT`, `DATABASE_DISK_FULL`, `DATABASE_OVERLOADED`,
 * `DATABASE_QUERY_FAILED`, `RETRIEVAL_TIMEOUT`.
 */
export class DatabaseError extends ReceptionistError {}

/**
 * Language model or embedder failure: `MODEL_AUTHENTICATION_FAILED`, `MODEL_RATE_LIMITED`,
 * `MODEL_REQUEST_REJECTED`, `MODEL_UNAVAILABLE`, `MODEL_TIMEOUT`, `MODEL_RESPONSE_INVALID`,
 * `MODEL_STREAM_INTERRUPTED`, `EMBEDDING_FAILED`, `EMBEDDING_INVALID`, `EXTRACTION_INVALID`.
 */
export class ModelError extends ReceptionistError {}

/** Constructor arguments of an error from the core, in place of the arguments that users pass. */
class NativeErrorArguments {
  constructor(
    readonly code: string,
    readonly message: string,
    readonly options: { details?: Record<string, unknown>; cause?: unknown } | undefined,
  ) {}
}

const nativeArgumentsOf = (given: unknown) => (given instanceof NativeErrorArguments ? given : undefined)

/** A prompt over its token limit: `PROMPT_TOO_LARGE`. */
export class PromptTooLargeError extends ReceptionistError {
  /** Number of tokens of the prompt, the limit, and the tokens of each section by title. */
  declare readonly details: Readonly<{ tokens: number; maxTokens: number; sections: Record<string, number> }>

  /** Creates an error in your own code. */
  constructor(
    message: string,
    details: { tokens: number; maxTokens: number; sections: Record<string, number> },
  ) {
    const core = nativeArgumentsOf(message)
    super('PROMPT_TOO_LARGE', core?.message ?? message, core?.options ?? { details })
  }
}

/** Rejected webhook; nothing was done: `INVALID_WEBHOOK`, `WEBHOOK_SIGNATURE_INVALID`. */
export class WebhookError extends ReceptionistError {}

/**
 * Failure of a provider of calls, SMS or e-mail: `PROVIDER_NOT_CONFIGURED`,
 * `PROVIDER_AUTHENTICATION_FAILED`, `PROVIDER_REJECTED`, `PROVIDER_RATE_LIMITED`,
 * `PROVIDER_UNAVAILABLE`, `PROVIDER_TIMEOUT`, `PROVIDER_OUTCOME_UNKNOWN`,
 * `PROVIDER_RESPONSE_INVALID`, `MESSAGING_WINDOW_CLOSED`.
 */
export class ProviderError extends ReceptionistError {
  /** HTTP status of the provider's response; only set on errors that your code created. */
  declare readonly statusCode?: number | undefined
  /** Context of the error; only set on errors that your code created. */
  declare readonly context?: Record<string, unknown> | undefined

  /** Creates an error of your own provider. `code` may be any string. */
  constructor(message: string, code: string, statusCode?: number, context?: Record<string, unknown>) {
    const core = nativeArgumentsOf(message)
    super((core?.code ?? code) as ErrorCode, core?.message ?? message, core?.options)
    if (core !== undefined) return
    if (statusCode !== undefined) this.statusCode = statusCode
    if (context !== undefined) this.context = context
  }
}

/** A provider without configuration: `PROVIDER_NOT_CONFIGURED`. */
export class ProviderNotConfiguredError extends ProviderError {
  /** Creates an error in your own code. */
  constructor(providerName: string) {
    const message = `Provider '${providerName}' is not configured. Please provide credentials in the SDK configuration.`
    super(nativeArgumentsOf(providerName) ? providerName : message, 'PROVIDER_NOT_CONFIGURED', 400, {
      providerName,
    })
  }
}

/** Credentials rejected by a provider: `PROVIDER_AUTHENTICATION_FAILED`. */
export class CredentialValidationError extends ProviderError {
  /** Creates an error in your own code. */
  constructor(providerName: string, details: string, context?: Record<string, unknown>) {
    const message = `Invalid credentials for ${providerName}: ${details}`
    const given = nativeArgumentsOf(providerName) ? providerName : message
    super(given, 'CREDENTIAL_VALIDATION_ERROR', 401, { providerName, details, ...context })
  }
}

/**
 * Error for your own providers, kept for compatibility with the TypeScript SDK. This package never
 * throws it, because providers are only contacted when they are needed.
 */
export class ProviderInitializationError extends ProviderError {
  /** Creates an error in your own code. */
  constructor(providerName: string, details: string, context?: Record<string, unknown>) {
    const message = `Failed to initialize ${providerName}: ${details}`
    super(message, 'PROVIDER_INITIALIZATION_ERROR', 500, { providerName, details, ...context })
  }
}

/**
 * A tool that could not run: `TOOL_NOT_FOUND`, `TOOL_NOT_AVAILABLE`, `TOOL_ARGUMENTS_INVALID`,
 * `TOOL_TIMEOUT`, `TOOL_FAILED`.
 */
export class ToolError extends ReceptionistError {}

/**
 * Invalid behaviour of user code (a storage, a tool, a model, …): `USER_CODE_TIMEOUT`,
 * `USER_CODE_INVALID`, `CONVERSATION_DEADLOCK`. Errors thrown by user code are not wrapped: you
 * catch the same object.
 */
export class UserCodeError extends ReceptionistError {}

const CLASS_BY_CODE: Record<ErrorCode, unknown> = {
  AGENT_IDENTITY_REQUIRED: ConfigurationError,
  MODEL_REQUIRED: ConfigurationError,
  INVALID_CONFIG: ConfigurationError,
  INVALID_CONNECTION_STRING: ConfigurationError,
  NOT_INITIALIZED: LifecycleError,
  DISPOSED: LifecycleError,
  INVALID_MEMORY: ValidationError,
  INVALID_QUERY: ValidationError,
  INVALID_ARGUMENT: ValidationError,
  UNSUPPORTED_TEXT: ValidationError,
  JSON_TOO_DEEP: ValidationError,
  DOCUMENT_UNREADABLE: ValidationError,
  DATABASE_UNREACHABLE: DatabaseError,
  DATABASE_AUTHENTICATION_FAILED: DatabaseError,
  DATABASE_NOT_FOUND: DatabaseError,
  DATABASE_PERMISSION_DENIED: DatabaseError,
  DATABASE_TABLES_MISSING: DatabaseError,
  DATABASE_SCHEMA_MISMATCH: DatabaseError,
  DATABASE_TENANT_CONFLICT: DatabaseError,
  DATABASE_POOL_TIMEOUT: DatabaseError,
  DATABASE_DISK_FULL: DatabaseError,
  DATABASE_OVERLOADED: DatabaseError,
  DATABASE_QUERY_FAILED: DatabaseError,
  MODEL_AUTHENTICATION_FAILED: ModelError,
  MODEL_RATE_LIMITED: ModelError,
  MODEL_REQUEST_REJECTED: ModelError,
  MODEL_UNAVAILABLE: ModelError,
  MODEL_TIMEOUT: ModelError,
  MODEL_RESPONSE_INVALID: ModelError,
  MODEL_STREAM_INTERRUPTED: ModelError,
  STREAM_ABORTED: LifecycleError,
  RECIPIENT_OPTED_OUT: ValidationError,
  MESSAGING_WINDOW_CLOSED: ProviderError,
  PROMPT_TOO_LARGE: PromptTooLargeError,
  EMBEDDING_FAILED: ModelError,
  EMBEDDING_INVALID: ModelError,
  EXTRACTION_INVALID: ModelError,
  RETRIEVAL_TIMEOUT: DatabaseError,
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
  CONVERSATION_DEADLOCK: UserCodeError,
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
  ProviderInitializationError,
  PromptTooLargeError,
  ToolError,
  UserCodeError,
})) {
  // On the prototype, like built-in errors: an own property would show in every printed error.
  Object.defineProperty(Class.prototype, 'name', { value: name, configurable: true, writable: true })
}

/** Classes with public constructors that have the signatures of the TypeScript SDK. */
const SDK_CONSTRUCTORS: unknown[] = [
  ProviderError,
  ProviderNotConfiguredError,
  CredentialValidationError,
  PromptTooLargeError,
]

/** Creates an error of the class that its code belongs to. */
export function receptionistError(
  code: string,
  message: string,
  options?: { details?: Record<string, unknown>; cause?: unknown },
): ReceptionistError {
  const Class = (CLASS_BY_CODE as Record<string, typeof ReceptionistError>)[code] ?? ReceptionistError
  return SDK_CONSTRUCTORS.includes(Class)
    ? new (Class as unknown as new (given: NativeErrorArguments) => ReceptionistError)(
        new NativeErrorArguments(code, message, options),
      )
    : new Class(code as ErrorCode, message, options)
}

/** An error as described by the core. */
export interface NativeFailure {
  code: string
  message: string
  details?: Record<string, unknown>
  cause?: string[]
  /** Reference of the value that JavaScript threw, if a user's client or code failed. */
  reference?: number | null
}

/** Runs a native call. A failure is thrown as an error of this package, with the caller's stack. */
export function callNative<Result>(call: () => Result): Result {
  try {
    return call()
  } catch (error) {
    throw toPublicError(error)
  }
}

/**
 * Runs a native call that returns a promise, on behalf of the current code. Otherwise like
 * `callNative`.
 */
export async function callNativeAsync<Result>(call: (caller: Caller) => Promise<Result>): Promise<Result> {
  const caller = new Caller()
  try {
    // Awaited here, and by every caller, so that the stack of a failure includes the user's own
    // line.
    return await pendingIfTerminating(caller.run(() => call(caller)))
  } catch (error) {
    throw toPublicError(error)
  } finally {
    caller.release()
  }
}

/**
 * Returns the promise of a native call, or one that never settles if there is none.
 *
 * In a thread that is being terminated, the call returns `undefined`, because Node-API cannot throw
 * there. Taken as a result, it would keep loops of awaits running for ever, with every call
 * reported as successful.
 */
export function pendingIfTerminating<Result>(promised: Promise<Result> | undefined): Promise<Result> {
  return promised ?? new Promise(() => {})
}

function toPublicError(error: unknown): unknown {
  const failure = parse((error as Error | undefined)?.message)
  if (failure === undefined) {
    return new ReceptionistError('INTERNAL', `Internal error: ${(error as Error)?.message ?? error}`, {
      cause: error,
    })
  }
  return errorFromNative(failure)
}

/**
 * Returns the error that the core describes: an error of this package, or the value that user code
 * threw.
 */
export function errorFromNative({ code, message, details, cause, reference }: NativeFailure): unknown {
  const thrown = reference ? takeError(reference) : undefined
  if (code === 'USER_CODE_FAILED' && thrown) return thrown.value
  const options: { details?: Record<string, unknown>; cause?: unknown } = {}
  if (details) options.details = details
  if (cause?.length) options.cause = thrown?.value || causeChain(cause)
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

/** Returns errors nested by `cause`, outermost first. */
function causeChain(messages: string[]): Error | undefined {
  return messages.reduceRight<Error | undefined>((inner, message) => {
    const error = inner ? new Error(message, { cause: inner }) : new Error(message)
    // The failure happened in native code, so a stack of this place would mislead.
    error.stack = `Error: ${message}`
    return error
  }, undefined)
}
