//! The public error type. Each variant is one situation that a caller can act on; its `code()` is
//! stable.

use std::fmt;
use std::sync::Arc;

use crate::phone::PhoneError;

/// A `Result` whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The underlying cause of an [`Error`], kept for diagnosis.
pub type Cause = Arc<dyn std::error::Error + Send + Sync + 'static>;

/// An error of this package, one variant per situation.
///
/// Messages contain advice. They never contain secrets or the words of a customer.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `agent.identity` is missing.
    #[error("Agent identity configuration is required")]
    AgentIdentityRequired,
    /// `model` is missing.
    #[error("Model configuration is required")]
    ModelRequired,
    /// An option has an invalid value.
    #[error("Invalid option `{option}`: {reason}")]
    InvalidConfig {
        /// Path of the option, for example `agent.memory.contextWindow`.
        option: String,
        /// The problem, and the accepted values.
        reason: String,
    },
    /// A connection string or its parts do not describe a supported database.
    #[error("Invalid database connection: {0}")]
    InvalidConnectionString(String),
    /// A method was called before `initialize()`.
    #[error("AIReceptionist not initialized. Call initialize() first.")]
    NotInitialized,
    /// The object was disposed.
    #[error("{0} has been disposed. Create a new one, or call initialize() to open it again.")]
    Disposed(&'static str),

    /// A memory is invalid and was not stored.
    #[error("Invalid memory: `{field}` {reason}")]
    InvalidMemory {
        /// The invalid field.
        field: String,
        /// The problem, and the accepted values.
        reason: String,
    },
    /// A search query is invalid.
    #[error("Invalid query: `{field}` {reason}")]
    InvalidQuery {
        /// The invalid field.
        field: String,
        /// The problem, and the accepted values.
        reason: String,
    },
    /// A method argument is invalid.
    #[error("Invalid argument `{argument}`: {reason}")]
    InvalidArgument {
        /// Name of the argument.
        argument: String,
        /// The problem, and the accepted values.
        reason: String,
    },
    /// Text that some supported database cannot store.
    #[error("`{field}` holds {what}, which databases cannot store. Remove it before saving.")]
    UnsupportedText {
        /// The invalid field.
        field: String,
        /// The offending character.
        what: &'static str,
    },
    /// JSON nested deeper than every supported database can store.
    #[error(
        "`{field}` is nested deeper than 31 levels, which MariaDB cannot store. Flatten it before saving."
    )]
    JsonTooDeep {
        /// The invalid field.
        field: String,
    },

    /// A document cannot be read; nothing was written.
    #[error("The document \"{document}\" cannot be read as {format}: {reason}.")]
    DocumentUnreadable {
        /// Id of the document.
        document: String,
        /// Name of the format.
        format: &'static str,
        /// The problem, and the remedy.
        reason: String,
    },

    /// The database server, or the SQLite file, cannot be reached or opened.
    #[error("Cannot reach the database {target}: {reason}")]
    DatabaseUnreachable {
        /// Host and port, or the file; never credentials.
        target: String,
        /// The failure, and the next thing to check.
        reason: String,
        /// The driver's error.
        #[source]
        cause: Option<Cause>,
    },
    /// The server rejected the user name or password.
    #[error("The database {target} refused the login of user \"{user}\". {advice}")]
    DatabaseAuthenticationFailed {
        /// Host and port.
        target: String,
        /// The rejected user name.
        user: String,
        /// Advice.
        advice: &'static str,
        /// The driver's error.
        #[source]
        cause: Cause,
    },
    /// The database does not exist on the server.
    #[error("The database {target} does not exist. Create it, or correct the name in the connection.")]
    DatabaseNotFound {
        /// Host, port and database name.
        target: String,
        /// The driver's error.
        #[source]
        cause: Cause,
    },
    /// The role lacks a privilege, or the database is read-only.
    #[error("The database does not let this role {action}. {advice}")]
    DatabasePermissionDenied {
        /// The attempted action.
        action: String,
        /// Advice.
        advice: String,
        /// The driver's error.
        #[source]
        cause: Cause,
    },
    /// Tables are missing, and automatic creation is disabled.
    #[error("Tables are missing: {}. {advice}", tables.join(", "))]
    TablesMissing {
        /// The missing tables or columns (`table.column`).
        tables: Vec<String>,
        /// Advice.
        advice: &'static str,
    },
    /// A table lacks a column that cannot be added.
    #[error("Table {table} lacks the column `{column}`. {advice}")]
    SchemaMismatch {
        /// The table.
        table: String,
        /// The missing column.
        column: &'static str,
        /// Advice.
        advice: String,
    },
    /// A row with the same id belongs to another tenant, or to none.
    #[error(
        "Nothing was written ({action}): a row of this id belongs to another `tenantId`, or to none. Use another id, or the storage of its tenant."
    )]
    TenantConflict {
        /// Purpose of the statement.
        action: String,
    },
    /// No pooled connection became available in time, in ms.
    #[error(
        "No database connection became free within {0} ms. Raise `pool.max`, or look for transactions that stay open."
    )]
    PoolTimeout(u128),
    /// The disk of the server, its quota, or the SQLite file is full.
    #[error("The disk of the database {target} is full. Free or add space, then save again.")]
    DatabaseDiskFull {
        /// Host and port, or the file.
        target: String,
        /// The driver's error.
        #[source]
        cause: Cause,
    },
    /// The write queue is full, because the database is slower than the writes.
    #[error(
        "The database {target} cannot keep up: {waiting_mb} MB of saves are queued, and this one was rejected. Await saves, and retry it later."
    )]
    DatabaseOverloaded {
        /// Host and port, or the file.
        target: String,
        /// Limit of queued data, in MB.
        waiting_mb: usize,
    },
    /// A statement failed.
    #[error("The database refused a statement ({action}): {reason}")]
    DatabaseQueryFailed {
        /// Purpose of the statement.
        action: String,
        /// The database's own message.
        reason: String,
        /// The driver's error.
        #[source]
        cause: Option<Cause>,
    },

    /// The model provider rejected the API key.
    #[error(
        "The model provider refused the API key (HTTP {status}). Check `model.apiKey`.{}",
        provider_sentence(provider_message)
    )]
    ModelAuthenticationFailed {
        /// HTTP status.
        status: u16,
        /// The provider's own message, without secrets and without request content.
        provider_message: Option<String>,
    },
    /// The model provider is rate limiting, and retries are exhausted.
    #[error(
        "The model provider is rate limiting (HTTP 429) after {attempts} attempts. Try again later, or raise your quota.{}",
        provider_sentence(provider_message)
    )]
    ModelRateLimited {
        /// Number of requests sent.
        attempts: usize,
        /// The provider's own message, without secrets and without request content.
        provider_message: Option<String>,
    },
    /// The model provider rejected the request.
    #[error("The model provider rejected the request (HTTP {status}): {reason}")]
    ModelRequestRejected {
        /// HTTP status.
        status: u16,
        /// The provider's error code and message, without secrets and without request content.
        reason: String,
    },
    /// The model provider is unreachable or failing, and retries are exhausted.
    #[error(
        "The model provider at {host} is not available ({reason}) after {attempts} attempts. Check `model.baseUrl` and the provider's status."
    )]
    ModelUnavailable {
        /// Host and port.
        host: String,
        /// Status or network failure.
        reason: String,
        /// Number of requests sent.
        attempts: usize,
        /// The transport's error.
        #[source]
        cause: Option<Cause>,
    },
    /// The model provider did not respond in time.
    #[error(
        "The model provider at {host} did not answer within {timeout_ms} ms, {attempts} attempts. Raise `model.timeout`, or use a faster model."
    )]
    ModelTimeout {
        /// Host and port.
        host: String,
        /// Timeout per attempt, in ms.
        timeout_ms: u128,
        /// Number of requests sent.
        attempts: usize,
    },
    /// The model provider's response is not a chat completion.
    #[error("The model provider's answer could not be used: {0}")]
    ModelResponseInvalid(String),

    /// A streamed response broke off after its first words were delivered, so it cannot be retried.
    #[error(
        "The response of the model provider at {host} broke off ({reason}). The partial response is kept in the conversation; send another message to continue."
    )]
    ModelStreamInterrupted {
        /// Host and port.
        host: String,
        /// The failure.
        reason: String,
        /// The transport's error.
        #[source]
        cause: Option<Cause>,
    },
    /// The consumer stopped reading a streamed response.
    #[error(
        "Stream aborted: the consumer stopped reading, read nothing for 60 s, or the receptionist was disposed."
    )]
    StreamAborted,
    /// A prompt exceeds its token limit.
    #[error("The prompt has {tokens} tokens; the limit is {max_tokens}. Shorten it, or raise `maxTokens`.")]
    PromptTooLarge {
        /// Tokens of the prompt.
        tokens: usize,
        /// Maximum tokens.
        max_tokens: usize,
        /// Tokens per section, by title.
        sections: Vec<(String, usize)>,
    },

    /// The recipient has opted out of messages.
    #[error(
        "The recipient opted out with STOP, so nothing was sent. Only they can opt in again, with START."
    )]
    RecipientOptedOut,
    /// The 24-hour messaging window of WhatsApp is closed. Free text is accepted within 24 hours of
    /// the customer's last message; after that only templates are.
    #[error(
        "The customer has not written on WhatsApp for 24 hours (Twilio code {provider_code}). Outside the 24-hour window: \
         send a template by `contentSid`."
    )]
    MessagingWindowClosed {
        /// Twilio error code.
        provider_code: u32,
    },
    /// An embedding request failed or timed out.
    #[error("{what} failed: {reason}. {advice}.")]
    EmbeddingFailed {
        /// The embedder, with host and port.
        what: String,
        /// Status or network failure.
        reason: String,
        /// Advice.
        advice: &'static str,
        /// `true` if the texts may be the cause, so that other texts may succeed.
        rejected: bool,
        /// The transport's error.
        #[source]
        cause: Option<Cause>,
    },
    /// Memories were not retrieved in time for a reply.
    #[error("Memories were not retrieved within {seconds} s, so the reply goes without them.")]
    RetrievalTimeout {
        /// The limit.
        seconds: u64,
    },
    /// The embedder's result is not one valid vector per text.
    #[error("The embedder's answer could not be used: {0}.")]
    EmbeddingInvalid(String),

    /// A webhook payload is malformed.
    #[error("Invalid webhook: `{field}` {reason}")]
    InvalidWebhook {
        /// The invalid field.
        field: String,
        /// The problem, and the expected values; never the value itself.
        reason: String,
    },
    /// A webhook signature is missing or invalid.
    #[error("The webhook's signature is not {provider}'s: {reason}")]
    WebhookSignatureInvalid {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// The thing to check.
        reason: &'static str,
    },

    /// The options of a provider are missing.
    #[error("{provider} is not configured: give {}.", options.join(", "))]
    ProviderNotConfigured {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// Paths of the missing options.
        options: Vec<&'static str>,
    },
    /// A provider rejected the credentials.
    #[error("{provider} refused the credentials ({}). Check {options}.{}", status_label(provider, *status), provider_sentence(provider_message))]
    ProviderAuthenticationFailed {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// HTTP status or SMTP reply code.
        status: u16,
        /// The options that hold the credentials.
        options: &'static str,
        /// The provider's own message, without secrets and without request content.
        provider_message: Option<String>,
    },
    /// A provider rejected a request; nothing was done.
    #[error("{provider} refused to {action} ({}{}): {advice}{}", status_label(provider, *status), provider_code.map_or_else(String::new, |code| format!(", code {code}")), provider_sentence_after(provider_message))]
    ProviderRejected {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// The requested action: `send a message`, …
        action: &'static str,
        /// HTTP status or SMTP reply code.
        status: u16,
        /// The provider's own error code.
        provider_code: Option<u32>,
        /// Advice.
        advice: &'static str,
        /// The provider's own message, without secrets and without request content.
        provider_message: Option<String>,
    },
    /// A provider is rate limiting, and retries are exhausted; nothing was done.
    #[error(
        "{provider} is rate limiting (HTTP 429) after {attempts} attempts. Try again later, or raise your limits.{}",
        provider_sentence(provider_message)
    )]
    ProviderRateLimited {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// Number of requests sent.
        attempts: usize,
        /// The provider's own message, without secrets and without request content.
        provider_message: Option<String>,
    },
    /// A provider is unreachable or failing, and retries are exhausted; nothing was done.
    #[error(
        "{provider} at {host} is not available ({reason}) after {attempts} attempts. Check the provider's status and your network."
    )]
    ProviderUnavailable {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// Host and port.
        host: String,
        /// Status or network failure.
        reason: String,
        /// Number of requests sent.
        attempts: usize,
        /// The transport's error.
        #[source]
        cause: Option<Cause>,
    },
    /// A provider did not respond to a read request in time; nothing was changed.
    #[error(
        "{provider} at {host} did not answer within {timeout_ms} ms, {attempts} attempts. Try again later."
    )]
    ProviderTimeout {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// Host and port.
        host: String,
        /// Timeout per attempt, in ms.
        timeout_ms: u128,
        /// Number of requests sent.
        attempts: usize,
    },
    /// A request that is not idempotent may have been carried out.
    #[error(
        "{provider} may have carried out the request to {action}: {reason}. The request is not retried, so that nobody is called or written to twice. Look it up at {provider} before trying again."
    )]
    ProviderOutcomeUnknown {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// The requested action: `send a message`, …
        action: &'static str,
        /// The failure.
        reason: String,
        /// The transport's error.
        #[source]
        cause: Option<Cause>,
    },
    /// A provider's response does not match its API.
    #[error("{provider}'s answer could not be used: {reason}. Check the provider's base URL.")]
    ProviderResponseInvalid {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// The problem.
        reason: String,
    },

    /// The tool is not registered.
    #[error("Tool '{0}' not found in registry")]
    ToolNotFound(String),
    /// A tool has no handler for the channel.
    #[error("No handler available for tool '{tool}' on channel '{channel}'")]
    ToolNotAvailable {
        /// Name of the tool.
        tool: String,
        /// The channel.
        channel: String,
    },
    /// Arguments do not satisfy the tool's JSON Schema.
    #[error("Invalid parameters for tool '{tool}': {}", problems.join(", "))]
    ToolArgumentsInvalid {
        /// Name of the tool.
        tool: String,
        /// One line per violation.
        problems: Vec<String>,
    },
    /// A model's answers did not satisfy the developer's schema, twice.
    #[error(
        "The model's values do not satisfy `agent.extract.schema`, after a second attempt too ({}). \
         Simplify the schema, describe its properties, or choose a stronger model.",
        keywords.join(", ")
    )]
    ExtractionInvalid {
        /// Violated parts of the schema. They never contain values.
        keywords: Vec<String>,
    },
    /// A tool did not finish in time.
    #[error("Tool execution timeout after {timeout_ms}ms")]
    ToolTimeout {
        /// The time limit, in ms.
        timeout_ms: u64,
    },
    /// A tool reported a failure.
    #[error("Tool '{tool}' failed: {reason}")]
    ToolFailed {
        /// Name of the tool.
        tool: String,
        /// The tool's own message.
        reason: String,
    },
    /// User code waits for a turn in the conversation that is itself waiting for this code: a
    /// deadlock.
    #[error(
        "Conversation deadlock: the conversation is waiting for the code that requests another response in it. Use another `conversationId`, or do not wait for the response inside a tool."
    )]
    ConversationDeadlock,
    /// User code threw or rejected.
    #[error("{what} failed: {cause}")]
    UserCode {
        /// Name of the function: `storage.save`, `model.chat`, …
        what: String,
        /// The thrown value.
        #[source]
        cause: Cause,
        /// The stack frames, without the message.
        stack: Option<String>,
    },
    /// A promise of user code did not settle in time.
    #[error("{what} did not settle within {timeout_ms} ms. Make sure that its promise always settles.")]
    UserCodeTimeout {
        /// Name of the function.
        what: String,
        /// The time limit, in ms.
        timeout_ms: u64,
    },
    /// User code returned an invalid value.
    #[error("{what} returned a value that cannot be used: {reason}")]
    UserCodeInvalid {
        /// Name of the function.
        what: String,
        /// The problem, and the accepted values; never the value itself.
        reason: String,
    },
    /// A defect of this package.
    #[error("Internal error: {0}. Please report it.")]
    Internal(String),
}

/// Returns the label of a provider's status: HTTP status or SMTP reply.
fn status_label(provider: &str, status: u16) -> String {
    match provider {
        "SMTP" => format!("reply {status}"),
        _ => format!("HTTP {status}"),
    }
}

/// Returns a sentence with the provider's own message, or an empty string.
fn provider_sentence(provider_message: &Option<String>) -> String {
    provider_message.as_ref().map(|message| format!(" The provider says: {message}")).unwrap_or_default()
}

/// Returns the same sentence, to follow a text without a full stop.
fn provider_sentence_after(provider_message: &Option<String>) -> String {
    provider_message.as_ref().map(|_| format!(".{}", provider_sentence(provider_message))).unwrap_or_default()
}

impl Error {
    /// Returns the stable code for callers to match on; `docs/errors.md` lists all codes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AgentIdentityRequired => "AGENT_IDENTITY_REQUIRED",
            Self::ModelRequired => "MODEL_REQUIRED",
            Self::InvalidConfig { .. } => "INVALID_CONFIG",
            Self::InvalidConnectionString(_) => "INVALID_CONNECTION_STRING",
            Self::NotInitialized => "NOT_INITIALIZED",
            Self::Disposed(_) => "DISPOSED",
            Self::InvalidMemory { .. } => "INVALID_MEMORY",
            Self::InvalidQuery { .. } => "INVALID_QUERY",
            Self::InvalidArgument { .. } => "INVALID_ARGUMENT",
            Self::UnsupportedText { .. } => "UNSUPPORTED_TEXT",
            Self::JsonTooDeep { .. } => "JSON_TOO_DEEP",
            Self::DocumentUnreadable { .. } => "DOCUMENT_UNREADABLE",
            Self::DatabaseUnreachable { .. } => "DATABASE_UNREACHABLE",
            Self::DatabaseAuthenticationFailed { .. } => "DATABASE_AUTHENTICATION_FAILED",
            Self::DatabaseNotFound { .. } => "DATABASE_NOT_FOUND",
            Self::DatabasePermissionDenied { .. } => "DATABASE_PERMISSION_DENIED",
            Self::TablesMissing { .. } => "DATABASE_TABLES_MISSING",
            Self::SchemaMismatch { .. } => "DATABASE_SCHEMA_MISMATCH",
            Self::TenantConflict { .. } => "DATABASE_TENANT_CONFLICT",
            Self::PoolTimeout(_) => "DATABASE_POOL_TIMEOUT",
            Self::DatabaseDiskFull { .. } => "DATABASE_DISK_FULL",
            Self::DatabaseOverloaded { .. } => "DATABASE_OVERLOADED",
            Self::DatabaseQueryFailed { .. } => "DATABASE_QUERY_FAILED",
            Self::ModelAuthenticationFailed { .. } => "MODEL_AUTHENTICATION_FAILED",
            Self::ModelRateLimited { .. } => "MODEL_RATE_LIMITED",
            Self::ModelRequestRejected { .. } => "MODEL_REQUEST_REJECTED",
            Self::ModelUnavailable { .. } => "MODEL_UNAVAILABLE",
            Self::ModelTimeout { .. } => "MODEL_TIMEOUT",
            Self::ModelResponseInvalid(_) => "MODEL_RESPONSE_INVALID",
            Self::ModelStreamInterrupted { .. } => "MODEL_STREAM_INTERRUPTED",
            Self::StreamAborted => "STREAM_ABORTED",
            Self::RecipientOptedOut => "RECIPIENT_OPTED_OUT",
            Self::MessagingWindowClosed { .. } => "MESSAGING_WINDOW_CLOSED",
            Self::PromptTooLarge { .. } => "PROMPT_TOO_LARGE",
            Self::EmbeddingFailed { .. } => "EMBEDDING_FAILED",
            Self::EmbeddingInvalid(_) => "EMBEDDING_INVALID",
            Self::RetrievalTimeout { .. } => "RETRIEVAL_TIMEOUT",
            Self::InvalidWebhook { .. } => "INVALID_WEBHOOK",
            Self::WebhookSignatureInvalid { .. } => "WEBHOOK_SIGNATURE_INVALID",
            Self::ProviderNotConfigured { .. } => "PROVIDER_NOT_CONFIGURED",
            Self::ProviderAuthenticationFailed { .. } => "PROVIDER_AUTHENTICATION_FAILED",
            Self::ProviderRejected { .. } => "PROVIDER_REJECTED",
            Self::ProviderRateLimited { .. } => "PROVIDER_RATE_LIMITED",
            Self::ProviderUnavailable { .. } => "PROVIDER_UNAVAILABLE",
            Self::ProviderTimeout { .. } => "PROVIDER_TIMEOUT",
            Self::ProviderOutcomeUnknown { .. } => "PROVIDER_OUTCOME_UNKNOWN",
            Self::ProviderResponseInvalid { .. } => "PROVIDER_RESPONSE_INVALID",
            Self::ToolNotFound(_) => "TOOL_NOT_FOUND",
            Self::ToolNotAvailable { .. } => "TOOL_NOT_AVAILABLE",
            Self::ToolArgumentsInvalid { .. } => "TOOL_ARGUMENTS_INVALID",
            Self::ExtractionInvalid { .. } => "EXTRACTION_INVALID",
            Self::ToolTimeout { .. } => "TOOL_TIMEOUT",
            Self::ToolFailed { .. } => "TOOL_FAILED",
            Self::ConversationDeadlock => "CONVERSATION_DEADLOCK",
            Self::UserCode { .. } => "USER_CODE_FAILED",
            Self::UserCodeTimeout { .. } => "USER_CODE_TIMEOUT",
            Self::UserCodeInvalid { .. } => "USER_CODE_INVALID",
            Self::Internal(_) => "INTERNAL",
        }
    }

    /// Returns the stack of a value that user code threw: source locations, without the message.
    pub fn stack(&self) -> Option<&str> {
        match self {
            Self::UserCode { stack, .. } => stack.as_deref(),
            _ => None,
        }
    }

    /// Returns `true` if the model failed, built-in or custom. The customer's message is kept, so
    /// somebody may answer it later.
    pub fn is_model_failure(&self) -> bool {
        match self {
            Self::UserCode { what, .. }
            | Self::UserCodeTimeout { what, .. }
            | Self::UserCodeInvalid { what, .. } => what.starts_with("model."),
            other => other.code().starts_with("MODEL_") && !matches!(other, Self::ModelRequired),
        }
    }

    /// Creates an [`Error::InvalidConfig`].
    pub(crate) fn config(option: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self::InvalidConfig { option: option.into(), reason: reason.to_string() }
    }

    /// Creates an [`Error::InvalidMemory`].
    pub(crate) fn memory(field: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self::InvalidMemory { field: field.into(), reason: reason.to_string() }
    }

    /// Creates an [`Error::InvalidQuery`].
    pub(crate) fn query(field: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self::InvalidQuery { field: field.into(), reason: reason.to_string() }
    }

    /// Creates an [`Error::InvalidWebhook`].
    pub(crate) fn webhook(field: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self::InvalidWebhook { field: field.into(), reason: reason.to_string() }
    }

    /// Creates an [`Error::InvalidArgument`] for an invalid phone number.
    pub(crate) fn phone(argument: &str, problem: &PhoneError) -> Self {
        Self::argument(argument, problem.reason())
    }

    /// Creates an [`Error::InvalidArgument`].
    pub(crate) fn argument(argument: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self::InvalidArgument { argument: argument.into(), reason: reason.to_string() }
    }
}
