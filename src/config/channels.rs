//! Providers of calls, SMS and e-mail, and the manners of the channels.

use secrecy::SecretString;
use serde::Deserialize;

use super::null_as_default;
use crate::error::{Error, Result};
use crate::http::twilio::TwilioAccount;

/// Who carries calls, messages and mail.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Providers {
    /// Calls and SMS.
    #[serde(deserialize_with = "null_as_default")]
    pub communication: Communication,
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
}

impl TwilioConfig {
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
    /// SMS.
    #[serde(deserialize_with = "null_as_default")]
    pub sms: SmsConfig,
    /// Whether `handle…Webhook` refuses what comes without a signature; off unless given.
    #[serde(deserialize_with = "null_as_default")]
    pub require_signature: bool,
}

impl ChannelsConfig {
    pub(super) fn validate(&self) -> Result<()> {
        if !(self.sms.conversation_hours > 0.0 && self.sms.conversation_hours.is_finite()) {
            return Err(Error::config(
                "channels.sms.conversationHours",
                "must be a positive number of hours",
            ));
        }
        Ok(())
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
    #[serde(deserialize_with = "null_as_default")]
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
