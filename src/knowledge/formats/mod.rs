//! Parsers of documents. Each is bounded in time and memory, and accepts any bytes.

mod csv;
mod docx;
mod html;
mod limits;
mod markdown;
mod outline;
mod pdf;
mod plain;
#[cfg(test)]
mod testing;

pub(crate) use limits::{MAX_FILE_BYTES, Unreadable};
pub(crate) use outline::{Block, clean};

use limits::{Limits, MAX_MARKDOWN_BYTES, MAX_TEXT_BYTES};
use outline::Outline;

/// A format of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Plain,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
    /// Comma-separated values.
    Csv,
    /// Word documents.
    Docx,
    /// PDF.
    Pdf,
}

/// The formats with their names, file extensions and content types.
const FORMATS: [(Format, &str, &[&str], &[&str]); 6] = [
    (Format::Plain, "text", &["txt", "text"], &["text/plain"]),
    (Format::Markdown, "Markdown", &["md", "markdown"], &["text/markdown", "text/x-markdown"]),
    (Format::Html, "HTML", &["html", "htm", "xhtml"], &["text/html", "application/xhtml+xml"]),
    (Format::Csv, "CSV", &["csv", "tsv"], &["text/csv", "text/tab-separated-values", "application/csv"]),
    (
        Format::Docx,
        "DOCX",
        &["docx"],
        &["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    ),
    (Format::Pdf, "PDF", &["pdf"], &["application/pdf"]),
];

impl Format {
    /// Returns the name for messages.
    pub fn name(self) -> &'static str {
        FORMATS.iter().find(|(format, ..)| *format == self).map_or("", |(_, name, ..)| name)
    }

    /// Returns the format of a content type, such as `text/html; charset=utf-8`.
    pub fn of_content_type(content_type: &str) -> Option<Self> {
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        FORMATS.iter().find(|(.., types)| types.contains(&essence.as_str())).map(|(format, ..)| *format)
    }

    /// Returns the format of a file name's extension.
    pub fn of_file_name(name: &str) -> Option<Self> {
        let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
        FORMATS.iter().find(|(_, _, all, _)| all.contains(&extension.as_str())).map(|(format, ..)| *format)
    }

    /// Returns all content types, for messages.
    pub fn content_types() -> String {
        FORMATS.map(|(.., types)| types[0]).join(", ")
    }

    /// Returns all file extensions, for messages.
    pub fn extensions() -> String {
        FORMATS.map(|(_, _, all, _)| format!(".{}", all[0])).join(", ")
    }

    /// Returns `true` if documents of this format are text.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Plain | Self::Markdown | Self::Html | Self::Csv)
    }
}

/// Reads a document of any bytes.
///
/// Takes at most two seconds and 64 MB.
pub(crate) fn read(format: Format, document: &[u8]) -> Result<Vec<Block>, Unreadable> {
    let mut limits = Limits::new();
    let mut outline = Outline::new(&mut limits);
    let (max, problem) = match format {
        Format::Markdown => (MAX_MARKDOWN_BYTES, "it is larger than 1 MB; split it into several documents"),
        format if format.is_text() => {
            (MAX_TEXT_BYTES, "it is larger than 4 MB; split it into several documents")
        }
        _ => (MAX_FILE_BYTES, "it is larger than 32 MB; split it, or add its text instead"),
    };
    if document.len() > max {
        return Err(Unreadable(problem));
    }
    match format {
        Format::Plain => plain::read(&decode(document)?, &mut outline)?,
        Format::Markdown => markdown::read(&decode(document)?, &mut outline)?,
        Format::Html => html::read(&decode(document)?, &mut outline)?,
        Format::Csv => csv::read(&decode(document)?, &mut outline)?,
        Format::Docx => docx::read(document, &mut outline)?,
        Format::Pdf => pdf::read(document, &mut outline)?,
    }
    Ok(outline.into_blocks())
}

/// Returns the texts of a block, for tests of its parser.
#[cfg(any(test, fuzzing))]
pub(crate) fn text_of(block: &Block) -> Vec<&str> {
    match block {
        Block::Heading(_, text) | Block::Paragraph(text) | Block::Item(text) => vec![text],
        Block::Table(rows) => rows.iter().map(String::as_str).collect(),
    }
}

/// Decodes a text file: UTF-8 and UTF-16 by their marks, else UTF-8, else Windows-1252.
fn decode(document: &[u8]) -> Result<String, Unreadable> {
    use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
    if let Some((encoding, length)) = Encoding::for_bom(document) {
        return Ok(encoding.decode_without_bom_handling(&document[length..]).0.into_owned());
    }
    if document.contains(&0) {
        return Err(Unreadable("it holds binary data; check its `contentType`"));
    }
    match UTF_8.decode_without_bom_handling_and_without_replacement(document) {
        Some(text) => Ok(text.into_owned()),
        None => Ok(WINDOWS_1252.decode_without_bom_handling(document).0.into_owned()),
    }
}
