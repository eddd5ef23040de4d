//! What the tools may do.

use serde::Deserialize;

use crate::config::null_as_default;

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
