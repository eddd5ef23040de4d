//! CMaps: the characters of a font's codes (`ToUnicode`).

use std::collections::HashMap;

use crate::knowledge::formats::limits::{Limits, Unreadable};
use crate::knowledge::formats::pdf::object::{Lexer, Object};

/// Maximum number of entries.
const MAX_ENTRIES: usize = 70_000;
/// Maximum length of the text of one code, in UTF-16 units.
const MAX_UNITS: usize = 16;

/// A mapping of codes to text.
#[derive(Debug, Default)]
pub(super) struct CMap {
    chars: HashMap<u32, String>,
    /// First code, last code, and the text of the first one; sorted.
    ranges: Vec<(u32, u32, Vec<u16>)>,
    /// Length of codes in bytes, if it is stated.
    pub(super) code_bytes: Option<usize>,
}

impl CMap {
    /// Reads a CMap.
    pub(super) fn read(bytes: &[u8], limits: &mut Limits) -> Result<Self, Unreadable> {
        let mut map = Self::default();
        let mut lexer = Lexer::new(bytes, 0);
        let mut operands: Vec<Object> = Vec::new();
        let mut entries = 0;
        while let Some(object) = lexer.next(limits)? {
            let Object::Keyword(word) = object else {
                if operands.len() < MAX_ENTRIES {
                    operands.push(object);
                }
                continue;
            };
            entries += operands.len();
            if entries > MAX_ENTRIES * 3 {
                break;
            }
            match word.as_slice() {
                b"endcodespacerange" => {
                    let length = operands.iter().filter_map(|object| Some(text(object)?.len())).max();
                    map.code_bytes = length.map(|length| length.clamp(1, 4));
                }
                b"endbfchar" => {
                    for pair in operands.chunks_exact(2) {
                        if let (Some(code), Some(text)) = (code(&pair[0]), text(&pair[1])) {
                            map.chars.insert(code, String::from_utf16_lossy(&units(text)));
                        }
                    }
                }
                b"endbfrange" => operands.chunks_exact(3).for_each(|range| map.add_range(range)),
                _ => {}
            }
            operands.clear();
        }
        map.ranges.sort_by_key(|(first, ..)| *first);
        Ok(map)
    }

    /// Returns the number of entries.
    pub(super) fn len(&self) -> usize {
        self.chars.len() + self.ranges.len()
    }

    /// Returns the text of a code, if it has one.
    pub(super) fn get(&self, code: u32) -> Option<String> {
        if let Some(text) = self.chars.get(&code) {
            return Some(text.clone());
        }
        let after = self.ranges.partition_point(|(first, ..)| *first <= code);
        let (first, last, start) = self.ranges.get(after.checked_sub(1)?)?;
        if code > *last {
            return None;
        }
        let mut units = start.clone();
        let unit = units.last_mut()?;
        *unit = unit.wrapping_add((code - first) as u16);
        Some(String::from_utf16_lossy(&units))
    }

    fn add_range(&mut self, range: &[Object]) {
        let [first, last, to] = range else { return };
        let (Some(first), Some(last)) = (code(first), code(last)) else { return };
        match to {
            Object::Text(start) => self.ranges.push((first, last, units(start))),
            Object::List(list) => {
                for (at, object) in list.iter().enumerate().take(MAX_ENTRIES) {
                    if let Some(text) = text(object) {
                        let code = first.saturating_add(at as u32);
                        self.chars.insert(code, String::from_utf16_lossy(&units(text)));
                    }
                }
            }
            _ => {}
        }
    }
}

fn text(object: &Object) -> Option<&[u8]> {
    match object {
        Object::Text(text) => Some(text),
        _ => None,
    }
}

fn code(object: &Object) -> Option<u32> {
    let bytes = text(object)?;
    Some(bytes.iter().take(4).fold(0, |code, byte| code << 8 | u32::from(*byte)))
}

fn units(text: &[u8]) -> Vec<u16> {
    match text {
        [byte] => vec![u16::from(*byte)],
        text => {
            let (pairs, _) = text.as_chunks::<2>();
            pairs.iter().take(MAX_UNITS).map(|pair| u16::from_be_bytes(*pair)).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_codes() {
        let text =
            b"1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfchar <0003> <0020> endbfchar \
            2 beginbfrange <0010> <0012> <0041> <0020> <0021> [<00660069> <0062>] endbfrange";
        let map = CMap::read(text, &mut Limits::new()).unwrap();
        assert_eq!(map.code_bytes, Some(2));
        let all: Vec<_> = [3, 0x10, 0x12, 0x13, 0x20, 0x21].map(|code| map.get(code)).into();
        let expected = [Some(" "), Some("A"), Some("C"), None, Some("fi"), Some("b")];
        assert_eq!(all, expected.map(|text| text.map(str::to_owned)));
    }
}
