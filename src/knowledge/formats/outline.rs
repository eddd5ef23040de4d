//! The content of a document, independent of its format.

use crate::knowledge::formats::limits::{Limits, MAX_TEXT_BYTES, Unreadable};

/// Maximum length of a column name that is repeated in each row, in characters.
const MAX_COLUMN_CHARS: usize = 80;
/// Maximum number of blocks of a document.
const MAX_BLOCKS: usize = 200_000;

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// A heading, with its level from 1 to 6.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(String),
    /// A list item.
    Item(String),
    /// A table, one line per row.
    Table(Vec<String>),
}

/// The content of a document: headings, paragraphs, list items and tables in reading order.
#[derive(Debug)]
pub(crate) struct Outline<'l> {
    blocks: Vec<Block>,
    bytes: usize,
    limits: &'l mut Limits,
}

impl<'l> Outline<'l> {
    /// Creates an empty outline under limits.
    pub(crate) fn new(limits: &'l mut Limits) -> Self {
        Self { blocks: Vec::new(), bytes: 0, limits }
    }

    /// Returns the limits of the document.
    pub(crate) fn limits(&mut self) -> &mut Limits {
        self.limits
    }

    /// Adds a heading.
    pub(crate) fn heading(&mut self, level: u8, text: &str) -> Result<(), Unreadable> {
        let text = clean(text).replace('\n', " ");
        self.push(text, |text| Block::Heading(level.clamp(1, 6), text))
    }

    /// Adds a paragraph.
    pub(crate) fn paragraph(&mut self, text: &str) -> Result<(), Unreadable> {
        self.push(clean(text), Block::Paragraph)
    }

    /// Adds a list item.
    pub(crate) fn item(&mut self, text: &str) -> Result<(), Unreadable> {
        let text = clean(text);
        if text.is_empty() {
            return Ok(());
        }
        self.push(format!("- {text}"), Block::Item)
    }

    /// Adds a table. With column names, each row names the columns of its cells.
    pub(crate) fn table(
        &mut self,
        columns: Option<&[String]>,
        rows: &[Vec<String>],
    ) -> Result<(), Unreadable> {
        let columns = columns.map(|columns| columns.iter().map(|name| column_name(name)).collect::<Vec<_>>());
        let mut lines = Vec::new();
        for row in rows {
            self.row(columns.as_deref(), row.iter().map(String::as_str), &mut lines)?;
        }
        // A table of column names only.
        if let (true, Some(columns)) = (lines.is_empty(), columns) {
            self.row(None, columns.iter().map(String::as_str), &mut lines)?;
        }
        self.lines(lines);
        Ok(())
    }

    /// Writes the line of a table's row, unless all its cells are empty.
    pub(crate) fn row<'c>(
        &mut self,
        columns: Option<&[String]>,
        cells: impl Iterator<Item = &'c str>,
        lines: &mut Vec<String>,
    ) -> Result<(), Unreadable> {
        let line = row_line(columns, cells);
        if !line.is_empty() {
            self.count(line.len())?;
            lines.push(line);
        }
        Ok(())
    }

    /// Adds a table by its lines.
    pub(crate) fn lines(&mut self, lines: Vec<String>) {
        if !lines.is_empty() {
            self.blocks.push(Block::Table(lines));
        }
    }

    /// Returns the blocks.
    pub(crate) fn into_blocks(self) -> Vec<Block> {
        self.blocks
    }

    fn push(&mut self, text: String, block: impl FnOnce(String) -> Block) -> Result<(), Unreadable> {
        if text.is_empty() {
            return Ok(());
        }
        self.count(text.len())?;
        self.blocks.push(block(text));
        Ok(())
    }

    fn count(&mut self, bytes: usize) -> Result<(), Unreadable> {
        self.limits.step()?;
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MAX_TEXT_BYTES || self.blocks.len() >= MAX_BLOCKS {
            return Err(Unreadable("it has more than 4 MB of text; split it into several documents"));
        }
        Ok(())
    }
}

/// Returns the name of a column as rows repeat it.
pub(crate) fn column_name(name: &str) -> String {
    clean(name).replace('\n', " ").chars().take(MAX_COLUMN_CHARS).collect()
}

/// Returns the line of a table's row. Empty cells are left out.
fn row_line<'c>(columns: Option<&[String]>, cells: impl Iterator<Item = &'c str>) -> String {
    let separator = if columns.is_some() { "; " } else { " | " };
    let mut line = String::new();
    for (at, cell) in cells.enumerate() {
        let cell = clean(cell).replace('\n', " ");
        if cell.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push_str(separator);
        }
        if let Some(name) = columns.and_then(|columns| columns.get(at)).filter(|name| !name.is_empty()) {
            line.push_str(name);
            line.push_str(": ");
        }
        line.push_str(&cell);
        // The limit of the text is exceeded, whatever follows.
        if line.len() > MAX_TEXT_BYTES {
            break;
        }
    }
    line
}

/// Returns a text with single spaces, without empty lines, and without characters that are not
/// displayed.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(MAX_TEXT_BYTES));
    let mut gap = None;
    for c in text.chars() {
        match c {
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => gap = Some('\n'),
            c if c.is_whitespace() => gap = gap.or(Some(' ')),
            '\u{ad}' | '\u{feff}' | '\u{200b}' | '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => {
                if let Some(gap) = gap.take().filter(|_| !out.is_empty()) {
                    out.push(gap);
                }
                gap = None;
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans_text() {
        assert_eq!(clean(" a \u{a0} b\r\n\r\n c\0\u{ad}d "), "a b\ncd");
        assert_eq!(clean(" \n "), "");
    }

    #[test]
    fn names_the_columns_in_each_row() {
        let columns = ["Service".to_owned(), "Price".to_owned()];
        let line = |columns: Option<&[String]>, cells: &[&str]| row_line(columns, cells.iter().copied());
        assert_eq!(line(Some(&columns), &["Cleaning", "80\n€"]), "Service: Cleaning; Price: 80 €");
        assert_eq!(line(Some(&columns), &["", "80", "x"]), "Price: 80; x");
        assert_eq!(line(None, &["Monday", "9–17"]), "Monday | 9–17");
    }
}
