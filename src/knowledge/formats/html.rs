//! HTML pages: headings, paragraphs, lists and tables of what is displayed, without navigation.

use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};

use crate::knowledge::formats::limits::Unreadable;
use crate::knowledge::formats::outline::Outline;

/// Elements that begin and end a paragraph.
const BLOCKS: [&[u8]; 34] = [
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"body",
    b"center",
    b"dd",
    b"details",
    b"div",
    b"dl",
    b"dt",
    b"fieldset",
    b"figcaption",
    b"figure",
    b"footer",
    b"form",
    b"header",
    b"hr",
    b"html",
    b"main",
    b"ol",
    b"p",
    b"pre",
    b"section",
    b"summary",
    b"ul",
    b"option",
    b"legend",
    b"label",
    b"button",
    b"caption",
    b"thead",
    b"tbody",
    b"tfoot",
];
/// Elements whose content is not displayed, or not content.
const HIDDEN: [&[u8]; 18] = [
    b"script",
    b"style",
    b"nav",
    b"head",
    b"title",
    b"template",
    b"noscript",
    b"svg",
    b"math",
    b"iframe",
    b"object",
    b"select",
    b"button",
    b"textarea",
    b"canvas",
    b"audio",
    b"video",
    b"dialog",
];
/// Elements without an end tag.
const VOID: [&[u8]; 13] = [
    b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param",
    b"source", b"wbr",
];
/// Bytes of a name that are kept. No known name is longer.
const MAX_NAME_BYTES: usize = 16;
/// Maximum nesting that is tracked.
const MAX_DEPTH: usize = 256;

/// Reads an HTML page.
pub(crate) fn read(html: &str, out: &mut Outline) -> Result<(), Unreadable> {
    let mut tags = TagReader::default();
    let mut emitter =
        CallbackEmitter::new(move |event: CallbackEvent<'_>, _: html5gum::Span<()>| tags.read(event));
    emitter.naively_switch_states(true);
    let mut reader = HtmlReader::default();
    for token in Tokenizer::new_with_emitter(html, emitter) {
        out.limits().step()?;
        match token {
            Ok(Token::Open { name, hidden }) => reader.open(name, hidden, out)?,
            Ok(Token::Close(name)) => reader.close(&name, out)?,
            Ok(Token::Text(text)) => reader.text(&text),
            Err(never) => match never {},
        }
    }
    while !reader.tables.is_empty() {
        reader.end_table(out)?;
    }
    reader.flush(out)
}

enum Token {
    Open { name: Vec<u8>, hidden: bool },
    Close(Vec<u8>),
    Text(String),
}

/// The tag that is being read. Of its attributes only those count that hide the element.
#[derive(Default)]
struct TagReader {
    name: Vec<u8>,
    attribute: Vec<u8>,
    hidden: bool,
}

impl TagReader {
    fn read(&mut self, event: CallbackEvent<'_>) -> Option<Token> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.hidden = HIDDEN.contains(&name);
                self.name = name.get(..MAX_NAME_BYTES).unwrap_or(name).to_vec();
                None
            }
            CallbackEvent::AttributeName { name } => {
                self.hidden |= name == b"hidden";
                self.attribute = name.get(..MAX_NAME_BYTES).unwrap_or(name).to_vec();
                None
            }
            CallbackEvent::AttributeValue { value } => {
                self.hidden |= match self.attribute.as_slice() {
                    b"aria-hidden" => value.eq_ignore_ascii_case(b"true"),
                    b"role" => value.eq_ignore_ascii_case(b"navigation"),
                    b"style" => is_hidden_style(value),
                    _ => false,
                };
                None
            }
            CallbackEvent::CloseStartTag { .. } => {
                Some(Token::Open { name: std::mem::take(&mut self.name), hidden: self.hidden })
            }
            CallbackEvent::EndTag { name } => {
                Some(Token::Close(name.get(..MAX_NAME_BYTES).unwrap_or(name).to_vec()))
            }
            CallbackEvent::String { value } => Some(Token::Text(String::from_utf8_lossy(value).into_owned())),
            _ => None,
        }
    }
}

fn is_hidden_style(style: &[u8]) -> bool {
    let style: Vec<u8> =
        style.iter().filter(|byte| !byte.is_ascii_whitespace()).map(u8::to_ascii_lowercase).collect();
    style.windows(12).any(|part| part == b"display:none")
}

struct Element {
    name: Vec<u8>,
    hidden: bool,
}

#[derive(Default)]
struct Table {
    columns: Option<Vec<String>>,
    rows: Vec<Vec<String>>,
    row: Vec<String>,
    /// All cells of the current row are headings.
    is_heading_row: bool,
    /// The open cell.
    in_cell: bool,
}

#[derive(Default)]
struct HtmlReader {
    text: String,
    open: Vec<Element>,
    hidden: usize,
    items: usize,
    preformatted: usize,
    heading: Option<u8>,
    tables: Vec<Table>,
    /// The number of open elements beyond the maximum nesting.
    untracked: usize,
}

impl HtmlReader {
    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        // Line breaks of the source are spaces.
        match self.preformatted {
            0 => self.text.extend(text.chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c })),
            _ => self.text.push_str(text),
        }
    }

    fn open(&mut self, name: Vec<u8>, hidden: bool, out: &mut Outline) -> Result<(), Unreadable> {
        if self.hidden == 0 {
            self.begin(&name, out)?;
        }
        if VOID.contains(&name.as_slice()) {
            return Ok(());
        }
        if self.open.len() >= MAX_DEPTH {
            self.untracked += 1;
            return Ok(());
        }
        self.hidden += usize::from(hidden);
        if self.hidden == 0 {
            self.items += usize::from(name == b"li");
            self.preformatted += usize::from(name == b"pre");
        }
        self.open.push(Element { name, hidden });
        Ok(())
    }

    /// Handles the start of a displayed element.
    fn begin(&mut self, name: &[u8], out: &mut Outline) -> Result<(), Unreadable> {
        match name {
            b"br" => self.text.push('\n'),
            b"table" => {
                self.flush(out)?;
                if self.tables.len() < 8 {
                    self.tables.push(Table::default());
                }
            }
            b"tr" => self.end_row(),
            b"td" | b"th" => {
                self.end_cell();
                if let Some(table) = self.tables.last_mut() {
                    let first = table.row.is_empty();
                    table.is_heading_row = name == b"th" && (first || table.is_heading_row);
                    table.in_cell = true;
                    self.text.clear();
                }
            }
            _ => {
                if let Some(level) = heading_level(name) {
                    self.flush(out)?;
                    self.heading = Some(level).filter(|_| self.tables.is_empty());
                } else if BLOCKS.contains(&name) || name == b"li" {
                    self.flush(out)?;
                }
            }
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8], out: &mut Outline) -> Result<(), Unreadable> {
        if self.untracked > 0 {
            self.untracked -= 1;
            return Ok(());
        }
        let from = self.open.len().saturating_sub(64);
        let Some(at) = self.open[from..].iter().rposition(|element| element.name == name) else {
            return Ok(());
        };
        if self.hidden == 0 {
            match name {
                b"td" | b"th" => self.end_cell(),
                b"tr" => self.end_row(),
                b"table" => self.end_table(out)?,
                _ if heading_level(name).is_some() || BLOCKS.contains(&name) || name == b"li" => {
                    self.flush(out)?;
                }
                _ => {}
            }
        }
        let was_hidden = self.hidden > 0;
        for element in self.open.drain(from + at..) {
            self.hidden -= usize::from(element.hidden);
            if !was_hidden {
                self.items = self.items.saturating_sub(usize::from(element.name == b"li"));
                self.preformatted = self.preformatted.saturating_sub(usize::from(element.name == b"pre"));
            }
        }
        Ok(())
    }

    fn end_cell(&mut self) {
        let Some(table) = self.tables.last_mut().filter(|table| table.in_cell) else { return };
        table.row.push(std::mem::take(&mut self.text));
        table.in_cell = false;
    }

    fn end_row(&mut self) {
        self.end_cell();
        let Some(table) = self.tables.last_mut() else { return };
        let row = std::mem::take(&mut table.row);
        if row.is_empty() {
            return;
        }
        if table.is_heading_row && row.len() > 1 && table.columns.is_none() && table.rows.is_empty() {
            table.columns = Some(row);
        } else {
            table.rows.push(row);
        }
        table.is_heading_row = false;
    }

    fn end_table(&mut self, out: &mut Outline) -> Result<(), Unreadable> {
        self.end_row();
        let Some(table) = self.tables.pop() else { return Ok(()) };
        if !self.tables.is_empty() {
            // A table for layout around this one: its cell so far is a paragraph.
            out.paragraph(&std::mem::take(&mut self.text))?;
        }
        out.table(table.columns.as_deref(), &table.rows)
    }

    /// Writes the text since the last block. Blocks inside of a cell are lines of the cell.
    fn flush(&mut self, out: &mut Outline) -> Result<(), Unreadable> {
        if self.tables.last().is_some_and(|table| table.in_cell) {
            self.text.push('\n');
            return Ok(());
        }
        let text = std::mem::take(&mut self.text);
        match self.heading.take() {
            Some(level) => out.heading(level, &text),
            None if self.items > 0 => out.item(&text),
            None => out.paragraph(&text),
        }
    }
}

fn heading_level(name: &[u8]) -> Option<u8> {
    match name {
        [b'h' | b'H', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::knowledge::formats::outline::Block;
    use crate::knowledge::formats::testing::blocks;

    #[test]
    fn reads_what_is_displayed() {
        let html = "<!doctype html><head><title>T</title><style>p{}</style></head><body>\
            <nav><ul><li><a href=/>Home</a></ul></nav><script>if (a < b) alert('<p>')</script>\
            <h1>Prices &amp; hours</h1><p>Open\n daily.<br>Call <b>us</b>!<p>Second\
            <ul><li>one<li>two</ul><div hidden>secret</div><div style='display: none'>secret</div>\
            <table><tr><th>Service</th><th>Price</th></tr><tr><td><p>Cleaning</p></td><td>80 €</td></tr></table>\
            <table><tr><td>Mon<td>9-17<tr><td>Tue<td>closed</table>";
        assert_eq!(
            blocks(html, super::read),
            [
                Block::Heading(1, "Prices & hours".into()),
                Block::Paragraph("Open daily.\nCall us!".into()),
                Block::Paragraph("Second".into()),
                Block::Item("- one".into()),
                Block::Item("- two".into()),
                Block::Table(vec!["Service: Cleaning; Price: 80 €".into()]),
                Block::Table(vec!["Mon | 9-17".into(), "Tue | closed".into()]),
            ]
        );
    }

    #[test]
    fn survives_deep_nesting() {
        let html = format!("{}end", "<div><table><tr><td>".repeat(2_000));
        assert!(blocks(html.as_str(), super::read).len() <= 10);
    }
}
