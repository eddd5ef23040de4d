//! What a call hears, as TwiML.

use crate::channels::twiml::{Gather, Say, Verb, voice_response};
use crate::config::{VoiceConfig, VoicePhrases};

/// Seconds before an answer that was not ready is asked for again.
const PAUSE_SECONDS: u16 = 1;

/// The line's voice and words.
pub(super) struct Speech {
    /// As `<Say>` names it.
    voice: Option<String>,
    language: Option<String>,
    silence_seconds: u16,
    phrases: VoicePhrases,
}

impl Speech {
    pub fn new(config: &VoiceConfig, voice: Option<String>) -> Self {
        Self {
            voice,
            language: config.language.clone(),
            silence_seconds: config.silence_seconds,
            phrases: config.phrases.clone(),
        }
    }

    /// Says something and listens; what is heard is posted to `next`, or to the current address. After a silence asks once
    /// more, then hangs up. Who speaks interrupts what is being said.
    pub fn listen(&self, words: &str, next: Option<String>) -> String {
        let gather = |words: &str| {
            Verb::Gather(Gather {
                input: Some("speech".to_owned()),
                action: next.clone(),
                timeout: Some(self.silence_seconds),
                speech_timeout: Some("auto".to_owned()),
                language: self.language.clone(),
                prompts: vec![self.say(words)],
                ..Gather::default()
            })
        };
        voice_response(&[
            gather(words),
            gather(&self.phrases.silence),
            self.say(&self.phrases.goodbye),
            Verb::Hangup,
        ])
    }

    /// Asks to say it again.
    pub fn repeat(&self, next: Option<String>) -> String {
        self.listen(&self.phrases.repeat, next)
    }

    /// Apologises, and listens: the next try may succeed.
    pub fn apologise(&self, next: Option<String>) -> String {
        self.listen(&self.phrases.apology, next)
    }

    /// Has Twilio ask again at `again`; where that is not known, at the current address, after a silence.
    pub fn wait(&self, again: Option<String>, first: bool) -> String {
        let mut verbs = Vec::new();
        if first {
            verbs.push(self.say(&self.phrases.moment));
        }
        match again {
            Some(url) => verbs.extend([Verb::Pause { length: PAUSE_SECONDS }, Verb::Redirect { url }]),
            None => verbs.push(Verb::Gather(Gather {
                input: Some("speech".to_owned()),
                action_on_empty_result: Some(true),
                timeout: Some(PAUSE_SECONDS),
                ..Gather::default()
            })),
        }
        voice_response(&verbs)
    }

    /// Says something last.
    pub fn end(&self, words: &str) -> String {
        voice_response(&[self.say(words), Verb::Hangup])
    }

    /// Tells somebody who called too often.
    pub fn refuse(&self) -> String {
        self.end(&self.phrases.limit)
    }

    /// Apologises, and hangs up: nothing can be kept.
    pub fn give_up(&self) -> String {
        self.end(&self.phrases.apology)
    }

    fn say(&self, words: &str) -> Verb {
        Verb::Say(Say { text: words.to_owned(), voice: self.voice.clone(), language: self.language.clone() })
    }
}
