//! Limits of what one document may cost.

use std::time::{Duration, Instant};

/// Maximum size of a document of text, in bytes: plain text, Markdown, HTML, CSV.
pub(crate) const MAX_TEXT_BYTES: usize = 4 * 1024 * 1024;
/// Maximum size of a DOCX or PDF file, in bytes.
pub(crate) const MAX_FILE_BYTES: usize = 32 * 1024 * 1024;
/// Maximum size of Markdown, in bytes. Its parser keeps the tree of the whole document.
pub(crate) const MAX_MARKDOWN_BYTES: usize = 1024 * 1024;
/// Maximum number of bytes to which one part of a file may decompress.
const MAX_PART_BYTES: usize = 12 * 1024 * 1024;
/// Maximum number of bytes to which the parts of a file may decompress in total.
const MAX_INFLATED_BYTES: usize = 64 * 1024 * 1024;
/// Maximum time to read a document.
const MAX_TIME: Duration = Duration::from_millis(1_800);

/// The reason that a document cannot be read, with the remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable(pub(crate) &'static str);

const TOO_MUCH: Unreadable = Unreadable("it holds too much data; add its text instead");

/// The remaining cost that a document may cause.
#[derive(Debug)]
pub(crate) struct Limits {
    deadline: Instant,
    inflated: usize,
    steps: u32,
}

impl Limits {
    /// Creates the limits of one document, from now.
    pub(crate) fn new() -> Self {
        Self { deadline: Instant::now() + MAX_TIME, inflated: MAX_INFLATED_BYTES, steps: 0 }
    }

    /// Counts one small step of work, and fails once the time is over.
    pub(crate) fn step(&mut self) -> Result<(), Unreadable> {
        self.steps = self.steps.wrapping_add(1);
        if self.steps.is_multiple_of(256) { self.check_time() } else { Ok(()) }
    }

    /// Fails once the time is over.
    pub(crate) fn check_time(&self) -> Result<(), Unreadable> {
        if Instant::now() < self.deadline {
            return Ok(());
        }
        Err(Unreadable("it takes longer than two seconds to read; split it, or add its text instead"))
    }

    /// Copies data that is not compressed.
    pub(crate) fn copy(&mut self, data: &[u8]) -> Result<Vec<u8>, Unreadable> {
        self.check_time()?;
        if data.len() > self.inflated.min(MAX_PART_BYTES) {
            return Err(TOO_MUCH);
        }
        self.inflated -= data.len();
        Ok(data.to_vec())
    }

    /// Decompresses a deflate stream, with or without a zlib header. Damaged streams give the bytes
    /// before the damage.
    pub(crate) fn inflate(&mut self, compressed: &[u8], has_header: bool) -> Result<Vec<u8>, Unreadable> {
        use miniz_oxide::inflate::{
            TINFLStatus, decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit,
        };
        self.check_time()?;
        let limit = self.inflated.min(MAX_PART_BYTES);
        let inflated = match has_header {
            true => decompress_to_vec_zlib_with_limit(compressed, limit),
            false => decompress_to_vec_with_limit(compressed, limit),
        };
        let bytes = match inflated {
            Ok(bytes) => bytes,
            Err(failure) if failure.status == TINFLStatus::HasMoreOutput => {
                return Err(TOO_MUCH);
            }
            Err(failure) => failure.output,
        };
        self.inflated = self.inflated.saturating_sub(bytes.len());
        Ok(bytes)
    }
}
