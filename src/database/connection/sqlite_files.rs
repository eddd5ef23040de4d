//! The SQLite files that this process has open, and the library that opened each.
//!
//! Closing a file drops all POSIX locks that the process holds on it, including those of other
//! connections. One SQLite library knows its own connections and takes care; two libraries on one
//! file can corrupt it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use parking_lot::{Mutex, MutexGuard};

use crate::error::{Error, Result};

static OPEN: LazyLock<Mutex<HashMap<PathBuf, OpenFile>>> = LazyLock::new(Mutex::default);

/// The SQLite library that has a file open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SqliteLibrary {
    /// The library in this package.
    Bundled,
    /// The library of better-sqlite3 or libsql.
    External,
}

struct OpenFile {
    library: SqliteLibrary,
    guards: usize,
}

/// A guard of a file in use, released on drop.
pub(crate) struct SqliteFileGuard {
    file: PathBuf,
}

impl SqliteFileGuard {
    /// Refuses a file that the other library has open.
    pub fn new(file: &Path, library: SqliteLibrary) -> Result<Self> {
        let file = canonical(file);
        let mut open = open();
        let used = open.entry(file.clone()).or_insert(OpenFile { library, guards: 0 });
        if used.library != library {
            return Err(refusal(&file, library));
        }
        used.guards += 1;
        drop(open);
        Ok(Self { file })
    }
}

impl Drop for SqliteFileGuard {
    fn drop(&mut self) {
        let mut open = open();
        if let Some(used) = open.get_mut(&self.file) {
            used.guards -= 1;
            if used.guards == 0 {
                open.remove(&self.file);
            }
        }
    }
}

fn open() -> MutexGuard<'static, HashMap<PathBuf, OpenFile>> {
    OPEN.lock()
}

fn refusal(file: &Path, wanted: SqliteLibrary) -> Error {
    let (holder, advice) = match wanted {
        SqliteLibrary::Bundled => (
            "a Drizzle object (better-sqlite3 or libsql)",
            "Pass the same Drizzle object here instead of a `sqlite:` URL",
        ),
        SqliteLibrary::External => {
            ("a `sqlite:` URL of this package", "Use the URL here too, or the Drizzle object in both places")
        }
    };
    Error::InvalidConnectionString(format!(
        "the file {} is in use in this process through {holder}, and two SQLite libraries on one file can corrupt \
         it. {advice}, or dispose of the other one first.",
        file.display()
    ))
}

/// Returns the canonical path of a file, which need not exist yet.
fn canonical(file: &Path) -> PathBuf {
    if let Ok(path) = file.canonicalize() {
        return path;
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (folder.canonicalize(), file.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => file.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_file_that_another_library_has_open() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let ours = SqliteFileGuard::new(&file, SqliteLibrary::Bundled).unwrap();
        std::fs::write(&file, "").unwrap();
        let again =
            SqliteFileGuard::new(&folder.path().join(".").join("a.db"), SqliteLibrary::Bundled).unwrap();
        drop(ours);
        assert_eq!(
            SqliteFileGuard::new(&file, SqliteLibrary::External).err().unwrap().code(),
            "INVALID_CONNECTION_STRING"
        );
        drop(again);
        let theirs = SqliteFileGuard::new(&file, SqliteLibrary::External).unwrap();
        assert!(SqliteFileGuard::new(&file, SqliteLibrary::Bundled).is_err());
        drop(theirs);
        assert!(SqliteFileGuard::new(&file, SqliteLibrary::Bundled).is_ok());
    }
}
