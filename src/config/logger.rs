//! What is logged.

use serde::Deserialize;

/// `logger`, as far as the core is concerned: where entries go is the binding's business.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct LoggerConfig {
    /// How important an entry is at least; warnings unless given.
    pub level: Option<LogLevel>,
}

/// How important an entry is at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LogLevel {
    /// How long everything took.
    #[serde(alias = "debug")]
    Debug,
    /// What begins and ends.
    #[serde(alias = "info")]
    Info,
    /// What went wrong and was dealt with.
    #[default]
    #[serde(alias = "warn")]
    Warn,
    /// What could not be answered or done.
    #[serde(alias = "error")]
    Error,
    /// Nothing at all.
    #[serde(alias = "none")]
    None,
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, LogLevel};
    use crate::error::Result;

    fn level(options: &str) -> Result<LogLevel> {
        let json = format!(r#"{{{options}"database":{{"connection":"sqlite::memory:"}}}}"#);
        Config::parse(&json).map(|config| config.log_level())
    }

    #[test]
    fn warnings_are_logged_unless_said_otherwise() {
        assert_eq!(level("").unwrap(), LogLevel::Warn);
        assert_eq!(level(r#""logger":null,"debug":null,"#).unwrap(), LogLevel::Warn);
        assert_eq!(level(r#""logger":{"level":"none"},"debug":false,"#).unwrap(), LogLevel::None);
        assert_eq!(level(r#""logger":{"level":"INFO"},"debug":true,"#).unwrap(), LogLevel::Debug);
    }

    #[test]
    fn an_unknown_level_is_refused_by_name() {
        let error = level(r#""logger":{"level":"LOUD"},"#).unwrap_err().to_string();
        assert!(error.contains("`logger.level`") && error.contains("`DEBUG`"), "{error}");
    }
}
