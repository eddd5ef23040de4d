//! Objects of PDF files, and their syntax.

use std::collections::HashMap;

use crate::knowledge::formats::limits::{Limits, Unreadable};

/// Maximum nesting of an object.
const MAX_DEPTH: usize = 16;
/// Maximum number of objects inside of an object.
const MAX_ITEMS: usize = 20_000;

/// An object of a PDF file.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Object {
    /// `null`, and objects that do not exist.
    Null,
    /// A number.
    Number(f64),
    /// A string.
    Text(Vec<u8>),
    /// A name.
    Name(Vec<u8>),
    /// An array.
    List(Vec<Object>),
    /// A dictionary.
    Dictionary(Dictionary),
    /// A reference to an object by its number.
    Reference(u32),
    /// A keyword or an operator.
    Keyword(Vec<u8>),
}

/// A dictionary.
pub(super) type Dictionary = HashMap<Vec<u8>, Object>;

impl Object {
    /// Returns the number, if it is one.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns the number as an index or a length, if it is one.
    pub(super) fn index(&self) -> Option<usize> {
        self.number().filter(|number| (0.0..=4e9).contains(number)).map(|number| number as usize)
    }

    /// Returns the name, if it is one.
    pub(super) fn name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }
}

/// A reader of objects.
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    items: usize,
}

impl<'a> Lexer<'a> {
    /// Creates a reader from a position.
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, items: 0 }
    }

    /// Returns the position.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Moves to a position.
    pub(super) fn seek(&mut self, at: usize) {
        self.at = at;
    }

    /// Reads the next object, or a keyword. Returns `None` at the end.
    pub(super) fn next(&mut self, limits: &mut Limits) -> Result<Option<Object>, Unreadable> {
        self.items = MAX_ITEMS;
        self.object(limits, 0)
    }

    /// Skips white space and comments.
    pub(super) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'%' => {
                    let rest = &self.bytes[self.at..];
                    self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                }
                byte if is_space(byte) => self.at += 1,
                _ => return,
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn object(&mut self, limits: &mut Limits, depth: usize) -> Result<Option<Object>, Unreadable> {
        limits.step()?;
        self.items = self.items.saturating_sub(1);
        if depth > MAX_DEPTH || self.items == 0 {
            return Err(Unreadable("its objects are nested too deep or too large; save it again"));
        }
        self.skip_space();
        let Some(byte) = self.peek() else { return Ok(None) };
        Ok(Some(match byte {
            b'/' => {
                self.at += 1;
                Object::Name(self.name())
            }
            b'(' => Object::Text(self.literal()),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                self.at += 2;
                Object::Dictionary(self.dictionary(limits, depth)?)
            }
            b'<' => Object::Text(self.hexadecimal()),
            b'[' => {
                self.at += 1;
                let mut list = Vec::new();
                loop {
                    self.skip_space();
                    if self.peek() == Some(b']') {
                        self.at += 1;
                        break;
                    }
                    match self.object(limits, depth + 1)? {
                        // A list that is never closed ends at what follows an object.
                        None => break,
                        Some(Object::Keyword(word)) if word == b"endobj" || word == b">>" => break,
                        Some(object) => list.push(object),
                    }
                }
                Object::List(list)
            }
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.number(),
            b'>' if self.bytes.get(self.at + 1) == Some(&b'>') => {
                self.at += 2;
                Object::Keyword(b">>".to_vec())
            }
            b')' | b'>' | b']' | b'{' | b'}' => {
                self.at += 1;
                Object::Keyword(vec![byte])
            }
            _ => {
                let word = self.word();
                if word == b"null" { Object::Null } else { Object::Keyword(word.to_vec()) }
            }
        }))
    }

    fn dictionary(&mut self, limits: &mut Limits, depth: usize) -> Result<Dictionary, Unreadable> {
        let mut dictionary = Dictionary::new();
        loop {
            match self.object(limits, depth + 1)? {
                Some(Object::Name(key)) => match self.object(limits, depth + 1)? {
                    None => break,
                    Some(Object::Keyword(word)) if word == b">>" || word == b"endobj" => break,
                    Some(value) => {
                        dictionary.insert(key, value);
                    }
                },
                None => break,
                Some(Object::Keyword(word)) if word == b">>" || word == b"endobj" => break,
                Some(_) => {}
            }
        }
        Ok(dictionary)
    }

    fn word(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|byte| !is_regular(*byte)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn name(&mut self) -> Vec<u8> {
        let word = self.word();
        let mut name = Vec::with_capacity(word.len());
        let mut rest = word;
        while let [byte, after @ ..] = rest {
            rest = after;
            let escaped = match after {
                [high, low, ..] if *byte == b'#' => hex_digit(*high).zip(hex_digit(*low)),
                _ => None,
            };
            match escaped {
                Some((high, low)) => {
                    name.push(high << 4 | low);
                    rest = &rest[2..];
                }
                None => name.push(*byte),
            }
        }
        name
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut text = Vec::new();
        let mut depth = 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                b'\\' => {
                    self.escape(&mut text);
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
        text
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' => self.at += usize::from(self.peek() == Some(b'\n')),
            b'\n' => {}
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                    code = code * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                text.push(code as u8);
            }
            byte => text.push(byte),
        }
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        let rest = &self.bytes[self.at + 1..];
        let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
        self.at += 1 + (end + 1).min(rest.len());
        let digits: Vec<u8> = rest[..end].iter().filter_map(|byte| hex_digit(*byte)).collect();
        digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or_default()).collect()
    }

    fn number(&mut self) -> Object {
        let start = self.at;
        let word = self.word();
        let Some(number) = parse_number(word) else { return Object::Keyword(word.to_vec()) };
        let is_whole = word.iter().all(u8::is_ascii_digit) && word.len() <= 10;
        if is_whole && start + word.len() == self.at {
            // `12 0 R` is a reference.
            let end = self.at;
            if let Some(number) = self.reference_after(number) {
                return Object::Reference(number);
            }
            self.at = end;
        }
        Object::Number(number)
    }

    fn reference_after(&mut self, number: f64) -> Option<u32> {
        let rest = self.bytes.get(self.at..)?;
        let rest = &rest[..rest.len().min(16)];
        let spaces = |from: usize| rest[from..].iter().take_while(|byte| is_space(**byte)).count();
        let first = spaces(0);
        let digits = rest[first..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let second = spaces(first + digits);
        let end = first + digits + second;
        let is_reference = first > 0 && digits > 0 && second > 0 && rest.get(end) == Some(&b'R');
        if !is_reference || rest.get(end + 1).is_some_and(|byte| is_regular(*byte)) {
            return None;
        }
        self.at += end + 1;
        Some(number as u32)
    }
}

fn parse_number(word: &[u8]) -> Option<f64> {
    let (sign, digits) = match word {
        [b'-', rest @ ..] => (-1.0, rest),
        [b'+', rest @ ..] => (1.0, rest),
        rest => (1.0, rest),
    };
    // Some programs write two signs.
    let digits = digits.strip_prefix(b"-").unwrap_or(digits);
    if digits.is_empty()
        || digits.len() > 40
        || !digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
    {
        return None;
    }
    let text = std::str::from_utf8(digits).ok()?;
    if text == "." { Some(0.0) } else { text.parse::<f64>().ok().map(|number| sign * number) }
}

/// Returns `true` for white space.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !b"()<>[]{}/%".contains(&byte)
}

fn hex_digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Object {
        Lexer::new(text, 0).next(&mut Limits::new()).unwrap().unwrap()
    }

    #[test]
    fn reads_objects() {
        assert_eq!(read(b" % c\n -1.5 "), Object::Number(-1.5));
        assert_eq!(read(b"12 0 R"), Object::Reference(12));
        assert_eq!(read(b"12 0 RG"), Object::Number(12.0));
        assert_eq!(read(b"(a\\(b(c)\\101\\n)"), Object::Text(b"a(b(c)A\n".to_vec()));
        assert_eq!(read(b"<48 65 6>"), Object::Text(b"He`".to_vec()));
        assert_eq!(read(b"/A#20b"), Object::Name(b"A b".to_vec()));
        let Object::Dictionary(dictionary) = read(b"<< /A [1 2 R (x)] /B << /C null >> >>") else { panic!() };
        assert_eq!(dictionary.len(), 2);
    }

    #[test]
    fn bounds_nesting() {
        let mut limits = Limits::new();
        assert!(Lexer::new(&b"[".repeat(100_000), 0).next(&mut limits).is_err());
        assert!(Lexer::new(&b"<</A".repeat(100_000), 0).next(&mut limits).is_err());
        assert!(
            Lexer::new(&[b"[".as_slice(), &b"1 ".repeat(1_000_000)].concat(), 0).next(&mut limits).is_err()
        );
    }
}
