//! What a receptionist is, in a few facts.

use serde::Serialize;

use super::{GOOGLE, Receptionist, TWILIO};

/// Who a receptionist is without an identity.
const NAMELESS: &str = "Custom Agent";

/// What a receptionist is; lists and counts are empty before `initialize`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    /// Of this package.
    pub version: &'static str,
    /// The agent's name, `Custom Agent` if it has none.
    pub agent_name: String,
    /// Whether it works.
    pub initialized: bool,
    /// Lines on which it answers.
    pub channels: Vec<&'static str>,
    /// Services it uses, as [`super::Health`] names them.
    pub providers: Vec<&'static str>,
    /// Tools the agent can use.
    pub tools: usize,
}

impl Receptionist {
    /// What it is, at this moment.
    pub fn info(&self) -> Info {
        let profile = self.profile.get();
        let open = self.open().ok();
        let ready = open.is_some();
        let (phone, mail) = (self.twilio.is_some(), !self.mailers.is_empty());
        let channels = [("voice", phone), ("sms", phone), ("email", mail), ("text", true)];
        let channels = channels.into_iter().filter(|(_, works)| ready && *works).map(|(name, _)| name);
        Info {
            version: env!("CARGO_PKG_VERSION"),
            agent_name: profile.identity.as_ref().map_or(NAMELESS, |identity| &identity.name).to_owned(),
            initialized: ready,
            channels: channels.collect(),
            providers: if ready { self.providers() } else { Vec::new() },
            tools: open.map_or(0, |open| open.agent.tools().registry().list(None).len()),
        }
    }

    /// Names of the services.
    fn providers(&self) -> Vec<&'static str> {
        let model = self.config.model.as_ref().map(|model| model.provider.as_str());
        let twilio = self.twilio.is_some().then_some(TWILIO);
        let mailers = self.mailers.iter().map(|(name, _)| *name);
        let google = self.calendar.is_some().then_some(GOOGLE);
        model.into_iter().chain(twilio).chain(mailers).chain(google).collect()
    }
}
