//! Logging options.

use serde::Deserialize;

/// The part of the `logger` option that the core uses. The TypeScript layer uses the rest: where
/// entries go.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct LoggerConfig {
    /// Minimum level of logged entries. Default: warnings.
    pub level: Option<LogLevel>,
}

/// A minimum level of logged entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LogLevel {
    /// Durations of all operations.
    #[serde(alias = "debug")]
    Debug,
    /// Beginnings and ends of operations.
    #[serde(alias = "info")]
    Info,
    /// Errors that were handled.
    #[default]
    #[serde(alias = "warn")]
    Warn,
    /// Requests that could not be answered, and actions that failed.
    #[serde(alias = "error")]
    Error,
    /// No entries.
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
    fn logs_warnings_by_default() {
        assert_eq!(level("").unwrap(), LogLevel::Warn);
        assert_eq!(level(r#""logger":null,"debug":null,"#).unwrap(), LogLevel::Warn);
        assert_eq!(level(r#""logger":{"level":"none"},"debug":false,"#).unwrap(), LogLevel::None);
        assert_eq!(level(r#""logger":{"level":"INFO"},"debug":true,"#).unwrap(), LogLevel::Debug);
    }

    #[test]
    fn rejects_an_unknown_level_by_name() {
        let error = level(r#""logger":{"level":"LOUD"},"#).unwrap_err().to_string();
        assert!(error.contains("`logger.level`") && error.contains("`DEBUG`"), "{error}");
    }
}
