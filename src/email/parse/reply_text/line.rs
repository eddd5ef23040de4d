//! Lines of an e-mail, and the evidence in a line that is independent of its language.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::LazyLock;

use regex::Regex;

/// Maximum length of a line that can be an introduction or a header, in bytes.
const MAX_LINE_BYTES: usize = 600;
/// The zero digits of scripts with their own decimal digits.
const ZEROS: [u32; 17] = [
    0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0,
    0x0F20, 0x1040, 0x17E0, 0xFF10,
];

/// A line in its original and its normalized form.
pub(super) struct Line<'a> {
    /// The line without trailing white space.
    pub(super) text: &'a str,
    /// The line without invisible characters, and with ASCII digits and colons. Empty if the line
    /// is too long to be anything but text.
    pub(super) plain: String,
    /// The line is a signature delimiter (RFC 3676, 4.3).
    pub(super) is_signature_mark: bool,
    evidence: OnceCell<Evidence>,
}

impl<'a> Line<'a> {
    pub(super) fn of(line: &'a str) -> Self {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let text = line.trim_end();
        let plain = if text.len() <= MAX_LINE_BYTES { plain(text) } else { String::new() };
        Self { text, plain, is_signature_mark: line == "-- ", evidence: OnceCell::new() }
    }

    /// Returns the evidence in the line, computed once.
    pub(super) fn evidence(&self) -> &Evidence {
        self.evidence.get_or_init(|| Evidence::of(&self.plain))
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty() || self.plain.is_empty() && self.text.len() <= MAX_LINE_BYTES
    }

    pub(super) fn is_quoted(&self) -> bool {
        self.text.starts_with('>')
    }

    /// Returns `true` if the line is a horizontal rule, as Outlook and others draw one.
    pub(super) fn is_rule(&self) -> bool {
        !self.plain.is_empty()
            && self.plain.chars().all(|c| matches!(c, '_' | '-' | '=' | '*' | '—' | '━' | '─' | ' '))
            && self.plain.chars().filter(|c| *c != ' ').count() >= 5
    }
}

/// Returns text without invisible characters, and with ASCII digits, brackets and colons.
pub(super) fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| !is_invisible(*c)).map(ascii_form).collect();
    text.trim().to_owned()
}

/// Returns `true` if a text displays nothing.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Returns `true` for direction marks, joiners and fillers, which phones and newsletters insert.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
    )
}

fn ascii_form(c: char) -> char {
    match c {
        '：' | '﹕' | '∶' | '։' | '៖' | '፦' | '፡' => ':',
        '＜' | '〈' => '<',
        '＞' | '〉' => '>',
        '＠' => '@',
        '／' => '/',
        _ if c.is_ascii() => c,
        _ if c.is_whitespace() => ' ',
        _ => {
            let digit = ZEROS.iter().find_map(|zero| {
                let digit = (c as u32).checked_sub(*zero).filter(|digit| *digit < 10)?;
                char::from_digit(digit, 10)
            });
            digit.unwrap_or(c)
        }
    }
}

/// The elements of introductions and headers that a text contains.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    /// An e-mail address.
    pub(super) address: bool,
    /// An e-mail address in brackets, as beside a name.
    pub(super) mailbox: bool,
    /// A year, or a numeric date.
    pub(super) date: bool,
    /// A time of day.
    pub(super) time: bool,
    /// Any digit.
    pub(super) digit: bool,
}

impl Evidence {
    /// Returns the combined evidence of several lines. A mailbox that spans two lines is not found.
    pub(super) fn of_all(lines: &[Line<'_>]) -> Self {
        lines.iter().map(Line::evidence).fold(Self::default(), |all, one| Self {
            address: all.address || one.address,
            mailbox: all.mailbox || one.mailbox,
            date: all.date || one.date,
            time: all.time || one.time,
            digit: all.digit || one.digit,
        })
    }

    fn of(plain: &str) -> Self {
        let address = plain.contains('@') && ADDRESS.as_ref().is_some_and(|address| address.is_match(plain));
        let digit = plain.bytes().any(|byte| byte.is_ascii_digit());
        // An address never counts as a date, whatever digits it contains.
        let rest: Cow<'_, str> = match (&*ADDRESS, address) {
            (Some(pattern), true) => pattern.replace_all(plain, ""),
            _ => Cow::Borrowed(plain),
        };
        let found = |pattern: &Option<Regex>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(&rest));
        Self {
            address,
            mailbox: address && has_mailbox(plain),
            date: digit && found(&DATE),
            time: digit && found(&CLOCK),
            digit,
        }
    }
}

/// Returns `true` if a text contains an address in brackets.
pub(super) fn has_mailbox(plain: &str) -> bool {
    MAILBOX.as_ref().is_some_and(|mailbox| mailbox.is_match(plain))
}

/// Returns the number of addresses in a text. An address with a `mailto:` link counts once.
pub(super) fn addresses(plain: &str) -> usize {
    let all = ADDRESS.as_ref().map_or(0, |address| address.find_iter(plain).count());
    if plain.contains("mailto:") { all.div_ceil(2) } else { all }
}

/// Returns `true` if an address is followed only by a colon.
pub(super) fn ends_with_address(plain: &str) -> bool {
    ADDRESS_AT_END.as_ref().is_some_and(|pattern| pattern.is_match(plain))
}

static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"[^\s<>()\[\]:;,"@]+@[^\s<>()\[\]:;,"@]+"#).ok());
static MAILBOX: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[<(\[]\s*(?:mailto:)?[^\s<>()\[\]@]+@[^\s<>()\[\]@]+").ok());
static ADDRESS_AT_END: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"@[^\s<>()\[\]@]*[>\])"'*\s]*:\W*$"#).ok());
/// Matches years of the Gregorian, Buddhist and Persian calendars, and digits separated by dots,
/// slashes or dashes.
static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|\D)(?:19\d\d|20\d\d|25[5-9]\d|1[34]\d\d)(?:\D|$)|\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}")
        .ok()
});
/// Matches `9:12`, `9h12`, `9 h 12`, `9.12` unless it is part of a date, `9 AM`, `9時`.
static CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\d{1,2}\s?[:h]\s?\d\d|(?:^|[^\d.,])\d{1,2}\.\d\d(?:[^\d.]|$)|\d\s?(?i:[ap]\.?m\b)|\d{1,2}\s?[時时點点시]").ok()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_evidence_in_a_line() {
        for (line, address, mailbox, date, time) in [
            ("On Wed, 4 Mar 2026 at 09:12, Sarah <s@acme.example> wrote:", true, true, true, true),
            ("Den ons. 4. mar. 2026 kl. 09.12 skrev Sarah (s@acme.example):", true, true, true, true),
            ("٤ مارس ٢٠٢٦ ٩:١٢ \u{202a}<s@acme.example>\u{202c}:", true, true, true, true),
            ("พ. 4 มี.ค. 2569 เวลา 09:12", false, false, true, true),
            ("2026年3月4日(水) 9時12分", false, false, true, true),
            ("le 04/03/26 à 9h12", false, false, true, true),
            ("write to ann2026@example.com", true, false, false, false),
            ("We are 12", false, false, false, false),
        ] {
            let found = Evidence::of(&plain(line));
            assert_eq!(
                (found.address, found.mailbox, found.date, found.time),
                (address, mailbox, date, time),
                "{line}"
            );
        }
        assert!(is_blank("\u{a0}\u{200b}\r\n\u{feff}\u{ad}") && !is_blank("👍"));
    }
}
