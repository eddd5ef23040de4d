//! The settings a receptionist is made from, as the developer writes them, and their defaults.

mod channels;

pub use channels::{ChannelsConfig, KeywordReplies, Providers, SmsConfig, TwilioConfig};

use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::input;
use crate::memory::MemoryType;

/// Prefix of table names when none is given.
pub const DEFAULT_TABLE_PREFIX: &str = "ai_receptionist_";
/// Memories kept per conversation in the window when none is given.
pub const DEFAULT_CONTEXT_WINDOW: usize = 20;
/// Importance from which `autoPersist` keeps a memory when it does not say otherwise.
pub const DEFAULT_MIN_IMPORTANCE: f64 = 7.0;
/// Tokens of prompt and history sent to the model when `model.maxContextTokens` is not given.
pub const DEFAULT_CONTEXT_TOKENS: usize = 16_000;

/// Everything `new AIReceptionist(…)` takes, storages aside.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// Who answers.
    pub agent: Option<AgentConfig>,
    /// What it thinks with.
    pub model: Option<ModelConfig>,
    /// Where leads and call logs live, and memories unless a storage is given.
    pub database: Option<DatabaseOptions>,
    /// What the tools may do.
    #[serde(default, deserialize_with = "null_as_default")]
    pub tools: ToolsConfig,
    /// Who carries calls, messages and mail.
    #[serde(default, deserialize_with = "null_as_default")]
    pub providers: Providers,
    /// How the channels behave.
    #[serde(default, deserialize_with = "null_as_default")]
    pub channels: ChannelsConfig,
    /// The option of the old architecture, refused with its replacement.
    conversation_store: Option<Value>,
}

impl Config {
    /// Reads and checks the developer's object, given as JSON.
    pub fn parse(json: &str) -> Result<Self> {
        let config: Self = parse(json)?;
        if config.conversation_store.is_some() {
            return Err(Error::config(
                "conversationStore",
                "conversations live in memory now; give `agent.memory.longTermStorage` a storage instead",
            ));
        }
        config.channels.validate()?;
        if config.database.is_none() || config.agent.is_some() || config.model.is_some() {
            config.require_agent()?;
            config.require_model()?;
        }
        Ok(config)
    }

    /// The agent's settings, which must name it or bring a prompt of their own.
    pub fn require_agent(&self) -> Result<&AgentConfig> {
        let agent = self.agent.as_ref().ok_or(Error::AgentIdentityRequired)?;
        match &agent.identity {
            None if agent.custom_system_prompt.is_none() => Err(Error::AgentIdentityRequired),
            Some(identity) if identity.name.trim().is_empty() => {
                Err(Error::config("agent.identity.name", "is empty"))
            }
            Some(identity) if identity.role.trim().is_empty() => {
                Err(Error::config("agent.identity.role", "is empty"))
            }
            _ => agent.memory.validate().map(|()| agent),
        }
    }

    /// The model's settings.
    pub fn require_model(&self) -> Result<&ModelConfig> {
        self.model.as_ref().ok_or(Error::ModelRequired)
    }
}

/// Reads a developer's options from JSON; an error names the option by its path.
pub fn parse<T: DeserializeOwned>(json: &str) -> Result<T> {
    input::read(json).map_err(|problem| problem.into_error(Error::config))
}

/// The agent's six pillars.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentConfig {
    /// Who the agent is.
    pub identity: Option<Identity>,
    /// How it behaves.
    #[serde(default, deserialize_with = "null_as_default")]
    pub personality: Personality,
    /// What it knows.
    #[serde(default, deserialize_with = "null_as_default")]
    pub knowledge: Knowledge,
    /// What it aims at.
    #[serde(default, deserialize_with = "null_as_default")]
    pub goals: Goals,
    /// What it remembers.
    #[serde(default, deserialize_with = "null_as_default")]
    pub memory: MemoryConfig,
    /// Replaces the whole generated prompt.
    pub custom_system_prompt: Option<String>,
}

/// Who the agent is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Name it answers with.
    pub name: String,
    /// Its role.
    pub role: String,
    /// Job title; the role unless given.
    pub title: Option<String>,
    /// The business it answers for.
    #[serde(alias = "organization")]
    pub company: Option<String>,
    /// Its story.
    pub backstory: Option<String>,
    /// Its department.
    pub department: Option<String>,
    /// Its superior.
    pub reports_to: Option<String>,
    /// How much it may decide.
    pub authority_level: Option<Level>,
    /// When it must hand over to a human.
    #[serde(default, deserialize_with = "null_as_default")]
    pub escalation_rules: Vec<String>,
    /// Experience in years.
    pub years_of_experience: Option<f64>,
    /// What it is best at.
    #[serde(default, deserialize_with = "null_as_default")]
    pub specializations: Vec<String>,
    /// What it is certified in.
    #[serde(default, deserialize_with = "null_as_default")]
    pub certifications: Vec<String>,
}

/// Three steps.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
}

impl Level {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// How the agent behaves.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Personality {
    /// Character traits.
    #[serde(deserialize_with = "null_as_default")]
    pub traits: Vec<Trait>,
    /// Style of speech.
    pub communication_style: Option<CommunicationStyle>,
    /// Sense for feelings.
    pub emotional_intelligence: Option<Level>,
    /// Readiness to adapt.
    pub adaptability: Option<Level>,
    /// Behaviour in conflicts.
    pub conflict_style: Option<String>,
    /// Way of deciding.
    pub decision_style: Option<String>,
    /// Behaviour under stress.
    pub stress_response: Option<String>,
    /// When and how to adapt.
    #[serde(deserialize_with = "null_as_default")]
    pub adaptability_rules: Vec<String>,
}

/// A trait of character: a word, or a word explained.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Trait {
    /// Just the word.
    Name(String),
    /// The word, explained and weighed.
    Described {
        /// The word.
        name: String,
        /// What it means in practice.
        description: Option<String>,
        /// How strong it is.
        weight: Option<f64>,
    },
}

/// A style of speech: a word, or a word with tone and formality.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum CommunicationStyle {
    /// Just the word.
    Name(String),
    /// In detail.
    #[serde(rename_all = "camelCase")]
    Detailed {
        /// The main style.
        primary: String,
        /// Tone of voice.
        tone: Option<String>,
        /// 1 (casual) to 10 (formal).
        formality_level: Option<f64>,
    },
}

/// What the agent knows.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Knowledge {
    /// The field of business.
    pub domain: Option<String>,
    /// Areas of expertise.
    #[serde(deserialize_with = "null_as_default")]
    pub expertise: Vec<String>,
    /// Languages spoken.
    pub languages: Option<Languages>,
    /// Industries served.
    #[serde(deserialize_with = "null_as_default")]
    pub industries: Vec<String>,
    /// Domains it can talk about.
    #[serde(deserialize_with = "null_as_default")]
    pub known_domains: Vec<String>,
    /// What it must not claim to know.
    #[serde(deserialize_with = "null_as_default")]
    pub limitations: Vec<String>,
    /// What to do when unsure.
    pub uncertainty_threshold: Option<String>,
}

/// Languages: a list, or a list per fluency.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Languages {
    /// All alike.
    List(Vec<String>),
    /// By fluency.
    ByFluency {
        /// Spoken fluently.
        #[serde(default)]
        fluent: Vec<String>,
        /// Spoken well enough to converse.
        #[serde(default)]
        conversational: Vec<String>,
    },
}

/// What the agent aims at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Goals {
    /// The main goal.
    pub primary: Option<String>,
    /// Further goals.
    #[serde(deserialize_with = "null_as_default")]
    pub secondary: Vec<String>,
    /// Limits while pursuing them.
    #[serde(deserialize_with = "null_as_default")]
    pub constraints: Vec<String>,
    /// How success is measured: name → target.
    #[serde(deserialize_with = "null_as_default")]
    pub metrics: serde_json::Map<String, Value>,
}

/// What the agent remembers and what is kept.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MemoryConfig {
    /// Memories kept per conversation in the window; when set, it also caps what the model sees.
    pub context_window: Option<usize>,
    /// Whether the storage is used; absent counts as true when there is one.
    pub long_term_enabled: Option<bool>,
    /// What is persisted; absent means everything.
    pub auto_persist: Option<AutoPersist>,
}

impl MemoryConfig {
    fn validate(&self) -> Result<()> {
        if self.context_window == Some(0) {
            return Err(Error::config("agent.memory.contextWindow", "must be at least 1"));
        }
        if let Some(rules) = &self.auto_persist
            && rules.types.iter().any(|kind| !kind.is_known())
        {
            let words = MemoryType::WORDS.join(", ");
            return Err(Error::config("agent.memory.autoPersist.types", format!("may hold {words}")));
        }
        Ok(())
    }
}

/// Which memories are persisted: any rule that matches suffices.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AutoPersist {
    /// From this importance on; 7 unless given.
    pub min_importance: Option<f64>,
    /// These kinds.
    #[serde(deserialize_with = "null_as_default")]
    pub types: Vec<MemoryType>,
    /// Everything.
    #[serde(deserialize_with = "null_as_default")]
    pub persist_all: bool,
}

/// Which wire format and service the model speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// OpenAI, or any server that speaks its chat completions.
    OpenAi,
    /// OpenRouter.
    OpenRouter,
}

/// What the agent thinks with.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelConfig {
    /// The service.
    pub provider: Provider,
    /// The service's key.
    pub api_key: Option<SecretString>,
    /// Name of the model.
    pub model: String,
    /// Another server with the same API, up to and including its version: `http://localhost:11434/v1`.
    pub base_url: Option<String>,
    /// Sampling temperature; the provider's default unless given.
    pub temperature: Option<f64>,
    /// Longest answer in tokens; the provider's default unless given.
    pub max_tokens: Option<u32>,
    /// OpenRouter's `HTTP-Referer`.
    pub http_referer: Option<String>,
    /// Milliseconds one attempt may take; 60,000 unless given.
    pub timeout: Option<u64>,
    /// Further attempts after 429, 5xx and network failures; 2 unless given.
    pub max_retries: Option<usize>,
    /// Tokens of prompt and history sent at most; 16,000 unless given.
    pub max_context_tokens: Option<usize>,
}

/// What the tools may do.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ToolsConfig {
    /// What `find_customer` tells about people other than the caller.
    #[serde(deserialize_with = "null_as_default")]
    pub customer_lookup: CustomerLookup,
    /// Country (ISO 3166-1 alpha-2) of phone numbers given without a country code; `US` unless given.
    pub default_country: Option<String>,
}

/// What `find_customer` tells about people other than the caller.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CustomerLookup {
    /// That there is such a customer, and the name.
    #[default]
    Own,
    /// The whole record: for trusted back offices only.
    Full,
}

/// A database and how to use it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseOptions {
    /// `postgres://…`, `postgresql://…`, `mysql://…`, `mariadb://…`, `sqlite:path`, `sqlite://path`,
    /// `sqlite::memory:`.
    #[serde(alias = "connectionString")]
    pub connection: Option<SecretString>,
    /// What the server at `host` speaks.
    #[serde(default, deserialize_with = "null_as_default")]
    pub dialect: ServerDialect,
    /// Server, unless `connection` is given.
    pub host: Option<String>,
    /// Port; the server's usual one unless given.
    pub port: Option<u16>,
    /// Database name.
    pub database: Option<String>,
    /// User name.
    pub user: Option<String>,
    /// Password.
    pub password: Option<SecretString>,
    /// `true` verifies the server's certificate; absent encrypts when the server can.
    pub ssl: Option<Ssl>,
    /// A client of the user's that runs our statements, instead of a connection of ours.
    pub client: Option<ClientOptions>,
    /// Create and extend tables on first use; on unless given.
    pub auto_migrate: Option<bool>,
    /// PostgreSQL schema of the tables; the connection's own unless given.
    pub schema: Option<String>,
    /// Prefix of all table names.
    pub table_prefix: Option<String>,
    /// Whether a receptionist's `database` decides what is not given here.
    #[serde(default)]
    pub inherit: bool,
    /// Connection pool.
    #[serde(default, deserialize_with = "null_as_default")]
    pub pool: PoolOptions,
}

/// What a database server speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServerDialect {
    /// PostgreSQL.
    #[default]
    Postgres,
    /// MySQL or MariaDB.
    MySql,
}

/// What was read off a client of the user's.
#[derive(Debug, Clone, Deserialize)]
pub struct ClientOptions {
    /// `postgres`, `mysql` or `sqlite`.
    pub dialect: String,
    /// Where it leads, for messages; never credentials.
    pub target: String,
    /// Who logs in, for messages.
    pub user: Option<String>,
    /// Whether it is one transaction of the user's.
    #[serde(default)]
    pub transaction: bool,
}

/// TLS towards the database server.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Ssl {
    /// `true`: required and verified; `false`: off.
    Enabled(bool),
    /// In detail, as node-postgres and mysql2 take it.
    #[serde(rename_all = "camelCase")]
    Detailed {
        /// `false` accepts any certificate.
        reject_unauthorized: Option<bool>,
        /// PEM of the authority to trust.
        ca: Option<String>,
        /// PEM of the client certificate.
        cert: Option<String>,
        /// PEM of the client key.
        key: Option<SecretString>,
    },
}

/// Connection pool, named as in node-postgres.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PoolOptions {
    /// Connections at most; 10 unless given.
    pub max: Option<u32>,
    /// Milliseconds an unused connection stays open; 600,000 unless given.
    pub idle_timeout_millis: Option<u64>,
    /// Milliseconds to wait for a connection; 10,000 unless given.
    pub connection_timeout_millis: Option<u64>,
}

/// JavaScript's `null` means "not given".
fn null_as_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(json: &str) -> String {
        Config::parse(json).unwrap_err().to_string()
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(message("{}"), "Agent identity configuration is required");
        assert_eq!(message(r#"{"agent":{}}"#), "Agent identity configuration is required");
        assert_eq!(
            message(r#"{"agent":{"identity":{"name":"S","role":"R"}}}"#),
            "Model configuration is required"
        );
    }

    #[test]
    fn a_database_alone_is_enough() {
        assert!(Config::parse(r#"{"database":{"connection":"sqlite::memory:"}}"#).is_ok());
    }

    #[test]
    fn a_bad_option_is_named_by_its_path() {
        let json = r#"{"agent":{"identity":{"name":"S","role":7}}}"#;
        assert!(message(json).contains("`agent.identity.role`"), "{}", message(json));
    }

    #[test]
    fn null_means_not_given() {
        let json = r#"{"agent":{"identity":{"name":"S","role":"R","title":null,"specializations":null},
            "personality":null,"memory":{"contextWindow":null,"autoPersist":null}},
            "model":{"provider":"openai","model":"m","apiKey":null},"tools":null}"#;
        assert!(Config::parse(json).is_ok());
    }

    #[test]
    fn the_old_conversation_store_names_its_replacement() {
        let json = r#"{"conversationStore":{},"database":{"connection":"sqlite::memory:"}}"#;
        assert!(message(json).contains("longTermStorage"));
    }
}
