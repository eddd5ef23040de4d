//! The speech of live calls, as TwiML and as options of their sessions.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::channels::voice::phrases::Phrases;
use crate::channels::voice::relay::options::{LineLanguage, SessionOptions};
use crate::config::{
    Config, LanguageOption, TtsProvider, VoiceConfig, VoiceId, VoiceMode, VoicePhrases, VoiceProvider,
};
use crate::providers::twilio::twiml::{Verb, voice_response};
use crate::providers::twilio::{ConversationRelay, RelayLanguage};

/// The speech of live calls.
pub(super) struct RelayPrompts {
    mode: Option<VoiceMode>,
    /// `true` once this process accepts sockets.
    accepts_lines: Arc<AtomicBool>,
    attributes: ConversationRelay,
    phrases: Phrases,
    /// The languages of a session, the first one included.
    languages: Vec<LineLanguage>,
    no_input_timeout: Duration,
}

impl RelayPrompts {
    pub fn new(config: &Config, accepts_lines: Arc<AtomicBool>) -> Self {
        let voice = &config.channels.voice;
        let account = config.providers.communication.twilio.as_ref();
        let account_voice = account.and_then(|twilio| twilio.voice.as_ref());
        Self {
            mode: voice.mode,
            accepts_lines,
            attributes: attributes(voice, account_voice),
            phrases: Phrases::new(voice.language.as_deref(), &voice.phrases),
            languages: languages(voice),
            no_input_timeout: Duration::from_secs(u64::from(voice.no_input_timeout_seconds)),
        }
    }

    /// Returns `true` if calls are live. A socket that cannot be reached makes the caller hear busy,
    /// so by default they are only if sockets are accepted.
    pub fn is_used(&self) -> bool {
        match self.mode {
            Some(mode) => mode == VoiceMode::Relay,
            None => self.accepts_lines.load(Ordering::Relaxed),
        }
    }

    /// Connects a call to a socket and greets. `action` decides what follows.
    pub fn connect(&self, url: String, greeting: String, action: Option<String>) -> String {
        let welcome_greeting = Some(greeting).filter(|greeting| !greeting.trim().is_empty());
        let relay = ConversationRelay { url, welcome_greeting, ..self.attributes.clone() };
        voice_response(&[Verb::Connect { action, relay }])
    }

    /// Returns the options of a session.
    pub fn session_options(&self, greeting: String) -> SessionOptions {
        SessionOptions {
            greeting: Some(greeting).filter(|greeting| !greeting.trim().is_empty()),
            no_input_timeout: self.no_input_timeout,
            phrases: self.phrases.clone(),
            languages: self.languages.clone(),
        }
    }
}

/// Returns the attributes of a session, except its URL and greeting. `account_voice` is the voice of
/// `providers.communication.twilio.voice`.
fn attributes(voice: &VoiceConfig, account_voice: Option<&VoiceId>) -> ConversationRelay {
    let relay = &voice.relay;
    let account_provider = account_voice.and_then(|voice| voice.provider).map(tts_provider);
    let account_voice =
        account_voice.and_then(|voice| voice.voice_id.clone()).filter(|_| account_provider.is_some());
    let (provider, name) = match relay.tts_provider {
        Some(provider) => (Some(provider), relay.voice.clone()),
        None => (account_provider, relay.voice.clone().or(account_voice)),
    };
    ConversationRelay {
        url: String::new(),
        welcome_greeting: None,
        welcome_greeting_interruptible: relay
            .welcome_greeting_interruptible
            .map(|option| option.attribute().to_owned()),
        language: voice.language.clone(),
        tts_provider: provider.map(|provider| provider.attribute().to_owned()),
        voice: name,
        transcription_provider: relay.transcription_provider.map(|provider| provider.attribute().to_owned()),
        speech_model: relay.speech_model.clone(),
        hints: relay.hints.attribute(),
        interruptible: relay.interruptible.map(|option| option.attribute().to_owned()),
        interrupt_sensitivity: relay.interrupt_sensitivity.map(|given| given.attribute().to_owned()),
        dtmf_detection: Some(relay.dtmf_detection.unwrap_or(true)),
        partial_prompts: relay.partial_prompts,
        ignore_backchannel: relay.ignore_backchannel,
        speech_timeout: relay.speech_timeout.as_ref().map(|timeout| timeout.attribute().to_owned()),
        languages: voice.languages.iter().map(language).collect(),
    }
}

fn tts_provider(provider: VoiceProvider) -> TtsProvider {
    match provider {
        VoiceProvider::Amazon => TtsProvider::Amazon,
        VoiceProvider::Google => TtsProvider::Google,
        VoiceProvider::ElevenLabs => TtsProvider::ElevenLabs,
    }
}

fn language(option: &LanguageOption) -> RelayLanguage {
    RelayLanguage {
        code: option.code.clone(),
        tts_provider: option.tts_provider.map(|provider| provider.attribute().to_owned()),
        voice: option.voice.clone(),
        transcription_provider: option.transcription_provider.map(|provider| provider.attribute().to_owned()),
        speech_model: option.speech_model.clone(),
    }
}

/// Returns the languages that a call can switch to, with their phrases. The developer's phrases are in
/// the first language.
fn languages(voice: &VoiceConfig) -> Vec<LineLanguage> {
    let (given, shipped) = (&voice.phrases, VoicePhrases::default());
    let codes = voice.switchable_languages().into_iter().enumerate();
    let language = |(place, code): (usize, &str)| LineLanguage {
        code: code.to_owned(),
        phrases: Phrases::new(Some(code), if place == 0 { given } else { &shipped }),
    };
    codes.map(language).collect()
}
