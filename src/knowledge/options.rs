//! Descriptions of documents, as callers pass them.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::knowledge::formats::Format;
use crate::types::memory::{check_text, check_timestamp, timestamp};

/// Maximum length of a document's id, in characters. Ids of its passages are longer.
const MAX_ID_CHARS: usize = 256;
const MAX_TITLE_CHARS: usize = 500;
const MAX_SOURCE_CHARS: usize = 2_000;
const MAX_TAGS: usize = 50;
const MAX_TAG_CHARS: usize = 100;

/// A document to add, with exactly one of `text`, `html`, `markdown` and `file`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DocumentOptions {
    /// Id of the document. Adding the same id again replaces the document.
    pub id: String,
    /// Title; by default the first heading, else the id.
    pub title: Option<String>,
    /// Content as text of `contentType`, by default plain text.
    pub text: Option<String>,
    /// Content as HTML.
    pub html: Option<String>,
    /// Content as Markdown.
    pub markdown: Option<String>,
    /// Path of a file.
    pub file: Option<String>,
    /// Content type, by default that of the file's extension.
    pub content_type: Option<String>,
    /// Origin that answers may cite: an address, a file name.
    pub source: Option<String>,
    /// Time from which on the document applies.
    pub valid_from: Option<Time>,
    /// Time at which it no longer applies.
    pub valid_until: Option<Time>,
    /// Tags for searches.
    pub tags: Vec<String>,
}

/// A time, as milliseconds or in ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Time(#[serde(with = "timestamp")] pub DateTime<Utc>);

/// The content of a document.
#[derive(Debug)]
pub(super) enum Content {
    /// Bytes in memory.
    Bytes(Vec<u8>),
    /// Path of a file.
    Path(String),
}

impl DocumentOptions {
    /// Validates the description, and separates the content and its format.
    pub(super) fn take_content(&mut self, bytes: Option<Vec<u8>>) -> Result<(Content, Format)> {
        self.validate()?;
        let given = [
            ("text", self.text.is_some()),
            ("html", self.html.is_some()),
            ("markdown", self.markdown.is_some()),
            ("file", self.file.is_some() || bytes.is_some()),
        ];
        let mut names = given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name);
        let (first, second) = (names.next(), names.next());
        if let Some(second) = second {
            return Err(Error::argument(
                second,
                "is given beside another content; give only one of text, html, markdown, file",
            ));
        }
        let declared = self.content_type.as_deref().map(declared_format).transpose()?;
        let must_be = |format: Format| match declared {
            Some(declared) if declared != format => Err(Error::argument(
                "contentType",
                format!("does not fit `{}`; leave it out", first.unwrap_or_default()),
            )),
            _ => Ok(format),
        };
        let (path, id) = (self.file.take(), self.id.as_str());
        match (self.text.take(), self.html.take(), self.markdown.take(), bytes, path) {
            (Some(text), ..) => match declared.unwrap_or(Format::Plain) {
                format if format.is_text() => Ok((Content::Bytes(text.into_bytes()), format)),
                _ => Err(Error::argument("contentType", "is not one of text; pass the bytes as `file`")),
            },
            (_, Some(html), ..) => Ok((Content::Bytes(html.into_bytes()), must_be(Format::Html)?)),
            (_, _, Some(markdown), ..) => {
                Ok((Content::Bytes(markdown.into_bytes()), must_be(Format::Markdown)?))
            }
            (_, _, _, Some(bytes), _) => {
                let format = declared.or_else(|| Format::of_file_name(id)).ok_or_else(|| {
                    let reason = format!("is missing; bytes need one of {}", Format::content_types());
                    Error::argument("contentType", reason)
                })?;
                Ok((Content::Bytes(bytes), format))
            }
            (.., Some(path)) => {
                let format = declared.or_else(|| Format::of_file_name(&path)).ok_or_else(|| {
                    let reason = format!(
                        "has an unknown extension; give `contentType`, or one of {}",
                        Format::extensions()
                    );
                    Error::argument("file", reason)
                })?;
                Ok((Content::Path(path), format))
            }
            _ => Err(Error::argument("text", "is missing; give one of text, html, markdown, file")),
        }
    }

    fn validate(&self) -> Result<()> {
        check_document_id(&self.id)?;
        if let Some(title) = &self.title {
            check_length("title", title, MAX_TITLE_CHARS)?;
        }
        if let Some(source) = &self.source {
            check_length("source", source, MAX_SOURCE_CHARS)?;
        }
        check_tags(&self.tags)?;
        for (name, time) in [("validFrom", self.valid_from), ("validUntil", self.valid_until)] {
            if let Some(Time(time)) = time {
                check_timestamp(time).map_err(|reason| Error::argument(name, reason))?;
            }
        }
        match (self.valid_from, self.valid_until) {
            (Some(Time(from)), Some(Time(until))) if until <= from => {
                Err(Error::argument("validUntil", "is not after `validFrom`"))
            }
            _ => Ok(()),
        }
    }
}

/// Accepts ids of 1 to 256 characters.
pub(super) fn check_document_id(id: &str) -> Result<()> {
    check_length("id", id, MAX_ID_CHARS)
}

/// Accepts up to 50 tags of 1 to 100 characters.
pub(super) fn check_tags(tags: &[String]) -> Result<()> {
    if tags.len() > MAX_TAGS {
        return Err(Error::argument("tags", format!("has more than {MAX_TAGS} entries")));
    }
    tags.iter().try_for_each(|tag| check_length("tags", tag, MAX_TAG_CHARS))
}

fn check_length(name: &'static str, text: &str, max: usize) -> Result<()> {
    if text.trim().is_empty() || text.chars().count() > max {
        return Err(Error::argument(name, format!("must have 1 to {max} characters")));
    }
    check_text(name, text)
}

fn declared_format(content_type: &str) -> Result<Format> {
    Format::of_content_type(content_type).ok_or_else(|| {
        Error::argument("contentType", format!("is not supported; use one of {}", Format::content_types()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(change: impl FnOnce(&mut DocumentOptions), bytes: Option<Vec<u8>>) -> String {
        let mut options = DocumentOptions { id: "prices".into(), ..DocumentOptions::default() };
        change(&mut options);
        match options.take_content(bytes) {
            Err(Error::InvalidArgument { argument, .. }) => argument,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn refuses_contradictions() {
        let text = || Some("x".to_owned());
        assert_eq!(problem(|_| {}, None), "text");
        assert_eq!(problem(|options| options.text = text(), Some(vec![])), "file");
        assert_eq!(problem(|options| (options.text, options.html) = (text(), text()), None), "html");
        assert_eq!(problem(|_| {}, Some(vec![])), "contentType");
        assert_eq!(problem(|options| options.file = text(), None), "file");
        assert_eq!(problem(|options| options.tags = vec![String::new()], None), "tags");
        let html = |options: &mut DocumentOptions| {
            (options.html, options.content_type) = (text(), Some("text/plain".into()));
        };
        assert_eq!(problem(html, None), "contentType");
        assert!(problem(|options| options.text = text(), None).contains("Plain"));
    }
}
