//! The context that all channels of a receptionist share.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::agent::Agent;
use crate::channels::shared::legacy_conversations::LegacyConversations;
use crate::channels::shared::twilio_endpoint::TwilioEndpoint;
use crate::config::Config;
use crate::consolidation::Consolidator;
use crate::database::Database;
use crate::extraction::Extractor;
use crate::inbox::idempotency::IdempotentExecutor;
use crate::providers::twilio::TwilioClient;
use crate::tools::DEFAULT_COUNTRY;

/// Shared dependencies of the channels. Each channel takes what it needs.
pub struct ChannelContext {
    /// The agent that answers.
    pub agent: Arc<Agent>,
    /// The consolidator that summarizes conversations.
    pub consolidator: Arc<Consolidator>,
    /// The extractor of values from conversations, if there are any to extract.
    pub extractor: Option<Arc<Extractor>>,
    /// The executor that handles each inbound message once.
    pub executor: Arc<IdempotentExecutor>,
    /// The database of call logs and allowlists. Without one, calls are logged only in memory, and
    /// allowlists last as long as the process.
    pub database: Option<Arc<Database>>,
    /// The Twilio account for calls and SMS. Without one, a reply that misses Twilio's timeout is
    /// only stored.
    pub twilio: Option<Arc<TwilioClient>>,
    /// Our number, and the webhook URLs that Twilio calls.
    pub twilio_endpoint: Arc<TwilioEndpoint>,
    /// `true` once this process accepts the sockets of live calls.
    pub accepts_lines: Arc<AtomicBool>,
    /// The default country of numbers without a country code, ISO 3166-1 alpha-2.
    pub country: String,
    /// Conversations that the TypeScript SDK left in the database.
    pub legacy_conversations: Arc<LegacyConversations>,
}

/// Returns the default country of numbers without a country code.
pub fn default_country(config: &Config) -> String {
    config.tools.default_country.clone().unwrap_or_else(|| DEFAULT_COUNTRY.to_owned())
}
