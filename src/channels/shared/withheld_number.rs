//! Withheld caller ids, as networks and providers spell them.

use crate::phone::{keypad_digits, to_ascii};

/// Words that Twilio used to spell on a telephone keypad with a `+` before them (Twilio, "Upcoming
/// changes to withheld caller ID behavior", 2022, and its list of such numbers).
const KEYPAD_WORDS: [&str; 6] = ["anonymous", "restricted", "blocked", "unknown", "unavailable", "private"];
/// More of these numbers: `restricted` and `unknown` as some carriers misspell them. After `+1`
/// they are real numbers in Texas and New Jersey.
const MISSPELLED_KEYPAD_WORDS: [&str; 2] = ["7378742883", "8566696687"];
/// More words, without spaces (RFC 3323, 3GPP TS 24.229, ITU-T Q.731.4, telephone displays).
const WITHHELD_WORDS: [&str; 15] = [
    "withheld",
    "hidden",
    "anonym",
    "nocallerid",
    "callerid",
    "calleridblocked",
    "callerunknown",
    "unknowncaller",
    "unknownnumber",
    "nonumber",
    "privatenumber",
    "privatecaller",
    "numberwithheld",
    "notavailable",
    "outofarea",
];
/// Top-level domain of invalid addresses (RFC 2606), used as the host of withheld ones (RFC 3323,
/// RFC 3325).
const INVALID_TLD: &str = "invalid";
/// Minimum digits of an international number.
const MIN_DIGITS: usize = 7;

/// Returns `true` if the address stands for a withheld number or address.
pub(crate) fn is_withheld(address: &str) -> bool {
    let address = to_ascii(address);
    if display_name(&address).is_some_and(is_word) {
        return true;
    }
    let address = uri_of(&address);
    if let Some(sip) = ["sip:", "sips:"].iter().find_map(|scheme| address.strip_prefix(scheme)) {
        return is_withheld_sip(sip);
    }
    if let Some(identity) = address.strip_prefix("client:") {
        return identity.is_empty() || is_word(identity);
    }
    let schemes = ["tel:", "sms:", "whatsapp:", "rcs:"];
    let number = schemes.iter().find_map(|scheme| address.strip_prefix(scheme)).unwrap_or(address);
    match number.split_once('@') {
        Some(_) => is_withheld_sip(number),
        None => is_word(number) || is_keypad_word(number) || has_no_number(number),
    }
}

/// Returns the URI of an address such as `"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1`.
fn uri_of(address: &str) -> &str {
    let inner = address.split_once('<').and_then(|(_, rest)| rest.split('>').next());
    inner.unwrap_or(address).trim()
}

/// Returns the display name before the URI of an address.
fn display_name(address: &str) -> Option<&str> {
    address.split_once('<').map(|(name, _)| name)
}

/// Returns `true` if the user or host of a SIP address is withheld. An address with only a host
/// does not identify a caller.
fn is_withheld_sip(address: &str) -> bool {
    let Some((user, host)) = address.split_once('@') else { return true };
    let user = user.split([';', ':']).next().unwrap_or_default().trim();
    let host = host.split([';', ':', '?']).next().unwrap_or_default().trim().trim_end_matches('.');
    let is_invalid_host = host.rsplit('.').next() == Some(INVALID_TLD);
    is_invalid_host || user.is_empty() || is_word(user) || is_keypad_word(user) || is_zero(user)
}

fn is_word(text: &str) -> bool {
    let word: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    KEYPAD_WORDS.contains(&word.as_str()) || WITHHELD_WORDS.contains(&word.as_str())
}

/// Returns `true` if a number spells a word on a keypad, also after the North American country
/// code.
fn is_keypad_word(number: &str) -> bool {
    if !is_dialled(number) {
        return false;
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let spells = |digits: &str| KEYPAD_WORDS.iter().any(|word| keypad_digits(word) == digits);
    MISSPELLED_KEYPAD_WORDS.contains(&digits.as_str())
        || spells(&digits)
        || digits.strip_prefix('1').is_some_and(spells)
}

/// Returns `true` if the number cannot be called: no digits, only zeros, or a `+` with too few
/// digits (`+464`).
fn has_no_number(number: &str) -> bool {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let is_short = number.starts_with('+') && digits < MIN_DIGITS;
    is_zero(number) || is_dialled(number) && (digits == 0 || is_short)
}

fn is_zero(number: &str) -> bool {
    is_dialled(number) && number.contains('0') && !number.contains(|c: char| c.is_ascii_digit() && c != '0')
}

/// Returns `true` if the text has only characters that can be dialled.
fn is_dialled(number: &str) -> bool {
    number.chars().all(|c| c.is_ascii_digit() || "+-./() *#".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Withheld addresses, each with its source.
    const WITHHELD: [(&str, &str); 45] = [
        ("", "Twilio, calls without caller id"),
        (" ", "Twilio, calls without caller id"),
        ("+", "carriers that cut the number away"),
        ("-", "carriers that cut the number away"),
        ("anonymous", "Twilio, TwiML requests"),
        ("Anonymous", "Twilio, TwiML requests"),
        ("ANONYMOUS", "Twilio changelog 2022-11-16"),
        ("RESTRICTED", "Twilio changelog 2022-11-16"),
        ("Restricted", "Twilio changelog 2022-11-16"),
        ("Unknown", "Twilio, caller ids"),
        ("Private", "Twilio, caller ids"),
        ("Unavailable", "Twilio, caller ids"),
        ("Blocked", "Twilio, caller ids"),
        ("Withheld", "BT and Ofcom, CLI withheld"),
        ("No Caller ID", "iOS"),
        ("Private Number", "Android"),
        ("Unknown Caller", "iOS"),
        ("Out of Area", "Bellcore GR-31, reason O"),
        ("\u{202a}anonymous\u{202c}", "marks of direction"),
        ("+266696687", "ANONYMOUS on a keypad, Twilio"),
        ("266696687", "the same without +"),
        ("+1266696687", "the same with +1"),
        ("+7378742833", "RESTRICTED on a keypad, Twilio"),
        ("+17378742833", "the same with +1, a logged webhook of Twilio's"),
        ("+7378742883", "Twilio's article on strange numbers"),
        ("+2562533", "BLOCKED on a keypad, Twilio"),
        ("+8656696", "UNKNOWN on a keypad, Twilio"),
        ("+8566696687", "UNKNOWN, misspelled"),
        ("+86282452253", "UNAVAILABLE on a keypad, Twilio"),
        ("+7748283", "PRIVATE on a keypad"),
        ("+464", "Twilio's article on strange numbers"),
        ("0000000000", "PBXs without caller id"),
        ("+00000000000", "PBXs without caller id"),
        ("sip:anonymous@anonymous.invalid", "RFC 3323, 4.1.1.3"),
        ("sips:anonymous@anonymous.invalid", "RFC 3323 over TLS"),
        ("SIP:Anonymous@Anonymous.Invalid", "hosts ignore case"),
        ("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1", "RFC 3323, a whole From"),
        (
            "Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8",
            "RFC 3323, 4.1.1.3, a name before an address of a privacy service",
        ),
        ("sip:no-number@sip.example.com", "SIP trunks"),
        ("sip:anonymous@203.0.113.5:5060;user=phone", "Asterisk and FreeSWITCH"),
        ("sip:unavailable@unknown.invalid", "3GPP TS 24.229, 4.4"),
        ("sip:restricted@sip.example.com", "SIP trunks"),
        ("sip:+266696687@sip.example.com", "ANONYMOUS on a keypad by SIP"),
        ("sip:203.0.113.5", "RFC 3261, a host without user"),
        ("client:Anonymous", "Twilio Voice SDK without identity"),
    ];

    const SHOWN: [(&str, &str); 18] = [
        ("+15551234567", "a number"),
        ("+12666966871", "a number that begins as ANONYMOUS does"),
        ("+8656696687", "a number that begins as UNKNOWN does"),
        ("+17378742883", "a number in Austin, Texas"),
        ("+18566696687", "a number in Camden, New Jersey"),
        ("Ann <sip:ann@example.com>", "a name before an address"),
        ("whatsapp:+15551234567", "WhatsApp"),
        ("rcs:+15551234567", "RCS"),
        ("12345", "a short code"),
        ("100", "an extension of a PBX"),
        ("Amazon", "an alphanumeric sender"),
        ("PrivateBank", "a name that begins as a word does"),
        ("sip:john@example.com", "SIP"),
        ("sip:1001@pbx.example.com", "SIP"),
        ("sip:anonymous.alan@example.com", "SIP"),
        ("client:john", "Twilio Client"),
        ("client:private_room", "Twilio Client"),
        ("messenger:123456789", "Facebook"),
    ];

    #[test]
    fn recognizes_withheld_numbers_in_every_spelling() {
        for (address, source) in WITHHELD {
            assert!(is_withheld(address), "{address:?}: {source}");
        }
        for (address, what) in SHOWN {
            assert!(!is_withheld(address), "{address:?}: {what}");
        }
    }
}
