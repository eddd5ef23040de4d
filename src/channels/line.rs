//! Our end of the line: the number, and where Twilio reaches this server.

use url::Url;

use crate::config::TwilioConfig;
use crate::customer::normalize_phone;
use crate::error::{Error, Result};
use crate::http::twilio::Twilio;

const VOICE_PATH: &str = "/webhooks/voice/inbound";
const SMS_PATH: &str = "/webhooks/sms/inbound";

/// Paths beneath that of inbound calls and messages.
pub(super) const STATUS: &str = "/status";
pub(super) const RECORDING: &str = "/recording";

/// Our end of the line.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// E.164, as the developer gives it.
    pub number: Option<String>,
    base: Option<Url>,
    voice_path: String,
    sms_path: String,
}

impl Line {
    /// Reads the configuration.
    ///
    /// Fails with `INVALID_CONFIG` when `webhookBaseUrl` is no http(s) URL.
    pub fn new(twilio: Option<&TwilioConfig>) -> Result<Self> {
        let given =
            |text: Option<&String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let base = twilio.and_then(|twilio| given(twilio.webhook_base_url.as_ref()));
        let base = base.map(|base| {
            let url = Url::parse(&base)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            url.ok_or_else(|| {
                let reason = "must be a URL like https://example.com";
                Error::config("providers.communication.twilio.webhookBaseUrl", reason)
            })
        });
        let path = |given: Option<String>, default: &str| {
            let path = given.unwrap_or_else(|| default.to_owned());
            format!("/{}", path.trim_matches('/'))
        };
        Ok(Self {
            number: twilio.and_then(|twilio| given(twilio.phone_number.as_ref())),
            base: base.transpose()?,
            voice_path: path(twilio.and_then(|twilio| given(twilio.voice_webhook_path.as_ref())), VOICE_PATH),
            sms_path: path(twilio.and_then(|twilio| given(twilio.sms_webhook_path.as_ref())), SMS_PATH),
        })
    }

    /// The account, and the number that calls and messages come from, E.164.
    ///
    /// Fails with `PROVIDER_NOT_CONFIGURED` or `INVALID_CONFIG`.
    pub fn sender<'a>(&self, twilio: Option<&'a Twilio>, country: &str) -> Result<(&'a Twilio, String)> {
        let (Some(twilio), Some(number)) = (twilio, self.number.as_deref()) else {
            return Err(Error::ProviderNotConfigured {
                provider: "Twilio",
                options: vec!["providers.communication.twilio.accountSid", "authToken", "phoneNumber"],
            });
        };
        let number = normalize_phone(number, country).ok_or_else(|| {
            let reason = "must be a phone number like +15551234567";
            Error::config("providers.communication.twilio.phoneNumber", reason)
        })?;
        Ok((twilio, number))
    }

    /// Path of inbound calls and their turns.
    pub fn voice_path(&self) -> &str {
        &self.voice_path
    }

    /// Path of inbound messages.
    pub fn sms_path(&self) -> &str {
        &self.sms_path
    }

    /// Where Twilio posts what happens in calls, when it can reach this server.
    pub fn voice_url(&self, beneath: &str) -> Option<String> {
        self.url(&format!("{}{beneath}", self.voice_path))
    }

    /// Where Twilio posts what became of messages.
    pub fn sms_status_url(&self) -> Option<String> {
        self.url(&format!("{}{STATUS}", self.sms_path))
    }

    /// The public address of a path, with its query, of this server.
    pub fn url(&self, target: &str) -> Option<String> {
        let base = self.base.as_ref()?;
        // A proxy may have taken the base's own path away.
        let own = base.path().trim_end_matches('/');
        let own = if strip(target, own).is_some() { "" } else { own };
        let origin = base.as_str().get(..base.as_str().len() - base.path().len())?;
        Some(format!("{origin}{own}{target}"))
    }

    /// A path without that of the base.
    pub fn local<'a>(&self, path: &'a str) -> &'a str {
        let own = self.base.as_ref().map_or("", |base| base.path().trim_end_matches('/'));
        strip(path, own).unwrap_or(path)
    }
}

/// The rest of a path beneath a folder.
fn strip<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    path.strip_prefix(folder).filter(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(twilio: serde_json::Value) -> Result<Line> {
        Line::new(Some(&serde_json::from_value(twilio).unwrap()))
    }

    #[test]
    fn addresses_are_those_that_twilio_has() {
        let plain = line(json!({ "webhookBaseUrl": "https://a.com/" })).unwrap();
        assert_eq!(plain.voice_url("").as_deref(), Some("https://a.com/webhooks/voice/inbound"));
        assert_eq!(plain.url("/x?y=%20").as_deref(), Some("https://a.com/x?y=%20"));
        let nested = json!({ "webhookBaseUrl": "https://a.com:8443/bot", "smsWebhookPath": "sms/", "voiceWebhookPath": " " });
        let nested = line(nested).unwrap();
        assert_eq!(nested.sms_status_url().as_deref(), Some("https://a.com:8443/bot/sms/status"));
        assert_eq!(nested.url("/bot/sms?a=1").as_deref(), Some("https://a.com:8443/bot/sms?a=1"));
        assert_eq!(nested.url("/sms").as_deref(), Some("https://a.com:8443/bot/sms"));
        assert_eq!((nested.local("/bot/sms"), nested.local("/botsms")), ("/sms", "/botsms"));
        assert_eq!(nested.voice_path(), "/webhooks/voice/inbound");
        assert_eq!(line(json!({})).unwrap().voice_url(""), None);
        assert!(line(json!({ "webhookBaseUrl": "a.com" })).is_err());
    }
}
