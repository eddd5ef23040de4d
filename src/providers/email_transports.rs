//! Clients for the configured e-mail providers.

use std::sync::Arc;

use crate::config::{EmailProviders, OneOrMany, PostmarkConfig, SenderConfig, SmtpConfig, SmtpSecurity};
use crate::email::sender::NamedTransport;
use crate::email::{Mailbox, Sender};
use crate::error::{Error, Result};
use crate::http::RetryConfig;
use crate::providers::postmark::{PostmarkServer, PostmarkTransport};
use crate::providers::smtp::{Encryption, SmtpServer, SmtpTransport};

/// Creates a client for each provider. Providers with missing options are skipped, because
/// everything else works without them.
///
/// # Errors
///
/// Fails with `INVALID_CONFIG` if an option is invalid.
pub(crate) fn email_transports(config: &EmailProviders) -> Result<Vec<NamedTransport>> {
    let mut transports: Vec<NamedTransport> = Vec::new();
    if let Some(postmark) = config.postmark.as_ref().map(postmark).transpose()?.flatten() {
        transports.push(("postmark", Arc::new(postmark)));
    }
    if let Some(smtp) = config.smtp.as_ref().map(smtp).transpose()?.flatten() {
        transports.push(("smtp", Arc::new(smtp)));
    }
    Ok(transports)
}

fn postmark(config: &PostmarkConfig) -> Result<Option<PostmarkTransport>> {
    let (Some(api_key), Some(sender)) =
        (config.api_key.clone(), sender(&config.sender, "providers.email.postmark")?)
    else {
        return Ok(None);
    };
    let (message_stream, base_url) = (config.message_stream.clone(), config.base_url.clone());
    let server = PostmarkServer { api_key, sender, message_stream, base_url };
    PostmarkTransport::new(server, RetryConfig::default()).map(Some)
}

fn smtp(config: &SmtpConfig) -> Result<Option<SmtpTransport>> {
    let host = config.host.as_deref().map(str::trim).filter(|host| !host.is_empty());
    let (Some(host), Some(sender)) = (host, sender(&config.sender, "providers.email.smtp")?) else {
        return Ok(None);
    };
    let encryption = match &config.secure {
        None if config.port == Some(465) => Encryption::Implicit,
        None | Some(SmtpSecurity::Implicit(false)) => Encryption::StartTls,
        Some(SmtpSecurity::Implicit(true)) => Encryption::Implicit,
        Some(SmtpSecurity::Word(word)) if word == "none" => Encryption::None,
        Some(SmtpSecurity::Word(_)) => {
            return Err(Error::config("providers.email.smtp.secure", "must be true, false or \"none\""));
        }
    };
    let login = match (&config.user, &config.password) {
        (Some(user), Some(password)) => Some((user.clone(), password.clone())),
        (None, None) => None,
        _ => {
            return Err(Error::config(
                "providers.email.smtp",
                "needs both `user` and `password`, or neither",
            ));
        }
    };
    let port = config.port.unwrap_or(if encryption == Encryption::Implicit { 465 } else { 587 });
    let (host, ca) = (host.to_owned(), config.ca.clone());
    SmtpTransport::new(SmtpServer { host, port, encryption, login, ca, sender }).map(Some)
}

/// Parses the sender at the path `option`. Returns `None` without an address.
fn sender(config: &SenderConfig, option: &str) -> Result<Option<Sender>> {
    let address = |name: &str, text: &str| {
        Mailbox::parse(text)
            .ok_or_else(|| Error::config(format!("{option}.{name}"), "must be one e-mail address"))
    };
    let Some(from) = config.from_email.as_deref().filter(|from| !from.trim().is_empty()) else {
        return Ok(None);
    };
    let mut from = address("fromEmail", from)?;
    if let Some(name) = &config.from_name {
        from = Mailbox::named(name, &from.address)
            .ok_or_else(|| Error::config(format!("{option}.fromName"), "must be one line"))?;
    }
    let copies = config.archive_cc.clone().map(OneOrMany::into_vec).unwrap_or_default();
    Ok(Some(Sender {
        from,
        reply_to: config.reply_to.as_deref().map(|to| address("replyTo", to)).transpose()?,
        archive_cc: copies.iter().map(|to| address("archiveCc", to)).collect::<Result<_>>()?,
        tag: config.tags.as_ref().and_then(|tags| tags.first().cloned()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn transports(json: Value) -> Result<Vec<&'static str>> {
        let providers: EmailProviders = serde_json::from_value(json).unwrap();
        email_transports(&providers).map(|transports| transports.into_iter().map(|(name, _)| name).collect())
    }

    #[test]
    fn skips_providers_with_missing_options() {
        let smtp = json!({ "host": "mail.acme.example", "fromEmail": "s@acme.example" });
        let postmark = json!({ "apiKey": "k", "fromEmail": "s@acme.example", "priority": 1 });
        assert_eq!(transports(json!({ "smtp": smtp, "postmark": postmark })).unwrap(), ["postmark", "smtp"]);
        assert!(
            transports(json!({ "smtp": { "host": "x" }, "postmark": { "apiKey": "k" } })).unwrap().is_empty()
        );
    }

    #[test]
    fn names_invalid_options() {
        for (json, option) in [
            (json!({ "postmark": { "apiKey": "k", "fromEmail": "nobody" } }), "postmark.fromEmail"),
            (json!({ "postmark": { "apiKey": " ", "fromEmail": "s@x.y" } }), "postmark.apiKey"),
            (
                json!({ "postmark": { "apiKey": "k", "fromEmail": "s@x.y", "archiveCc": ["x"] } }),
                "postmark.archiveCc",
            ),
            (json!({ "smtp": { "host": "h", "fromEmail": "s@x.y", "fromName": "a\nb" } }), "smtp.fromName"),
            (json!({ "smtp": { "host": "h", "fromEmail": "s@x.y", "user": "u" } }), "providers.email.smtp"),
            (json!({ "smtp": { "host": "h", "fromEmail": "s@x.y", "secure": "maybe" } }), "smtp.secure"),
        ] {
            let error = transports(json).unwrap_err();
            assert_eq!(error.code(), "INVALID_CONFIG");
            assert!(error.to_string().contains(option), "{error}");
        }
    }
}
