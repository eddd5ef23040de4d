//! Who may post webhooks: whoever has signed them.

use secrecy::{ExposeSecret, SecretString};
use tracing::warn;

use crate::channels::form::Form;
use crate::channels::signature::{check_twilio_body, check_twilio_form};
use crate::config::Config;
use crate::error::{Error, Result};

/// Checks signatures with the account's secrets.
pub struct Gate {
    twilio: Option<SecretString>,
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
}

impl Gate {
    /// A gate with the secrets of a configuration.
    pub fn new(config: &Config) -> Self {
        let twilio = config.providers.communication.twilio.as_ref();
        Self {
            twilio: twilio.and_then(|twilio| twilio.auth_token.clone()),
            required: config.channels.require_signature,
            verifies: config.channels.verify_signatures.unwrap_or(true),
        }
    }

    /// Refuses a form of Twilio's whose proof is wrong with `WEBHOOK_SIGNATURE_INVALID`, and one without when proof is
    /// required. Tells whether it was checked.
    pub fn check_twilio(&self, form: &Form, proof: &Proof) -> Result<bool> {
        self.verify(form, proof).inspect_err(|error| warn!(code = error.code(), %error, "Webhook refused"))
    }

    fn verify(&self, form: &Form, proof: &Proof) -> Result<bool> {
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
}
