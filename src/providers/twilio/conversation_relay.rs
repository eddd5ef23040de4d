//! `<ConversationRelay>`: Twilio listens and speaks, and exchanges text over a WebSocket.
//!
//! The spelling of the attributes is that of Twilio's TwiML reference.

use serde::Deserialize;

/// The attributes of `<ConversationRelay>`. `None` leaves Twilio's default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConversationRelay {
    /// The WebSocket, `wss://…`.
    pub url: String,
    /// The greeting, spoken when the socket is open.
    pub welcome_greeting: Option<String>,
    /// Input that interrupts the greeting: `none`, `dtmf`, `speech`, `any`. Twilio's default is `any`.
    pub welcome_greeting_interruptible: Option<String>,
    /// The language of both directions, BCP 47.
    pub language: Option<String>,
    /// The text-to-speech service: `ElevenLabs`, `Google`, `Amazon`.
    pub tts_provider: Option<String>,
    /// The voice at that service.
    pub voice: Option<String>,
    /// The speech-to-text service: `Deepgram`, `Google`.
    pub transcription_provider: Option<String>,
    /// The speech model.
    pub speech_model: Option<String>,
    /// Likely words, separated by commas.
    pub hints: Option<String>,
    /// Input that interrupts the agent. Twilio's default is `any`.
    pub interruptible: Option<String>,
    /// Sensitivity to interrupting speech: `low`, `medium`, `high`.
    pub interrupt_sensitivity: Option<String>,
    /// `true` to report keys.
    pub dtmf_detection: Option<bool>,
    /// `true` to report intermediate transcripts.
    pub partial_prompts: Option<bool>,
    /// `true` to ignore words such as "mhm" while the agent speaks.
    pub ignore_backchannel: Option<bool>,
    /// Milliseconds of silence that end an utterance, or `auto`.
    pub speech_timeout: Option<String>,
    /// The further languages of the session.
    pub languages: Vec<RelayLanguage>,
}

/// The attributes of `<Language>`. `None` leaves those of the session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RelayLanguage {
    /// The language, BCP 47.
    pub code: String,
    /// The text-to-speech service.
    pub tts_provider: Option<String>,
    /// The voice at that service.
    pub voice: Option<String>,
    /// The speech-to-text service.
    pub transcription_provider: Option<String>,
    /// The speech model.
    pub speech_model: Option<String>,
}

impl RelayLanguage {
    /// Returns the attributes with a value, in a fixed order.
    pub(super) fn attributes(&self) -> Vec<(&'static str, String)> {
        let attributes = [
            ("code", Some(self.code.clone())),
            ("ttsProvider", self.tts_provider.clone()),
            ("voice", self.voice.clone()),
            ("transcriptionProvider", self.transcription_provider.clone()),
            ("speechModel", self.speech_model.clone()),
        ];
        attributes.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

impl ConversationRelay {
    /// Returns the attributes with a value, in a fixed order.
    pub(super) fn attributes(&self) -> Vec<(&'static str, String)> {
        let text = |text: &Option<String>| text.clone();
        let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
        let attributes = [
            ("url", Some(self.url.clone())),
            ("welcomeGreeting", text(&self.welcome_greeting)),
            ("welcomeGreetingInterruptible", text(&self.welcome_greeting_interruptible)),
            ("language", text(&self.language)),
            ("ttsProvider", text(&self.tts_provider)),
            ("voice", text(&self.voice)),
            ("transcriptionProvider", text(&self.transcription_provider)),
            ("speechModel", text(&self.speech_model)),
            ("hints", text(&self.hints)),
            ("interruptible", text(&self.interruptible)),
            ("interruptSensitivity", text(&self.interrupt_sensitivity)),
            // Without it, the words of an interruption may never arrive.
            ("reportInputDuringAgentSpeech", Some("any".to_owned())),
            ("dtmfDetection", flag(self.dtmf_detection)),
            ("partialPrompts", flag(self.partial_prompts)),
            ("ignoreBackchannel", flag(self.ignore_backchannel)),
            ("speechTimeout", text(&self.speech_timeout)),
            // They tell what was heard.
            ("events", Some("speaker-events tokens-played".to_owned())),
        ];
        attributes.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}
