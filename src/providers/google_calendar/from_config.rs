//! The client of the configured calendar.

use crate::config::{CredentialsConfig, GoogleConfig};
use crate::error::{Error, Result};
use crate::http::RetryConfig;
use crate::providers::google_calendar::{GoogleCalendar, GoogleCredentials};

impl GoogleCalendar {
    /// Creates a client for the calendar. Returns `None` if the id or the credentials are missing,
    /// because everything else works without them.
    ///
    /// Fails with `INVALID_CONFIG` if an option is invalid.
    pub(crate) fn from_config(config: &GoogleConfig) -> Result<Option<Self>> {
        config.appointments.validate()?;
        let id = config.calendar_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let credentials =
            config.credentials.as_ref().map(GoogleCredentials::from_config).transpose()?.flatten();
        let (Some(id), Some(credentials)) = (id, credentials) else { return Ok(None) };
        Self::new(id, &credentials, config.base_url.as_deref(), RetryConfig::default()).map(Some)
    }
}

impl GoogleCredentials {
    /// Returns the configured credentials, if any.
    fn from_config(config: &CredentialsConfig) -> Result<Option<Self>> {
        let given = config.clone();
        let token_uri = given.token_uri;
        if let (Some(client_email), Some(private_key)) = (given.client_email, given.private_key) {
            return Ok(Some(Self::ServiceAccount { client_email, private_key, token_uri }));
        }
        match (given.client_id, given.client_secret, given.refresh_token) {
            (Some(client_id), Some(client_secret), Some(refresh_token)) => {
                Ok(Some(Self::User { client_id, client_secret, refresh_token, token_uri }))
            }
            (None, None, None) => Ok(None),
            _ => Err(Error::config(
                "providers.calendar.google.credentials",
                "must have client_email and private_key (a service account), or client_id, client_secret and refresh_token",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rejects_incomplete_credentials() {
        let google = |json| GoogleCalendar::from_config(&serde_json::from_value(json).unwrap());
        assert!(google(json!({ "calendarId": "c" })).unwrap().is_none());
        assert!(
            google(
                json!({ "credentials": { "client_id": "1", "client_secret": "2", "refresh_token": "3" } })
            )
            .unwrap()
            .is_none()
        );
        let user = json!({ "client_id": "1", "client_secret": "2", "refresh_token": "3" });
        assert!(google(json!({ "calendarId": "c", "credentials": user })).unwrap().is_some());
        for credentials in [json!({ "client_id": "1" }), json!({ "client_email": "a", "private_key": "b" })] {
            let error = google(json!({ "calendarId": "c", "credentials": credentials })).err().unwrap();
            assert!(error.to_string().contains("providers.calendar.google.credentials"), "{error}");
        }
    }
}
