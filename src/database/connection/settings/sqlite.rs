//! SQLite files, named as better-sqlite3 names them: literally, without decoding.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use sqlx::sqlite::SqliteConnectOptions;

use crate::database::connection::settings::server_url::{parameters, parse_bool, refuse};
use crate::error::{Error, Result};

/// Settings of a SQLite database.
#[derive(Clone)]
pub(crate) struct SqliteSettings {
    pub options: Box<SqliteConnectOptions>,
    pub in_memory: bool,
    pub read_only: bool,
}

/// Parses the text after `sqlite:`.
pub(super) fn from_url(rest: &str) -> Result<SqliteSettings> {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, given) = match rest.rsplit_once('?') {
        Some((path, query)) if is_query(query) => (path, parameters(query)),
        _ => (rest, Vec::new()),
    };
    if path.is_empty() {
        return Err(Error::InvalidConnectionString(
            "the sqlite: URL names no file; use sqlite:path/to/file.db".into(),
        ));
    }
    let (mut in_memory, mut read_only, mut create) = (path == ":memory:", false, true);
    let (mut immutable, mut shared, mut vfs) = (false, None, None);
    for (name, value) in given {
        match (name.as_str(), value.as_str()) {
            ("mode", "ro") => read_only = true,
            ("mode", "rw") => create = false,
            ("mode", "rwc") => {}
            ("mode", "memory") => in_memory = true,
            ("mode", _) => return refuse(&name, "must be ro, rw, rwc or memory"),
            ("cache", "shared") => shared = Some(true),
            ("cache", "private") => shared = Some(false),
            ("cache", _) => return refuse(&name, "must be shared or private"),
            ("immutable", _) => match parse_bool(&value) {
                Some(value) => immutable = value,
                None => return refuse(&name, "must be true or false"),
            },
            ("vfs", _) => vfs = Some(value),
            _ => {
                return refuse(
                    &name,
                    "is not a parameter of sqlite:; it takes mode, cache, immutable and vfs",
                );
            }
        }
    }
    let mut options = if path == ":memory:" {
        // A database of its own, shared by all of its connections.
        let memory = std::str::FromStr::from_str("sqlite::memory:");
        memory.map_err(|_| Error::Internal("SQLite's memory cannot be named".into()))?
    } else if in_memory {
        // A database shared by all connections to that name.
        SqliteConnectOptions::new().filename(path).in_memory(true).shared_cache(true)
    } else {
        SqliteConnectOptions::new().filename(file(path))
    };
    options = options.read_only(read_only).create_if_missing(create && !read_only).immutable(immutable);
    if let Some(shared) = shared.filter(|_| !in_memory) {
        options = options.shared_cache(shared);
    }
    if let Some(vfs) = vfs {
        options = options.vfs(vfs);
    }
    Ok(SqliteSettings { options: Box::new(options), in_memory, read_only })
}

/// Returns `true` if the text after a `?` is a query and not part of the file name.
fn is_query(text: &str) -> bool {
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    text.split('&')
        .all(|pair| pair.split_once('=').is_some_and(|(name, value)| is_name(name) && !value.contains('/')))
}

/// Returns the file of a path. Earlier versions decoded `%20`, so a file that they created is still
/// found.
fn file(path: &str) -> PathBuf {
    let literal = PathBuf::from(path);
    match percent_decode_str(path).decode_utf8() {
        Ok(decoded) if decoded != path && !literal.exists() && Path::new(&*decoded).exists() => {
            PathBuf::from(&*decoded)
        }
        _ => literal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rest: &str) -> (String, bool, bool) {
        let SqliteSettings { options, in_memory, read_only } = from_url(rest).unwrap();
        let name = if in_memory { String::new() } else { options.get_filename().display().to_string() };
        (name, in_memory, read_only)
    }

    #[test]
    fn takes_file_names_literally() {
        for (rest, name, in_memory, read_only) in [
            ("a.db", "a.db", false, false),
            ("//a.db", "a.db", false, false),
            ("///tmp/a.db", "/tmp/a.db", false, false),
            ("a.db?mode=ro", "a.db", false, true),
            ("a.db?mode=rwc&cache=private", "a.db", false, false),
            ("what?.db", "what?.db", false, false),
            ("what?.db?mode=ro", "what?.db", false, true),
            ("mode=root.db", "mode=root.db", false, false),
            ("mode=memory.db", "mode=memory.db", false, false),
            ("a?b=c/d.db", "a?b=c/d.db", false, false),
            ("a%20b.db", "a%20b.db", false, false),
            ("100%.db", "100%.db", false, false),
            ("a#b.db", "a#b.db", false, false),
            ("a b&c+d.db", "a b&c+d.db", false, false),
            (":memory:", "", true, false),
            ("//:memory:", "", true, false),
            ("x?mode=memory&cache=shared", "", true, false),
        ] {
            assert_eq!(read(rest), (name.to_owned(), in_memory, read_only), "{rest}");
        }
    }

    #[test]
    fn finds_files_of_earlier_versions() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("a b.db"), "").unwrap();
        assert_eq!(read(&path("a%20b.db")).0, path("a b.db"));
        std::fs::write(path("a%20b.db"), "").unwrap();
        assert_eq!(read(&path("a%20b.db")).0, path("a%20b.db"));
    }

    #[test]
    fn refuses_parameters_by_name() {
        for (rest, name) in
            [("a.db?timeout=5", "timeout"), ("a.db?mode=wr", "mode"), ("a.db?cache=no", "cache")]
        {
            let message = from_url(rest).err().unwrap().to_string();
            assert!(message.contains(&format!("`{name}`")), "{message}");
        }
        assert!(from_url("").is_err() && from_url("//").is_err());
    }
}
