//! The settings a receptionist is made from, as the developer writes them, and their defaults.

mod agent;
mod calendar;
mod channels;
mod database;
mod email;
mod logger;
mod memory;
mod model;
mod numbers;
mod storage;
mod tools;

pub use agent::*;
pub use calendar::*;
pub use channels::*;
pub use database::*;
pub use email::*;
pub use logger::*;
pub use memory::*;
pub use model::*;
pub use numbers::*;
pub use storage::*;
pub use tools::*;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::events::EventKind;
use crate::input;

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
    /// The same in the words of the TypeScript SDK.
    pub storage: Option<StorageConfig>,
    /// What the tools may do.
    #[serde(default)]
    pub tools: ToolsConfig,
    /// Who carries calls, messages and mail.
    #[serde(default)]
    pub providers: Providers,
    /// How the channels behave.
    #[serde(default)]
    pub channels: ChannelsConfig,
    /// What is logged.
    #[serde(default)]
    logger: LoggerConfig,
    /// Whether everything is logged, whatever `logger` says.
    debug: Option<bool>,
    /// What the developer's code listens to, as the face knows.
    #[serde(default)]
    pub callbacks: Vec<EventKind>,
    /// The option of the old architecture, refused with its replacement.
    conversation_store: Option<Value>,
}

impl Config {
    /// Reads and checks the developer's object, given as JSON.
    pub fn parse(json: &str) -> Result<Self> {
        let mut config: Self = parse(json)?;
        if config.conversation_store.is_some() {
            return Err(Error::config(
                "conversationStore",
                "conversations live in memory now; give `agent.memory.longTermStorage` a storage instead",
            ));
        }
        config.take_storage()?;
        config.channels.validate()?;
        config.tools.validate()?;
        config.tools.allowed_numbers.validate("tools.allowedNumbers")?;
        if config.database.is_none() || config.agent.is_some() || config.model.is_some() {
            config.require_agent()?;
            config.require_model()?;
        }
        Ok(config)
    }

    /// `storage` with a database means `database`.
    fn take_storage(&mut self) -> Result<()> {
        let Some(StorageConfig { kind, database }) = &mut self.storage else {
            return Ok(());
        };
        if *kind == StorageKind::Memory {
            let has_tenant = database.as_ref().is_some_and(|database| database.tenant_id.is_some());
            let reason = "is for databases; in memory every receptionist has a world of its own";
            return if has_tenant { Err(Error::config("storage.database.tenantId", reason)) } else { Ok(()) };
        }
        if self.database.is_some() {
            return Err(Error::config("storage", "says what `database` says; give one of them"));
        }
        let Some(database) = database.take() else {
            return Err(Error::config("storage.database", "is missing; it says where the database is"));
        };
        self.database = Some(database);
        Ok(())
    }

    /// The least important entries that are logged.
    pub fn log_level(&self) -> LogLevel {
        match self.debug {
            Some(true) => LogLevel::Debug,
            _ => self.logger.level.unwrap_or_default(),
        }
    }

    /// The agent's settings, which must name it or bring a prompt of their own.
    pub fn require_agent(&self) -> Result<&AgentConfig> {
        let agent = self.agent.as_ref().ok_or(Error::AgentIdentityRequired)?;
        agent.validate()?;
        agent.memory.validate().map(|()| agent)
    }

    /// The model's settings.
    pub fn require_model(&self) -> Result<&ModelConfig> {
        let model = self.model.as_ref().ok_or(Error::ModelRequired)?;
        model.validate().map(|()| model)
    }
}

/// Reads a developer's options from JSON, in which `null` means "not given"; an error names the option by its path.
pub fn parse<T: DeserializeOwned>(json: &str) -> Result<T> {
    input::read_given(json).map_err(|problem| problem.into_error(Error::config))
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
    fn a_storage_of_the_old_kind_is_a_database() {
        let json = r#"{"storage":{"type":"database","database":{"host":"h","database":"d","user":"u"}}}"#;
        let config = Config::parse(json).unwrap();
        assert_eq!(config.database.unwrap().host.as_deref(), Some("h"));
        assert!(message(r#"{"storage":{"type":"database"}}"#).contains("`storage.database`"));
        let both = r#"{"storage":{"type":"database","database":{}},"database":{"connection":"sqlite:a"}}"#;
        assert!(message(both).contains("`storage`"));
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
            "model":{"provider":"openai","model":"m","apiKey":null},"tools":null,
            "channels":{"voice":{"maxPerHour":null,"silenceSeconds":null,"phrases":{"silence":null}},
            "sms":{"conversationHours":null,"maxPerHour":null},"email":{"maxPerDay":null,"autoReply":null},
            "trustProxy":null}}"#;
        let channels = Config::parse(json).unwrap().channels;
        assert_eq!((channels.voice.max_per_hour, channels.voice.silence_seconds), (5, 5));
        assert_eq!(channels.voice.phrases.silence, VoicePhrases::default().silence);
        assert_eq!((channels.sms.max_per_hour, channels.sms.conversation_hours), (10, 24.0));
        assert!(channels.email.max_per_day == 40 && channels.email.auto_reply && !channels.trust_proxy);
    }

    #[test]
    fn the_old_conversation_store_names_its_replacement() {
        let json = r#"{"conversationStore":{},"database":{"connection":"sqlite::memory:"}}"#;
        assert!(message(json).contains("longTermStorage"));
    }
}
