//! What the tools may do.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::config::Numbers;
use crate::error::{Error, Result};

/// What the tools may do.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ToolsConfig {
    /// What `find_customer` tells about people other than the caller.
    pub customer_lookup: CustomerLookup,
    /// Country (ISO 3166-1 alpha-2) of phone numbers given without a country code; `US` unless given.
    pub default_country: Option<String>,
    /// Numbers that the agent may call and write to, beside that of the customer on the line.
    pub allowed_numbers: Numbers,
    /// Whom the agent may write to.
    pub email: EmailToolsConfig,
    /// Milliseconds a tool may take; 30,000 unless given.
    timeout: Option<f64>,
    /// Options of the TypeScript SDK, refused with what to do instead.
    defaults: Option<Vec<String>>,
    calendar: Option<Value>,
    booking: Option<Value>,
    crm: Option<Value>,
}

impl ToolsConfig {
    /// What a tool may take, where it is given.
    pub fn timeout(&self) -> Result<Option<Duration>> {
        self.timeout
            .map(|ms| milliseconds(ms).map_err(|reason| Error::config("tools.timeout", reason)))
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

/// A time limit in milliseconds, which must be more than none.
pub fn milliseconds(ms: f64) -> Result<Duration, &'static str> {
    if ms.is_finite() && ms > 0.0 {
        Ok(Duration::from_secs_f64(ms.min(1e12) / 1_000.0))
    } else {
        Err("must be a positive number of milliseconds")
    }
}

/// Whom the agent may write to, beside the customer on the line.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EmailToolsConfig {
    /// Addresses, or whole domains: `@acme.example`.
    pub allowed_recipients: Vec<String>,
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
