//! Deserialization of secrets from files and environment variables, which may add a line end, a
//! byte order mark or spaces.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

use crate::phone::is_invisible;

/// Deserializes a token, key or id. Surrounding spaces and invisible characters are removed,
/// because none of these has any.
pub(crate) fn token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    text(deserializer).map(|text| text.map(SecretString::from))
}

/// Deserializes an id or name that belongs to a secret. Surrounding spaces and invisible characters
/// are removed.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let given = Option::<String>::deserialize(deserializer)?;
    Ok(given.map(|given| given.trim_matches(|c: char| c.is_whitespace() || is_invisible(c)).to_owned()))
}

/// Deserializes a password. Only trailing line ends and a leading byte order mark are removed,
/// because spaces may be part of a password.
pub(crate) fn password<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    let given = Option::<String>::deserialize(deserializer)?;
    Ok(given.map(|given| {
        let line = given.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']);
        SecretString::from(line.to_owned())
    }))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn removes_characters_that_files_add() {
        for (given, source) in [
            ("abc", "as it is"),
            ("abc\n", "echo, Docker and Kubernetes secrets"),
            ("abc\r\n", "files of Windows"),
            ("abc\r", "files of classic Mac OS"),
            ("abc\n\n", "several line ends"),
            (" abc", "a space after = in .env"),
            ("abc ", "copied with a space"),
            ("\tabc\t", "cells of a spreadsheet"),
            ("\u{feff}abc", "byte order mark of Notepad and PowerShell"),
            ("abc\u{200b}", "zero width space of web pages"),
            ("\u{a0}abc\u{a0}", "no-break spaces of web pages"),
            ("\u{2028}abc\u{2028}", "line separators"),
            ("\n \u{feff} abc \r\n", "all of them"),
        ] {
            let read = token(json!(given)).unwrap().unwrap();
            assert_eq!(read.expose_secret(), "abc", "{source}");
            assert_eq!(text(json!(given)).unwrap().as_deref(), Some("abc"), "{source}");
        }
        assert!(token(Value::Null).unwrap().is_none());
    }

    #[test]
    fn keeps_spaces_of_passwords() {
        for (given, kept) in [("a b\n", "a b"), (" a b \r\n", " a b "), ("\u{feff}a", "a"), ("\n", "")] {
            assert_eq!(password(json!(given)).unwrap().unwrap().expose_secret(), kept, "{given:?}");
        }
    }
}
