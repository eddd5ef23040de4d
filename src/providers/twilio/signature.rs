//! Verification of Twilio's signatures.
//!
//! Twilio signs the configured URL and the form fields with the account's auth token (HMAC-SHA1).
//! The exact spelling of the signed URL is unknown, because proxies add and drop ports. So the
//! verification tries the same spellings as Twilio's own library.

use std::cmp::Ordering;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::digest::InvalidLength;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::Url;

use crate::error::{Error, Result};
use crate::providers::twilio::form::Form;
use crate::providers::twilio::node_querystring;

/// Rejects a form without a valid Twilio signature with `WEBHOOK_SIGNATURE_INVALID`.
pub fn check_twilio_form(token: &str, signature: Option<&str>, url: &str, fields: &Form) -> Result<()> {
    let signature = signature.ok_or_else(|| invalid_signature("there is no X-Twilio-Signature header"))?;
    if is_signed_form(token, signature, url, fields) {
        return Ok(());
    }
    Err(invalid_signature(
        "check the auth token, and that the URL is the public one that Twilio has, with its query",
    ))
}

/// Rejects a non-form body without a valid Twilio signature with `WEBHOOK_SIGNATURE_INVALID`.
/// `body` must be the raw bytes.
pub fn check_twilio_body(token: &str, signature: Option<&str>, url: &str, body: Option<&[u8]>) -> Result<()> {
    let signature = signature.ok_or_else(|| invalid_signature("there is no X-Twilio-Signature header"))?;
    let body =
        body.ok_or_else(|| invalid_signature("a body parser has read the body; put the webhooks before it"))?;
    if is_signed_body(token, signature, url, body) {
        return Ok(());
    }
    Err(invalid_signature(
        "check the auth token, and that the URL is the public one that Twilio has, with its bodySHA256",
    ))
}

/// Returns `true` if `signature` is Twilio's for a form posted to `url`. For a GET, `fields` is
/// empty.
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
        || signed(&node_querystring::reencode(&bare))
        || signed(&node_querystring::reencode(&ported))
}

/// Returns `true` if `signature` is Twilio's for a non-form body. The URL carries the hash of the
/// body as `bodySHA256`.
pub fn is_signed_body(token: &str, signature: &str, url: &str, body: &[u8]) -> bool {
    let Ok(parsed) = Url::parse(url) else { return false };
    let Some((_, hash)) = parsed.query_pairs().find(|(name, _)| name == "bodySHA256") else { return false };
    is_signed_form(token, signature, url, &Form::default())
        && bool::from(body_hash(body).as_bytes().ct_eq(hash.as_bytes()))
}

/// Returns the value that Twilio sends in `X-Twilio-Signature`.
pub fn twilio_signature(token: &str, url: &str, fields: &Form) -> Result<String> {
    let signer = signer(token, url, fields).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(BASE64_STANDARD.encode(signer.finalize().into_bytes()))
}

fn invalid_signature(reason: &'static str) -> Error {
    Error::WebhookSignatureInvalid { provider: "Twilio", reason }
}

fn matches(token: &str, signature: &str, url: &str, fields: &Form) -> bool {
    let Ok(bytes) = BASE64_STANDARD.decode(signature) else { return false };
    // Anyone could sign with an empty token.
    !token.is_empty() && signer(token, url, fields).is_ok_and(|signer| signer.verify_slice(&bytes).is_ok())
}

fn signer(token: &str, url: &str, fields: &Form) -> Result<Hmac<Sha1>, InvalidLength> {
    let mut signer = Hmac::<Sha1>::new_from_slice(token.as_bytes())?;
    signer.update(url.as_bytes());
    let mut names: Vec<_> = fields.fields().collect();
    names.sort_by(|(a, _), (b, _)| utf16_order(a, b));
    for (name, values) in names {
        let mut values: Vec<&String> = values.iter().collect();
        values.sort_by(|a, b| utf16_order(a, b));
        values.dedup();
        for value in values {
            signer.update(name.as_bytes());
            signer.update(value.as_bytes());
        }
    }
    Ok(signer)
}

/// Compares strings as JavaScript does. Its order differs from Rust's beyond U+FFFF.
fn utf16_order(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

fn body_hash(body: &[u8]) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The parts of a URL as spelled.
struct UrlParts<'a> {
    /// The scheme with `://`.
    scheme: &'a str,
    /// The user info with `@`.
    user: &'a str,
    host: &'a str,
    /// The port with `:`.
    port: &'a str,
    rest: &'a str,
}

fn url_parts(url: &str) -> Option<UrlParts<'_>> {
    let (name, after) = url.split_once("://")?;
    let mut letters = name.chars();
    if !letters.next()?.is_ascii_alphabetic()
        || !letters.all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
    {
        return None;
    }
    let (authority, rest) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
    let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    // Colons before the bracket belong to an IPv6 address.
    let bracket = host.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = host.split_at(host[bracket..].find(':').map_or(host.len(), |at| bracket + at));
    Some(UrlParts { scheme: &url[..name.len() + 3], user, host, port, rest })
}

fn without_port(url: &str) -> String {
    url_parts(url).map_or_else(
        || url.to_owned(),
        |UrlParts { scheme, user, host, rest, .. }| format!("{scheme}{user}{host}{rest}"),
    )
}

fn with_port(url: &str) -> String {
    match url_parts(url) {
        Some(UrlParts { scheme, user, host, port: "", rest }) => {
            let is_secure = ["https://", "wss://"].iter().any(|secure| scheme.eq_ignore_ascii_case(secure));
            let port = if is_secure { 443 } else { 80 };
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
    fn verifies_the_signature_of_twilios_documentation() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        assert_eq!(signature(TOKEN, url, &documented()), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
        assert!(is_signed_form(TOKEN, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", url, &documented()));
    }

    #[test]
    fn rejects_any_changed_bit() {
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
    fn accepts_ports_added_or_dropped_by_proxies() {
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
    fn signs_repeated_fields_once_each_and_sorted() {
        let twice = form(&[("M", &["b", "a", "b"])]);
        assert_eq!(signature(TOKEN, URL, &twice), signature(TOKEN, URL, &form(&[("M", &["a", "b"])])));
        // U+FF5E sorts after an emoji in UTF-16, before it in UTF-8.
        let (emoji, wide) = ("😀", "～");
        assert_eq!(utf16_order(emoji, wide), Ordering::Less);
        assert_eq!(emoji.cmp(wide), Ordering::Greater);
    }

    #[test]
    fn verifies_the_hash_of_a_body() {
        let body = br#"{"a":1}"#;
        let url = format!("https://a.com/x?bodySHA256={}", body_hash(body));
        let good = signature(TOKEN, &url, &Form::default());
        assert!(is_signed_body(TOKEN, &good, &url, body));
        assert!(!is_signed_body(TOKEN, &good, &url, br#"{"a":2}"#));
        let bare = signature(TOKEN, "https://a.com/x", &Form::default());
        assert!(!is_signed_body(TOKEN, &bare, "https://a.com/x", body));
    }

    #[test]
    fn missing_and_wrong_signatures_have_a_code() {
        let fields = documented();
        let good = signature(TOKEN, URL, &fields);
        assert!(check_twilio_form(TOKEN, Some(&good), URL, &fields).is_ok());
        for signature in [None, Some("nonsense")] {
            let error = check_twilio_form(TOKEN, signature, URL, &fields).unwrap_err();
            assert_eq!(error.code(), "WEBHOOK_SIGNATURE_INVALID");
        }
    }
}
