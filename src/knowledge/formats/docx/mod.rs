//! DOCX files: headings, paragraphs, lists and tables of the main text.

mod styles;
mod zip;

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::knowledge::formats::docx::styles::{attribute, heading_styles, level_of_name, outline_level};
use crate::knowledge::formats::docx::zip::Archive;
use crate::knowledge::formats::limits::Unreadable;
use crate::knowledge::formats::outline::Outline;

/// Start of old Word files, and of encrypted new ones.
const OLD_WORD: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
/// Maximum nesting of elements.
const MAX_DEPTH: usize = 512;
const MAX_TABLES: usize = 8;

/// Reads a DOCX file.
pub(crate) fn read(file: &[u8], out: &mut Outline) -> Result<(), Unreadable> {
    if file.starts_with(OLD_WORD) {
        return Err(Unreadable(
            "it is encrypted or an old Word file (.doc); save it as .docx without a password",
        ));
    }
    let archive = Archive::open(file)?;
    let styles = match archive.file("word/styles.xml", out.limits())? {
        Some(xml) => heading_styles(&xml, out.limits())?,
        None => HashMap::new(),
    };
    let document = archive.file("word/document.xml", out.limits())?;
    let Some(document) = document else {
        return Err(Unreadable("it has no text of Word (word/document.xml); save it as .docx"));
    };
    let mut reader = Reader::from_reader(document.as_slice());
    reader.config_mut().check_end_names = false;
    let mut docx = DocxReader { styles, ..DocxReader::default() };
    loop {
        out.limits().step()?;
        match reader.read_event() {
            Ok(Event::Start(tag)) => docx.start(&tag, false, out)?,
            Ok(Event::Empty(tag)) => docx.start(&tag, true, out)?,
            Ok(Event::End(tag)) => docx.end(tag.local_name().as_ref(), out)?,
            Ok(Event::Text(text)) => docx.text(&String::from_utf8_lossy(&text)),
            Ok(Event::CData(text)) => docx.text(&String::from_utf8_lossy(&text)),
            Ok(Event::GeneralRef(name)) => match (name.resolve_char_ref(), &*name) {
                (Ok(Some(c)), _) => docx.text(c.encode_utf8(&mut [0; 4])),
                (_, b"amp") => docx.text("&"),
                (_, b"lt") => docx.text("<"),
                (_, b"gt") => docx.text(">"),
                (_, b"quot") => docx.text("\""),
                (_, b"apos") => docx.text("'"),
                _ => {}
            },
            Ok(Event::Eof) => return docx.finish(out),
            Ok(_) => {}
            Err(_) => return Err(Unreadable("its text is damaged; save it again")),
        }
    }
}

#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    row: Vec<String>,
    cell: String,
    /// The first row was marked as a heading.
    has_header: bool,
    /// All words of the first row are bold.
    is_bold: Option<bool>,
}

#[derive(Default)]
struct DocxReader {
    styles: HashMap<Vec<u8>, u8>,
    depth: usize,
    /// The nesting at which skipped content began.
    skipped: Option<usize>,
    text: String,
    /// Inside of `w:t`.
    in_text: bool,
    heading: Option<u8>,
    is_item: bool,
    bold: bool,
    tables: Vec<Table>,
    untracked_tables: usize,
}

impl DocxReader {
    fn start(&mut self, tag: &BytesStart, is_empty: bool, out: &mut Outline) -> Result<(), Unreadable> {
        if !is_empty {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(Unreadable("it is nested too deep; save it again"));
            }
        }
        if self.skipped.is_some() {
            return Ok(());
        }
        match tag.local_name().as_ref() {
            // An alternative of content that was read already, and text that was deleted.
            b"Fallback" | b"del" | b"moveFrom" if !is_empty => self.skipped = Some(self.depth),
            b"p" => self.flush(out)?,
            b"pStyle" => {
                let style = attribute(tag, b"val").unwrap_or_default();
                let level = self.styles.get(&style).copied().or_else(|| level_of_name(&style));
                self.heading = self.heading.or(level);
                self.is_item |= style.starts_with(b"List");
            }
            b"outlineLvl" => self.heading = attribute(tag, b"val").and_then(|level| outline_level(&level)),
            b"numPr" => self.is_item = true,
            b"r" => self.bold = false,
            b"b" => {
                let off = attribute(tag, b"val").is_some_and(|value| value == b"0" || value == b"false");
                self.bold = !off;
            }
            b"t" => self.in_text = !is_empty,
            // Without text before it, it may define a tab stop.
            b"tab" if !self.text.is_empty() => self.text.push(' '),
            b"noBreakHyphen" => self.text.push('-'),
            b"br" | b"cr" => self.text.push('\n'),
            b"tbl" if !is_empty => {
                self.flush(out)?;
                if self.tables.len() < MAX_TABLES {
                    self.tables.push(Table::default());
                } else {
                    self.untracked_tables += 1;
                }
            }
            b"tblHeader" => {
                if let Some(table) = self.tables.last_mut().filter(|table| table.rows.is_empty()) {
                    table.has_header =
                        attribute(tag, b"val").is_none_or(|value| value != b"0" && value != b"false");
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8], out: &mut Outline) -> Result<(), Unreadable> {
        let depth = self.depth;
        self.depth = self.depth.saturating_sub(1);
        if let Some(skipped) = self.skipped {
            if depth <= skipped {
                self.skipped = None;
            }
            return Ok(());
        }
        match name {
            b"t" => self.in_text = false,
            b"p" => self.flush(out)?,
            b"tc" => {
                if let Some(table) = self.tables.last_mut() {
                    table.row.push(std::mem::take(&mut table.cell));
                }
            }
            b"tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows.push(std::mem::take(&mut table.row));
                }
            }
            b"tbl" if self.untracked_tables > 0 => self.untracked_tables -= 1,
            b"tbl" => self.end_table(out)?,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if !self.in_text || self.skipped.is_some() {
            return;
        }
        if let Some(table) =
            self.tables.last_mut().filter(|table| table.rows.is_empty() && !text.trim().is_empty())
        {
            table.is_bold = Some(table.is_bold.unwrap_or(true) && self.bold);
        }
        self.text.push_str(text);
    }

    /// Writes the paragraph.
    fn flush(&mut self, out: &mut Outline) -> Result<(), Unreadable> {
        let text = std::mem::take(&mut self.text);
        let (heading, is_item) = (self.heading.take(), std::mem::take(&mut self.is_item));
        if let Some(table) = self.tables.last_mut() {
            table.cell.push_str(&text);
            if !text.is_empty() {
                table.cell.push('\n');
            }
            return Ok(());
        }
        match heading {
            Some(level) => out.heading(level, &text),
            None if is_item => out.item(&text),
            None => out.paragraph(&text),
        }
    }

    fn end_table(&mut self, out: &mut Outline) -> Result<(), Unreadable> {
        self.flush(out)?;
        let Some(mut table) = self.tables.pop() else { return Ok(()) };
        if !table.row.is_empty() {
            table.rows.push(std::mem::take(&mut table.row));
        }
        if let Some(outer) = self.tables.last_mut() {
            // A table in a cell is part of the cell.
            for cell in table.rows.iter().flatten() {
                outer.cell.push_str(cell.trim());
                outer.cell.push('\n');
            }
            return Ok(());
        }
        let has_header = table.has_header || table.is_bold == Some(true);
        let wide = table.rows.first().is_some_and(|row| row.len() > 1) && table.rows.len() > 1;
        match table.rows.split_first() {
            Some((columns, rows)) if has_header && wide => out.table(Some(columns), rows),
            _ => out.table(None, &table.rows),
        }
    }

    fn finish(mut self, out: &mut Outline) -> Result<(), Unreadable> {
        while !self.tables.is_empty() {
            self.end_table(out)?;
        }
        self.flush(out)
    }
}

#[cfg(test)]
mod tests;
