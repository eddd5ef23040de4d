//! Styles of a DOCX file: those of headings.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::knowledge::formats::limits::{Limits, Unreadable};

/// Maximum number of styles that are read.
const MAX_STYLES: usize = 5_000;

/// Returns the levels of heading styles by their ids.
pub(super) fn heading_styles(xml: &[u8], limits: &mut Limits) -> Result<HashMap<Vec<u8>, u8>, Unreadable> {
    let mut levels = HashMap::new();
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().check_end_names = false;
    let mut style: Option<Vec<u8>> = None;
    let mut depth = 0_usize;
    loop {
        limits.step()?;
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                depth += 1;
                if depth > 100 {
                    return Ok(levels);
                }
                read_style(&tag, &mut style, &mut levels);
            }
            Ok(Event::Empty(tag)) => read_style(&tag, &mut style, &mut levels),
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            // Damaged styles are not worth more than the text.
            Ok(Event::Eof) | Err(_) => return Ok(levels),
            Ok(_) => {}
        }
        if levels.len() > MAX_STYLES {
            return Ok(levels);
        }
    }
}

fn read_style(tag: &BytesStart, style: &mut Option<Vec<u8>>, levels: &mut HashMap<Vec<u8>, u8>) {
    match tag.local_name().as_ref() {
        b"style" => *style = attribute(tag, b"styleId"),
        b"name" => {
            let level = attribute(tag, b"val").and_then(|name| level_of_name(&name));
            if let (Some(style), Some(level)) = (style.as_ref(), level) {
                levels.insert(style.clone(), level);
            }
        }
        b"outlineLvl" => {
            let level = attribute(tag, b"val").and_then(|level| outline_level(&level));
            if let (Some(style), Some(level)) = (style.as_ref(), level) {
                levels.entry(style.clone()).or_insert(level);
            }
        }
        _ => {}
    }
}

/// Returns the level of a built-in heading style. The names are English in all languages.
pub(super) fn level_of_name(name: &[u8]) -> Option<u8> {
    let name = name.to_ascii_lowercase();
    if name == b"title" {
        return Some(1);
    }
    let level = name.strip_prefix(b"heading")?.trim_ascii_start();
    match level {
        [level @ b'1'..=b'9'] => Some((level - b'0').min(6)),
        _ => None,
    }
}

/// Returns the level of an outline level, which counts from 0 and is 9 for body text.
pub(super) fn outline_level(level: &[u8]) -> Option<u8> {
    match level {
        [level @ b'0'..=b'8'] => Some((level - b'0' + 1).min(6)),
        _ => None,
    }
}

/// Returns the value of an attribute by its local name.
pub(super) fn attribute(tag: &BytesStart, name: &[u8]) -> Option<Vec<u8>> {
    let mut attributes = tag.attributes();
    let attributes = attributes.with_checks(false).take(64);
    let found =
        attributes.filter_map(Result::ok).find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.value.into_owned())
}
