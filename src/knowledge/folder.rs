//! Folders of documents.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::knowledge::formats::Format;
use crate::knowledge::options::check_tags;
use crate::knowledge::{AddedDocument, DocumentOptions, Knowledge};
use crate::task;

/// Maximum number of files of a folder.
const MAX_FILES: usize = 10_000;
/// Maximum depth of folders.
const MAX_DEPTH: usize = 16;

/// Options of a folder.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FolderOptions {
    /// Tags of its documents.
    pub tags: Vec<String>,
}

/// A file of a folder.
struct FolderFile {
    /// Path below the folder, with `/` as separator.
    id: String,
    path: PathBuf,
}

impl Knowledge {
    /// Adds the files of a folder and its subfolders that have a supported extension, in the order
    /// of their paths. Hidden files and links are left out. Ids are the paths below the folder.
    ///
    /// # Errors
    ///
    /// Stops at the first file that cannot be added; the files before it stay.
    pub async fn add_folder(&self, path: &str, options: FolderOptions) -> Result<Vec<AddedDocument>> {
        check_tags(&options.tags)?;
        let folder = PathBuf::from(path);
        let files = task::spawn_blocking(move || {
            let mut files = Vec::new();
            collect(&folder, "", 0, &mut files).map(|()| files)
        });
        let mut files = files.await.map_err(|_| Error::Internal("a folder was not read".to_owned()))??;
        files.sort_by(|a, b| a.id.cmp(&b.id));
        let mut added = Vec::with_capacity(files.len());
        for FolderFile { id, path } in files {
            let document = DocumentOptions {
                source: Some(id.clone()),
                file: Some(path.to_string_lossy().into_owned()),
                tags: options.tags.clone(),
                id,
                ..DocumentOptions::default()
            };
            added.push(self.add(document, None).await?);
        }
        Ok(added)
    }
}

fn collect(folder: &Path, prefix: &str, depth: usize, files: &mut Vec<FolderFile>) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::argument("path", format!("cannot be read as a folder: {}", error.kind()))
    };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // Names that are not Unicode cannot be ids.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = entry.file_type().map_err(failed)?;
        if name.starts_with('.') {
            continue;
        }
        let id = format!("{prefix}{name}");
        if kind.is_dir() && depth < MAX_DEPTH {
            collect(&entry.path(), &format!("{id}/"), depth + 1, files)?;
        } else if kind.is_file() && Format::of_file_name(&name).is_some() {
            files.push(FolderFile { id, path: entry.path() });
        }
        if files.len() > MAX_FILES {
            return Err(Error::argument(
                "path",
                format!("has more than {MAX_FILES} documents; add its folders"),
            ));
        }
    }
    Ok(())
}
