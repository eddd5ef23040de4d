//! Lines, paragraphs, lists, tables and headings of pages, from the places of their text.

use std::collections::HashMap;

use crate::knowledge::formats::limits::Unreadable;
use crate::knowledge::formats::outline::Outline;
use crate::knowledge::formats::pdf::content::Run;

/// Distance of baselines within a line, in parts of the font size.
const SAME_LINE: f64 = 0.4;
/// Gap between words, and between the cells of a row.
const WORD_GAP: f64 = 0.15;
const CELL_GAP: f64 = 1.5;
/// Distance of lines within a paragraph.
const LINE_DISTANCE: f64 = 1.7;
/// Size of a heading in relation to the text.
const HEADING_SIZE: f64 = 1.15;
const MAX_HEADING_CHARS: usize = 150;
const CELL_MARK: &str = " | ";

/// A line of a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    y: f64,
    size: f64,
    text: String,
}

/// Joins the runs of a page to lines, in the order in which they are drawn.
pub(super) fn lines(runs: Vec<Run>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut end = 0.0;
    for run in runs {
        if run.text.trim().is_empty() && lines.is_empty() {
            continue;
        }
        let size = run.size.max(0.1);
        let follows = lines.last_mut().filter(|line| {
            (line.y - run.y).abs() < SAME_LINE * size.max(line.size) && run.x > end - size.max(line.size)
        });
        match follows {
            Some(line) => {
                let gap = run.x - end;
                if gap > CELL_GAP * size && !line.text.trim().is_empty() {
                    line.text.truncate(line.text.trim_end().len());
                    line.text.push_str(CELL_MARK);
                } else if gap > WORD_GAP * size && !line.text.ends_with(' ') {
                    line.text.push(' ');
                }
                line.text.push_str(&run.text);
                line.size = line.size.max(size);
            }
            None => lines.push(Line { y: run.y, size, text: run.text }),
        }
        end = run.end;
    }
    lines.retain(|line| !line.text.trim().is_empty());
    lines
}

/// Writes the lines of all pages.
pub(super) fn write(pages: &[Vec<Line>], out: &mut Outline) -> Result<(), Unreadable> {
    let sizes = HeadingSizes::of(pages.iter().flatten());
    let mut writer = Writer::default();
    for page in pages {
        let mut before: Option<&Line> = None;
        for line in page {
            out.limits().step()?;
            let text = line.text.trim();
            let is_near = before.is_some_and(|before| {
                let distance = before.y - line.y;
                distance > 0.0 && distance < LINE_DISTANCE * before.size.max(line.size)
            });
            match sizes.level(line) {
                Some(level) => {
                    writer.flush(out)?;
                    let is_continued =
                        is_near && before.is_some_and(|before| sizes.level(before) == Some(level));
                    match (is_continued, writer.heading.take()) {
                        (true, Some((_, heading))) => {
                            writer.heading = Some((level, format!("{heading} {text}")))
                        }
                        (_, heading) => {
                            writer.end_heading(heading, out)?;
                            writer.heading = Some((level, text.to_owned()));
                        }
                    }
                }
                None => {
                    let heading = writer.heading.take();
                    writer.end_heading(heading, out)?;
                    writer.line(text, is_near, out)?;
                }
            }
            before = Some(line);
        }
    }
    let heading = writer.heading.take();
    writer.end_heading(heading, out)?;
    writer.flush(out)
}

/// The font sizes of headings, largest first.
struct HeadingSizes(Vec<i64>);

impl HeadingSizes {
    fn of<'l>(lines: impl Iterator<Item = &'l Line>) -> Self {
        let mut chars: HashMap<i64, usize> = HashMap::new();
        for line in lines {
            *chars.entry(tenths(line.size)).or_default() += line.text.len();
        }
        // Of two sizes with as much text, the smaller one is the text's.
        let text = chars.iter().max_by_key(|(size, count)| (**count, -**size)).map_or(0, |(size, _)| *size);
        let mut sizes: Vec<i64> =
            chars.into_keys().filter(|size| *size as f64 >= text as f64 * HEADING_SIZE).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        Self(sizes)
    }

    fn level(&self, line: &Line) -> Option<u8> {
        let has_words = line.text.chars().any(char::is_alphabetic);
        if !has_words || line.text.contains(CELL_MARK) || line.text.chars().count() > MAX_HEADING_CHARS {
            return None;
        }
        let at = self.0.iter().position(|size| *size == tenths(line.size))?;
        Some((at + 1).min(6) as u8)
    }
}

fn tenths(size: f64) -> i64 {
    (size * 10.0).round() as i64
}

#[derive(Default)]
struct Writer {
    heading: Option<(u8, String)>,
    paragraph: String,
    item: String,
    rows: Vec<String>,
}

impl Writer {
    fn line(&mut self, text: &str, is_near: bool, out: &mut Outline) -> Result<(), Unreadable> {
        if text.contains(CELL_MARK) {
            if self.rows.is_empty() {
                self.flush(out)?;
            }
            self.rows.push(text.to_owned());
        } else if let Some(item) = item_text(text) {
            self.flush(out)?;
            self.item = item.to_owned();
        } else if is_near && !self.item.is_empty() {
            join(&mut self.item, text);
        } else if is_near && !self.paragraph.is_empty() {
            join(&mut self.paragraph, text);
        } else {
            self.flush(out)?;
            self.paragraph = text.to_owned();
        }
        Ok(())
    }

    fn flush(&mut self, out: &mut Outline) -> Result<(), Unreadable> {
        out.paragraph(&std::mem::take(&mut self.paragraph))?;
        out.item(&std::mem::take(&mut self.item))?;
        let mut lines = Vec::new();
        for row in std::mem::take(&mut self.rows) {
            out.row(None, std::iter::once(row.as_str()), &mut lines)?;
        }
        out.lines(lines);
        Ok(())
    }

    fn end_heading(&mut self, heading: Option<(u8, String)>, out: &mut Outline) -> Result<(), Unreadable> {
        match heading {
            Some((level, heading)) => out.heading(level, &heading),
            None => Ok(()),
        }
    }
}

/// Adds a line to a text. A word that is divided by a hyphen is joined.
fn join(text: &mut String, line: &str) {
    let is_divided = text.strip_suffix('-').is_some_and(|before| before.ends_with(char::is_alphabetic));
    if is_divided && line.starts_with(char::is_lowercase) {
        text.pop();
    } else {
        text.push('\n');
    }
    text.push_str(line);
}

fn item_text(line: &str) -> Option<&str> {
    ["•", "◦", "▪", "‣", "●", "○", "- ", "– ", "* "]
        .iter()
        .find_map(|mark| line.strip_prefix(mark))
        .map(str::trim)
}
