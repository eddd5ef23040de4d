//! The options of a receptionist, as the developer writes them, with their defaults.

mod agent;
mod calendar;
mod channels;
mod database;
mod email;
mod logger;
mod memory;
mod missing_settings;
mod model;
mod phone_number_patterns;
mod placeholder;
mod relay;
mod secrets;
mod storage;
mod tools;

pub use agent::*;
pub use calendar::*;
pub use channels::*;
pub use database::*;
pub use email::*;
pub use logger::*;
pub use memory::*;
pub(crate) use missing_settings::MissingSettings;
pub use model::*;
pub use phone_number_patterns::*;
pub use relay::*;
pub use storage::*;
pub use tools::*;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::json;
use crate::types::event::EventKind;
use crate::types::time_zone::Zone;

/// The options of `new AIReceptionist(…)`, except storage objects.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// The agent's identity, behaviour and memory.
    pub agent: Option<AgentConfig>,
    /// The language model.
    pub model: Option<ModelConfig>,
    /// The database of leads and call logs, and of memories unless a storage is given.
    pub database: Option<DatabaseOptions>,
    /// The same database, under the TypeScript SDK's option name.
    pub storage: Option<StorageConfig>,
    /// Permissions and limits of the tools.
    #[serde(default)]
    pub tools: ToolsConfig,
    /// Providers of calls, messages and e-mail.
    #[serde(default)]
    pub providers: Providers,
    /// Behaviour of the channels.
    #[serde(default)]
    pub channels: ChannelsConfig,
    /// Logging options.
    #[serde(default)]
    logger: LoggerConfig,
    /// Logs everything and overrides `logger`.
    debug: Option<bool>,
    /// Events that the developer's code listens to, filled in by the TypeScript layer.
    #[serde(default)]
    pub callbacks: Vec<EventKind>,
    /// The conversation store option of the TypeScript SDK, rejected with a hint at its
    /// replacement.
    conversation_store: Option<Value>,
}

impl Config {
    /// Parses and validates the options of a receptionist, given as JSON.
    pub fn parse(json: &str) -> Result<Self> {
        let config = Self::parse_sections(json)?;
        if config.database.is_none() || config.agent.is_some() || config.model.is_some() {
            config.require_agent()?;
            config.require_model()?;
        }
        Ok(config)
    }

    /// Parses and validates the options that the agents of a factory share: all except `agent`.
    pub fn parse_shared(json: &str) -> Result<Self> {
        let config = Self::parse_sections(json)?;
        config.require_model()?;
        Ok(config)
    }

    fn parse_sections(json: &str) -> Result<Self> {
        let mut config: Self = parse(json)?;
        if config.conversation_store.is_some() {
            return Err(Error::config(
                "conversationStore",
                "conversations are stored as memories; give `agent.memory.longTermStorage` a storage instead",
            ));
        }
        config.resolve_storage()?;
        config.channels.validate()?;
        config.providers.validate()?;
        config.tools.validate()?;
        config.tools.allowed_numbers.validate("tools.allowedNumbers")?;
        Ok(config)
    }

    /// Treats a `storage` of type `database` as `database`.
    fn resolve_storage(&mut self) -> Result<()> {
        let Some(StorageConfig { kind, database }) = &mut self.storage else {
            return Ok(());
        };
        if *kind == StorageKind::Memory {
            let has_tenant = database.as_ref().is_some_and(|database| database.tenant_id.is_some());
            let reason = "is for databases; in-memory storage is never shared between receptionists";
            return if has_tenant { Err(Error::config("storage.database.tenantId", reason)) } else { Ok(()) };
        }
        if self.database.is_some() {
            return Err(Error::config("storage", "duplicates `database`; give only one of them"));
        }
        let Some(database) = database.take() else {
            return Err(Error::config("storage.database", "is missing; give it the connection options"));
        };
        self.database = Some(database);
        Ok(())
    }

    /// Returns the minimum level of logged entries.
    pub fn log_level(&self) -> LogLevel {
        match self.debug {
            Some(true) => LogLevel::Debug,
            _ => self.logger.level.unwrap_or_default(),
        }
    }

    /// Returns the time zone of the dates in the prompt: the agent's, else the calendar's, else the
    /// system's.
    pub fn time_zone(&self) -> Result<Zone> {
        let of_agent = self.agent.as_ref().map(AgentConfig::zone).transpose()?.flatten();
        let of_calendar = || self.providers.calendar.google.as_ref().map(|google| google.appointments.zone());
        Ok(match of_agent {
            Some(zone) => zone,
            None => of_calendar().transpose()?.flatten().unwrap_or_else(Zone::system),
        })
    }

    /// Returns the agent's options, which must have an identity or a custom system prompt.
    pub fn require_agent(&self) -> Result<&AgentConfig> {
        let agent = self.agent.as_ref().ok_or(Error::AgentIdentityRequired)?;
        agent.validate()?;
        agent.memory.validate().map(|()| agent)
    }

    /// Returns the model's options, validated.
    pub fn require_model(&self) -> Result<&ModelConfig> {
        let model = self.model.as_ref().ok_or(Error::ModelRequired)?;
        model.validate().map(|()| model)
    }
}

/// Parses options from JSON, in which `null` means "not given". An error names the option by its
/// path.
pub fn parse<T: DeserializeOwned>(json: &str) -> Result<T> {
    json::read_ignoring_nulls(json).map_err(|problem| problem.into_error(Error::config))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(json: &str) -> String {
        Config::parse(json).unwrap_err().to_string()
    }

    #[test]
    fn names_the_missing_part() {
        assert_eq!(message("{}"), "Agent identity configuration is required");
        assert_eq!(message(r#"{"agent":{}}"#), "Agent identity configuration is required");
        assert_eq!(
            message(r#"{"agent":{"identity":{"name":"S","role":"R"}}}"#),
            "Model configuration is required"
        );
    }

    #[test]
    fn accepts_a_database_without_an_agent() {
        assert!(Config::parse(r#"{"database":{"connection":"sqlite::memory:"}}"#).is_ok());
    }

    #[test]
    fn treats_a_storage_of_type_database_as_database() {
        let json = r#"{"storage":{"type":"database","database":{"host":"h","database":"d","user":"u"}}}"#;
        let config = Config::parse(json).unwrap();
        assert_eq!(config.database.unwrap().host.as_deref(), Some("h"));
        assert!(message(r#"{"storage":{"type":"database"}}"#).contains("`storage.database`"));
        let both = r#"{"storage":{"type":"database","database":{}},"database":{"connection":"sqlite:a"}}"#;
        assert!(message(both).contains("`storage`"));
    }

    #[test]
    fn names_an_invalid_option_by_its_path() {
        let json = r#"{"agent":{"identity":{"name":"S","role":7}}}"#;
        assert!(message(json).contains("`agent.identity.role`"), "{}", message(json));
    }

    #[test]
    fn treats_null_as_not_given() {
        let json = r#"{"agent":{"identity":{"name":"S","role":"R","title":null,"specializations":null},
            "personality":null,"memory":{"contextWindow":null,"autoPersist":null}},
            "model":{"provider":"openai","model":"m","apiKey":null},"tools":null,
            "channels":{"voice":{"maxPerHour":null,"noInputTimeoutSeconds":null,"phrases":{"noInput":null}},
            "sms":{"sessionTimeoutHours":null,"maxPerHour":null},"email":{"maxPerDay":null,"autoReply":null},
            "trustProxy":null,"webhookAuth":null}}"#;
        let channels = Config::parse(json).unwrap().channels;
        assert_eq!((channels.voice.max_per_hour, channels.voice.no_input_timeout_seconds), (5, 5));
        assert_eq!(channels.voice.phrases.no_input, VoicePhrases::default().no_input);
        assert_eq!((channels.sms.max_per_hour, channels.sms.session_timeout_hours), (10, 24.0));
        assert!(channels.email.max_per_day == 40 && channels.email.auto_reply && !channels.trust_proxy);
    }

    #[test]
    fn names_the_modes_of_webhook_authentication_on_an_unknown_one() {
        for mode in [r#""optional""#, r#""OFF""#, "true"] {
            let json = format!(
                r#"{{"channels":{{"webhookAuth":{mode}}},"database":{{"connection":"sqlite::memory:"}}}}"#
            );
            let expected = "`channels.webhookAuth`: must be one of `required`, `auto`, `off`";
            assert!(message(&json).contains(expected), "{}", message(&json));
        }
    }

    #[test]
    fn rejects_conversation_store_and_names_its_replacement() {
        let json = r#"{"conversationStore":{},"database":{"connection":"sqlite::memory:"}}"#;
        assert!(message(json).contains("longTermStorage"));
    }
}
