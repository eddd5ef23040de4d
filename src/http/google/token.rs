//! Access tokens of Google's (RFC 7523 for service accounts, RFC 6749 for refresh tokens), each used until it runs out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use rustls::SignatureScheme;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::SigningKey;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use crate::error::{Error, Result};
use crate::http::google::PROVIDER;
use crate::http::provider::Action;
use crate::http::{Body, HttpClient, HttpRequest, Repeat};
use crate::memory::now;

const TOKEN_URL: &str = "https://oauth2.googleapis.com/token";
const SCOPE: &str = "https://www.googleapis.com/auth/calendar";
const LOG_IN: Action = Action { name: "log in", repeat: Repeat::Harmless };
/// Longest a service account may ask for, in seconds.
const LIFETIME: i64 = 3600;
/// A token is not used so shortly before it runs out.
const MARGIN: Duration = Duration::from_secs(60);

/// Who logs in.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum GoogleCredentials {
    /// A service account, as its key file has it.
    ServiceAccount {
        /// `…@….iam.gserviceaccount.com`.
        client_email: String,
        /// PEM of an RSA key.
        private_key: SecretString,
        /// Where tokens are; Google's unless given.
        token_uri: Option<String>,
    },
    /// A user who has consented.
    User {
        /// Of the OAuth client.
        client_id: String,
        /// Of the OAuth client.
        client_secret: SecretString,
        /// What the consent gave.
        refresh_token: SecretString,
        /// Where tokens are; Google's unless given.
        token_uri: Option<String>,
    },
}

/// Gets tokens.
pub(super) struct Tokens {
    url: Url,
    login: Login,
    current: Mutex<Option<(HeaderValue, Instant)>>,
}

enum Login {
    Signed { issuer: String, key: Arc<dyn SigningKey> },
    Refreshed { client_id: String, client_secret: SecretString, refresh_token: SecretString },
}

#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    expires_in: u64,
}

impl Tokens {
    /// Checks the credentials; nothing is asked yet.
    pub(super) fn new(credentials: &GoogleCredentials) -> Result<Self> {
        let (GoogleCredentials::ServiceAccount { token_uri, .. } | GoogleCredentials::User { token_uri, .. }) =
            credentials;
        let url = PROVIDER.base_url(token_uri.as_deref(), TOKEN_URL)?;
        let login = match credentials {
            GoogleCredentials::ServiceAccount { client_email, private_key, .. } => {
                // Environment variables hold line breaks as two characters.
                let pem = private_key.expose_secret().replace("\\n", "\n");
                let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok();
                let key = key.and_then(|key| any_supported_type(&key).ok()).ok_or_else(|| {
                    let reason = "must be the RSA key of the service account's key file, as PEM text";
                    Error::config("providers.calendar.google.credentials.private_key", reason)
                })?;
                Login::Signed { issuer: client_email.clone(), key }
            }
            GoogleCredentials::User { client_id, client_secret, refresh_token, .. } => Login::Refreshed {
                client_id: client_id.clone(),
                client_secret: client_secret.clone(),
                refresh_token: refresh_token.clone(),
            },
        };
        Ok(Self { url, login, current: Mutex::default() })
    }

    /// The value of an `Authorization` header.
    pub(super) async fn authorization(&self, client: &HttpClient) -> Result<HeaderValue> {
        // Whoever comes while a token is got waits for that one.
        let mut current = self.current.lock().await;
        if let Some((header, until)) = current.as_ref()
            && *until > Instant::now()
        {
            return Ok(header.clone());
        }
        let fields = self.fields()?;
        let headers = HeaderMap::new();
        let request = HttpRequest {
            method: Method::POST,
            url: &self.url,
            headers: &headers,
            body: Body::Form(&fields),
            repeat: LOG_IN.repeat,
        };
        let outcome = client.send(request).await;
        let granted: Granted =
            PROVIDER.answer(client, &self.url, LOG_IN, outcome).map_err(|error| match error {
                // `invalid_grant` and the like.
                Error::ProviderRejected { provider, status: status @ (400 | 401 | 403), .. } => {
                    let options = PROVIDER.credentials;
                    Error::ProviderAuthenticationFailed { provider, status, options }
                }
                error => error,
            })?;
        let mut header = HeaderValue::from_str(&format!("Bearer {}", granted.access_token.expose_secret()))
            .map_err(|_| PROVIDER.unusable(LOG_IN, "the token cannot be sent"))?;
        header.set_sensitive(true);
        let lifetime = Duration::from_secs(granted.expires_in.min(86_400)).saturating_sub(MARGIN);
        *current = Some((header.clone(), Instant::now() + lifetime));
        Ok(header)
    }

    /// Drops a token that was refused.
    pub(super) async fn forget(&self, refused: &HeaderValue) {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|(header, _)| header == refused) {
            *current = None;
        }
    }

    fn fields(&self) -> Result<Vec<(&'static str, String)>> {
        Ok(match &self.login {
            Login::Signed { issuer, key } => vec![
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer".to_owned()),
                ("assertion", self.assertion(issuer, key.as_ref())?),
            ],
            Login::Refreshed { client_id, client_secret, refresh_token } => vec![
                ("grant_type", "refresh_token".to_owned()),
                ("client_id", client_id.clone()),
                ("client_secret", client_secret.expose_secret().to_owned()),
                ("refresh_token", refresh_token.expose_secret().to_owned()),
            ],
        })
    }

    /// The JWT that a service account logs in with.
    fn assertion(&self, issuer: &str, key: &dyn SigningKey) -> Result<String> {
        let encode = |value: serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let issued = now().timestamp();
        let claims = json!({
            "iss": issuer, "scope": SCOPE, "aud": self.url.as_str(), "iat": issued, "exp": issued + LIFETIME,
        });
        let signed = format!("{}.{}", encode(json!({ "alg": "RS256", "typ": "JWT" })), encode(claims));
        let signature = key
            .choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256])
            .and_then(|signer| signer.sign(signed.as_bytes()).ok())
            .ok_or_else(|| {
                let reason = "must be an RSA key of at least 2048 bits";
                Error::config("providers.calendar.google.credentials.private_key", reason)
            })?;
        Ok(format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }
}
