//! Providers of calls, SMS and e-mail, and the manners of the channels.

use secrecy::SecretString;
use serde::Deserialize;

use super::{CalendarProviders, EmailConfig, EmailProviders, Numbers};
use crate::error::{Error, Result};
use crate::http::twilio::TwilioAccount;

/// Who carries calls, messages and mail.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Providers {
    /// Calls and SMS.
    pub communication: Communication,
    /// E-mail.
    pub email: EmailProviders,
    /// Appointments.
    pub calendar: CalendarProviders,
}

/// Calls and SMS.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Communication {
    /// Twilio.
    pub twilio: Option<TwilioConfig>,
}

/// An account and number of Twilio's.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TwilioConfig {
    /// `AC…`.
    pub account_sid: Option<String>,
    /// The account's token; webhooks are signed with it.
    pub auth_token: Option<SecretString>,
    /// The number that calls and is called, E.164.
    pub phone_number: Option<String>,
    /// Another address than `https://api.twilio.com`: a region, an edge, a test.
    pub base_url: Option<String>,
    /// Where Twilio reaches this server: `https://example.com`. Without it calls go out, but nobody listens.
    pub webhook_base_url: Option<String>,
    /// Path of the webhook for calls; `/webhooks/voice/inbound` unless given.
    pub voice_webhook_path: Option<String>,
    /// Path of the webhook for SMS; `/webhooks/sms/inbound` unless given.
    pub sms_webhook_path: Option<String>,
    /// Whose voice speaks in calls; Twilio's default unless given.
    pub voice: Option<VoiceId>,
}

/// A voice of a text-to-speech service that Twilio speaks with.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VoiceId {
    /// Whose voice.
    pub provider: Option<VoiceProvider>,
    /// The voice's name there: `Joanna-Neural`, `en-US-Chirp3-HD-Aoede`.
    pub voice_id: Option<String>,
}

/// A text-to-speech service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VoiceProvider {
    /// Amazon Polly.
    Amazon,
    /// Google Cloud.
    Google,
    /// Known from the TypeScript SDK; `<Say>` has no voice of theirs.
    ElevenLabs,
}

impl VoiceId {
    /// The voice as `<Say>` names it.
    pub(crate) fn for_say(&self) -> Option<String> {
        let id = self.voice_id.as_deref().map(str::trim).filter(|id| !id.is_empty())?;
        match self.provider {
            Some(VoiceProvider::ElevenLabs) => None,
            // A name with its service, or one of Twilio's own.
            _ if id.contains('.') => Some(id.to_owned()),
            Some(VoiceProvider::Amazon) => Some(format!("Polly.{id}")),
            Some(VoiceProvider::Google) => Some(format!("Google.{id}")),
            None => Some(id.to_owned()),
        }
    }
}

impl TwilioConfig {
    /// A warning about a voice that nobody will hear.
    pub(crate) fn unspoken(&self) -> Option<String> {
        let voice = self.voice.as_ref()?;
        (voice.provider == Some(VoiceProvider::ElevenLabs)).then(|| {
            "Twilio's <Say> has no voices of ElevenLabs, so calls are spoken with Twilio's own. Set \
             `providers.communication.twilio.voice.provider` to 'amazon' or 'google', with a `voiceId` of theirs."
                .to_owned()
        })
    }

    /// The account, when it is given whole: a developer without one yet can do everything else.
    pub(crate) fn account(&self) -> Option<TwilioAccount> {
        let given = |text: &String| !text.trim().is_empty();
        Some(TwilioAccount {
            account_sid: self.account_sid.clone().filter(given)?,
            secret: self.auth_token.clone()?,
            api_key: None,
            base_url: self.base_url.clone(),
        })
    }
}

/// How the channels behave.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChannelsConfig {
    /// Calls.
    pub voice: VoiceConfig,
    /// SMS.
    pub sms: SmsConfig,
    /// E-mail.
    pub email: EmailConfig,
    /// Whether `handle…Webhook` refuses what comes without a signature; off unless given.
    pub require_signature: bool,
    /// Whether the ready handler takes only what the provider has signed; on unless given.
    pub verify_signatures: Option<bool>,
    /// Whether `X-Forwarded-Proto` and `X-Forwarded-Host` tell the public address where `webhookBaseUrl` does not; off unless
    /// given.
    pub trust_proxy: bool,
    /// Numbers that are not answered.
    pub blocked: Numbers,
}

impl ChannelsConfig {
    pub(super) fn validate(&self) -> Result<()> {
        if !(self.sms.conversation_hours > 0.0 && self.sms.conversation_hours.is_finite()) {
            return Err(Error::config(
                "channels.sms.conversationHours",
                "must be a positive number of hours",
            ));
        }
        if !(1..=60).contains(&self.voice.silence_seconds) {
            return Err(Error::config("channels.voice.silenceSeconds", "must be from 1 to 60"));
        }
        self.blocked.validate("channels.blocked")
    }
}

/// How calls are answered.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VoiceConfig {
    /// Calls of one customer answered an hour; 5 unless given.
    pub max_per_hour: u32,
    /// Language that is spoken and listened to, BCP 47; Twilio's default (`en-US`) unless given.
    pub language: Option<String>,
    /// Seconds to wait for the first word, twice; 5 unless given.
    pub silence_seconds: u16,
    /// Whether callers who hide their number are turned away; off unless given.
    pub reject_anonymous: bool,
    /// What is said first; who answers and for whom unless given.
    pub greeting: Option<String>,
    /// What else the line itself says.
    pub phrases: VoicePhrases,
}

impl Default for VoiceConfig {
    fn default() -> Self {
        Self {
            max_per_hour: 5,
            language: None,
            silence_seconds: 5,
            reject_anonymous: false,
            greeting: None,
            phrases: VoicePhrases::default(),
        }
    }
}

/// What the line says by itself; English unless given.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VoicePhrases {
    /// After a silence.
    pub silence: String,
    /// After a second silence; then the line hangs up.
    pub goodbye: String,
    /// When nothing was understood.
    pub repeat: String,
    /// When the answer takes long.
    pub moment: String,
    /// When the model or the database is down.
    pub apology: String,
    /// To who called too often.
    pub limit: String,
}

impl Default for VoicePhrases {
    fn default() -> Self {
        let owned = str::to_owned;
        Self {
            silence: owned("Are you still there?"),
            goodbye: owned("I can't hear you. Please call again. Goodbye."),
            repeat: owned("Sorry, I didn't catch that. Could you say it again?"),
            moment: owned("One moment, please."),
            apology: owned("I'm sorry, I can't answer right now. Please try again in a little while."),
            limit: owned("You have called very often. Please try again in an hour. Goodbye."),
        }
    }
}

/// How SMS are answered.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SmsConfig {
    /// Messages of one customer answered an hour; 10 unless given.
    pub max_per_hour: u32,
    /// Hours of silence after which a conversation is over; 24 unless given.
    pub conversation_hours: f64,
    /// Whether messages are answered at all; on unless given.
    pub auto_reply: bool,
    /// What STOP, START and HELP are answered, where Twilio does not do that itself.
    pub keyword_replies: KeywordReplies,
}

impl Default for SmsConfig {
    fn default() -> Self {
        Self {
            max_per_hour: 10,
            conversation_hours: 24.0,
            auto_reply: true,
            keyword_replies: KeywordReplies::default(),
        }
    }
}

/// Answers to keywords; none unless given, for Twilio answers them itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct KeywordReplies {
    /// To STOP.
    pub stop: Option<String>,
    /// To START.
    pub start: Option<String>,
    /// To HELP.
    pub help: Option<String>,
}
