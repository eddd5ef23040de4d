//! Voice prompts of a call, as TwiML.

use crate::channels::voice::phrases::Phrases;
use crate::config::VoiceConfig;
use crate::providers::twilio::twiml::{Gather, Say, Verb, voice_response};

/// Seconds before Twilio retries a turn whose reply is not ready.
const PAUSE_SECONDS: u16 = 1;

/// The voice, language and phrases of the line.
pub(super) struct VoicePrompts {
    /// The voice name for `<Say>`.
    voice: Option<String>,
    language: Option<String>,
    no_input_timeout_seconds: u16,
    phrases: Phrases,
}

impl VoicePrompts {
    pub fn new(config: &VoiceConfig, voice: Option<String>) -> Self {
        Self {
            voice,
            language: config.language.clone(),
            no_input_timeout_seconds: config.no_input_timeout_seconds,
            phrases: Phrases::new(config.language.as_deref(), &config.phrases),
        }
    }

    /// Speaks and listens. The speech is posted to `next`, or to the current URL. After silence it
    /// prompts once more, then hangs up. The caller can interrupt the prompt.
    pub fn say_and_listen(&self, text: &str, next: Option<String>) -> String {
        let gather = |text: &str| {
            Verb::Gather(Gather {
                input: Some("speech".to_owned()),
                action: next.clone(),
                timeout: Some(self.no_input_timeout_seconds),
                speech_timeout: Some("auto".to_owned()),
                language: self.language.clone(),
                prompts: vec![self.say(text)],
                ..Gather::default()
            })
        };
        voice_response(&[
            gather(text),
            gather(&self.phrases.no_input),
            self.say(&self.phrases.goodbye),
            Verb::Hangup,
        ])
    }

    /// Listens without a word, because everything was said.
    pub fn listen(&self, next: Option<String>) -> String {
        self.say_and_listen("", next)
    }

    /// Asks the caller to repeat.
    pub fn ask_to_repeat(&self, next: Option<String>) -> String {
        self.say_and_listen(&self.phrases.no_match, next)
    }

    /// Apologizes and listens, because the next turn may succeed.
    pub fn apologize(&self, next: Option<String>) -> String {
        self.say_and_listen(&self.phrases.apology, next)
    }

    /// Tells Twilio to retry at `retry_url`. Without a URL, it retries at the current one after a
    /// silence.
    pub fn ask_to_wait(&self, retry_url: Option<String>, first: bool) -> String {
        let mut verbs = Vec::new();
        if first {
            verbs.push(self.say(&self.phrases.please_wait));
        }
        match retry_url {
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

    /// Speaks a last sentence and hangs up.
    pub fn say_and_hang_up(&self, text: &str) -> String {
        voice_response(&[self.say(text), Verb::Hangup])
    }

    /// Tells a caller that the rate limit is reached, and hangs up.
    pub fn say_rate_limited(&self) -> String {
        self.say_and_hang_up(&self.phrases.limit)
    }

    /// Apologizes and hangs up, because nothing can be stored.
    pub fn apologize_and_hang_up(&self) -> String {
        self.say_and_hang_up(&self.phrases.apology)
    }

    fn say(&self, text: &str) -> Verb {
        Verb::Say(Say { text: text.to_owned(), voice: self.voice.clone(), language: self.language.clone() })
    }
}
