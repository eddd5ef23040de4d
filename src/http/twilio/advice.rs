//! What Twilio's error numbers mean, as far as something can be done about them.

/// What to do about an error number.
pub(super) fn advice(code: Option<u32>) -> &'static str {
    match code {
        Some(20003) => "check `accountSid` and `authToken`, and that the account is active",
        Some(20404) => "there is no such call or message in this account",
        Some(21210 | 21212 | 21606 | 21659 | 21660) => {
            "the sender is no number of this account that can do this; check `phoneNumber`"
        }
        Some(21211 | 21217 | 21614 | 13223 | 13224) => {
            "the recipient is no valid phone number; give it in E.164, like +15551234567"
        }
        Some(21213) => "the sender is missing; check `phoneNumber`",
        Some(21201 | 21604) => "the recipient is missing",
        Some(21215 | 21408 | 13227) => {
            "the account may not reach that country; allow it under Geo permissions in Twilio's console"
        }
        Some(21608 | 21219) => "a trial account reaches verified numbers only; verify the number, or upgrade",
        Some(21610) => "the recipient opted out with STOP; only they can opt in again, with START",
        Some(21612) => "this sender cannot reach that recipient; use another number",
        Some(21602 | 21619) => "the message is empty",
        Some(21605 | 21617) => "the message is longer than 1,600 characters; split it",
        Some(21620 | 21623) => "a media URL cannot be used; it must be public",
        Some(21205 | 21609 | 11100) => {
            "a webhook URL cannot be used; it must be public, with a valid host name"
        }
        Some(21220) => "the call is over already",
        Some(21218) => "the TwiML cannot be used",
        Some(20005 | 10001) => "the account is not active; see Twilio's console",
        Some(30034) => "the number is not registered for A2P 10DLC; register it in Twilio's console",
        _ => "look the code up at https://www.twilio.com/docs/api/errors",
    }
}
