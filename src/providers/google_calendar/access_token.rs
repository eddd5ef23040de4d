//! Google's access tokens (RFC 7523 for service accounts, RFC 6749 for refresh tokens), each cached
//! until it expires.

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
use crate::http::{Body, HttpClient, HttpRequest, Idempotency};
use crate::providers::google_calendar::api::API;
use crate::providers::rest_api::Action;
use crate::types::memory::now;

const TOKEN_URL: &str = "https://oauth2.googleapis.com/token";
const SCOPE: &str = "https://www.googleapis.com/auth/calendar";
const FETCH_TOKEN: Action = Action { name: "log in", idempotency: Idempotency::Idempotent };
/// Longest lifetime that a service account may request, in seconds.
const ASSERTION_LIFETIME_SECONDS: i64 = 3600;
/// Time before its expiry at which a token is replaced.
const EXPIRY_MARGIN: Duration = Duration::from_secs(60);

/// Google credentials.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum GoogleCredentials {
    /// A service account, with the fields of its key file.
    ServiceAccount {
        /// The account's address, `…@….iam.gserviceaccount.com`.
        client_email: String,
        /// The RSA key as PEM.
        private_key: SecretString,
        /// The token endpoint, Google's by default.
        token_uri: Option<String>,
    },
    /// A user who has given consent.
    User {
        /// The id of the OAuth client.
        client_id: String,
        /// The secret of the OAuth client.
        client_secret: SecretString,
        /// The refresh token from the consent.
        refresh_token: SecretString,
        /// The token endpoint, Google's by default.
        token_uri: Option<String>,
    },
}

/// A source of access tokens.
pub(super) struct AccessTokens {
    url: Url,
    grant: OAuthGrant,
    current: Mutex<Option<(HeaderValue, Instant)>>,
}

enum OAuthGrant {
    JwtBearer { issuer: String, key: Arc<dyn SigningKey> },
    RefreshToken { client_id: String, client_secret: SecretString, refresh_token: SecretString },
}

#[derive(Deserialize)]
struct TokenResponse {
    access_token: SecretString,
    expires_in: u64,
}

impl AccessTokens {
    /// Checks the credentials. Sends nothing yet.
    pub(super) fn new(credentials: &GoogleCredentials) -> Result<Self> {
        let (GoogleCredentials::ServiceAccount { token_uri, .. } | GoogleCredentials::User { token_uri, .. }) =
            credentials;
        let url = API.base_url(token_uri.as_deref(), TOKEN_URL)?;
        let grant = match credentials {
            GoogleCredentials::ServiceAccount { client_email, private_key, .. } => {
                // Environment variables hold line breaks as the two characters `\n`.
                let pem = private_key.expose_secret().replace("\\n", "\n");
                let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok();
                let key = key.and_then(|key| any_supported_type(&key).ok()).ok_or_else(|| {
                    let reason = "must be the RSA key of the service account's key file, as PEM text";
                    Error::config("providers.calendar.google.credentials.private_key", reason)
                })?;
                OAuthGrant::JwtBearer { issuer: client_email.clone(), key }
            }
            GoogleCredentials::User { client_id, client_secret, refresh_token, .. } => {
                OAuthGrant::RefreshToken {
                    client_id: client_id.clone(),
                    client_secret: client_secret.clone(),
                    refresh_token: refresh_token.clone(),
                }
            }
        };
        Ok(Self { url, grant, current: Mutex::default() })
    }

    /// Returns the value of an `Authorization` header, with a token that is valid.
    pub(super) async fn authorization(&self, client: &HttpClient) -> Result<HeaderValue> {
        // Concurrent callers wait for the token that is being fetched.
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
            idempotency: FETCH_TOKEN.idempotency,
        };
        let outcome = client.send(request).await;
        let response: TokenResponse =
            API.decode(client, &self.url, FETCH_TOKEN, outcome).map_err(|error| match error {
                // `invalid_grant` and similar errors.
                Error::ProviderRejected {
                    provider,
                    status: status @ (400 | 401 | 403),
                    provider_message,
                    ..
                } => {
                    let options = API.credentials;
                    Error::ProviderAuthenticationFailed { provider, status, options, provider_message }
                }
                error => error,
            })?;
        let mut header = HeaderValue::from_str(&format!("Bearer {}", response.access_token.expose_secret()))
            .map_err(|_| API.invalid_response(FETCH_TOKEN, "the token cannot be sent"))?;
        header.set_sensitive(true);
        let lifetime = Duration::from_secs(response.expires_in.min(86_400)).saturating_sub(EXPIRY_MARGIN);
        *current = Some((header.clone(), Instant::now() + lifetime));
        Ok(header)
    }

    /// Drops a token that was rejected.
    pub(super) async fn invalidate(&self, refused: &HeaderValue) {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|(header, _)| header == refused) {
            *current = None;
        }
    }

    fn fields(&self) -> Result<Vec<(&'static str, String)>> {
        Ok(match &self.grant {
            OAuthGrant::JwtBearer { issuer, key } => vec![
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer".to_owned()),
                ("assertion", self.assertion(issuer, key.as_ref())?),
            ],
            OAuthGrant::RefreshToken { client_id, client_secret, refresh_token } => vec![
                ("grant_type", "refresh_token".to_owned()),
                ("client_id", client_id.clone()),
                ("client_secret", client_secret.expose_secret().to_owned()),
                ("refresh_token", refresh_token.expose_secret().to_owned()),
            ],
        })
    }

    /// Returns the JWT with which a service account authenticates.
    fn assertion(&self, issuer: &str, key: &dyn SigningKey) -> Result<String> {
        let encode = |value: serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let issued = now().timestamp();
        let claims = json!({
            "iss": issuer, "scope": SCOPE, "aud": self.url.as_str(), "iat": issued, "exp": issued + ASSERTION_LIFETIME_SECONDS,
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
