//! Options of the tools.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::config::PhoneNumberPatterns;
use crate::error::{Error, Result};

/// Permissions and limits of the tools.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ToolsConfig {
    /// Data about other people that `find_customer` may return.
    pub customer_lookup: CustomerLookup,
    /// Country (ISO 3166-1 alpha-2) of phone numbers without a country code. Default: `US`.
    pub default_country: Option<String>,
    /// Phone numbers that the agent may call and message, in addition to the current customer's.
    pub allowed_numbers: PhoneNumberPatterns,
    /// E-mail recipients of the agent.
    pub email: EmailToolsConfig,
    /// Timeout of a tool in milliseconds. Default: 30,000.
    timeout: Option<f64>,
    /// Options of the TypeScript SDK, rejected with the alternative.
    defaults: Option<Vec<String>>,
    calendar: Option<Value>,
    booking: Option<Value>,
    crm: Option<Value>,
}

impl ToolsConfig {
    /// Returns the timeout of a tool, if given.
    pub fn timeout(&self) -> Result<Option<Duration>> {
        self.timeout
            .map(|ms| parse_milliseconds(ms).map_err(|reason| Error::config("tools.timeout", reason)))
            .transpose()
    }

    pub(super) fn validate(&self) -> Result<()> {
        self.timeout()?;
        let own = "give a tool of your own in `tools.custom` that calls your";
        let google = "configure `providers.calendar.google`, or give a tool of your own in `tools.custom` that calls your";
        for (option, given, advice, system) in [
            ("tools.calendar", &self.calendar, google, "calendar"),
            ("tools.booking", &self.booking, own, "booking system"),
            ("tools.crm", &self.crm, own, "CRM"),
        ] {
            if given.is_some() {
                return Err(Error::config(option, format!("is not supported; {advice} {system}")));
            }
        }
        if self.defaults.as_ref().is_some_and(|defaults| !defaults.is_empty()) {
            let reason = format!("is not supported: there are no such tools to choose from; {own} system");
            return Err(Error::config("tools.defaults", reason));
        }
        Ok(())
    }
}

/// Converts a time limit in milliseconds, which must be positive.
pub fn parse_milliseconds(ms: f64) -> Result<Duration, &'static str> {
    if ms.is_finite() && ms > 0.0 {
        Ok(Duration::from_secs_f64(ms.min(1e12) / 1_000.0))
    } else {
        Err("must be a positive number of milliseconds")
    }
}

/// E-mail recipients of the agent, in addition to the current customer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EmailToolsConfig {
    /// Addresses, or whole domains such as `@acme.example`.
    pub allowed_recipients: Vec<String>,
}

/// Data about other people that `find_customer` may return.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CustomerLookup {
    /// The name of a matching customer only.
    #[default]
    Own,
    /// The whole record, for trusted back offices only.
    Full,
}
