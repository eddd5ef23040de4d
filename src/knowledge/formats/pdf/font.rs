//! Fonts: the text and the widths of the codes that a page shows.

use std::collections::HashMap;

use crate::knowledge::formats::limits::{Limits, Unreadable};
use crate::knowledge::formats::pdf::cmap::CMap;
use crate::knowledge::formats::pdf::encoding::{BaseEncoding, text_of_glyph};
use crate::knowledge::formats::pdf::file::PdfFile;
use crate::knowledge::formats::pdf::object::{Dictionary, Object};

/// Widths of Helvetica from the space to the tilde, in thousandths of the font size. They stand for
/// the fonts without widths.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// Width of a character of Courier.
const COURIER: f64 = 600.0;
/// Width of a code of a composite font without widths.
const COMPOSITE: f64 = 1000.0;
/// Maximum number of widths of a font.
const MAX_WIDTHS: usize = 70_000;

/// A font.
#[derive(Debug)]
pub(super) struct Font {
    to_unicode: Option<CMap>,
    /// Text of the codes of a simple font.
    simple: Option<Vec<Option<String>>>,
    /// Codes are UTF-16.
    is_utf16: bool,
    code_bytes: usize,
    widths: HashMap<u32, f64>,
    default_width: Option<f64>,
    is_courier: bool,
}

/// A code of a text, as a font shows it.
pub(super) struct Glyph {
    /// Text, unless it is unknown.
    pub(super) text: Option<String>,
    /// Width in thousandths of the font size.
    pub(super) width: f64,
    /// A single byte 32, to which the word spacing applies.
    pub(super) is_space: bool,
}

impl Font {
    /// Reads a font.
    pub(super) fn read(
        dictionary: &Dictionary,
        file: &PdfFile,
        limits: &mut Limits,
    ) -> Result<Self, Unreadable> {
        let to_unicode = match dictionary.get(b"ToUnicode".as_slice()) {
            Some(object) => {
                let loaded = file.resolve_loaded(object, limits)?;
                let bytes = file.data(&loaded, limits)?;
                bytes.map(|bytes| CMap::read(&bytes, limits)).transpose()?
            }
            None => None,
        };
        let name = file.entry(dictionary, b"BaseFont", limits)?;
        let is_courier = name.name().is_some_and(|name| name.windows(7).any(|part| part == b"Courier"));
        let is_composite = file.entry(dictionary, b"Subtype", limits)?.name() == Some(b"Type0");
        let mut font = Self {
            to_unicode,
            simple: None,
            is_utf16: false,
            code_bytes: 1,
            widths: HashMap::new(),
            default_width: None,
            is_courier,
        };
        match is_composite {
            true => font.read_composite(dictionary, file, limits)?,
            false => font.read_simple(dictionary, file, limits)?,
        }
        Ok(font)
    }

    /// Returns the size of the font in memory, as a number of entries.
    pub(super) fn entries(&self) -> usize {
        256 + self.widths.len() + self.to_unicode.as_ref().map_or(0, CMap::len)
    }

    /// Returns the glyphs of a text.
    pub(super) fn glyphs<'f>(&'f self, text: &'f [u8]) -> impl Iterator<Item = Glyph> + 'f {
        text.chunks(self.code_bytes).map(|bytes| {
            let code = bytes.iter().fold(0_u32, |code, byte| code << 8 | u32::from(*byte));
            let text = self.text_of(code);
            let width = self.widths.get(&code).copied().or(self.default_width);
            let width = width.unwrap_or_else(|| self.standard_width(text.as_deref()));
            Glyph { text, width, is_space: bytes == [b' '] }
        })
    }

    fn text_of(&self, code: u32) -> Option<String> {
        if let Some(text) = self.to_unicode.as_ref().and_then(|map| map.get(code)) {
            return Some(text);
        }
        if self.is_utf16 {
            return char::from_u32(code).map(String::from);
        }
        self.simple.as_ref()?.get(code as usize)?.clone()
    }

    fn standard_width(&self, text: Option<&str>) -> f64 {
        if self.is_courier {
            return COURIER;
        }
        let c = text.and_then(|text| text.chars().next()).unwrap_or('n');
        let at = (c as u32).checked_sub(32).map(|at| at as usize);
        f64::from(at.and_then(|at| HELVETICA.get(at)).copied().unwrap_or(556))
    }

    fn read_simple(
        &mut self,
        font: &Dictionary,
        file: &PdfFile,
        limits: &mut Limits,
    ) -> Result<(), Unreadable> {
        let encoding = file.entry(font, b"Encoding", limits)?;
        let mut base = BaseEncoding::Standard;
        let mut differences = Vec::new();
        match &encoding {
            Object::Name(name) => base = BaseEncoding::of_name(name).unwrap_or(base),
            Object::Dictionary(dictionary) => {
                let name = file.entry(dictionary, b"BaseEncoding", limits)?;
                base = name.name().and_then(BaseEncoding::of_name).unwrap_or(base);
                if let Object::List(list) = file.entry(dictionary, b"Differences", limits)? {
                    differences = list;
                }
            }
            _ => {}
        }
        let mut simple: Vec<Option<String>> =
            (0..=255_u8).map(|code| base.char(code).map(String::from)).collect();
        let mut code = 0;
        for object in differences {
            limits.step()?;
            match object {
                Object::Number(number) => code = number as usize,
                Object::Name(name) => {
                    if let Some(text) = simple.get_mut(code) {
                        *text = text_of_glyph(&name);
                    }
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
        self.simple = Some(simple);
        let first = file.entry(font, b"FirstChar", limits)?.index().unwrap_or_default();
        if let Object::List(widths) = file.entry(font, b"Widths", limits)? {
            for (at, width) in widths.iter().enumerate().take(256) {
                let width = file.resolve(width, limits)?.number().filter(|width| *width > 0.0);
                if let Some(width) = width {
                    self.widths.insert(first.saturating_add(at) as u32, width);
                }
            }
        }
        Ok(())
    }

    fn read_composite(
        &mut self,
        font: &Dictionary,
        file: &PdfFile,
        limits: &mut Limits,
    ) -> Result<(), Unreadable> {
        self.code_bytes = self.to_unicode.as_ref().and_then(|map| map.code_bytes).unwrap_or(2);
        self.default_width = Some(COMPOSITE);
        if let Object::Name(name) = file.entry(font, b"Encoding", limits)? {
            // Predefined CMaps such as `UniJIS-UTF16-H`.
            self.is_utf16 = name.starts_with(b"Uni");
            if name.starts_with(b"Identity") || self.is_utf16 {
                self.code_bytes = 2;
            }
        }
        let descendants = match file.entry(font, b"DescendantFonts", limits)? {
            Object::List(list) => list,
            _ => Vec::new(),
        };
        let Some(descendant) = descendants.first() else { return Ok(()) };
        let Object::Dictionary(descendant) = file.resolve(descendant, limits)? else { return Ok(()) };
        if let Some(width) = file.entry(&descendant, b"DW", limits)?.number() {
            self.default_width = Some(width);
        }
        let Object::List(widths) = file.entry(&descendant, b"W", limits)? else { return Ok(()) };
        let mut at = 0;
        while at + 1 < widths.len() && self.widths.len() < MAX_WIDTHS {
            limits.step()?;
            let Some(first) = widths[at].index() else { break };
            match file.resolve(&widths[at + 1], limits)? {
                Object::List(list) => {
                    for (offset, width) in list.iter().enumerate().take(MAX_WIDTHS) {
                        if let Some(width) = width.number() {
                            self.widths.insert(first.saturating_add(offset) as u32, width);
                        }
                    }
                    at += 2;
                }
                last => {
                    let width = widths.get(at + 2).and_then(Object::number);
                    let (Some(last), Some(width)) = (last.index(), width) else { break };
                    for code in first..=last.min(first.saturating_add(MAX_WIDTHS)) {
                        self.widths.insert(code as u32, width);
                    }
                    at += 3;
                }
            }
        }
        Ok(())
    }
}
