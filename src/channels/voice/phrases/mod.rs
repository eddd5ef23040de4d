//! The fixed phrases of calls, in the language of the line.

mod languages;

use crate::config::VoicePhrases;
use languages::{ENGLISH, LANGUAGES, Translation};

/// The fixed phrases of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrases {
    /// Said after a silence.
    pub no_input: String,
    /// Said after the last silence, before hanging up.
    pub goodbye: String,
    /// Said when no speech was recognized.
    pub no_match: String,
    /// Said when the answer takes long.
    pub please_wait: String,
    /// Said in turn when a tool takes long in a live call.
    pub fillers: Vec<String>,
    /// Said when the model or the database is unavailable.
    pub apology: String,
    /// Said to callers above the hourly limit.
    pub limit: String,
}

impl Phrases {
    /// Returns the phrases for a language (BCP 47), English if there are none for it. Those of the
    /// configuration replace them.
    pub fn new(language: Option<&str>, configured: &VoicePhrases) -> Self {
        let shipped = translation(language);
        let phrase =
            |given: &Option<String>, shipped: &str| given.clone().unwrap_or_else(|| shipped.to_owned());
        Self {
            no_input: phrase(&configured.no_input, shipped.no_input),
            goodbye: phrase(&configured.goodbye, shipped.goodbye),
            no_match: phrase(&configured.no_match, shipped.no_match),
            please_wait: phrase(&configured.please_wait, shipped.fillers[0]),
            fillers: configured
                .fillers
                .clone()
                .unwrap_or_else(|| shipped.fillers.map(str::to_owned).to_vec()),
            apology: phrase(&configured.apology, shipped.apology),
            limit: phrase(&configured.limit, shipped.limit),
        }
    }
}

/// Returns the greeting of an agent in a language (BCP 47), English if there is none for it.
pub fn greeting(language: Option<&str>, name: Option<&str>, company: Option<&str>) -> String {
    let Translation { greeting, named_greeting, company_greeting, .. } = translation(language);
    match (name, company) {
        (Some(name), Some(company)) => company_greeting.replace("{name}", name).replace("{company}", company),
        (Some(name), None) => named_greeting.replace("{name}", name),
        (None, _) => (*greeting).to_owned(),
    }
}

/// Returns the phrases of a language by its primary subtag.
fn translation(language: Option<&str>) -> &'static Translation {
    let primary = language.and_then(|language| language.split(['-', '_']).next()).unwrap_or_default();
    let found =
        LANGUAGES.iter().find(|(codes, _)| codes.iter().any(|code| code.eq_ignore_ascii_case(primary)));
    found.map_or(&ENGLISH, |(_, translation)| translation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primary_subtag_decides() {
        let german = Phrases::new(Some("de-AT"), &VoicePhrases::default());
        assert_eq!(german.no_input, "Sind Sie noch da?");
        assert_eq!(Phrases::new(Some("DE"), &VoicePhrases::default()), german);
        assert_eq!(Phrases::new(Some("cmn-Hans-CN"), &VoicePhrases::default()).no_input, "您还在吗？");
        let english = Phrases::new(None, &VoicePhrases::default());
        for other in ["en-GB", "multi", "xx", "", "-"] {
            assert_eq!(Phrases::new(Some(other), &VoicePhrases::default()), english, "{other}");
        }
    }

    #[test]
    fn configured_phrases_come_first() {
        let configured = VoicePhrases { no_input: Some("Hallo?".to_owned()), ..VoicePhrases::default() };
        let phrases = Phrases::new(Some("de"), &configured);
        assert_eq!((phrases.no_input.as_str(), phrases.goodbye.is_empty()), ("Hallo?", false));
    }

    #[test]
    fn every_language_greets_with_name_and_company() {
        for (codes, _) in &LANGUAGES {
            let text = greeting(Some(codes[0]), Some("Sarah"), Some("Acme"));
            assert!(text.contains("Sarah") && text.contains("Acme") && !text.contains('{'), "{text}");
            let text = greeting(Some(codes[0]), Some("Sarah"), None);
            assert!(text.contains("Sarah") && !text.contains('{'), "{text}");
        }
        assert_eq!(greeting(None, None, Some("Acme")), "Hello! How can I help you?");
    }
}
