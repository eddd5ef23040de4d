//! Which SQLite files this process has open, and through which library.
//!
//! Closing a file drops all POSIX locks the process holds on it, whoever took them. One SQLite library knows its
//! own connections and takes care; two of them on one file can corrupt it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result};

static OPEN: LazyLock<Mutex<HashMap<PathBuf, Use>>> = LazyLock::new(Mutex::default);

/// Whose SQLite has a file open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Library {
    /// The one in this package.
    Ours,
    /// The one of better-sqlite3 or libsql.
    Theirs,
}

struct Use {
    library: Library,
    claims: usize,
}

/// A file in use, until dropped.
pub(crate) struct Claim {
    file: PathBuf,
}

impl Claim {
    /// Refuses a file that the other library has open.
    pub fn new(file: &Path, library: Library) -> Result<Self> {
        let file = canonical(file);
        let mut open = open();
        let used = open.entry(file.clone()).or_insert(Use { library, claims: 0 });
        if used.library != library {
            return Err(refusal(&file, library));
        }
        used.claims += 1;
        drop(open);
        Ok(Self { file })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut open = open();
        if let Some(used) = open.get_mut(&self.file) {
            used.claims -= 1;
            if used.claims == 0 {
                open.remove(&self.file);
            }
        }
    }
}

fn open() -> MutexGuard<'static, HashMap<PathBuf, Use>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn refusal(file: &Path, wanted: Library) -> Error {
    let (holder, advice) = match wanted {
        Library::Ours => (
            "a Drizzle object (better-sqlite3 or libsql)",
            "Pass the same Drizzle object here instead of a `sqlite:` URL",
        ),
        Library::Theirs => {
            ("a `sqlite:` URL of this package", "Use the URL here too, or the Drizzle object in both places")
        }
    };
    Error::InvalidConnection(format!(
        "the file {} is in use in this process through {holder}, and two SQLite libraries on one file can corrupt \
         it. {advice}, or dispose of the other one first.",
        file.display()
    ))
}

/// The one name of a file, which need not exist yet.
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
    fn a_file_belongs_to_one_library_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let ours = Claim::new(&file, Library::Ours).unwrap();
        std::fs::write(&file, "").unwrap();
        let again = Claim::new(&folder.path().join(".").join("a.db"), Library::Ours).unwrap();
        drop(ours);
        assert_eq!(Claim::new(&file, Library::Theirs).err().unwrap().code(), "INVALID_CONNECTION");
        drop(again);
        let theirs = Claim::new(&file, Library::Theirs).unwrap();
        assert!(Claim::new(&file, Library::Ours).is_err());
        drop(theirs);
        assert!(Claim::new(&file, Library::Ours).is_ok());
    }
}
