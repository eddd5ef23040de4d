//! URLs of database servers, split into their parts.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::form_urlencoded;

use crate::error::{Error, Result};

/// Parameters whose values may contain an `@`.
const MAY_CONTAIN_AT: [&str; 8] = [
    "user",
    "password",
    "dbname",
    "options",
    "application_name",
    "fallback_application_name",
    "ssl",
    "connectAttributes",
];

/// A URL of a database server. Missing parts are `None`.
#[derive(Default)]
pub(super) struct ServerUrl {
    pub user: Option<String>,
    pub password: Option<SecretString>,
    /// A host name, an address without brackets, or the folder of a Unix socket.
    pub host: Option<String>,
    pub port: Option<u16>,
    pub database: Option<String>,
    /// Parameters in the order of the URL.
    pub parameters: Vec<(String, String)>,
}

impl ServerUrl {
    /// Parses the text after the scheme and its colon. No part of it gets into messages, because
    /// each may be a part of the password.
    pub fn read(scheme: &str, rest: &str) -> Result<Self> {
        let encode = || not_encoded(scheme);
        let Some(rest) = rest.strip_prefix("//") else {
            return Err(refused(format!("write {scheme}://user:password@host/database")));
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let stray_at = |piece: &str| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            name.contains('@') || value.contains('@') && !MAY_CONTAIN_AT.contains(&name)
        };
        if rest.contains('#') || query.contains('#') || path.contains('@') || query.split('&').any(stray_at) {
            return Err(encode());
        }
        let decoded = |text: &str| match percent_decode_str(text).decode_utf8() {
            Ok(text) if text.is_empty() => Ok(None),
            Ok(text) => Ok(Some(Cow::into_owned(text))),
            Err(_) => Err(encode()),
        };
        let (login, place) = match authority.rsplit_once('@') {
            Some((login, place)) => (login, place),
            None => ("", authority),
        };
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        if place.contains(',') {
            return Err(refused(format!("the {scheme}:// URL names several hosts; name one")));
        }
        let (host, port) = host_and_port(place).ok_or_else(encode)?;
        let port = match port {
            "" => None,
            port => match port.parse() {
                Ok(port) if port > 0 => Some(port),
                // Without a login before it, this may be the start of the password.
                _ if login.is_empty() => return Err(encode()),
                _ => {
                    return Err(refused(format!(
                        "the port of the {scheme}:// URL is not a number from 1 to 65535"
                    )));
                }
            },
        };
        Ok(Self {
            user: decoded(user)?,
            password: decoded(password)?.map(SecretString::from),
            host: decoded(host)?,
            port,
            database: decoded(path.trim_start_matches('/'))?,
            parameters: parameters(query),
        })
    }
}

/// Parses the parameters of a URL's query.
pub(super) fn parameters(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Removes the brackets that IPv6 addresses have in URLs.
pub(super) fn unbracketed(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Parses a boolean parameter, `None` if it is not one.
pub(super) fn parse_bool(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" | "" => Some(false),
        _ => None,
    }
}

/// Refuses a parameter of a URL by its name. The value may be a secret.
pub(super) fn refuse<T>(name: &str, reason: &str) -> Result<T> {
    Err(refused(format!("`{name}` of the URL {reason}")))
}

/// Warns about an unknown parameter. Refuses it if it seems to be about encryption, which must not
/// be ignored silently.
pub(super) fn warn_unknown(name: &str) -> Result<()> {
    let lower = name.to_ascii_lowercase();
    if ["ssl", "tls", "usessl", "requiressl", "verifyservercertificate"]
        .iter()
        .any(|known| lower.starts_with(known))
    {
        return refuse(
            name,
            "is not known; use `ssl` or `sslmode` (MySQL: `ssl-mode`), see docs/connection-urls.md",
        );
    }
    // As the drivers do. Text that does not look like a name may be a secret.
    let is_name = name.len() <= 64 && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.[]".contains(c));
    let parameter = if is_name { name } else { "(not shown)" };
    tracing::warn!(parameter, "A parameter of the connection URL is not known and has no effect");
    Ok(())
}

fn refused(reason: String) -> Error {
    Error::InvalidConnectionString(reason)
}

/// Creates the error of a URL that splits in the wrong places.
fn not_encoded(scheme: &str) -> Error {
    refused(format!(
        "the {scheme}:// URL cannot be read: a special character in it is not percent-encoded, in the password most likely. \
         Write @ as %40, / as %2F, # as %23, ? as %3F, : as %3A and % as %25, as encodeURIComponent(password) does"
    ))
}

/// Splits a host, which may be an IPv6 address in brackets, from the text after its colon.
fn host_and_port(place: &str) -> Option<(&str, &str)> {
    if let Some(rest) = place.strip_prefix('[') {
        let (host, after) = rest.split_once(']')?;
        return match after.strip_prefix(':') {
            Some(port) => Some((host, port)),
            None => after.is_empty().then_some((host, "")),
        };
    }
    let (host, port) = place.split_once(':').unwrap_or((place, ""));
    Some((host, port))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn read(url: &str) -> Result<ServerUrl> {
        let (scheme, rest) = url.split_once(':').unwrap();
        ServerUrl::read(scheme, rest)
    }

    fn parts(url: &str) -> [String; 5] {
        let url = read(url).unwrap();
        let password = url.password.as_ref().map(|password| password.expose_secret().to_owned());
        let port = url.port.map(|port| port.to_string());
        [url.user, password, url.host, port, url.database].map(Option::unwrap_or_default)
    }

    #[test]
    fn splits_urls_into_parts() {
        for (url, expected) in [
            ("postgres://u:p@h:5433/db?a=b", ["u", "p", "h", "5433", "db"]),
            ("postgres://h", ["", "", "h", "", ""]),
            ("postgres://u@h/", ["u", "", "h", "", ""]),
            // IPv6: RFC 3986, 3.2.2.
            ("postgres://u:p@[::1]:5433/db", ["u", "p", "::1", "5433", "db"]),
            ("mysql://u@[fe80::1%25eth0]/db", ["u", "", "fe80::1%eth0", "", "db"]),
            // Cloud SQL, and libpq's forms of a socket.
            ("postgres://u:p@/db?host=/cloudsql/p:r:i", ["u", "p", "", "", "db"]),
            ("postgres:///db", ["", "", "", "", "db"]),
            ("postgres://u@%2Fvar%2Frun%2Fpostgresql/db", ["u", "", "/var/run/postgresql", "", "db"]),
            // Passwords encoded by encodeURIComponent, and others that can be parsed without.
            ("postgres://u:p%40ss%2Fword%231%3F@h/db", ["u", "p@ss/word#1?", "h", "", "db"]),
            ("postgres://u:p@ss@h/db", ["u", "p@ss", "h", "", "db"]),
            ("postgres://u:a:b@h/db", ["u", "a:b", "h", "", "db"]),
            ("postgres://u:100%@h/db", ["u", "100%", "h", "", "db"]),
            // Azure's user names.
            ("postgres://u%40server:p@h/db", ["u@server", "p", "h", "", "db"]),
        ] {
            assert_eq!(parts(url), expected.map(str::to_owned), "{url}");
        }
    }

    #[test]
    fn reports_unencoded_passwords_without_quoting_them() {
        for password in [
            "secret/word",
            "secret#word",
            "secret?word",
            "se@cret/word",
            "se@cret?word",
            "se@cret#1",
            "p@ss/word#1?",
            "12/34secret",
            "12?34secret",
            "1#2secret",
            "se?cret=1",
            "s@e?cret=1",
            "/secret",
            "?secret",
            "#secret",
            "se/c@ret",
        ] {
            for url in
                [format!("postgres://u:{password}@h:5432/db"), format!("mysql://u:{password}@h/db?ssl=true")]
            {
                let message = read(&url).err().unwrap_or_else(|| panic!("{url}")).to_string();
                assert!(message.contains("encodeURIComponent"), "{url}: {message}");
                for piece in password.split(['@', '/', '#', '?', '=']).filter(|piece| piece.len() > 2) {
                    assert!(!message.replace("password", "").contains(piece), "{url}: {message}");
                }
            }
        }
    }

    #[test]
    fn refuses_invalid_urls() {
        for url in [
            "postgres:h",
            "postgres://a,b/db",
            "postgres://u@h:0/db",
            "postgres://u@h:99999/db",
            "postgres://u@[::1/db",
            "postgres://u@[::1]5/db",
        ] {
            assert!(read(url).is_err(), "{url}");
        }
    }
}
