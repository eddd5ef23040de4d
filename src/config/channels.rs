//! Options of the providers of calls, SMS and e-mail, and of the channels.

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use super::{
    CalendarProviders, EmailConfig, EmailProviders, LanguageOption, PhoneNumberPatterns, RelayConfig,
    VoiceMode, placeholder,
};
use crate::error::{Error, Result};

/// Providers of calls, messages, e-mail and appointments.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Providers {
    /// Calls and SMS.
    pub communication: CommunicationProviders,
    /// E-mail.
    pub email: EmailProviders,
    /// Appointments.
    pub calendar: CalendarProviders,
}

impl Providers {
    /// Rejects values that can never work. A missing value only causes a warning.
    pub(super) fn validate(&self) -> Result<()> {
        if let Some(twilio) = &self.communication.twilio {
            twilio.validate()?;
        }
        let Some(postmark) = self.email.postmark.as_ref().filter(|postmark| postmark.base_url.is_none())
        else {
            return Ok(());
        };
        let key = postmark.api_key.as_ref();
        placeholder::reject("providers.email.postmark.apiKey", key, "process.env.POSTMARK_API_KEY")
    }
}

/// Calls and SMS.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CommunicationProviders {
    /// Twilio.
    pub twilio: Option<TwilioConfig>,
}

/// A Twilio account and phone number.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TwilioConfig {
    /// Account SID, `AC…`.
    #[serde(default, deserialize_with = "super::secrets::text")]
    pub account_sid: Option<String>,
    /// Auth token of the account; webhooks are signed with it.
    #[serde(default, deserialize_with = "super::secrets::token")]
    pub auth_token: Option<SecretString>,
    /// Phone number of calls and SMS, in E.164 format.
    pub phone_number: Option<String>,
    /// WhatsApp sender. Default: `phone_number`.
    pub whatsapp_number: Option<String>,
    /// Base URL that replaces `https://api.twilio.com`: a region, an edge or a test server.
    pub base_url: Option<String>,
    /// Public URL at which Twilio reaches this server, such as `https://example.com`. Without it,
    /// outbound calls are placed, but speech is not received.
    pub webhook_base_url: Option<String>,
    /// Path of the voice webhook. Default: `/webhooks/voice/inbound`.
    pub voice_webhook_path: Option<String>,
    /// Path of the SMS webhook. Default: `/webhooks/sms/inbound`.
    pub sms_webhook_path: Option<String>,
    /// Voice of calls. Default: Twilio's default voice.
    pub voice: Option<VoiceId>,
}

/// A voice of a text-to-speech service that Twilio supports.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VoiceId {
    /// Text-to-speech service.
    pub provider: Option<VoiceProvider>,
    /// Name of the voice at the service: `Joanna-Neural`, `en-US-Chirp3-HD-Aoede`.
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
    /// ElevenLabs, an option of the TypeScript SDK. `<Say>` does not support its voices.
    ElevenLabs,
}

impl VoiceId {
    /// Returns the voice's name as an attribute of `<Say>`, if `<Say>` supports it.
    pub(crate) fn say_voice(&self) -> Option<String> {
        let id = self.voice_id.as_deref().map(str::trim).filter(|id| !id.is_empty())?;
        match self.provider {
            Some(VoiceProvider::ElevenLabs) => None,
            // A name that includes its service, or one of Twilio's own voices.
            _ if id.contains('.') => Some(id.to_owned()),
            Some(VoiceProvider::Amazon) => Some(format!("Polly.{id}")),
            Some(VoiceProvider::Google) => Some(format!("Google.{id}")),
            None => Some(id.to_owned()),
        }
    }
}

impl TwilioConfig {
    fn validate(&self) -> Result<()> {
        let option = |name: &str| format!("providers.communication.twilio.{name}");
        if self.base_url.is_none() {
            let sid = self.account_sid.as_deref();
            placeholder::reject_text(&option("accountSid"), sid, "process.env.TWILIO_ACCOUNT_SID")?;
            let token = self.auth_token.as_ref();
            placeholder::reject(&option("authToken"), token, "process.env.TWILIO_AUTH_TOKEN")?;
        }
        let number = self.phone_number.as_deref().map(str::trim).filter(|number| !number.is_empty());
        if number.is_some_and(|number| !is_phone_number_like(number)) {
            let reason = "must be the number that Twilio has given you, like '+15551234567'";
            return Err(Error::config(option("phoneNumber"), reason));
        }
        Ok(())
    }

    /// Returns a warning if `<Say>` does not support the voice.
    pub(crate) fn unsupported_voice_warning(&self) -> Option<String> {
        let voice = self.voice.as_ref()?;
        (voice.provider == Some(VoiceProvider::ElevenLabs)).then(|| {
            "Twilio's <Say> does not support ElevenLabs voices, so calls use Twilio's default voice. Set \
             `providers.communication.twilio.voice.provider` to 'amazon' or 'google', with one of its `voiceId`s."
                .to_owned()
        })
    }
}

/// Returns `true` if a text can be a phone number or short code in any notation, or a WhatsApp
/// sender.
fn is_phone_number_like(text: &str) -> bool {
    let number = text.strip_prefix("whatsapp:").unwrap_or(text);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    digits >= 3 && !number.chars().any(char::is_alphabetic)
}

/// Behaviour of the channels.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChannelsConfig {
    /// Calls.
    pub voice: VoiceConfig,
    /// SMS.
    pub sms: SmsConfig,
    /// E-mail.
    pub email: EmailConfig,
    /// Authentication of webhooks. Default: `auto`.
    pub webhook_auth: WebhookAuthMode,
    /// Takes the public address from `X-Forwarded-Proto` and `X-Forwarded-Host` if there is no
    /// `webhookBaseUrl`. Default: off.
    pub trust_proxy: bool,
    /// Blocked phone numbers, which get no answer.
    pub blocked: PhoneNumberPatterns,
}

impl ChannelsConfig {
    pub(super) fn validate(&self) -> Result<()> {
        if !(self.sms.session_timeout_hours > 0.0 && self.sms.session_timeout_hours.is_finite()) {
            return Err(Error::config(
                "channels.sms.sessionTimeoutHours",
                "must be a positive number of hours",
            ));
        }
        if !(1..=60).contains(&self.voice.no_input_timeout_seconds) {
            return Err(Error::config("channels.voice.noInputTimeoutSeconds", "must be from 1 to 60"));
        }
        self.voice.relay.validate(self.voice.language.as_deref())?;
        for (at, language) in self.voice.languages.iter().enumerate() {
            language.validate(at)?;
        }
        self.blocked.validate("channels.blocked")
    }
}

/// A mode of webhook authentication. The built-in request handler is `receptionist.webhooks`; the
/// methods are `handle…Webhook`, which get the credentials from the developer's code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub enum WebhookAuthMode {
    /// The built-in request handler and the methods reject requests without credentials.
    Required,
    /// The built-in request handler rejects requests without credentials. The methods verify the
    /// credentials that they get, and accept requests without.
    #[default]
    Auto,
    /// The built-in request handler verifies nothing; the methods behave as in `Auto`. For tests.
    Off,
}

impl TryFrom<Value> for WebhookAuthMode {
    type Error = &'static str;

    /// Reads a mode. The error names the modes for values of any type, also for `true` and `false`.
    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match value.as_str() {
            Some("required") => Ok(Self::Required),
            Some("auto") => Ok(Self::Auto),
            Some("off") => Ok(Self::Off),
            _ => Err("must be one of `required`, `auto`, `off`"),
        }
    }
}

/// Options of inbound calls.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VoiceConfig {
    /// Mode of calls. Default: live if sockets are accepted, else turn by turn.
    pub mode: Option<VoiceMode>,
    /// Options of live calls.
    pub relay: RelayConfig,
    /// Maximum calls per customer and hour. Default: 5.
    pub max_per_hour: u32,
    /// BCP 47 language of speech recognition and synthesis. Default: Twilio's default (`en-US`).
    pub language: Option<String>,
    /// Further languages of live calls. The agent can switch to them.
    pub languages: Vec<LanguageOption>,
    /// Seconds to wait for speech, up to two times. Default: 5.
    pub no_input_timeout_seconds: u16,
    /// Rejects callers who withhold their number. Default: off.
    pub reject_anonymous: bool,
    /// Greeting at the start of a call. Default: the agent's name and company.
    pub greeting: Option<String>,
    /// Other phrases of calls.
    pub phrases: VoicePhrases,
}

/// Twilio's default language.
const DEFAULT_LANGUAGE: &str = "en-US";

impl VoiceConfig {
    /// Returns the languages between which a live call can switch, the first one at the start. Empty if
    /// calls have a single language.
    pub(crate) fn switchable_languages(&self) -> Vec<&str> {
        if self.languages.is_empty() {
            return Vec::new();
        }
        let first = self.language.as_deref().unwrap_or(DEFAULT_LANGUAGE);
        std::iter::once(first).chain(self.languages.iter().map(|language| language.code.as_str())).collect()
    }
}

impl Default for VoiceConfig {
    fn default() -> Self {
        Self {
            mode: None,
            relay: RelayConfig::default(),
            max_per_hour: 5,
            language: None,
            languages: Vec::new(),
            no_input_timeout_seconds: 5,
            reject_anonymous: false,
            greeting: None,
            phrases: VoicePhrases::default(),
        }
    }
}

/// Fixed phrases of calls. Default: shipped phrases in the language of the line.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VoicePhrases {
    /// Said after a silence.
    pub no_input: Option<String>,
    /// Said after the last silence, before hanging up.
    pub goodbye: Option<String>,
    /// Said when no speech was recognized.
    pub no_match: Option<String>,
    /// Said when the answer takes long.
    pub please_wait: Option<String>,
    /// Said in turn when a tool takes long in a live call.
    pub fillers: Option<Vec<String>>,
    /// Said when the model or the database is unavailable.
    pub apology: Option<String>,
    /// Said to callers above the hourly limit.
    pub limit: Option<String>,
}

/// Options of inbound SMS.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SmsConfig {
    /// Maximum messages per customer and hour. Default: 10.
    pub max_per_hour: u32,
    /// Hours of inactivity after which a conversation ends. Default: 24.
    pub session_timeout_hours: f64,
    /// Answers messages automatically. Default: on.
    pub auto_reply: bool,
    /// Replies to STOP, START and HELP, for numbers on which Twilio does not reply itself.
    pub keyword_replies: KeywordReplies,
}

impl Default for SmsConfig {
    fn default() -> Self {
        Self {
            max_per_hour: 10,
            session_timeout_hours: 24.0,
            auto_reply: true,
            keyword_replies: KeywordReplies::default(),
        }
    }
}

/// Replies to keywords. Default: none, because Twilio replies itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct KeywordReplies {
    /// Reply to STOP.
    pub stop: Option<String>,
    /// Reply to START.
    pub start: Option<String>,
    /// Reply to HELP.
    pub help: Option<String>,
}
