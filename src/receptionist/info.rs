//! Summary of a receptionist.

use serde::Serialize;

use super::{GOOGLE, Receptionist, TWILIO};

/// Agent name used without an identity.
const DEFAULT_NAME: &str = "Custom Agent";

/// Summary of a receptionist. Lists and counts are empty before `initialize`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    /// Version of this package.
    pub version: &'static str,
    /// Name of the agent, default `Custom Agent`.
    pub agent_name: String,
    /// `true` if initialized.
    pub initialized: bool,
    /// Channels that are available.
    pub channels: Vec<&'static str>,
    /// Services in use, named as in [`super::Health`].
    pub providers: Vec<&'static str>,
    /// Number of tools available to the agent.
    pub tools: usize,
}

impl Receptionist {
    /// Returns the current summary.
    pub fn info(&self) -> Info {
        let profile = self.profile.get();
        let running = self.running().ok();
        let ready = running.is_some();
        let (phone, mail) = (self.twilio.is_some(), !self.transports.is_empty());
        let channels = [("voice", phone), ("sms", phone), ("email", mail), ("text", true)];
        let channels = channels.into_iter().filter(|(_, works)| ready && *works).map(|(name, _)| name);
        Info {
            version: env!("CARGO_PKG_VERSION"),
            agent_name: profile.identity.as_ref().map_or(DEFAULT_NAME, |identity| &identity.name).to_owned(),
            initialized: ready,
            channels: channels.collect(),
            providers: if ready { self.providers() } else { Vec::new() },
            tools: running.map_or(0, |running| running.agent.tools().registry().list(None).len()),
        }
    }

    /// Returns the names of the services.
    fn providers(&self) -> Vec<&'static str> {
        let model = self.config.model.as_ref().map(|model| model.provider.as_str());
        let twilio = self.twilio.is_some().then_some(TWILIO);
        let transports = self.transports.iter().map(|(name, _)| *name);
        let google = self.calendar.is_some().then_some(GOOGLE);
        model.into_iter().chain(twilio).chain(transports).chain(google).collect()
    }
}
