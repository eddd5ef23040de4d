//! STOP, START and HELP, as carriers understand them.

use crate::channels::webhook::{OptOutType, SmsWebhook};

const STOP: [&str; 8] = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"];
const START: [&str; 2] = ["START", "UNSTOP"];
/// Says START only to somebody who is waiting for it: in a conversation it is an answer.
const YES: &str = "YES";
const HELP: [&str; 2] = ["HELP", "INFO"];

/// The keyword that a message consists of, if it is one. What Twilio made of the message counts first.
pub(super) fn keyword(sms: &SmsWebhook, opted_out: bool) -> Option<OptOutType> {
    if sms.opt_out_type.is_some() {
        return sms.opt_out_type;
    }
    let word = sms.body.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation()).to_uppercase();
    let word = word.as_str();
    if STOP.contains(&word) {
        Some(OptOutType::Stop)
    } else if START.contains(&word) || opted_out && word == YES {
        Some(OptOutType::Start)
    } else if HELP.contains(&word) {
        Some(OptOutType::Help)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::form::Form;

    #[test]
    fn only_a_whole_message_is_a_keyword() {
        let read = |body: &str, kind: &str, opted_out| {
            let form: Form = [("MessageSid", "SM1"), ("From", "+1555"), ("Body", body), ("OptOutType", kind)]
                .into_iter()
                .collect();
            keyword(&SmsWebhook::read(&form).unwrap(), opted_out)
        };
        for body in ["STOP", " stop.\n", "StopAll", "unsubscribe", "cancel", "END", "quit!", "\"Stop\""] {
            assert_eq!(read(body, "", false), Some(OptOutType::Stop), "{body}");
        }
        for body in ["don't stop", "stop it", "", "👋", "cancel my appointment", "yes"] {
            assert_eq!(read(body, "", false), None, "{body}");
        }
        assert_eq!(read("YES", "", true), Some(OptOutType::Start));
        assert_eq!(read("unstop", "", false), Some(OptOutType::Start));
        assert_eq!(read("Info?", "", false), Some(OptOutType::Help));
        assert_eq!(read("genug", "STOP", false), Some(OptOutType::Stop));
    }
}
