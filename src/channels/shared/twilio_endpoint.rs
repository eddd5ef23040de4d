//! The Twilio number of the receptionist, and the public URLs of its webhooks.

use url::Url;

use crate::config::TwilioConfig;
use crate::error::{Error, Result};
use crate::phone::{is_same_phone, normalize_phone};
use crate::providers::twilio::TwilioClient;

const VOICE_PATH: &str = "/webhooks/voice/inbound";
const SMS_PATH: &str = "/webhooks/sms/inbound";

/// Paths below those of inbound calls and messages.
pub(crate) const STATUS: &str = "/status";
pub(crate) const RECORDING: &str = "/recording";

/// A Twilio number with its webhook URLs.
#[derive(Debug, Clone, Default)]
pub struct TwilioEndpoint {
    /// The number as configured; E.164 once normalized.
    pub number: Option<String>,
    /// The WhatsApp sender, if it is a different number.
    pub whatsapp_number: Option<String>,
    base: Option<Url>,
    voice_path: String,
    sms_path: String,
}

impl TwilioEndpoint {
    /// Creates the endpoint from the configuration.
    ///
    /// Fails with `INVALID_CONFIG` if `webhookBaseUrl` is not an http(s) URL.
    pub fn new(twilio: Option<&TwilioConfig>) -> Result<Self> {
        let given =
            |text: Option<&String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let base = twilio.and_then(|twilio| given(twilio.webhook_base_url.as_ref()));
        let base = base.map(|base| {
            parse_base_url(&base, twilio.is_some_and(|twilio| twilio.base_url.is_some()))
                .map_err(|reason| Error::config("providers.communication.twilio.webhookBaseUrl", reason))
        });
        let path = |given: Option<String>, default: &str| {
            let path = given.unwrap_or_else(|| default.to_owned());
            format!("/{}", path.trim_matches('/'))
        };
        Ok(Self {
            number: twilio.and_then(|twilio| given(twilio.phone_number.as_ref())),
            whatsapp_number: twilio.and_then(|twilio| given(twilio.whatsapp_number.as_ref())),
            base: base.transpose()?,
            voice_path: path(twilio.and_then(|twilio| given(twilio.voice_webhook_path.as_ref())), VOICE_PATH),
            sms_path: path(twilio.and_then(|twilio| given(twilio.sms_webhook_path.as_ref())), SMS_PATH),
        })
    }

    /// Returns the Twilio client and the E.164 number that calls and messages are sent from.
    ///
    /// Fails with `PROVIDER_NOT_CONFIGURED` or `INVALID_CONFIG`.
    pub fn sender<'a>(
        &self,
        twilio: Option<&'a TwilioClient>,
        country: &str,
    ) -> Result<(&'a TwilioClient, String)> {
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

    /// Returns `true` if `phone` (E.164) is one of our own numbers.
    pub fn is_own(&self, phone: &str, country: &str) -> bool {
        let own = [&self.number, &self.whatsapp_number].into_iter().flatten();
        own.filter_map(|own| normalize_phone(own, country)).any(|own| is_same_phone(&own, phone))
    }

    /// Returns the path of inbound calls and their turns.
    pub fn voice_path(&self) -> &str {
        &self.voice_path
    }

    /// Returns the part of a path or target below the path of calls, if it is there.
    pub fn path_beneath_voice<'a>(&self, target: &'a str) -> Option<&'a str> {
        self.path_of(target).strip_prefix(&self.voice_path)
    }

    /// Returns the path of a target, without the query and the path of the base URL.
    pub fn path_of<'a>(&self, target: &'a str) -> &'a str {
        self.strip_base_path(target.split(['?', '#']).next().unwrap_or_default())
    }

    /// Returns the path of inbound messages.
    pub fn sms_path(&self) -> &str {
        &self.sms_path
    }

    /// Returns the URL of voice callbacks, if this server has a public URL.
    pub fn voice_url(&self, beneath: &str) -> Option<String> {
        self.url(&format!("{}{beneath}", self.voice_path))
    }

    /// Returns the URL of delivery status callbacks for messages, if any.
    pub fn sms_status_url(&self) -> Option<String> {
        self.url(&format!("{}{STATUS}", self.sms_path))
    }

    /// Returns the public URL of a path and query on this server.
    pub fn url(&self, target: &str) -> Option<String> {
        let base = self.base.as_ref()?;
        // A proxy may have removed the path of the base URL.
        let own = base.path().trim_end_matches('/');
        let own = if strip_folder(target, own).is_some() { "" } else { own };
        let origin = base.as_str().get(..base.as_str().len() - base.path().len())?;
        Some(format!("{origin}{own}{target}"))
    }

    /// Returns a path without the path of the base URL.
    pub fn strip_base_path<'a>(&self, path: &'a str) -> &'a str {
        let own = self.base.as_ref().map_or("", |base| base.path().trim_end_matches('/'));
        strip_folder(path, own).unwrap_or(path)
    }
}

/// Last path segments of webhooks. A base URL must not end in one.
const WEBHOOK_SEGMENTS: [&str; 8] =
    ["sms", "voice", "inbound", "call", "calls", "messages", "status", "email"];

/// Parses the public URL of this server; the error says why it is invalid. Over http, a network
/// observer could read the conversation. So http is accepted only if another server stands in for
/// Twilio's API.
fn parse_base_url(text: &str, is_test: bool) -> Result<Url, String> {
    let like = "must be a URL like https://example.com";
    let url = Url::parse(text).map_err(|_| like)?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(like.to_owned());
    }
    let origin = url.origin().ascii_serialization().replacen("http:", "https:", 1);
    if url.scheme() == "http" && !is_test {
        return Err(format!("must begin with https://; write `webhookBaseUrl: '{origin}'`"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("must not have a query or fragment; write `webhookBaseUrl: '{origin}'`"));
    }
    let last = url.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    if WEBHOOK_SEGMENTS.contains(&last) {
        let paths = "`voiceWebhookPath` and `smsWebhookPath` are put behind it";
        return Err(format!(
            "must be without the path of a webhook; write `webhookBaseUrl: '{origin}'`, {paths}"
        ));
    }
    Ok(url)
}

/// Returns the rest of a path below a folder.
fn strip_folder<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    path.strip_prefix(folder).filter(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn endpoint(twilio: serde_json::Value) -> Result<TwilioEndpoint> {
        TwilioEndpoint::new(Some(&serde_json::from_value(twilio).unwrap()))
    }

    #[test]
    fn builds_the_urls_that_twilio_calls() {
        let plain = endpoint(json!({ "webhookBaseUrl": "https://a.com/" })).unwrap();
        assert_eq!(plain.voice_url("").as_deref(), Some("https://a.com/webhooks/voice/inbound"));
        assert_eq!(plain.url("/x?y=%20").as_deref(), Some("https://a.com/x?y=%20"));
        let nested = json!({ "webhookBaseUrl": "https://a.com:8443/bot", "smsWebhookPath": "sms/", "voiceWebhookPath": " " });
        let nested = endpoint(nested).unwrap();
        assert_eq!(nested.sms_status_url().as_deref(), Some("https://a.com:8443/bot/sms/status"));
        assert_eq!(nested.url("/bot/sms?a=1").as_deref(), Some("https://a.com:8443/bot/sms?a=1"));
        assert_eq!(nested.url("/sms").as_deref(), Some("https://a.com:8443/bot/sms"));
        assert_eq!(
            (nested.strip_base_path("/bot/sms"), nested.strip_base_path("/botsms")),
            ("/sms", "/botsms")
        );
        assert_eq!(nested.voice_path(), "/webhooks/voice/inbound");
        assert_eq!(endpoint(json!({})).unwrap().voice_url(""), None);
        assert!(endpoint(json!({ "webhookBaseUrl": "a.com" })).is_err());
    }
}
