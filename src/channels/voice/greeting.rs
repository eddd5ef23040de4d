//! The greeting of an inbound call: the configured one, or that of the developer's function.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;
use tracing::warn;

use crate::channels::shared::remote_party::RemoteParty;
use crate::channels::voice::phrases::greeting;
use crate::config::Config;
use crate::customers::{KnownCustomer, KnownCustomers};
use crate::error::{Error, Result};
use crate::providers::twilio::webhook::VoiceWebhook;

/// Maximum time that a caller waits for the greeting.
const GREETING_TIMEOUT: Duration = Duration::from_secs(3);
/// Maximum characters of a greeting, the limit of Twilio's `<Say>`.
const MAX_CHARS: usize = 4_096;

/// A source of greetings.
#[async_trait]
pub trait GreetingProvider: Send + Sync {
    /// Returns the greeting of a call.
    async fn greeting(&self, request: &GreetingRequest<'_>, timeout: Duration) -> Result<String>;
}

/// The call for which a greeting is requested.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GreetingRequest<'a> {
    /// Customer on the line.
    pub customer: &'a KnownCustomer,
    /// Twilio's SID of the call.
    pub call_sid: &'a str,
    /// Number or address of the caller.
    pub from: &'a str,
}

/// The greeting of inbound calls.
pub struct Greeting {
    /// Greeting without a provider, or if the provider fails.
    plain: String,
    provider: Option<Arc<dyn GreetingProvider>>,
    customers: Arc<KnownCustomers>,
}

impl Greeting {
    /// Creates the greeting of a configuration.
    pub fn new(
        config: &Config,
        provider: Option<Arc<dyn GreetingProvider>>,
        customers: Arc<KnownCustomers>,
    ) -> Self {
        let plain = config.channels.voice.greeting.clone().unwrap_or_else(|| default_greeting(config));
        Self { plain, provider, customers }
    }

    /// Returns the greeting without a provider.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// Returns the greeting of a call. A provider that fails or takes too long is replaced by the plain
    /// greeting, with a warning.
    pub async fn of_call(&self, call: &VoiceWebhook, party: &RemoteParty) -> String {
        let Some(provider) = self.provider.as_ref().filter(|_| !call.outbound) else {
            return self.plain.clone();
        };
        let greeting = async {
            let customer = self.customers.read_within_time(&party.customer(), &call.call_sid).await;
            let request = GreetingRequest { customer: &customer, call_sid: &call.call_sid, from: &call.from };
            provider.greeting(&request, GREETING_TIMEOUT).await
        };
        let greeting = tokio::time::timeout(GREETING_TIMEOUT, greeting).await.unwrap_or_else(|_| {
            let timeout_ms = GREETING_TIMEOUT.as_millis().try_into().unwrap_or(u64::MAX);
            Err(Error::UserCodeTimeout { what: "channels.voice.greeting".to_owned(), timeout_ms })
        });
        match greeting {
            Ok(greeting) => {
                let greeting = greeting.replace('\0', "\u{fffd}");
                let greeting: String = greeting.trim().chars().take(MAX_CHARS).collect();
                if greeting.is_empty() { self.plain.clone() } else { greeting }
            }
            Err(error) => {
                let (call_sid, code, stack) = (&call.call_sid, error.code(), error.stack());
                warn!(call_sid, code, %error, stack, "A caller heard the plain greeting: the greeting function failed");
                self.plain.clone()
            }
        }
    }
}

/// Returns the greeting with the names of the agent and company.
fn default_greeting(config: &Config) -> String {
    let identity = config.agent.as_ref().and_then(|agent| agent.identity.as_ref());
    let language = config.channels.voice.language.as_deref();
    let name = identity.map(|identity| identity.name.as_str());
    greeting(language, name, identity.and_then(|identity| identity.company.as_deref()))
}
