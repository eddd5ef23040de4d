//! Objects of a PDF file by their numbers.
//!
//! They are found by a scan of the file. Cross-reference tables only shorten the scan, and are often
//! wrong; without them there is one way to read all files.

use std::collections::HashMap;
use std::ops::Range;

use memchr::memmem;

use crate::knowledge::formats::limits::{Limits, Unreadable};
use crate::knowledge::formats::pdf::filters::decode;
use crate::knowledge::formats::pdf::object::{Dictionary, Lexer, Object, is_space};

/// Maximum number of objects of a file.
const MAX_OBJECTS: usize = 200_000;
/// Maximum size of all object streams, which stay in memory.
const MAX_OBJECT_STREAM_BYTES: usize = 12 * 1024 * 1024;
/// Maximum number of references that lead to an object.
const MAX_REFERENCES: usize = 16;

const ENCRYPTED: Unreadable = Unreadable("it is encrypted; save it without a password and restrictions");

/// The place of an object.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// At an offset of the file.
    File(usize),
    /// In an object stream, at an offset.
    Stream(usize, usize),
}

/// A PDF file.
pub(super) struct PdfFile<'a> {
    bytes: &'a [u8],
    places: HashMap<u32, Place>,
    object_streams: Vec<Vec<u8>>,
    root: Option<u32>,
}

/// An object with the data of its stream, if it has one.
pub(super) struct Loaded {
    /// The object.
    pub(super) object: Object,
    /// The place of the data.
    pub(super) data: Option<Range<usize>>,
}

impl<'a> PdfFile<'a> {
    /// Finds the objects of a file.
    pub(super) fn open(bytes: &'a [u8], limits: &mut Limits) -> Result<Self, Unreadable> {
        let head = &bytes[..bytes.len().min(1024)];
        if memmem::find(head, b"%PDF-").is_none() {
            return Err(Unreadable("it is not a PDF file; check its `contentType`"));
        }
        let mut file = Self { bytes, places: HashMap::new(), object_streams: Vec::new(), root: None };
        file.read_trailers(limits)?;
        file.scan(limits)?;
        Ok(file)
    }

    /// Returns the number of the catalog, if the file names one.
    pub(super) fn root(&self) -> Option<u32> {
        self.root
    }

    /// Returns the numbers of all objects in order.
    pub(super) fn numbers(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = self.places.keys().copied().collect();
        numbers.sort_unstable();
        numbers
    }

    /// Reads an object. Objects that do not exist, or are damaged, are null.
    pub(super) fn load(&self, number: u32, limits: &mut Limits) -> Result<Loaded, Unreadable> {
        let loaded = self.try_load(number, limits);
        limits.check_time()?;
        Ok(loaded.unwrap_or(Loaded { object: Object::Null, data: None }))
    }

    fn try_load(&self, number: u32, limits: &mut Limits) -> Result<Loaded, Unreadable> {
        let missing = Loaded { object: Object::Null, data: None };
        match self.places.get(&number) {
            None => Ok(missing),
            Some(Place::File(at)) => {
                let mut lexer = Lexer::new(self.bytes, *at);
                let Some(object) = lexer.next(limits)? else { return Ok(missing) };
                let data = match &object {
                    Object::Dictionary(dictionary) => self.stream_range(dictionary, &mut lexer, limits)?,
                    _ => None,
                };
                Ok(Loaded { object, data })
            }
            Some(Place::Stream(stream, at)) => {
                let bytes = self.object_streams.get(*stream).map(Vec::as_slice).unwrap_or_default();
                let object = Lexer::new(bytes, *at).next(limits)?.unwrap_or(Object::Null);
                Ok(Loaded { object, data: None })
            }
        }
    }

    /// Returns the object that an object refers to, or the object itself.
    pub(super) fn resolve(&self, object: &Object, limits: &mut Limits) -> Result<Object, Unreadable> {
        Ok(self.resolve_loaded(object, limits)?.object)
    }

    /// Returns the object that an object refers to, with its data.
    pub(super) fn resolve_loaded(&self, object: &Object, limits: &mut Limits) -> Result<Loaded, Unreadable> {
        let mut loaded = Loaded { object: object.clone(), data: None };
        for _ in 0..MAX_REFERENCES {
            let Object::Reference(number) = loaded.object else { return Ok(loaded) };
            loaded = self.load(number, limits)?;
        }
        Ok(Loaded { object: Object::Null, data: None })
    }

    /// Returns an entry of a dictionary, resolved.
    pub(super) fn entry(
        &self,
        dictionary: &Dictionary,
        key: &[u8],
        limits: &mut Limits,
    ) -> Result<Object, Unreadable> {
        match dictionary.get(key) {
            Some(object) => self.resolve(object, limits),
            None => Ok(Object::Null),
        }
    }

    /// Returns an entry that is a dictionary, empty unless it is one.
    pub(super) fn dictionary(
        &self,
        dictionary: &Dictionary,
        key: &[u8],
        limits: &mut Limits,
    ) -> Result<Dictionary, Unreadable> {
        match self.entry(dictionary, key, limits)? {
            Object::Dictionary(dictionary) => Ok(dictionary),
            _ => Ok(Dictionary::new()),
        }
    }

    /// Returns the decoded data of a stream. Returns `None` for an unsupported filter.
    pub(super) fn data(&self, loaded: &Loaded, limits: &mut Limits) -> Result<Option<Vec<u8>>, Unreadable> {
        let (Object::Dictionary(dictionary), Some(range)) = (&loaded.object, &loaded.data) else {
            return Ok(None);
        };
        let raw = self.bytes.get(range.clone()).unwrap_or_default();
        let filter = match dictionary.get(b"Filter".as_slice()).or_else(|| dictionary.get(b"F".as_slice())) {
            Some(filter) => self.resolve(filter, limits)?,
            None => Object::Null,
        };
        decode(raw, &filter, limits)
    }

    fn read_trailers(&mut self, limits: &mut Limits) -> Result<(), Unreadable> {
        for at in memmem::find_iter(self.bytes, b"trailer") {
            // The word may stand in other data, which is no object.
            let object = Lexer::new(self.bytes, at + b"trailer".len()).next(limits).ok().flatten();
            limits.check_time()?;
            if let Some(Object::Dictionary(trailer)) = object {
                self.read_trailer(&trailer)?;
            }
        }
        Ok(())
    }

    fn read_trailer(&mut self, trailer: &Dictionary) -> Result<(), Unreadable> {
        if trailer.get(b"Encrypt".as_slice()).is_some_and(|encrypt| *encrypt != Object::Null) {
            return Err(ENCRYPTED);
        }
        if let Some(Object::Reference(root)) = trailer.get(b"Root".as_slice()) {
            self.root = Some(*root);
        }
        Ok(())
    }

    fn scan(&mut self, limits: &mut Limits) -> Result<(), Unreadable> {
        let mut at = 0;
        let finder = memmem::Finder::new(b"obj");
        while let Some(found) = self.bytes.get(at..).and_then(|rest| finder.find(rest)) {
            limits.step()?;
            let found = at + found;
            at = found + b"obj".len();
            let Some(number) = number_before(self.bytes, found) else { continue };
            if self.places.len() >= MAX_OBJECTS {
                return Err(Unreadable("it has too many objects; split it, or add its text instead"));
            }
            let mut lexer = Lexer::new(self.bytes, at);
            let object = lexer.next(limits).ok().flatten();
            limits.step()?;
            self.places.insert(number, Place::File(at));
            at = lexer.at().max(at);
            let Some(Object::Dictionary(dictionary)) = object else { continue };
            let Some(range) = self.stream_range(&dictionary, &mut lexer, limits)? else { continue };
            at = range.end.max(at);
            match dictionary.get(b"Type".as_slice()).and_then(Object::name) {
                Some(b"XRef") => self.read_trailer(&dictionary)?,
                Some(b"ObjStm") => {
                    let loaded = Loaded { object: Object::Dictionary(dictionary), data: Some(range) };
                    self.read_object_stream(&loaded, limits)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn read_object_stream(&mut self, loaded: &Loaded, limits: &mut Limits) -> Result<(), Unreadable> {
        let Some(bytes) = self.data(loaded, limits)? else { return Ok(()) };
        let Object::Dictionary(dictionary) = &loaded.object else { return Ok(()) };
        let number = |key: &[u8]| dictionary.get(key).and_then(Object::index);
        let (Some(count), Some(first)) = (number(b"N"), number(b"First")) else { return Ok(()) };
        let mut lexer = Lexer::new(&bytes, 0);
        let stream = self.object_streams.len();
        for _ in 0..count.min(MAX_OBJECTS) {
            let number = lexer.next(limits)?.and_then(|object| object.index());
            let offset = lexer.next(limits)?.and_then(|object| object.index());
            let (Some(number), Some(offset)) = (number, offset) else { break };
            self.places.insert(number as u32, Place::Stream(stream, first.saturating_add(offset)));
        }
        self.object_streams.push(bytes);
        let size: usize = self.object_streams.iter().map(Vec::len).sum();
        if size > MAX_OBJECT_STREAM_BYTES || self.places.len() > MAX_OBJECTS {
            return Err(Unreadable("it has too many objects; split it, or add its text instead"));
        }
        Ok(())
    }

    /// Returns the place of the data after a dictionary, if it is a stream.
    fn stream_range(
        &self,
        dictionary: &Dictionary,
        lexer: &mut Lexer,
        limits: &mut Limits,
    ) -> Result<Option<Range<usize>>, Unreadable> {
        lexer.skip_space();
        let Some(rest) = self.bytes.get(lexer.at()..).and_then(|rest| rest.strip_prefix(b"stream")) else {
            return Ok(None);
        };
        let line_end = if rest.starts_with(b"\r\n") {
            2
        } else {
            usize::from(rest.starts_with(b"\n") || rest.starts_with(b"\r"))
        };
        let start = lexer.at() + b"stream".len() + line_end;
        let declared = match dictionary.get(b"Length".as_slice()) {
            Some(Object::Number(length)) if (0.0..4e9).contains(length) => Some(*length as usize),
            // Behind a reference: only objects before this one are known yet, so the end is searched.
            _ => None,
        };
        if let Some(end) = declared.and_then(|length| start.checked_add(length)) {
            let after = self.bytes.get(end..).unwrap_or_default();
            let spaces = after.iter().take(4).take_while(|byte| is_space(**byte)).count();
            if after.get(spaces..).is_some_and(|after| after.starts_with(b"endstream")) {
                return Ok(Some(start..end));
            }
        }
        limits.check_time()?;
        let data = self.bytes.get(start..).unwrap_or_default();
        let length = memmem::find(data, b"endstream").unwrap_or(data.len());
        Ok(Some(start..start + length))
    }
}

/// Returns the object number before `obj`, as in `12 0 obj`.
fn number_before(bytes: &[u8], at: usize) -> Option<u32> {
    let head = &bytes[at.saturating_sub(32)..at];
    let mut words = head.rsplitn(2, |byte| !is_space(*byte) && !byte.is_ascii_digit());
    let mut words = words.next()?.split(|byte| is_space(*byte)).filter(|word| !word.is_empty()).rev();
    let (_generation, number) = (words.next()?, words.next()?);
    std::str::from_utf8(number).ok()?.parse().ok()
}
