//! Opt-out keywords STOP, START and HELP, as carriers define them.

use unicode_normalization::UnicodeNormalization;

use crate::channels::sms::content::message_text;
use crate::phone::is_invisible;
use crate::providers::twilio::webhook::{OptOutType, SmsWebhook};

/// Words for STOP, without spaces and accents: those of Twilio and the CTIA, of 47 CFR
/// 64.1200(a)(10), of AWS and Telnyx, and their French and Spanish counterparts (ARRET is required
/// in Canada).
const STOP: [&str; 57] = [
    "stop",
    "stopall",
    "stopp",
    "unsubscribe",
    "unsubscribeme",
    "optout",
    "optmeout",
    "revoke",
    "remove",
    "arret",
    "arreter",
    "arretez",
    "desabonner",
    "desabonnement",
    "desabonnezmoi",
    "desinscrire",
    "desinscription",
    "parar",
    "pare",
    "alto",
    "baja",
    "dardebaja",
    "darsedebaja",
    "darmedebaja",
    "detener",
    "nomas",
    "nomasmensajes",
    "stoptexting",
    "stoptextingme",
    "stopmessaging",
    "stopmessagingme",
    "stoptexts",
    "stopmessages",
    "donttextme",
    "donottextme",
    "nomoretexts",
    "nomoremessages",
    "stopsms",
    "stoppub",
    "stopcontactingme",
    "stopsendingmemessages",
    "stopsendingmessages",
    "stopsendingmetexts",
    "stopsendingtexts",
    "dontcontactme",
    "donotcontactme",
    "removeme",
    "removemefromyourlist",
    "takemeoff",
    "takemeoffyourlist",
    "ioptout",
    "iwanttooptout",
    "sedesabonner",
    "medesabonner",
    "cancelarsuscripcion",
    "abmelden",
    "стоп",
];
/// Words for STOP only if nothing else is written. With a `please` they may mean something else.
const STOP_ALONE: [&str; 8] = ["cancel", "end", "quit", "cancelar", "annuler", "terminar", "salir", "fin"];
const START: [&str; 2] = ["start", "unstop"];
/// START only for a customer who has opted out. In a conversation it is an answer.
const YES: &str = "yes";
const HELP: [&str; 2] = ["help", "info"];
/// Courtesies around a keyword.
const COURTESIES: [&str; 18] = [
    "please", "pls", "plz", "now", "thanks", "thank", "thx", "you", "u", "por", "favor", "gracias", "svp",
    "sil", "vous", "plait", "te", "merci",
];
/// Removed, so that `don't` is one word.
const APOSTROPHES: [char; 4] = ['\'', '`', '\u{2018}', '\u{2019}'];
/// Starts of lines that begin a signature.
const SIGNATURES: [&str; 4] = ["--", "sent from my ", "envoye de mon ", "enviado desde mi "];
/// A stop sign, which phones suggest instead of the word.
const STOP_SIGN: char = '\u{1f6d1}';

/// Returns the keyword that a message consists of, if any. Twilio's own classification takes
/// precedence.
pub(super) fn keyword(sms: &SmsWebhook, opted_out: bool) -> Option<OptOutType> {
    if sms.opt_out_type.is_some() {
        return sms.opt_out_type;
    }
    let text = without_signature(message_text(sms));
    let written = normalized_words(text);
    let alone = written.concat();
    let plain = without_courtesies(&written).concat();
    let (alone, plain) = (alone.as_str(), plain.as_str());
    let is_repeated = !written.is_empty() && written.iter().all(|word| STOP.contains(&word.as_str()));
    let is_sign = written.is_empty() && text.contains(STOP_SIGN);
    if STOP.contains(&plain) || STOP_ALONE.contains(&alone) || is_repeated || is_sign {
        Some(OptOutType::Stop)
    } else if START.contains(&plain) || opted_out && plain == YES {
        Some(OptOutType::Start)
    } else if HELP.contains(&alone) {
        Some(OptOutType::Help)
    } else {
        None
    }
}

/// Returns a message without the signature that a phone appends.
fn without_signature(text: &str) -> &str {
    let begins = |line: &&str| {
        let plain: String =
            line.trim().nfkd().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase).collect();
        SIGNATURES.iter().any(|start| plain.starts_with(start))
    };
    let signature = text.split_inclusive('\n').skip(1).find(begins);
    let end = signature.map_or(text.len(), |line| line.as_ptr() as usize - text.as_ptr() as usize);
    text.get(..end).unwrap_or(text)
}

/// Returns the words of a message in lower case, without accents, invisible marks, punctuation and
/// emoji. Letters of all widths become plain ones.
fn normalized_words(text: &str) -> Vec<String> {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_invisible(*c) && !APOSTROPHES.contains(c))
        .flat_map(char::to_lowercase)
        .collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn without_courtesies(words: &[String]) -> &[String] {
    let is_courtesy = |word: &String| COURTESIES.contains(&word.as_str());
    let start = words.iter().take_while(|word| is_courtesy(word)).count();
    let end = words.len() - words.iter().rev().take_while(|word| is_courtesy(word)).count();
    words.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::twilio::Form;

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

    /// Messages, each with its source.
    const STOPS: [(&str, &str); 74] = [
        ("STOP", "CTIA, Messaging Principles and Best Practices"),
        ("stop", "case is ignored"),
        ("Stop", "phones capitalise the first word"),
        ("STOPALL", "Twilio, default keywords"),
        ("UNSUBSCRIBE", "Twilio, default keywords"),
        ("CANCEL", "Twilio, default keywords"),
        ("END", "Twilio, default keywords"),
        ("QUIT", "Twilio, default keywords"),
        ("REVOKE", "Twilio, default keywords"),
        ("OPTOUT", "Twilio, default keywords"),
        ("opt out", "47 CFR 64.1200(a)(10)"),
        ("Opt-out", "AWS End User Messaging"),
        ("opt\u{2011}out", "a hyphen that does not break"),
        ("stop all", "Telnyx, default keywords"),
        ("Remove", "AWS End User Messaging"),
        ("\u{201c}STOP\u{201d}", "quotation marks of iOS"),
        ("\u{2018}stop\u{2019}", "quotation marks of iOS"),
        ("\u{ab}STOP\u{bb}", "French quotation marks"),
        ("\u{ab}\u{a0}ARR\u{ca}T\u{a0}\u{bb}", "French quotation marks with their spaces"),
        ("\u{201e}Stop\u{201c}", "German quotation marks"),
        ("\u{300c}STOP\u{300d}", "Japanese quotation marks"),
        ("'stop'", "straight quotation marks"),
        ("`STOP`", "monospace on WhatsApp"),
        ("*STOP*", "bold on WhatsApp"),
        ("_stop_", "italics on WhatsApp"),
        ("~stop~", "struck through on WhatsApp"),
        ("Stop\u{200b}", "zero width space"),
        ("\u{feff}STOP", "byte order mark"),
        ("\u{202a}STOP\u{202c}", "marks of direction"),
        ("ST\u{ad}OP", "soft hyphen"),
        ("STOP\u{fe0f}", "variation selector"),
        ("\u{a0}STOP\u{a0}", "no-break spaces"),
        ("\u{3000}STOP", "ideographic space"),
        ("\u{ff53}\u{ff54}\u{ff4f}\u{ff50}", "full width, Japanese keyboards"),
        ("\u{1d5e6}\u{1d5e7}\u{1d5e2}\u{1d5e3}", "mathematical bold, apps for fonts"),
        ("\u{24c8}\u{24c9}\u{24c4}\u{24c5}", "circled letters, apps for fonts"),
        ("Stop\u{2026}", "an ellipsis"),
        ("STOP.", "punctuation"),
        ("STOP!!!", "punctuation"),
        ("stop?", "punctuation"),
        ("\u{a1}ALTO!", "Spanish punctuation"),
        ("STOP \u{1f64f}", "emoji"),
        ("\u{1f6d1}", "a stop sign"),
        ("\u{1f6d1} STOP \u{1f6d1}\u{fe0f}", "emoji"),
        ("STOP\n", "a line end"),
        ("stop stop STOP", "repeated"),
        ("S T O P", "letters apart"),
        ("Please stop", "47 CFR 64.1200(a)(10), any reasonable words"),
        ("STOP please, thank you", "47 CFR 64.1200(a)(10)"),
        ("Unsubscribe me", "47 CFR 64.1200(a)(10)"),
        ("Stop texting me!", "47 CFR 64.1200(a)(10)"),
        ("don\u{2019}t text me", "47 CFR 64.1200(a)(10)"),
        ("ARRET", "CWTA, Canadian common short codes"),
        ("ARR\u{ca}T", "the same with its accent, NFC"),
        ("arre\u{302}t", "the same with its accent, NFD"),
        ("D\u{e9}sabonner", "French"),
        ("Annuler", "French"),
        ("PARAR", "Spanish"),
        ("ALTO", "Spanish"),
        ("Cancelar", "Spanish"),
        ("BAJA", "Spanish"),
        ("No m\u{e1}s", "Spanish"),
        ("Remove me", "47 CFR 64.1200(a)(10)"),
        ("Take me off your list.", "47 CFR 64.1200(a)(10)"),
        ("Stop sending me messages", "47 CFR 64.1200(a)(10)"),
        ("Do not contact me", "47 CFR 64.1200(a)(10)"),
        ("I want to opt out", "47 CFR 64.1200(a)(10)"),
        ("STOP SMS", "AF2M, France"),
        ("STOP PUB", "AF2M, France"),
        ("me d\u{e9}sabonner", "French"),
        ("\u{421}\u{422}\u{41e}\u{41f}", "Russian"),
        ("Abmelden", "German"),
        ("STOP\n\nSent from my iPhone", "a signature of a phone"),
        ("Stop\r\n--\r\nAnn Miller", "a signature"),
    ];

    const NOT_STOPS: [&str; 36] = [
        "can you stop by at five?",
        "Can I stop by tomorrow?",
        "stop it",
        "don't stop",
        "Don\u{2019}t stop!",
        "non-stop",
        "bus stop",
        "the stop on Main Street",
        "stop 12",
        "cancel my appointment",
        "Please cancel",
        "I want to cancel the table",
        "cancel it",
        "the end",
        "The End.",
        "end of March",
        "at the end",
        "I quit smoking",
        "quit it",
        "the weekend",
        "revoke my access card",
        "How do I opt out of the newsletter and keep the reminders?",
        "optician",
        "remove the onions",
        "remove me from the table of eight, please",
        "take me off the waiting list for Monday",
        "stop sending me to the voice box",
        "Can you come?\n-- stop",
        "un arr\u{ea}t de bus",
        "para las cinco",
        "una mesa alta",
        "quiero cancelar mi cita",
        "yes",
        "",
        "\u{1f44b}",
        "\u{200b}",
    ];

    #[test]
    fn understands_stop_as_phones_write_it() {
        let read = |body: &str| {
            let form: Form = [("MessageSid", "SM1"), ("From", "+1555"), ("Body", body)].into_iter().collect();
            keyword(&SmsWebhook::read(&form).unwrap(), false)
        };
        for (body, source) in STOPS {
            assert_eq!(read(body), Some(OptOutType::Stop), "{body:?}: {source}");
        }
        for body in NOT_STOPS {
            assert_eq!(read(body), None, "{body:?}");
        }
        for body in ["START", "\u{201c}start\u{201d}", "Unstop!", "\u{ff33}TART"] {
            assert_eq!(read(body), Some(OptOutType::Start), "{body:?}");
        }
        for body in ["HELP", "help!", "\u{ff29}NFO", "Info\u{2026}"] {
            assert_eq!(read(body), Some(OptOutType::Help), "{body:?}");
        }
    }
}
