//! ZIP archives: the few parts of the format that DOCX files use.

use crate::knowledge::formats::limits::{Limits, Unreadable};

const END_SIGNATURE: &[u8] = b"PK\x05\x06";
const ENTRY_SIGNATURE: &[u8] = b"PK\x01\x02";
const LOCAL_SIGNATURE: &[u8] = b"PK\x03\x04";
/// Length of the end record without its comment, and of the longest comment.
const END_BYTES: usize = 22;
const MAX_COMMENT_BYTES: usize = 65_535;
/// Maximum number of entries that are looked at.
const MAX_ENTRIES: usize = 10_000;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

const DAMAGED: Unreadable = Unreadable("it is damaged; save it again");

/// A ZIP archive in memory.
pub(super) struct Archive<'a> {
    bytes: &'a [u8],
    directory: usize,
    count: usize,
}

impl<'a> Archive<'a> {
    /// Finds the directory of an archive.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let from = bytes.len().saturating_sub(END_BYTES + MAX_COMMENT_BYTES);
        let end = from + memchr::memmem::rfind(&bytes[from..], END_SIGNATURE).ok_or(DAMAGED)?;
        let count = usize::from(u16_at(bytes, end + 10).ok_or(DAMAGED)?);
        let directory = u32_at(bytes, end + 16).ok_or(DAMAGED)? as usize;
        Ok(Self { bytes, directory, count: count.min(MAX_ENTRIES) })
    }

    /// Returns the content of a file, if it exists.
    pub(super) fn file(&self, name: &str, limits: &mut Limits) -> Result<Option<Vec<u8>>, Unreadable> {
        let mut at = self.directory;
        for _ in 0..self.count {
            limits.step()?;
            let Some(entry) = self.bytes.get(at..).filter(|rest| rest.starts_with(ENTRY_SIGNATURE)) else {
                return Err(DAMAGED);
            };
            let field = |at| u16_at(entry, at).map(usize::from).ok_or(DAMAGED);
            let (name_length, extra, comment) = (field(28)?, field(30)?, field(32)?);
            let found = entry.get(46..46 + name_length).ok_or(DAMAGED)?;
            if found.eq_ignore_ascii_case(name.as_bytes()) {
                return self.content(entry, limits).map(Some);
            }
            at += 46 + name_length + extra + comment;
        }
        Ok(None)
    }

    fn content(&self, entry: &[u8], limits: &mut Limits) -> Result<Vec<u8>, Unreadable> {
        let flags = u16_at(entry, 8).ok_or(DAMAGED)?;
        if flags & 1 != 0 {
            return Err(Unreadable("it is encrypted; save it without a password"));
        }
        let method = u16_at(entry, 10).ok_or(DAMAGED)?;
        let size = u32_at(entry, 20).ok_or(DAMAGED)? as usize;
        let local = u32_at(entry, 42).ok_or(DAMAGED)? as usize;
        let header =
            self.bytes.get(local..).filter(|rest| rest.starts_with(LOCAL_SIGNATURE)).ok_or(DAMAGED)?;
        let field = |at| u16_at(header, at).map(usize::from).ok_or(DAMAGED);
        let start = 30 + field(26)? + field(28)?;
        let end = start.checked_add(size).ok_or(DAMAGED)?;
        let data = header.get(start..end).ok_or(DAMAGED)?;
        match method {
            STORED => limits.copy(data),
            DEFLATED => limits.inflate(data, false),
            _ => Err(Unreadable("it is compressed in an unknown way; save it again with a word processor")),
        }
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}
