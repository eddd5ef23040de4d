//! Whether a webhook comes from the provider it claims to come from.
//!
//! Twilio signs the address it was given and the form's fields with the account's token (HMAC-SHA1). Which spelling of the
//! address it signed cannot be known: proxies add and drop ports. The spellings tried are those of Twilio's own library.

use std::cmp::Ordering;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::digest::InvalidLength;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::Url;

use crate::channels::form::Form;
use crate::channels::legacy_query;
use crate::error::{Error, Result};
use crate::http::basic_auth;

/// Refuses a form that Twilio has not signed with `WEBHOOK_SIGNATURE_INVALID`.
pub fn check_twilio_form(token: &str, signature: Option<&str>, url: &str, fields: &Form) -> Result<()> {
    let signature = signature.ok_or_else(|| unsigned("there is no X-Twilio-Signature header"))?;
    if is_signed_form(token, signature, url, fields) {
        return Ok(());
    }
    Err(unsigned("check the auth token, and that the URL is the public one that Twilio has, with its query"))
}

/// Refuses a body that is no form and that Twilio has not signed with `WEBHOOK_SIGNATURE_INVALID`. `body` are the very bytes.
pub fn check_twilio_body(token: &str, signature: Option<&str>, url: &str, body: Option<&[u8]>) -> Result<()> {
    let signature = signature.ok_or_else(|| unsigned("there is no X-Twilio-Signature header"))?;
    let body = body.ok_or_else(|| unsigned("a body parser has read the body; put the webhooks before it"))?;
    if is_signed_body(token, signature, url, body) {
        return Ok(());
    }
    Err(unsigned(
        "check the auth token, and that the URL is the public one that Twilio has, with its bodySHA256",
    ))
}

/// Whether `signature` is Twilio's for a form posted to `url`; for a GET, `fields` is empty.
pub fn is_signed_form(token: &str, signature: &str, url: &str, fields: &Form) -> bool {
    let signed = |url: &str| matches(token, signature, url, fields);
    if signed(&without_port(url)) || signed(&with_port(url)) {
        return true;
    }
    let Ok(normalized) = Url::parse(url) else { return false };
    let bare = without_port(normalized.as_str());
    let ported = with_port(normalized.as_str());
    signed(&bare)
        || signed(&ported)
        || signed(&legacy_query::reencoded(&bare))
        || signed(&legacy_query::reencoded(&ported))
}

/// Whether `signature` is Twilio's for a body that is no form, whose hash the address carries as `bodySHA256`.
pub fn is_signed_body(token: &str, signature: &str, url: &str, body: &[u8]) -> bool {
    let Ok(parsed) = Url::parse(url) else { return false };
    let Some((_, hash)) = parsed.query_pairs().find(|(name, _)| name == "bodySHA256") else { return false };
    is_signed_form(token, signature, url, &Form::default()) && is_same(&body_hash(body), &hash)
}

/// What Twilio puts into `X-Twilio-Signature`.
pub fn twilio_signature(token: &str, url: &str, fields: &Form) -> Result<String> {
    let signer = signer(token, url, fields).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(BASE64_STANDARD.encode(signer.finalize().into_bytes()))
}

/// Whether an `Authorization` header carries this user and secret, as Postmark sends those of a webhook's address.
pub fn has_basic_auth(header: &str, user: &str, secret: &str) -> bool {
    let Some(expected) = basic_auth(user, secret).filter(|_| !secret.is_empty()) else { return false };
    let (Ok(expected), Some((scheme, token))) = (expected.to_str(), header.trim().split_once(' ')) else {
        return false;
    };
    scheme.eq_ignore_ascii_case("basic") && is_same(expected.trim_start_matches("Basic "), token.trim())
}

/// Compares in a time that tells nothing of the secret but its length. An empty secret equals nothing.
pub fn is_same(secret: &str, given: &str) -> bool {
    !secret.is_empty() && bool::from(secret.as_bytes().ct_eq(given.as_bytes()))
}

fn unsigned(reason: &'static str) -> Error {
    Error::WebhookSignatureInvalid { provider: "Twilio", reason }
}

fn matches(token: &str, signature: &str, url: &str, fields: &Form) -> bool {
    let Ok(bytes) = BASE64_STANDARD.decode(signature) else { return false };
    // Whoever knows that there is no token could sign.
    !token.is_empty() && signer(token, url, fields).is_ok_and(|signer| signer.verify_slice(&bytes).is_ok())
}

fn signer(token: &str, url: &str, fields: &Form) -> Result<Hmac<Sha1>, InvalidLength> {
    let mut signer = Hmac::<Sha1>::new_from_slice(token.as_bytes())?;
    signer.update(url.as_bytes());
    let mut names: Vec<_> = fields.fields().collect();
    names.sort_by(|(a, _), (b, _)| in_utf16(a, b));
    for (name, values) in names {
        let mut values: Vec<&String> = values.iter().collect();
        values.sort_by(|a, b| in_utf16(a, b));
        values.dedup();
        for value in values {
            signer.update(name.as_bytes());
            signer.update(value.as_bytes());
        }
    }
    Ok(signer)
}

/// The order of JavaScript's strings, which differs from ours beyond U+FFFF.
fn in_utf16(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

fn body_hash(body: &[u8]) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An address in its parts, as it is spelled.
struct Spelling<'a> {
    /// With `://`.
    scheme: &'a str,
    /// With `@`.
    user: &'a str,
    host: &'a str,
    /// With `:`.
    port: &'a str,
    rest: &'a str,
}

fn spelling(url: &str) -> Option<Spelling<'_>> {
    let (name, after) = url.split_once("://")?;
    let mut letters = name.chars();
    if !letters.next()?.is_ascii_alphabetic()
        || !letters.all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
    {
        return None;
    }
    let (authority, rest) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
    let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    // Colons before the bracket are those of an IPv6 address.
    let bracket = host.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = host.split_at(host[bracket..].find(':').map_or(host.len(), |at| bracket + at));
    Some(Spelling { scheme: &url[..name.len() + 3], user, host, port, rest })
}

fn without_port(url: &str) -> String {
    spelling(url).map_or_else(
        || url.to_owned(),
        |Spelling { scheme, user, host, rest, .. }| format!("{scheme}{user}{host}{rest}"),
    )
}

fn with_port(url: &str) -> String {
    match spelling(url) {
        Some(Spelling { scheme, user, host, port: "", rest }) => {
            let port = if scheme.eq_ignore_ascii_case("https://") { 443 } else { 80 };
            format!("{scheme}{user}{host}:{port}{rest}")
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "12345";
    const URL: &str = "https://example.com/myapp.php?foo=1&bar=2";

    fn form(fields: &[(&str, &[&str])]) -> Form {
        fields.iter().flat_map(|(name, values)| values.iter().map(|value| (*name, *value))).collect()
    }

    fn signature(token: &str, url: &str, fields: &Form) -> String {
        twilio_signature(token, url, fields).unwrap()
    }

    fn documented() -> Form {
        form(&[
            ("CallSid", &["CA1234567890ABCDE"]),
            ("Caller", &["+14158675309"]),
            ("Digits", &["1234"]),
            ("From", &["+14158675309"]),
            ("To", &["+18005551212"]),
        ])
    }

    #[test]
    fn the_signature_of_twilios_documentation() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        assert_eq!(signature(TOKEN, url, &documented()), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
        assert!(is_signed_form(TOKEN, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", url, &documented()));
    }

    #[test]
    fn any_other_bit_is_refused() {
        let good = signature(TOKEN, URL, &documented());
        let bytes = BASE64_STANDARD.decode(&good).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!is_signed_form(TOKEN, &BASE64_STANDARD.encode(&other), URL, &documented()));
        }
        for other in ["", "=", &good[1..], &format!("{good}="), &format!(" {good}")] {
            assert!(!is_signed_form(TOKEN, other, URL, &documented()), "{other}");
        }
        assert!(!is_signed_form("12346", &good, URL, &documented()));
        assert!(!is_signed_form(TOKEN, &good, &URL.replace("foo", "fop"), &documented()));
        assert!(!is_signed_form("", &signature("", URL, &documented()), URL, &documented()));
    }

    #[test]
    fn ports_come_and_go_behind_proxies() {
        let signed = |url: &str| signature(TOKEN, url, &documented());
        for (seen, signed_as) in [
            ("https://a.com/x?y=1", "https://a.com:443/x?y=1"),
            ("https://a.com:8443/x", "https://a.com/x"),
            ("http://a.com", "http://a.com:80"),
            ("https://u:p@a.com:1234/x", "https://u:p@a.com/x"),
            ("https://[::1]/x", "https://[::1]:443/x"),
        ] {
            assert!(is_signed_form(TOKEN, &signed(signed_as), seen, &documented()), "{seen}");
        }
        assert!(!is_signed_form(TOKEN, &signed("https://a.com:1/x"), "https://a.com/x", &documented()));
        assert!(!is_signed_form(TOKEN, &signed("https://b.com/x"), "https://a.com/x", &documented()));
    }

    #[test]
    fn repeated_fields_are_signed_once_each_and_sorted() {
        let twice = form(&[("M", &["b", "a", "b"])]);
        assert_eq!(signature(TOKEN, URL, &twice), signature(TOKEN, URL, &form(&[("M", &["a", "b"])])));
        // U+FF5E sorts behind an emoji in UTF-16, before it in UTF-8.
        let (emoji, wide) = ("😀", "～");
        assert_eq!(in_utf16(emoji, wide), Ordering::Less);
        assert_eq!(emoji.cmp(wide), Ordering::Greater);
    }

    #[test]
    fn a_body_is_held_to_its_hash() {
        let body = br#"{"a":1}"#;
        let url = format!("https://a.com/x?bodySHA256={}", body_hash(body));
        let good = signature(TOKEN, &url, &Form::default());
        assert!(is_signed_body(TOKEN, &good, &url, body));
        assert!(!is_signed_body(TOKEN, &good, &url, br#"{"a":2}"#));
        let bare = signature(TOKEN, "https://a.com/x", &Form::default());
        assert!(!is_signed_body(TOKEN, &bare, "https://a.com/x", body));
    }

    #[test]
    fn missing_and_wrong_signatures_are_coded() {
        let fields = documented();
        let good = signature(TOKEN, URL, &fields);
        assert!(check_twilio_form(TOKEN, Some(&good), URL, &fields).is_ok());
        for signature in [None, Some("nonsense")] {
            let error = check_twilio_form(TOKEN, signature, URL, &fields).unwrap_err();
            assert_eq!(error.code(), "WEBHOOK_SIGNATURE_INVALID");
        }
    }

    #[test]
    fn basic_auth_is_compared_whole() {
        assert!(has_basic_auth("Basic aG9vazpzM2NyZXQ=", "hook", "s3cret"));
        assert!(has_basic_auth("basic  aG9vazpzM2NyZXQ= ", "hook", "s3cret"));
        for other in ["", "Basic", "Basic aG9vazpzM2NyZXU=", "Bearer aG9vazpzM2NyZXQ=", "aG9vazpzM2NyZXQ="] {
            assert!(!has_basic_auth(other, "hook", "s3cret"), "{other}");
        }
    }
}
