//! The one public error. Every variant is one situation a caller can act on; `code()` never changes.

use std::fmt;
use std::sync::Arc;

/// A `Result` whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The original failure beneath an [`Error`], kept for diagnosis.
pub type Cause = Arc<dyn std::error::Error + Send + Sync + 'static>;

/// Everything that can go wrong, one variant per situation.
///
/// Messages say what to do. They never carry secrets or what a customer said.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `agent.identity` is missing.
    #[error("Agent identity configuration is required")]
    AgentIdentityRequired,
    /// `model` is missing.
    #[error("Model configuration is required")]
    ModelRequired,
    /// An option has a value that cannot be used.
    #[error("Invalid option `{option}`: {reason}")]
    InvalidConfig {
        /// Path of the option, for example `agent.memory.contextWindow`.
        option: String,
        /// What is wrong and what is accepted.
        reason: String,
    },
    /// A connection string or its parts do not describe a supported database.
    #[error("Invalid database connection: {0}")]
    InvalidConnection(String),
    /// A method was called before `initialize()`.
    #[error("AIReceptionist not initialized. Call initialize() first.")]
    NotInitialized,
    /// The object was disposed.
    #[error("{0} has been disposed. Create a new one, or call initialize() to open it again.")]
    Disposed(&'static str),

    /// A memory cannot be stored as it is.
    #[error("Invalid memory: `{field}` {reason}")]
    InvalidMemory {
        /// The field at fault.
        field: String,
        /// What is wrong and what is accepted.
        reason: String,
    },
    /// A search query cannot be answered.
    #[error("Invalid query: `{field}` {reason}")]
    InvalidQuery {
        /// The field at fault.
        field: String,
        /// What is wrong and what is accepted.
        reason: String,
    },
    /// A method argument cannot be used.
    #[error("Invalid argument `{argument}`: {reason}")]
    InvalidArgument {
        /// Name of the argument.
        argument: String,
        /// What is wrong and what is accepted.
        reason: String,
    },
    /// Text that no supported database can hold.
    #[error("`{field}` holds {what}, which databases cannot store. Remove it before saving.")]
    UnsupportedText {
        /// The field at fault.
        field: String,
        /// The offending character.
        what: &'static str,
    },
    /// JSON nested deeper than every supported database can hold.
    #[error(
        "`{field}` is nested deeper than 31 levels, which MariaDB cannot store. Flatten it before saving."
    )]
    JsonTooDeep {
        /// The field at fault.
        field: String,
    },

    /// The database server, or the SQLite file, cannot be reached or opened.
    #[error("Cannot reach the database {target}: {reason}")]
    DatabaseUnreachable {
        /// Host and port, or the file; never credentials.
        target: String,
        /// What failed and what to check.
        reason: String,
        /// The driver's error.
        #[source]
        cause: Option<Cause>,
    },
    /// The server refused the user name or password.
    #[error("The database {target} refused the login of user \"{user}\". Check `user` and `password`.")]
    DatabaseAuthenticationFailed {
        /// Host and port.
        target: String,
        /// The user that was refused.
        user: String,
        /// The driver's error.
        #[source]
        cause: Cause,
    },
    /// The server has no database of that name.
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
        /// What was attempted.
        action: String,
        /// What to do.
        advice: String,
        /// The driver's error.
        #[source]
        cause: Cause,
    },
    /// Tables are missing and must not be created on the way.
    #[error("Tables are missing: {}. {advice}", tables.join(", "))]
    TablesMissing {
        /// The missing tables, or table.column.
        tables: Vec<String>,
        /// What to do.
        advice: &'static str,
    },
    /// A table lacks a column that cannot be added.
    #[error("Table {table} lacks the column `{column}`. {advice}")]
    SchemaMismatch {
        /// The table.
        table: String,
        /// The missing column.
        column: &'static str,
        /// What to do.
        advice: String,
    },
    /// A row of that id is of another tenant, or of none.
    #[error(
        "Nothing was written ({action}): a row of this id belongs to another `tenantId`, or to none. Use another id, or the storage of its tenant."
    )]
    TenantConflict {
        /// What the statement was for.
        action: String,
    },
    /// All pooled connections were busy for too long.
    #[error(
        "No database connection became free within {0} ms. Raise `pool.max`, or look for transactions that stay open."
    )]
    PoolTimeout(u128),
    /// The disk of the server, its quota, or the SQLite file is full.
    #[error(
        "The database {target} has no room left. Free or add some; what was not saved can be saved again."
    )]
    DatabaseFull {
        /// Host and port, or the file.
        target: String,
        /// The driver's error.
        #[source]
        cause: Cause,
    },
    /// More is saved than the database takes.
    #[error(
        "The database {target} does not keep up: {waiting_mb} MB of saves wait for it already, and this one was not taken. Await saves, and save it again later."
    )]
    DatabaseOverloaded {
        /// Host and port, or the file.
        target: String,
        /// How much may wait.
        waiting_mb: usize,
    },
    /// A statement failed.
    #[error("The database refused a statement ({action}): {reason}")]
    DatabaseFailed {
        /// What the statement was for.
        action: String,
        /// The database's own message.
        reason: String,
        /// The driver's error.
        #[source]
        cause: Option<Cause>,
    },

    /// The provider refused the API key.
    #[error("The model provider refused the API key (HTTP {status}). Check `model.apiKey`.")]
    ModelAuthenticationFailed {
        /// HTTP status.
        status: u16,
    },
    /// The provider is limiting requests and retries are used up.
    #[error(
        "The model provider is rate limiting (HTTP 429) after {attempts} attempts. Try again later, or raise your quota."
    )]
    ModelRateLimited {
        /// Requests sent.
        attempts: usize,
    },
    /// The provider refused the request.
    #[error("The model provider rejected the request (HTTP {status}): {reason}")]
    ModelRequestRejected {
        /// HTTP status.
        status: u16,
        /// The provider's error code or type, never what was said.
        reason: String,
    },
    /// The provider cannot be reached or fails, and retries are used up.
    #[error(
        "The model provider at {host} is not available ({reason}) after {attempts} attempts. Check `model.baseUrl` and the provider's status."
    )]
    ModelUnavailable {
        /// Host and port.
        host: String,
        /// Status or network failure.
        reason: String,
        /// Requests sent.
        attempts: usize,
        /// The transport's error.
        #[source]
        cause: Option<Cause>,
    },
    /// The provider did not answer in time.
    #[error(
        "The model provider at {host} did not answer within {timeout_ms} ms, {attempts} attempts. Raise `model.timeout`, or use a faster model."
    )]
    ModelTimeout {
        /// Host and port.
        host: String,
        /// Timeout of one attempt.
        timeout_ms: u128,
        /// Requests sent.
        attempts: usize,
    },
    /// The provider answered something that is no chat completion.
    #[error("The model provider's answer could not be used: {0}")]
    ModelResponseInvalid(String),

    /// A streamed answer broke off after its first words, which cannot be taken back.
    #[error(
        "The answer of the model provider at {host} broke off ({reason}). What came of it is kept in the conversation; say something to go on."
    )]
    ModelStreamInterrupted {
        /// Host and port.
        host: String,
        /// What happened.
        reason: String,
        /// The transport's error.
        #[source]
        cause: Option<Cause>,
    },
    /// Nobody read a streamed answer to its end.
    #[error(
        "The streamed answer was left before its end: its reader stopped, took nothing for 60 s, or the receptionist was disposed."
    )]
    StreamLeft,
    /// A prompt is longer than it may be.
    #[error("The prompt has {tokens} tokens, and may have {max_tokens}. Shorten it, or raise `maxTokens`.")]
    PromptTooLarge {
        /// How many it has.
        tokens: usize,
        /// How many it may have.
        max_tokens: usize,
        /// How many each of its parts has, by title.
        sections: Vec<(String, usize)>,
    },

    /// The customer wants no messages.
    #[error(
        "The recipient opted out with STOP, so nothing was sent. Only they can opt in again, with START."
    )]
    RecipientOptedOut,
    /// The embeddings of a service cannot be had, or not in time.
    #[error("{what} failed: {reason}. {advice}.")]
    EmbeddingFailed {
        /// The embedder, with host and port.
        what: String,
        /// Status or network failure.
        reason: String,
        /// What to do.
        advice: &'static str,
        /// Whether the texts may be at fault, so that others may pass.
        rejected: bool,
        /// The transport's error.
        #[source]
        cause: Option<Cause>,
    },
    /// An embedder returned something that is no vectors of its texts.
    #[error("The embedder's answer could not be used: {0}.")]
    EmbeddingInvalid(String),

    /// A webhook's payload is not what the provider sends.
    #[error("Invalid webhook: `{field}` {reason}")]
    InvalidWebhook {
        /// The field at fault.
        field: String,
        /// What is wrong and what is expected; never the value.
        reason: String,
    },
    /// A webhook was not signed by the provider.
    #[error("The webhook's signature is not {provider}'s: {reason}")]
    WebhookSignatureInvalid {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// What to check.
        reason: &'static str,
    },

    /// The settings of a provider are missing.
    #[error("{provider} is not configured: give {}.", options.join(", "))]
    ProviderNotConfigured {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// Paths of the options that are missing.
        options: Vec<&'static str>,
    },
    /// A provider refused the credentials.
    #[error("{provider} refused the credentials ({}). Check {options}.", reply(provider, *status))]
    ProviderAuthenticationFailed {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// HTTP status, or SMTP's reply code.
        status: u16,
        /// The options that hold the credentials.
        options: &'static str,
    },
    /// A provider refused a request, and did nothing.
    #[error("{provider} refused to {action} ({}{}): {advice}", reply(provider, *status), provider_code.map_or_else(String::new, |code| format!(", code {code}")))]
    ProviderRejected {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// What was asked: `send a message`, …
        action: &'static str,
        /// HTTP status, or SMTP's reply code.
        status: u16,
        /// The provider's own error number.
        provider_code: Option<u32>,
        /// What to do.
        advice: &'static str,
    },
    /// A provider is limiting requests and retries are used up; nothing was done.
    #[error(
        "{provider} is rate limiting (HTTP 429) after {attempts} attempts. Try again later, or raise your limits."
    )]
    ProviderRateLimited {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// Requests sent.
        attempts: usize,
    },
    /// A provider cannot be reached or fails, and retries are used up; nothing was done.
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
        /// Requests sent.
        attempts: usize,
        /// The transport's error.
        #[source]
        cause: Option<Cause>,
    },
    /// A provider did not answer a question in time; nothing was to be changed by it.
    #[error(
        "{provider} at {host} did not answer within {timeout_ms} ms, {attempts} attempts. Try again later."
    )]
    ProviderTimeout {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// Host and port.
        host: String,
        /// Timeout of one attempt.
        timeout_ms: u128,
        /// Requests sent.
        attempts: usize,
    },
    /// A request that must not be carried out twice may have been carried out.
    #[error(
        "Whether {provider} carried out the request to {action} is unknown: {reason}. It is not tried again, so that nobody is called or written to twice. Look it up at {provider} before doing it anew."
    )]
    ProviderOutcomeUnknown {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// What was asked: `send a message`, …
        action: &'static str,
        /// What happened.
        reason: String,
        /// The transport's error.
        #[source]
        cause: Option<Cause>,
    },
    /// A provider answered something else than its API promises.
    #[error("{provider}'s answer could not be used: {reason}. Check the provider's base URL.")]
    ProviderResponseInvalid {
        /// Twilio, Postmark, …
        provider: &'static str,
        /// What is wrong.
        reason: String,
    },

    /// No tool of that name is registered.
    #[error("Tool '{0}' not found in registry")]
    ToolNotFound(String),
    /// A tool has nothing to do on the channel.
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
    /// A tool did not finish in time.
    #[error("Tool execution timeout after {timeout_ms}ms")]
    ToolTimeout {
        /// The limit.
        timeout_ms: u64,
    },
    /// A tool failed by its own account.
    #[error("Tool '{tool}' failed: {reason}")]
    ToolFailed {
        /// Name of the tool.
        tool: String,
        /// The tool's own message.
        reason: String,
    },
    /// Code of the developer's asked for an answer in the conversation that waits for this code.
    #[error(
        "This conversation waits for the code that asks for another answer in it, so neither could ever end. Use another `conversationId`, or do not wait for it inside a tool."
    )]
    TurnReentered,
    /// Code that the developer gave us threw or rejected.
    #[error("{what} failed: {cause}")]
    UserCode {
        /// Which code: `storage.save`, `model.chat`, …
        what: String,
        /// What it threw.
        #[source]
        cause: Cause,
    },
    /// Code that the developer gave us did not settle in time.
    #[error("{what} did not settle within {timeout_ms} ms. Make sure that its promise always settles.")]
    UserCodeTimeout {
        /// Which code.
        what: String,
        /// The limit.
        timeout_ms: u64,
    },
    /// Code that the developer gave us returned something else than was asked for.
    #[error("{what} returned a value that cannot be used: {reason}")]
    UserCodeInvalid {
        /// Which code.
        what: String,
        /// What is wrong and what is accepted; never the value.
        reason: String,
    },
    /// A defect of this package.
    #[error("Internal error: {0}. Please report it.")]
    Internal(String),
}

/// What a provider answered with.
fn reply(provider: &str, status: u16) -> String {
    match provider {
        "SMTP" => format!("reply {status}"),
        _ => format!("HTTP {status}"),
    }
}

impl Error {
    /// The stable code callers match on; `docs/errors.md` lists them all.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AgentIdentityRequired => "AGENT_IDENTITY_REQUIRED",
            Self::ModelRequired => "MODEL_REQUIRED",
            Self::InvalidConfig { .. } => "INVALID_CONFIG",
            Self::InvalidConnection(_) => "INVALID_CONNECTION",
            Self::NotInitialized => "NOT_INITIALIZED",
            Self::Disposed(_) => "DISPOSED",
            Self::InvalidMemory { .. } => "INVALID_MEMORY",
            Self::InvalidQuery { .. } => "INVALID_QUERY",
            Self::InvalidArgument { .. } => "INVALID_ARGUMENT",
            Self::UnsupportedText { .. } => "UNSUPPORTED_TEXT",
            Self::JsonTooDeep { .. } => "JSON_TOO_DEEP",
            Self::DatabaseUnreachable { .. } => "DATABASE_UNREACHABLE",
            Self::DatabaseAuthenticationFailed { .. } => "DATABASE_AUTHENTICATION_FAILED",
            Self::DatabaseNotFound { .. } => "DATABASE_NOT_FOUND",
            Self::DatabasePermissionDenied { .. } => "DATABASE_PERMISSION_DENIED",
            Self::TablesMissing { .. } => "DATABASE_TABLES_MISSING",
            Self::SchemaMismatch { .. } => "DATABASE_SCHEMA_MISMATCH",
            Self::TenantConflict { .. } => "DATABASE_TENANT_CONFLICT",
            Self::PoolTimeout(_) => "DATABASE_POOL_TIMEOUT",
            Self::DatabaseFull { .. } => "DATABASE_FULL",
            Self::DatabaseOverloaded { .. } => "DATABASE_OVERLOADED",
            Self::DatabaseFailed { .. } => "DATABASE_FAILED",
            Self::ModelAuthenticationFailed { .. } => "MODEL_AUTHENTICATION_FAILED",
            Self::ModelRateLimited { .. } => "MODEL_RATE_LIMITED",
            Self::ModelRequestRejected { .. } => "MODEL_REQUEST_REJECTED",
            Self::ModelUnavailable { .. } => "MODEL_UNAVAILABLE",
            Self::ModelTimeout { .. } => "MODEL_TIMEOUT",
            Self::ModelResponseInvalid(_) => "MODEL_RESPONSE_INVALID",
            Self::ModelStreamInterrupted { .. } => "MODEL_STREAM_INTERRUPTED",
            Self::StreamLeft => "STREAM_LEFT",
            Self::RecipientOptedOut => "RECIPIENT_OPTED_OUT",
            Self::PromptTooLarge { .. } => "PROMPT_TOO_LARGE",
            Self::EmbeddingFailed { .. } => "EMBEDDING_FAILED",
            Self::EmbeddingInvalid(_) => "EMBEDDING_INVALID",
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
            Self::ToolTimeout { .. } => "TOOL_TIMEOUT",
            Self::ToolFailed { .. } => "TOOL_FAILED",
            Self::TurnReentered => "TURN_REENTERED",
            Self::UserCode { .. } => "USER_CODE_FAILED",
            Self::UserCodeTimeout { .. } => "USER_CODE_TIMEOUT",
            Self::UserCodeInvalid { .. } => "USER_CODE_INVALID",
            Self::Internal(_) => "INTERNAL",
        }
    }

    /// Whether the model failed, ours or the developer's own: what was said is kept, and somebody may answer later.
    pub fn is_of_model(&self) -> bool {
        match self {
            Self::UserCode { what, .. }
            | Self::UserCodeTimeout { what, .. }
            | Self::UserCodeInvalid { what, .. } => what.starts_with("model."),
            other => other.code().starts_with("MODEL_") && !matches!(other, Self::ModelRequired),
        }
    }

    /// Shorthand for [`Error::InvalidConfig`].
    pub(crate) fn config(option: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self::InvalidConfig { option: option.into(), reason: reason.to_string() }
    }

    /// Shorthand for [`Error::InvalidMemory`].
    pub(crate) fn memory(field: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self::InvalidMemory { field: field.into(), reason: reason.to_string() }
    }

    /// Shorthand for [`Error::InvalidQuery`].
    pub(crate) fn query(field: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self::InvalidQuery { field: field.into(), reason: reason.to_string() }
    }

    /// Shorthand for [`Error::InvalidWebhook`].
    pub(crate) fn webhook(field: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self::InvalidWebhook { field: field.into(), reason: reason.to_string() }
    }

    /// [`Error::InvalidArgument`] for what is no phone number.
    pub(crate) fn phone(argument: &str) -> Self {
        let reason = "is no phone number; give it like +15551234567, or set `tools.defaultCountry`";
        Self::argument(argument, reason)
    }

    /// Shorthand for [`Error::InvalidArgument`].
    pub(crate) fn argument(argument: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self::InvalidArgument { argument: argument.into(), reason: reason.to_string() }
    }
}
