//! Authentication of webhooks: signatures and credentials.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::config::{Config, WebhookAuthMode};
use crate::error::{Error, Result};
use crate::http::basic_auth;
use crate::providers::twilio::Form;
use crate::providers::twilio::{check_twilio_body, check_twilio_form};

/// A verifier of webhook signatures and credentials.
pub struct WebhookVerifier {
    twilio: Option<SecretString>,
    postmark: Option<SecretString>,
    mode: WebhookAuthMode,
}

/// The credentials of a webhook request.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct WebhookAuth {
    /// The header `X-Twilio-Signature`.
    pub signature: Option<String>,
    /// The public URL that the provider posted to, including the query.
    pub url: Option<String>,
    /// The header `Authorization`.
    pub authorization: Option<String>,
}

impl WebhookVerifier {
    /// Creates a verifier with the secrets of `config`.
    pub fn new(config: &Config) -> Self {
        let twilio = config.providers.communication.twilio.as_ref();
        Self {
            twilio: twilio.and_then(|twilio| twilio.auth_token.clone()),
            postmark: config.providers.email.postmark.as_ref().and_then(|given| given.webhook_secret.clone()),
            mode: config.channels.webhook_auth,
        }
    }

    /// Rejects a Twilio form with an invalid signature with `WEBHOOK_SIGNATURE_INVALID`. Also
    /// rejects an unsigned form if authentication is required. Returns `true` if the signature was
    /// verified.
    pub fn check_twilio(&self, form: &Form, auth: &WebhookAuth) -> Result<bool> {
        if !self.is_required() && auth.signature.is_none() && auth.url.is_none() {
            return Ok(false);
        }
        let url = auth.url.as_deref().unwrap_or_default();
        check_twilio_form(self.token()?, auth.signature.as_deref(), url, form)?;
        Ok(true)
    }

    /// Rejects a form without a valid Twilio signature, unless verification is disabled.
    pub fn verify_form(&self, form: &Form, signature: Option<&str>, url: &str) -> Result<()> {
        if self.is_off() {
            return Ok(());
        }
        check_twilio_form(self.token()?, signature, url, form)
    }

    /// Rejects a non-form body without a valid Twilio signature, unless verification is disabled.
    pub fn verify_body(&self, body: Option<&[u8]>, signature: Option<&str>, url: &str) -> Result<()> {
        if self.is_off() {
            return Ok(());
        }
        check_twilio_body(self.token()?, signature, url, body)
    }

    /// Returns `true` if `handle…Webhook` rejects requests without credentials.
    fn is_required(&self) -> bool {
        self.mode == WebhookAuthMode::Required
    }

    /// Returns `true` if requests to the built-in HTTP handler are not verified.
    fn is_off(&self) -> bool {
        self.mode == WebhookAuthMode::Off
    }

    fn token(&self) -> Result<&str> {
        let token = self.twilio.as_ref().ok_or_else(|| {
            let reason = "is missing; webhooks are signed with it";
            Error::config("providers.communication.twilio.authToken", reason)
        });
        Ok(token?.expose_secret())
    }

    /// Rejects an e-mail with an invalid webhook secret with `WEBHOOK_SIGNATURE_INVALID`. Also
    /// rejects one without a secret if it is required. Returns `true` if the secret was verified.
    pub fn check_email(&self, auth: &WebhookAuth) -> Result<bool> {
        if !self.is_required() && auth.authorization.is_none() {
            return Ok(false);
        }
        self.check_secret(auth.authorization.as_deref()).map(|()| true)
    }

    /// Rejects an `Authorization` header without the secret of the e-mail webhook, unless
    /// verification is disabled.
    pub fn verify_authorization(&self, authorization: Option<&str>) -> Result<()> {
        if self.is_off() { Ok(()) } else { self.check_secret(authorization) }
    }

    fn check_secret(&self, authorization: Option<&str>) -> Result<()> {
        let secret = self.postmark.as_ref().map(|secret| secret.expose_secret().trim()).unwrap_or_default();
        if secret.is_empty() {
            let reason = "is missing; it is the password in the webhook's address at Postmark";
            return Err(Error::config("providers.email.postmark.webhookSecret", reason));
        }
        if authorization.is_some_and(|header| has_secret(header, secret)) {
            return Ok(());
        }
        let reason = "check `providers.email.postmark.webhookSecret` and the address of the webhook, \
                      https://user:secret@host/path";
        Err(Error::WebhookSignatureInvalid { provider: "Postmark", reason })
    }
}

/// Returns `true` if a header carries the secret: as a whole `user:password`, or as the password of
/// any user.
fn has_secret(header: &str, secret: &str) -> bool {
    if let Some((user, password)) = secret.split_once(':') {
        return has_basic_auth(header, user, password);
    }
    let Some((scheme, token)) = header.trim().split_once(' ') else { return false };
    let given = BASE64_STANDARD.decode(token.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let Some((_, password)) = given.as_deref().and_then(|given| given.split_once(':')) else { return false };
    scheme.eq_ignore_ascii_case("basic") && constant_time_eq(secret, password)
}

/// Returns `true` if an `Authorization` header carries this user and secret. Postmark sends the
/// credentials of the webhook's URL this way.
fn has_basic_auth(header: &str, user: &str, secret: &str) -> bool {
    let Some(expected) = basic_auth(user, secret).filter(|_| !secret.is_empty()) else { return false };
    let (Ok(expected), Some((scheme, token))) = (expected.to_str(), header.trim().split_once(' ')) else {
        return false;
    };
    scheme.eq_ignore_ascii_case("basic")
        && constant_time_eq(expected.trim_start_matches("Basic "), token.trim())
}

/// Compares in constant time; only the length of the secret may leak. An empty secret matches
/// nothing.
fn constant_time_eq(secret: &str, given: &str) -> bool {
    !secret.is_empty() && bool::from(secret.as_bytes().ct_eq(given.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_secret_as_password_or_as_whole_login() {
        let header = |login: &str| format!("Basic {}", BASE64_STANDARD.encode(login));
        assert!(has_secret(&header("postmark:s3cret"), "s3cret"));
        assert!(has_secret(&header("postmark:s3cret"), "postmark:s3cret"));
        assert!(!has_secret(&header("other:s3cret"), "postmark:s3cret"));
        for header in
            [header("postmark:s3cre"), header("s3cret"), header("s3cret:"), "s3cret".into(), "Basic %".into()]
        {
            assert!(!has_secret(&header, "s3cret"), "{header}");
        }
    }

    #[test]
    fn compares_basic_auth_as_a_whole() {
        assert!(has_basic_auth("Basic aG9vazpzM2NyZXQ=", "hook", "s3cret"));
        assert!(has_basic_auth("basic  aG9vazpzM2NyZXQ= ", "hook", "s3cret"));
        for other in ["", "Basic", "Basic aG9vazpzM2NyZXU=", "Bearer aG9vazpzM2NyZXQ=", "aG9vazpzM2NyZXQ="] {
            assert!(!has_basic_auth(other, "hook", "s3cret"), "{other}");
        }
    }
}
