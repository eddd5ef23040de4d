//! Conversion of HTML e-mails to text: line breaks as displayed, quotations marked by `>`, and the
//! positions at which programs put history.

#[cfg(test)]
mod tests;

use mail_parser::decoders::html::add_html_token;

/// Parts of an `id`, `class` or `name` that mark the element at which a mail program begins
/// history.
const HISTORY: [&str; 16] = [
    // Outlook on the web, in new Outlook and Outlook.com
    "divrplyfwdmsg",
    "appendonsend",
    // Outlook for iOS and Android
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-reference-message",
    // Outlook for Mac
    "olk_src_body_section",
    // Outlook 97 to 2003
    "outlookmessageheader",
    // Yahoo and AOL
    "yahoo_quoted",
    // Zoho
    "zmail_extra",
    // Spark
    "messagereplysection",
    // HubSpot
    "hs_reply",
    // NetEase
    "isreplycontent",
    // Zimbra, above the quotation and above its headers
    "__divider__",
    "__headers__",
    // eM Client, Front
    "front-blockquote",
    // Mail of Windows 10
    "mailoriginal",
    // Missive
    "missive_quote",
];
/// Parts of an `id`, `class` or `name` that mark the introduction of a quotation. The element holds
/// the introduction only, or the quotation too.
const INTRODUCTIONS: [&str; 7] = [
    "gmail_attr",
    "gmail_quote_container",
    "moz-cite-prefix",
    "protonmail_quote",
    "tutanota_quote",
    "reply-intro",
    "ydp-quote-header",
];
/// Elements that begin and end a line.
const BLOCKS: [&str; 31] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
    "html",
];
/// Elements without an end tag.
const VOID: [&str; 12] =
    ["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "param", "source", "wbr"];
/// Elements whose content is not displayed.
const HIDDEN: [&str; 6] = ["head", "script", "style", "svg", "template", "title"];
/// Maximum nesting that is tracked.
const MAX_DEPTH: usize = 256;
/// Maximum length of an entity, in bytes.
const MAX_ENTITY_BYTES: usize = 32;

/// Text converted from HTML.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct HtmlText {
    /// The displayed text.
    pub(crate) text: String,
    /// The line from which on there is only history.
    pub(crate) history: Option<usize>,
    /// The lines that introduce quotations.
    pub(crate) introductions: Vec<usize>,
}

/// Converts HTML to text, in time linear to its length for any input.
pub(crate) fn to_text(html: &str) -> HtmlText {
    let mut reader = HtmlReader::default();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        reader.text(&rest[..start]);
        rest = &rest[start..];
        rest = if let Some(comment) = rest.strip_prefix("<!--") {
            comment.split_once("-->").map_or("", |(_, rest)| rest)
        } else if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            let (tag, after) = split_tag(&rest[1..]);
            reader.tag(tag);
            match reader.raw_text() {
                Some(name) => after_raw_text(after, name),
                None => after,
            }
        } else {
            reader.text("<");
            &rest[1..]
        };
    }
    reader.text(rest);
    reader.finish()
}

/// Splits off a tag and returns it with the rest. Brackets in quoted values are part of the tag.
fn split_tag(rest: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return (&rest[..at], &rest[at + 1..]),
            (None, b'"' | b'\'') if rest[..at].trim_end().ends_with('=') => quote = Some(byte),
            (Some(open), byte) if byte == open => quote = None,
            _ => {}
        }
    }
    // A quoted value is never closed: the tag ends at its first bracket.
    rest.split_once('>').unwrap_or((rest, ""))
}

/// Returns the rest after the end of an element whose content is raw text.
fn after_raw_text<'a>(rest: &'a str, name: &str) -> &'a str {
    let mut at = 0;
    while let Some(found) = rest[at..].find("</") {
        at += found;
        let is_end = rest.as_bytes().get(at + 2..at + 2 + name.len());
        if is_end.is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes())) {
            return &rest[at..];
        }
        at += 2;
    }
    ""
}

#[derive(Default)]
struct Element {
    name: String,
    hidden: bool,
    quote: bool,
    preformatted: bool,
}

#[derive(Default)]
struct HtmlReader {
    out: HtmlText,
    line: String,
    lines: usize,
    /// White space is to be written before the next word.
    space: bool,
    open: Vec<Element>,
    hidden: usize,
    quotes: usize,
    preformatted: usize,
    /// The number of open elements beyond the maximum nesting.
    untracked: usize,
}

impl HtmlReader {
    /// Returns the name of the raw text element that was just opened, if any.
    fn raw_text(&self) -> Option<&'static str> {
        let last = self.open.last()?;
        ["script", "style"].into_iter().find(|name| *name == last.name)
    }

    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if c == '&' {
                let end = rest.bytes().take(MAX_ENTITY_BYTES).position(|byte| byte == b';');
                if let Some(end) = end.filter(|end| is_entity(&rest[1..*end])) {
                    let mut decoded = String::new();
                    add_html_token(&mut decoded, &rest.as_bytes()[..=end], false);
                    decoded.chars().for_each(|c| self.put(if c == '\u{a0}' { ' ' } else { c }));
                    rest = &rest[end + 1..];
                    continue;
                }
            }
            rest = &rest[c.len_utf8()..];
            match c {
                '\n' if self.preformatted > 0 => self.end_line(),
                ' ' | '\t' if self.preformatted > 0 => self.put(c),
                ' ' | '\t' | '\r' | '\n' | '\u{c}' => self.space = true,
                '\u{a0}' => self.put(' '),
                c => self.put(c),
            }
        }
    }

    fn put(&mut self, c: char) {
        if self.space && !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
        self.space = false;
        self.line.push(c);
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if self.quotes > 0 {
            self.out.text.push_str(&">".repeat(self.quotes.min(8)));
            self.out.text.push(' ');
        }
        // A line that begins like a quotation but is not one.
        if self.quotes == 0 && line.starts_with('>') {
            self.out.text.push(' ');
        }
        // The space is part of the signature delimiter.
        let mark = line == "-- " || line == "--" && self.space;
        self.out.text.push_str(if mark { "-- " } else { line.trim_end() });
        self.out.text.push('\n');
        self.lines += 1;
        self.space = false;
    }

    fn begin_block(&mut self) {
        if !self.line.trim().is_empty() {
            self.end_line();
        }
        self.line.clear();
        self.space = false;
    }

    fn tag(&mut self, tag: &str) {
        let (closes, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let end = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
        let name = tag[..end].to_ascii_lowercase();
        if closes {
            self.close(&name);
        } else {
            self.open(name, &tag[end..]);
        }
    }

    fn open(&mut self, name: String, attributes: &str) {
        let value = |wanted: &str| attribute(attributes, wanted).map(str::to_ascii_lowercase);
        let style: String = value("style").unwrap_or_default().split_whitespace().collect();
        let names = ["id", "class", "name", "data-marker"].map(|wanted| value(wanted).unwrap_or_default());
        if BLOCKS.contains(&name.as_str()) {
            self.begin_block();
        }
        if self.hidden == 0 {
            self.record_history(&names, &style);
            match name.as_str() {
                "br" => self.end_line(),
                "hr" => {
                    self.line.push_str("________________________________");
                    self.end_line();
                }
                "li" => self.line.push_str("- "),
                "td" | "th" => self.space = true,
                "img" => {
                    // An image that stands for a character.
                    let alt = attribute(attributes, "alt").unwrap_or_default();
                    if !alt.is_ascii() && alt.chars().count() <= 8 {
                        self.text(alt);
                    }
                }
                _ => {}
            }
        }
        if VOID.contains(&name.as_str()) || attributes.ends_with('/') {
            return;
        }
        if self.open.len() >= MAX_DEPTH {
            self.untracked += 1;
            return;
        }
        // A blockquote that only indents the sender's own words.
        let indents = style.contains("margin:00040px") && !style.contains("border-left");
        let element = Element {
            hidden: HIDDEN.contains(&name.as_str()) || style.contains("display:none"),
            quote: name == "blockquote" && !indents,
            preformatted: name == "pre" || style.contains("white-space:pre"),
            name,
        };
        self.hidden += usize::from(element.hidden);
        self.quotes += usize::from(element.quote);
        self.preformatted += usize::from(element.preformatted);
        self.open.push(element);
    }

    /// Records that history, or a quotation, begins in the next line.
    fn record_history(&mut self, names: &[String; 4], style: &str) {
        let is_any = |known: &[&str]| {
            names.iter().any(|name| known.iter().any(|known| !name.is_empty() && name.contains(known)))
        };
        // Outlook on Windows; GMX and WEB.DE.
        let drawn = style.contains("border:none;border-top:solid") && style.contains("padding:3.0pt");
        if self.quotes == 0 && (drawn || names[2] == "quote" || is_any(&HISTORY)) {
            self.begin_block();
            self.out.history = self.out.history.or(Some(self.lines));
        } else if self.quotes == 0 && is_any(&INTRODUCTIONS) {
            self.begin_block();
            self.out.introductions.push(self.lines);
        }
    }

    fn close(&mut self, name: &str) {
        if self.untracked > 0 {
            self.untracked -= 1;
            return;
        }
        if name == "br" {
            return self.end_line();
        }
        let from = self.open.len().saturating_sub(64);
        let Some(at) = self.open[from..].iter().rposition(|element| element.name == name) else { return };
        if BLOCKS.contains(&name) {
            self.begin_block();
        }
        // A paragraph is followed by an empty line. Outlook's paragraphs are lines.
        if name == "p" && self.hidden == 0 && !self.out.text.ends_with("\n\n") && self.quotes == 0 {
            self.end_line();
        }
        for element in self.open.drain(from + at..) {
            self.hidden -= usize::from(element.hidden);
            self.quotes -= usize::from(element.quote);
            self.preformatted -= usize::from(element.preformatted);
        }
    }

    fn finish(mut self) -> HtmlText {
        self.begin_block();
        self.out
    }
}

fn is_entity(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
}

/// Returns the value of an attribute, if any.
fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        if rest.is_empty() {
            return None;
        }
        let found = rest[..end].eq_ignore_ascii_case(name);
        let after = rest[end..].trim_start();
        let Some(value) = after.strip_prefix('=') else {
            // An attribute without a value.
            rest = if end == 0 { rest.get(1..).unwrap_or_default() } else { after };
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        if found {
            return Some(value);
        }
        rest = after;
    }
}
