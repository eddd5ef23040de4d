//! Who is not answered: numbers that the developer blocks, callers whose number the network knows to be false, and, where the
//! developer says so, callers who hide it. What a person says is never judged; limits bound what anybody can cause.

use crate::channels::party::Party;
use crate::channels::webhook::VoiceWebhook;
use crate::config::{ChannelsConfig, Numbers};

/// What STIR/SHAKEN says of a number that is not the caller's.
const FALSE_NUMBER: &str = "tn-validation-failed";

/// The developer's rules.
pub struct Spam {
    blocked: Numbers,
    reject_anonymous: bool,
}

impl Spam {
    /// The rules of a configuration.
    pub fn new(config: &ChannelsConfig) -> Self {
        Self { blocked: config.blocked.clone(), reject_anonymous: config.voice.reject_anonymous }
    }

    /// Whether a call is not taken.
    pub fn rejects(&self, call: &VoiceWebhook, caller: &Party) -> bool {
        let is_false = call.stir_verstat.as_deref().is_some_and(|word| word.starts_with(FALSE_NUMBER));
        is_false || self.reject_anonymous && *caller == Party::Anonymous || self.blocks(caller)
    }

    /// Whether the developer blocks this number.
    pub fn blocks(&self, party: &Party) -> bool {
        party.phone().is_some_and(|number| self.blocked.contain(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::form::Form;
    use serde_json::json;

    fn rejects(config: serde_json::Value, from: &str, verstat: &str) -> bool {
        let spam = Spam::new(&serde_json::from_value(config).unwrap());
        let form: Form = [("CallSid", "CA1"), ("From", from), ("StirVerstat", verstat)].into_iter().collect();
        let call = VoiceWebhook::read(&form).unwrap();
        spam.rejects(&call, &Party::read(from, "US"))
    }

    #[test]
    fn only_what_the_rules_name_is_rejected() {
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
