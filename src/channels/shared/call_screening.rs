//! Screening of callers: blocked numbers, spoofed caller ids and, if configured, withheld numbers.
//! The content of a message is never judged. Rate limits bound the cost of abuse.

use crate::channels::shared::remote_party::RemoteParty;
use crate::config::{ChannelsConfig, PhoneNumberPatterns};
use crate::phone::phone_spellings;
use crate::providers::twilio::webhook::VoiceWebhook;

/// Prefix of the STIR/SHAKEN status of a spoofed caller id.
const SPOOFED_NUMBER: &str = "tn-validation-failed";

/// The screening rules of the developer.
pub struct CallScreening {
    blocked: PhoneNumberPatterns,
    reject_anonymous: bool,
}

impl CallScreening {
    /// Creates the rules from a configuration.
    pub fn new(config: &ChannelsConfig) -> Self {
        Self { blocked: config.blocked.clone(), reject_anonymous: config.voice.reject_anonymous }
    }

    /// Returns `true` if a call is to be rejected.
    pub fn rejects_call(&self, call: &VoiceWebhook, caller: &RemoteParty) -> bool {
        let is_false = call.stir_verstat.as_deref().is_some_and(|word| word.starts_with(SPOOFED_NUMBER));
        is_false || self.reject_anonymous && *caller == RemoteParty::Anonymous || self.is_blocked(caller)
    }

    /// Returns `true` if the developer blocks the number.
    pub fn is_blocked(&self, party: &RemoteParty) -> bool {
        party.phone().is_some_and(|number| self.blocked.matches_any(&phone_spellings(number)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::twilio::Form;
    use serde_json::json;

    fn rejects(config: serde_json::Value, from: &str, verstat: &str) -> bool {
        let screening = CallScreening::new(&serde_json::from_value(config).unwrap());
        let form: Form = [("CallSid", "CA1"), ("From", from), ("StirVerstat", verstat)].into_iter().collect();
        let call = VoiceWebhook::read(&form).unwrap();
        screening.rejects_call(&call, &RemoteParty::read(from, "US"))
    }

    #[test]
    fn rejects_only_what_the_rules_name() {
        let rules = json!({ "blocked": ["+15551234567", "+1900*"] });
        for (config, from, verstat, rejected) in [
            (&json!({}), "+15551234567", "", false),
            (&json!({}), "anonymous", "TN-Validation-Passed-A", false),
            (&json!({}), "+15551234567", "TN-Validation-Failed-C", true),
            (&rules, "+15551234567", "", true),
            (&rules, "+19005550000", "", true),
            (&rules, "+15551234568", "", false),
            (&json!({ "voice": { "rejectAnonymous": true } }), "+266696687", "", true),
        ] {
            assert_eq!(rejects(config.clone(), from, verstat), rejected, "{config} {from}");
        }
    }
}
