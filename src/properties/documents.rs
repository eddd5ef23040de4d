//! Properties of the parsers of documents.

use crate::knowledge::chunks_of;
use crate::knowledge::formats::{Format, read, text_of};

/// Checks the parser of plain text.
pub fn plain(bytes: &[u8]) {
    document(Format::Plain, bytes);
}

/// Checks the parser of Markdown.
pub fn markdown(bytes: &[u8]) {
    document(Format::Markdown, bytes);
}

/// Checks the parser of HTML.
pub fn html(bytes: &[u8]) {
    document(Format::Html, bytes);
}

/// Checks the parser of CSV.
pub fn csv(bytes: &[u8]) {
    document(Format::Csv, bytes);
}

/// Checks the parser of DOCX.
pub fn docx(bytes: &[u8]) {
    document(Format::Docx, bytes);
}

/// Checks the parser of PDF.
pub fn pdf(bytes: &[u8]) {
    document(Format::Pdf, bytes);
}

/// Checks that a document is refused, or has text that can be stored, cut into bounded passages.
fn document(format: Format, bytes: &[u8]) {
    let Ok(blocks) = read(format, bytes) else { return };
    for text in blocks.iter().flat_map(text_of) {
        assert!(!text.trim().is_empty(), "{text:?}");
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
    let Ok(passages) = chunks_of("Title", &blocks) else { return };
    assert_eq!(passages.is_empty(), blocks.is_empty());
    for passage in passages {
        assert!(passage.starts_with("Title") && passage.len() <= 64 * 1024, "{passage:?}");
    }
}
