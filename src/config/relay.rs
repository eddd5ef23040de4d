//! Options of live calls: speech, voices and interruptions.

use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Result};

/// A mode of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VoiceMode {
    /// Live, over a WebSocket.
    Relay,
    /// Turn by turn, with requests.
    Gather,
}

/// Options of live calls. Without a value, Twilio's default applies.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RelayConfig {
    /// Input that interrupts the greeting. Default: `any`.
    pub welcome_greeting_interruptible: Option<InterruptionOption>,
    /// Text-to-speech service. Default: that of `providers.communication.twilio.voice`, else
    /// ElevenLabs.
    pub tts_provider: Option<TtsProvider>,
    /// Voice at that service.
    pub voice: Option<String>,
    /// Speech-to-text service. Default: Deepgram.
    pub transcription_provider: Option<TranscriptionProvider>,
    /// Speech model.
    pub speech_model: Option<String>,
    /// Likely words, such as names.
    pub hints: Hints,
    /// Input that interrupts the agent. Default: `any`.
    pub interruptible: Option<InterruptionOption>,
    /// Sensitivity to interrupting speech. Default: `high`.
    pub interrupt_sensitivity: Option<Sensitivity>,
    /// Reports keys. Default: on.
    pub dtmf_detection: Option<bool>,
    /// Reports intermediate transcripts. Default: off.
    pub partial_prompts: Option<bool>,
    /// Ignores words such as "mhm" while the agent speaks. Default: off.
    pub ignore_backchannel: Option<bool>,
    /// Silence that ends an utterance: 600 to 5,000 milliseconds, or `auto`. Default: `auto`.
    pub speech_timeout: Option<SpeechTimeout>,
}

/// Input that interrupts speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interruption {
    /// None.
    None,
    /// A keypress.
    Dtmf,
    /// Speech.
    Speech,
    /// A keypress or speech.
    Any,
}

/// Input that interrupts speech: a kind, or `true` for any and `false` for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum InterruptionOption {
    /// Any or none.
    Switch(bool),
    /// A kind.
    Kind(Interruption),
}

impl InterruptionOption {
    /// Returns the value of Twilio's attribute.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Switch(true) | Self::Kind(Interruption::Any) => "any",
            Self::Switch(false) | Self::Kind(Interruption::None) => "none",
            Self::Kind(Interruption::Dtmf) => "dtmf",
            Self::Kind(Interruption::Speech) => "speech",
        }
    }
}

/// A text-to-speech service of live calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum TtsProvider {
    /// ElevenLabs.
    ElevenLabs,
    /// Google Cloud.
    Google,
    /// Amazon Polly.
    Amazon,
}

impl TtsProvider {
    /// Returns the value of Twilio's attribute.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::ElevenLabs => "ElevenLabs",
            Self::Google => "Google",
            Self::Amazon => "Amazon",
        }
    }
}

/// A speech-to-text service of live calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum TranscriptionProvider {
    /// Deepgram.
    Deepgram,
    /// Google Cloud.
    Google,
}

impl TranscriptionProvider {
    /// Returns the value of Twilio's attribute.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Deepgram => "Deepgram",
            Self::Google => "Google",
        }
    }
}

/// A sensitivity to interrupting speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// Only clear speech.
    Low,
    /// Most speech.
    Medium,
    /// Any speech.
    High,
}

impl Sensitivity {
    /// Returns the value of Twilio's attribute.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Likely words: a list, or a text with commas.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "HintsOption")]
pub struct Hints(Vec<String>);

impl Hints {
    /// Returns the words, separated by commas, if there are any.
    pub(crate) fn attribute(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join(","))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum HintsOption {
    Text(String),
    List(Vec<String>),
}

impl From<HintsOption> for Hints {
    fn from(option: HintsOption) -> Self {
        let words = match option {
            HintsOption::Text(text) => text.split(',').map(str::to_owned).collect(),
            HintsOption::List(words) => words,
        };
        let words = words.into_iter().map(|word| word.trim().to_owned());
        Self(words.filter(|word| !word.is_empty()).collect())
    }
}

/// Silence that ends an utterance.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub struct SpeechTimeout(String);

impl SpeechTimeout {
    /// Returns the value of Twilio's attribute.
    pub(crate) fn attribute(&self) -> &str {
        &self.0
    }
}

impl TryFrom<Value> for SpeechTimeout {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match (value.as_str(), value.as_u64()) {
            (Some("auto"), _) => Ok(Self("auto".to_owned())),
            (_, Some(millis @ 600..=5_000)) => Ok(Self(millis.to_string())),
            _ => Err("must be from 600 to 5000 milliseconds, or 'auto'"),
        }
    }
}

/// A further language of live calls. Without a value, that of the first language applies.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LanguageOption {
    /// Language, BCP 47.
    pub code: String,
    /// Text-to-speech service.
    pub tts_provider: Option<TtsProvider>,
    /// Voice at that service.
    pub voice: Option<String>,
    /// Speech-to-text service.
    pub transcription_provider: Option<TranscriptionProvider>,
    /// Speech model.
    pub speech_model: Option<String>,
}

impl LanguageOption {
    /// Rejects a language that is not written as a BCP 47 code.
    pub(super) fn validate(&self, at: usize) -> Result<()> {
        let is_code =
            |part: &str| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric());
        if self.code.split('-').all(is_code) && self.code.len() >= 2 {
            return Ok(());
        }
        let reason = "must be a language like 'es-ES' (BCP 47)";
        Err(Error::config(format!("channels.voice.languages[{at}].code"), reason))
    }
}

impl RelayConfig {
    /// Rejects combinations with which Twilio ends the call.
    pub(super) fn validate(&self, language: Option<&str>) -> Result<()> {
        let tts = self.tts_provider.unwrap_or(TtsProvider::ElevenLabs);
        let transcription = self.transcription_provider.unwrap_or(TranscriptionProvider::Deepgram);
        let is_multilingual = language == Some("multi");
        if is_multilingual
            && (tts, transcription) != (TtsProvider::ElevenLabs, TranscriptionProvider::Deepgram)
        {
            let reason = "'multi' needs `channels.voice.relay.ttsProvider` 'ElevenLabs' and \
                          `transcriptionProvider` 'Deepgram'; with others Twilio ends the call";
            return Err(Error::config("channels.voice.language", reason));
        }
        let voice = self.voice.as_deref().map(str::trim);
        if voice.is_some_and(str::is_empty) {
            let reason =
                "is empty, and with an empty voice Twilio ends the call; leave it out for the default";
            return Err(Error::config("channels.voice.relay.voice", reason));
        }
        if let (Some(voice), None) = (voice, self.tts_provider)
            && is_name_of_google_or_amazon(voice)
        {
            let reason = "is the name of a voice of Google or Amazon; set `channels.voice.relay.ttsProvider` to \
                          'Google' or 'Amazon' too, because the default is 'ElevenLabs' and Twilio ends the call";
            return Err(Error::config("channels.voice.relay.voice", reason));
        }
        let model = self.speech_model.as_deref().unwrap_or_default();
        let is_deepgram_model = ["flux", "nova"].iter().any(|family| model.starts_with(family));
        if is_deepgram_model && transcription == TranscriptionProvider::Google {
            let reason = "is a model of Deepgram; set `transcriptionProvider` to 'Deepgram', or leave it out";
            return Err(Error::config("channels.voice.relay.speechModel", reason));
        }
        Ok(())
    }
}

/// Returns `true` for names such as `en-US-Journey-O` and `Joanna-Neural`. Those of ElevenLabs are ids.
fn is_name_of_google_or_amazon(voice: &str) -> bool {
    ["-Neural", "-Generative", "-Standard", "-Wavenet", "-Journey", "-Chirp", "-Studio"]
        .iter()
        .any(|part| voice.contains(part))
}
