//! Missing settings, without which a configured service cannot be used. They may be intended
//! (nobody calls a developer's machine). Therefore they cause warnings, not errors.

use secrecy::{ExposeSecret, SecretString};

use super::{Config, EmailProviders, GoogleConfig, ModelConfig, Provider, TwilioConfig};

/// A service that cannot be used, and the fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MissingSettings {
    /// Name of the service, as in health checks.
    pub service: &'static str,
    /// Missing options, the consequence, and the lines to write.
    pub reason: String,
}

impl Config {
    /// Returns the services that are configured but cannot be used.
    pub(crate) fn missing_settings(&self) -> Vec<MissingSettings> {
        let models = self.model.iter().flat_map(ModelConfig::missing_settings);
        let twilio = self.providers.communication.twilio.as_ref().and_then(TwilioConfig::missing);
        let calendar = self.providers.calendar.google.as_ref().and_then(GoogleConfig::missing);
        models.chain(twilio).chain(self.providers.email.missing_settings()).chain(calendar).collect()
    }
}

impl ModelConfig {
    fn missing_settings(&self) -> Vec<MissingSettings> {
        let needs_key = |model: &&Self| model.base_url.is_none() && is_blank_secret(model.api_key.as_ref());
        let models = self.with_fallbacks().filter(|(_, model)| needs_key(model));
        let missing = |(option, model): (String, &Self)| {
            let line = model.provider.api_key_example()?;
            missing(model.provider.as_str(), &option, "it cannot answer", &[("apiKey", line, true)])
        };
        models.filter_map(missing).collect()
    }
}

impl Provider {
    /// Returns the recommended value of `apiKey`, or `None` for a custom model.
    pub(super) fn api_key_example(self) -> Option<&'static str> {
        match self {
            Self::OpenAi => Some("process.env.OPENAI_API_KEY"),
            Self::OpenRouter => Some("process.env.OPENROUTER_API_KEY"),
            Self::Anthropic => Some("process.env.ANTHROPIC_API_KEY"),
            Self::Google => Some("process.env.GEMINI_API_KEY"),
            Self::Custom => None,
        }
    }
}

impl TwilioConfig {
    fn missing(&self) -> Option<MissingSettings> {
        missing(
            "twilio",
            "providers.communication.twilio",
            "there are no calls and SMS",
            &[
                ("accountSid", "process.env.TWILIO_ACCOUNT_SID", is_blank(self.account_sid.as_deref())),
                ("authToken", "process.env.TWILIO_AUTH_TOKEN", is_blank_secret(self.auth_token.as_ref())),
                ("phoneNumber", "process.env.TWILIO_PHONE_NUMBER", is_blank(self.phone_number.as_deref())),
            ],
        )
    }
}

impl EmailProviders {
    fn missing_settings(&self) -> impl Iterator<Item = MissingSettings> {
        let purpose = "it sends no e-mail";
        let postmark = self.postmark.as_ref().and_then(|postmark| {
            let settings = [
                ("apiKey", "process.env.POSTMARK_API_KEY", is_blank_secret(postmark.api_key.as_ref())),
                ("fromEmail", "'sarah@example.com'", is_blank(postmark.sender.from_email.as_deref())),
            ];
            missing("postmark", "providers.email.postmark", purpose, &settings)
        });
        let smtp = self.smtp.as_ref().and_then(|smtp| {
            let settings = [
                ("host", "process.env.SMTP_HOST", is_blank(smtp.host.as_deref())),
                ("fromEmail", "'sarah@example.com'", is_blank(smtp.sender.from_email.as_deref())),
            ];
            missing("smtp", "providers.email.smtp", purpose, &settings)
        });
        postmark.into_iter().chain(smtp)
    }
}

impl GoogleConfig {
    fn missing(&self) -> Option<MissingSettings> {
        let credentials =
            "{ client_email: process.env.GOOGLE_CLIENT_EMAIL, private_key: process.env.GOOGLE_PRIVATE_KEY }";
        missing(
            "google",
            "providers.calendar.google",
            "there are no appointments (an API key cannot book)",
            &[
                ("calendarId", "process.env.GOOGLE_CALENDAR_ID", is_blank(self.calendar_id.as_deref())),
                ("credentials", credentials, !self.has_credentials()),
            ],
        )
    }
}

/// Returns the gap of a service, if settings are missing. A setting is its name, its recommended
/// value, and `true` if it is missing.
fn missing(
    service: &'static str,
    option: &str,
    purpose: &str,
    settings: &[(&str, &str, bool)],
) -> Option<MissingSettings> {
    let missing: Vec<_> = settings.iter().filter(|(_, _, missing)| *missing).collect();
    let names: Vec<_> = missing.iter().map(|(name, _, _)| format!("`{option}.{name}`")).collect();
    let lines: Vec<_> = missing.iter().map(|(name, line, _)| format!("`{name}: {line}`")).collect();
    let is = if missing.len() == 1 { "is" } else { "are" };
    let reason = format!(
        "{} {is} missing, so {purpose}; write {}. An environment variable may be unset.",
        names.join(", "),
        lines.join(", ")
    );
    (!missing.is_empty()).then_some(MissingSettings { service, reason })
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

fn is_blank_secret(secret: Option<&SecretString>) -> bool {
    is_blank(secret.map(ExposeSecret::expose_secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing_settings(providers: &str, model: &str) -> Vec<String> {
        let json = format!(
            r#"{{"agent":{{"identity":{{"name":"S","role":"R"}}}},"model":{model},"providers":{providers}}}"#
        );
        Config::parse(&json).unwrap().missing_settings().into_iter().map(|missing| missing.reason).collect()
    }

    const MODEL: &str = r#"{"provider":"openai","model":"m","apiKey":"sk-1"}"#;

    #[test]
    fn reports_missing_settings_with_the_line_to_write() {
        let rows = [
            (r#"{"communication":{"twilio":{}}}"#, "accountSid: process.env.TWILIO_ACCOUNT_SID"),
            (
                r#"{"communication":{"twilio":{"accountSid":"AC1","phoneNumber":"+15550001111"}}}"#,
                "`providers.communication.twilio.authToken` is missing",
            ),
            (
                r#"{"communication":{"twilio":{"accountSid":"AC1","authToken":" ","phoneNumber":"+15550001111"}}}"#,
                "TWILIO_AUTH_TOKEN",
            ),
            (r#"{"email":{"postmark":{"fromEmail":"a@b.example"}}}"#, "POSTMARK_API_KEY"),
            (r#"{"email":{"postmark":{"apiKey":"k"}}}"#, "fromEmail"),
            (r#"{"email":{"smtp":{"fromEmail":"a@b.example"}}}"#, "SMTP_HOST"),
            (r#"{"calendar":{"google":{"calendarId":"c","apiKey":"k"}}}"#, "GOOGLE_PRIVATE_KEY"),
            (r#"{"calendar":{"google":{}}}"#, "GOOGLE_CALENDAR_ID"),
        ];
        for (providers, part) in rows {
            let found = missing_settings(providers, MODEL);
            assert!(found.len() == 1 && found[0].contains(part), "{providers}: {found:?}");
        }
        assert!(missing_settings("{}", MODEL).is_empty());
    }

    #[test]
    fn reports_a_missing_key_by_its_environment_variable() {
        for (provider, variable) in [
            ("openai", "OPENAI_API_KEY"),
            ("openrouter", "OPENROUTER_API_KEY"),
            ("anthropic", "ANTHROPIC_API_KEY"),
            ("google", "GEMINI_API_KEY"),
        ] {
            for key in ["", r#","apiKey":"""#, r#","apiKey":null"#] {
                let found =
                    missing_settings("{}", &format!(r#"{{"provider":"{provider}","model":"m"{key}}}"#));
                assert!(found.len() == 1 && found[0].contains(variable), "{provider}{key}: {found:?}");
            }
        }
        let local = r#"{"provider":"openai","model":"m","baseUrl":"http://localhost:11434/v1"}"#;
        assert!(missing_settings("{}", local).is_empty());
        let fallback = r#"{"provider":"openai","model":"m","apiKey":"sk-1","fallbacks":[{"provider":"anthropic","model":"m"}]}"#;
        assert!(missing_settings("{}", fallback)[0].contains("`model.fallbacks[0].apiKey`"));
    }
}
