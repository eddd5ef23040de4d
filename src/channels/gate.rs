//! Who may post webhooks: whoever has signed them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};
use tracing::warn;

use crate::channels::form::Form;
use crate::channels::signature::{check_twilio_body, check_twilio_form, has_basic_auth, is_same};
use crate::config::Config;
use crate::error::{Error, Result};

/// Checks signatures with the account's secrets.
pub struct Gate {
    twilio: Option<SecretString>,
    postmark: Option<SecretString>,
    required: bool,
    /// Whether requests to the ready handler are checked.
    verifies: bool,
}

/// What proves where a webhook comes from.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct Proof {
    /// The header `X-Twilio-Signature`.
    pub signature: Option<String>,
    /// The public address that the provider posted to, query included.
    pub url: Option<String>,
    /// The header `Authorization`.
    pub authorization: Option<String>,
}

impl Gate {
    /// A gate with the secrets of a configuration.
    pub fn new(config: &Config) -> Self {
        let twilio = config.providers.communication.twilio.as_ref();
        Self {
            twilio: twilio.and_then(|twilio| twilio.auth_token.clone()),
            postmark: config.providers.email.postmark.as_ref().and_then(|given| given.webhook_secret.clone()),
            required: config.channels.require_signature,
            verifies: config.channels.verify_signatures.unwrap_or(true),
        }
    }

    /// Refuses a form of Twilio's whose proof is wrong with `WEBHOOK_SIGNATURE_INVALID`, and one without when proof is
    /// required. Tells whether it was checked.
    pub fn check_twilio(&self, form: &Form, proof: &Proof) -> Result<bool> {
        if !self.required && proof.signature.is_none() && proof.url.is_none() {
            return Ok(false);
        }
        let url = proof.url.as_deref().unwrap_or_default();
        check_twilio_form(self.token()?, proof.signature.as_deref(), url, form)?;
        Ok(true)
    }

    /// Refuses a form that Twilio has not signed, unless the developer turned that off.
    pub fn verify_form(&self, form: &Form, signature: Option<&str>, url: &str) -> Result<()> {
        if !self.verifies {
            return Ok(());
        }
        check_twilio_form(self.token()?, signature, url, form)
    }

    /// Refuses a body that is no form and that Twilio has not signed, unless the developer turned that off.
    pub fn verify_body(&self, body: Option<&[u8]>, signature: Option<&str>, url: &str) -> Result<()> {
        if !self.verifies {
            return Ok(());
        }
        check_twilio_body(self.token()?, signature, url, body)
    }

    fn token(&self) -> Result<&str> {
        let token = self.twilio.as_ref().ok_or_else(|| {
            let reason = "is missing; webhooks are signed with it";
            Error::config("providers.communication.twilio.authToken", reason)
        });
        Ok(token?.expose_secret())
    }

    /// Refuses an e-mail whose sender does not know the secret of the webhook's address with `WEBHOOK_SIGNATURE_INVALID`, and one
    /// without any when proof is required. Tells whether it was checked.
    pub fn check_email(&self, proof: &Proof) -> Result<bool> {
        if !self.required && proof.authorization.is_none() {
            return Ok(false);
        }
        self.know_secret(proof.authorization.as_deref()).map(|()| true)
    }

    /// Refuses an `Authorization` header without the secret of the e-mail webhook, unless the developer turned that off.
    pub fn verify_authorization(&self, authorization: Option<&str>) -> Result<()> {
        if self.verifies { self.know_secret(authorization) } else { Ok(()) }
    }

    fn know_secret(&self, authorization: Option<&str>) -> Result<()> {
        let secret = self.postmark.as_ref().map(|secret| secret.expose_secret().trim()).unwrap_or_default();
        if secret.is_empty() {
            let reason = "is missing; it is the password in the webhook's address at Postmark";
            return Err(Error::config("providers.email.postmark.webhookSecret", reason));
        }
        if authorization.is_some_and(|header| knows_secret(header, secret)) {
            return Ok(());
        }
        let reason = "check `providers.email.postmark.webhookSecret` and the address of the webhook, \
                      https://user:secret@host/path";
        Err(Error::WebhookSignatureInvalid { provider: "Postmark", reason })
    }
}

/// Leaves a line in the log when what was posted is refused, without anything of it.
pub fn noted<T>(admitted: Result<T>) -> Result<T> {
    admitted.inspect_err(|error| warn!(code = error.code(), %error, "Webhook refused"))
}

/// Whether a header carries the secret: `user:password` as a whole, or the password under any name.
fn knows_secret(header: &str, secret: &str) -> bool {
    if let Some((user, password)) = secret.split_once(':') {
        return has_basic_auth(header, user, password);
    }
    let Some((scheme, token)) = header.trim().split_once(' ') else { return false };
    let given = BASE64_STANDARD.decode(token.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let Some((_, password)) = given.as_deref().and_then(|given| given.split_once(':')) else { return false };
    scheme.eq_ignore_ascii_case("basic") && is_same(secret, password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_the_password_or_the_whole_login() {
        let header = |login: &str| format!("Basic {}", BASE64_STANDARD.encode(login));
        assert!(knows_secret(&header("postmark:s3cret"), "s3cret"));
        assert!(knows_secret(&header("postmark:s3cret"), "postmark:s3cret"));
        assert!(!knows_secret(&header("other:s3cret"), "postmark:s3cret"));
        for header in
            [header("postmark:s3cre"), header("s3cret"), header("s3cret:"), "s3cret".into(), "Basic %".into()]
        {
            assert!(!knows_secret(&header, "s3cret"), "{header}");
        }
    }
}
