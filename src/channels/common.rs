//! What the channels of a receptionist have in common.

use std::sync::Arc;

use crate::agent::Agent;
use crate::channels::claims::Claims;
use crate::channels::line::Line;
use crate::config::Config;
use crate::database::Database;
use crate::http::twilio::Twilio;
use crate::tools::DEFAULT_COUNTRY;

/// Handed to every channel, which takes what it needs.
pub struct Common {
    /// Who answers.
    pub agent: Arc<Agent>,
    /// What came in, so that it is answered once.
    pub claims: Arc<Claims>,
    /// Where call logs and allowlists live. Without one, calls are logged in the memory only, and allowlists last as long as the
    /// process.
    pub database: Option<Arc<Database>>,
    /// The account that carries calls and SMS. Without one, an answer that takes longer than Twilio waits is only kept.
    pub twilio: Option<Arc<Twilio>>,
    /// Our number, and where Twilio reaches us.
    pub line: Arc<Line>,
    /// Where numbers without a country code are dialled, ISO 3166-1 alpha-2.
    pub country: String,
}

/// Where numbers without a country code are dialled.
pub fn country(config: &Config) -> String {
    config.tools.default_country.clone().unwrap_or_else(|| DEFAULT_COUNTRY.to_owned())
}
