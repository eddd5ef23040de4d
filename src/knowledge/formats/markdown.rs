//! Markdown, with the tables of GitHub.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::knowledge::formats::limits::Unreadable;
use crate::knowledge::formats::outline::Outline;

/// Reads Markdown.
pub(crate) fn read(text: &str, out: &mut Outline) -> Result<(), Unreadable> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = MarkdownReader::default();
    for event in Parser::new_ext(text, options) {
        out.limits().step()?;
        reader.event(event, out)?;
    }
    reader.flush(out)
}

#[derive(Default)]
struct MarkdownReader {
    text: String,
    /// Open list items.
    items: usize,
    columns: Vec<String>,
    row: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Inside of a metadata block, which is not content.
    hidden: bool,
}

impl MarkdownReader {
    fn event(&mut self, event: Event, out: &mut Outline) -> Result<(), Unreadable> {
        match event {
            Event::Text(_) | Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) if self.hidden => {
            }
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text.push_str(&text);
            }
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.text.push('\n'),
            Event::Rule => self.flush(out)?,
            Event::InlineHtml(tag) if is_line_break(&tag) => self.text.push('\n'),
            Event::InlineHtml(_) | Event::Html(_) | Event::FootnoteReference(_) => self.text.push(' '),
            Event::TaskListMarker(done) => self.text.push_str(if done { "[x] " } else { "[ ] " }),
            Event::Start(tag) => self.start(&tag, out)?,
            Event::End(tag) => self.end(tag, out)?,
        }
        Ok(())
    }

    fn start(&mut self, tag: &Tag, out: &mut Outline) -> Result<(), Unreadable> {
        match tag {
            Tag::Item => {
                self.flush(out)?;
                self.items += 1;
            }
            Tag::Paragraph if self.items > 0 => self.text.push('\n'),
            Tag::Heading { .. } | Tag::Paragraph | Tag::CodeBlock(_) | Tag::BlockQuote(_) => {
                self.flush(out)?
            }
            Tag::Table(_) => {
                self.flush(out)?;
                self.columns.clear();
                self.rows.clear();
            }
            Tag::MetadataBlock(_) => self.hidden = true,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd, out: &mut Outline) -> Result<(), Unreadable> {
        match tag {
            TagEnd::Heading(level) => out.heading(level_number(level), &std::mem::take(&mut self.text))?,
            TagEnd::Item => {
                self.flush(out)?;
                self.items = self.items.saturating_sub(1);
            }
            TagEnd::Paragraph if self.items > 0 => self.text.push('\n'),
            TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::BlockQuote(_) => self.flush(out)?,
            TagEnd::TableCell => self.row.push(std::mem::take(&mut self.text)),
            TagEnd::TableHead => self.columns = std::mem::take(&mut self.row),
            TagEnd::TableRow => self.rows.push(std::mem::take(&mut self.row)),
            TagEnd::Table => {
                out.table(Some(&std::mem::take(&mut self.columns)), &std::mem::take(&mut self.rows))?;
            }
            TagEnd::MetadataBlock(_) => self.hidden = false,
            _ => {}
        }
        Ok(())
    }

    fn flush(&mut self, out: &mut Outline) -> Result<(), Unreadable> {
        let text = std::mem::take(&mut self.text);
        if self.items > 0 { out.item(&text) } else { out.paragraph(&text) }
    }
}

fn is_line_break(tag: &str) -> bool {
    tag.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("<br"))
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use crate::knowledge::formats::outline::Block;
    use crate::knowledge::formats::testing::blocks;

    #[test]
    fn reads_headings_lists_and_tables() {
        let text = "---\ntitle: x\n---\n# Prices\n\nAll *prices* in\neuro.\n\n| Service | Price |\n|---|---|\n| Cleaning | 80 |\n| Crown | 700 |\n\n## Notes\n\n- one\n  - two **bold**\n- three\n\n```\ncode\n```\n";
        assert_eq!(
            blocks(text, super::read),
            [
                Block::Heading(1, "Prices".into()),
                Block::Paragraph("All prices in euro.".into()),
                Block::Table(vec![
                    "Service: Cleaning; Price: 80".into(),
                    "Service: Crown; Price: 700".into()
                ]),
                Block::Heading(2, "Notes".into()),
                Block::Item("- one".into()),
                Block::Item("- two bold".into()),
                Block::Item("- three".into()),
                Block::Paragraph("code".into()),
            ]
        );
    }
}
