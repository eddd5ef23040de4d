//! Helpers for the parsers' tests.

use crate::knowledge::formats::limits::{Limits, Unreadable};
use crate::knowledge::formats::outline::{Block, Outline};

/// Returns the blocks that a reader finds.
pub(crate) fn blocks<T: ?Sized>(
    document: &T,
    read: impl Fn(&T, &mut Outline) -> Result<(), Unreadable>,
) -> Vec<Block> {
    let mut limits = Limits::new();
    let mut outline = Outline::new(&mut limits);
    read(document, &mut outline).unwrap();
    outline.into_blocks()
}

/// Returns a ZIP archive of files.
pub(crate) fn zip(files: &[(&str, &[u8])], deflated: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in files {
        let data =
            if deflated { miniz_oxide::deflate::compress_to_vec(content, 6) } else { content.to_vec() };
        let method: u16 = if deflated { 8 } else { 0 };
        let at = out.len() as u32;
        let mut common = Vec::new();
        common.extend([20, 0, 0, 0]);
        common.extend(method.to_le_bytes());
        common.extend([0; 8]);
        common.extend((data.len() as u32).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(&data);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let at = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}
