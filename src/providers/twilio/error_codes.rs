//! Explanations of Twilio's error codes, for those that the developer or the model can act on.

/// The error code of free text outside WhatsApp's window. Free text is allowed only within 24 hours
/// of the customer's last message.
const OUTSIDE_WINDOW: u32 = 63016;

/// Returns `true` for the error code of a message outside WhatsApp's 24-hour window.
pub(crate) fn is_outside_window(code: u32) -> bool {
    code == OUTSIDE_WINDOW
}

/// Returns the fix for an error code.
pub(crate) fn advice(code: Option<u32>) -> &'static str {
    match code {
        Some(20003) => "check `accountSid` and `authToken`, and that the account is active",
        Some(20404) => "there is no such call or message in this account",
        Some(21210 | 21212 | 21606 | 21659 | 21660) => {
            "the sender is not a number of this account with this capability; check `phoneNumber`"
        }
        Some(21211 | 21217 | 21614 | 13223 | 13224) => {
            "the recipient is not a valid phone number; give it in E.164, like +15551234567"
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
        Some(OUTSIDE_WINDOW) => {
            "the customer has not written on WhatsApp for 24 hours; send a template by `contentSid`"
        }
        Some(63003 | 63013 | 63024) => {
            "the recipient cannot be reached on WhatsApp under this number; answer to the address that wrote, or send an SMS"
        }
        Some(63007 | 63002 | 63008) => {
            "the sender is not a WhatsApp sender of this account; check `whatsappNumber`, and that the sender is approved"
        }
        Some(63015) => {
            "the recipient has not joined the WhatsApp sandbox; they join by sending it `join` and its words"
        }
        Some(63018 | 63022) => "too many messages in a short time; send more slowly",
        Some(63027 | 63028 | 63029 | 63040 | 63041 | 63042 | 63046) => {
            "WhatsApp does not have the template in this form, or has paused it; see the Content Template Builder"
        }
        Some(63031) => "sender and recipient are the same number",
        Some(63032 | 63049) => {
            "Meta does not deliver marketing messages to this person; write when they have written"
        }
        Some(21654 | 21655) => "`contentSid` is not a template of this account",
        Some(21656) => "`contentVariables` do not fit the template",
        Some(21910) => "sender and recipient are on different channels; both or neither must be `whatsapp:`",
        Some(30034) => "the number is not registered for A2P 10DLC; register it in Twilio's console",
        _ => "look the code up at https://www.twilio.com/docs/api/errors",
    }
}
