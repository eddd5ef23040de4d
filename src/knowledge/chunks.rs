//! Cutting of documents into chunks: passages that can be found and told on their own.

use unicode_segmentation::UnicodeSegmentation;

use crate::knowledge::formats::{Block, Unreadable, clean};

/// Number of words at which a chunk is complete.
const TARGET_WORDS: usize = 200;
/// Maximum number of words of a chunk.
const MAX_WORDS: usize = 400;
/// Maximum length of a heading in a path, in characters.
const MAX_HEADING_CHARS: usize = 200;
/// Maximum number of chunks of a document.
const MAX_CHUNKS: usize = 5_000;
/// Separator of the headings of a path.
const PATH_SEPARATOR: &str = " › ";

/// A passage of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// Title and headings above the passage, joined to a path.
    pub(crate) heading: String,
    /// The passage, below the line of its path.
    pub(crate) content: String,
}

/// Cuts a document at its headings, and its long sections at paragraphs, list items and rows.
pub(crate) fn cut(title: &str, blocks: &[Block]) -> Result<Vec<Chunk>, Unreadable> {
    let mut cutter = Cutter { title: shortened(title), ..Cutter::default() };
    for (at, block) in blocks.iter().enumerate() {
        match block {
            Block::Heading(level, text) => {
                cutter.finish()?;
                cutter.enter(*level, text);
                // A heading without content below it is content itself.
                let deeper = |next: &Block| !matches!(next, Block::Heading(next, _) if next <= level);
                cutter.is_bare = !blocks.get(at + 1).is_some_and(deeper);
            }
            Block::Paragraph(text) => cutter.add_split(text, sentences(text))?,
            Block::Item(text) => cutter.add_split(text, sentences(text))?,
            Block::Table(rows) => cutter.add_table(rows)?,
        }
    }
    cutter.finish()?;
    Ok(cutter.chunks)
}

#[derive(Default)]
struct Cutter {
    title: String,
    /// Headings above the current position, with their levels.
    path: Vec<(u8, String)>,
    /// The current heading has no content.
    is_bare: bool,
    lines: Vec<String>,
    words: usize,
    chunks: Vec<Chunk>,
}

impl Cutter {
    fn enter(&mut self, level: u8, heading: &str) {
        self.path.retain(|(above, _)| *above < level);
        self.path.push((level, shortened(heading)));
    }

    /// Adds a unit that is kept whole if possible, else the pieces of which it consists.
    fn add_split<'a>(
        &mut self,
        unit: &'a str,
        pieces: impl Iterator<Item = &'a str>,
    ) -> Result<(), Unreadable> {
        let words = word_count(unit);
        if words <= MAX_WORDS {
            return self.add(unit, words);
        }
        let mut piece = String::new();
        let mut size = 0;
        for part in pieces.flat_map(bounded_parts) {
            let words = word_count(part);
            if size + words > TARGET_WORDS && !piece.is_empty() {
                self.add(piece.trim(), size)?;
                piece.clear();
                size = 0;
            }
            piece.push_str(part);
            size += words;
        }
        self.add(piece.trim(), size)
    }

    fn add_table(&mut self, rows: &[String]) -> Result<(), Unreadable> {
        let words: usize = rows.iter().map(|row| word_count(row)).sum();
        if words <= MAX_WORDS {
            return self.add(&rows.join("\n"), words);
        }
        // Paragraphs before a long table are a chunk of their own.
        self.finish()?;
        rows.iter().try_for_each(|row| self.add_split(row, sentences(row)))?;
        self.finish()
    }

    fn add(&mut self, unit: &str, words: usize) -> Result<(), Unreadable> {
        if unit.is_empty() {
            return Ok(());
        }
        let is_full = self.words >= TARGET_WORDS || self.words + words > MAX_WORDS;
        if is_full && !self.lines.is_empty() {
            self.finish()?;
        }
        self.is_bare = false;
        self.words += words;
        self.lines.push(unit.to_owned());
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Unreadable> {
        let lines = std::mem::take(&mut self.lines);
        self.words = 0;
        if lines.is_empty() && !std::mem::take(&mut self.is_bare) {
            return Ok(());
        }
        if self.chunks.len() >= MAX_CHUNKS {
            return Err(Unreadable("it has more than 5000 passages; split it into several documents"));
        }
        let heading = self.heading();
        let content =
            if lines.is_empty() { heading.clone() } else { format!("{heading}\n{}", lines.join("\n")) };
        self.chunks.push(Chunk { heading, content });
        Ok(())
    }

    fn heading(&self) -> String {
        // The first heading of a page often repeats its title.
        let is_title = |at: usize, heading: &str| at == 0 && heading == self.title;
        let below = self.path.iter().enumerate().filter(|(at, (_, heading))| !is_title(*at, heading));
        let all: Vec<&str> = std::iter::once(self.title.as_str())
            .chain(below.map(|(_, (_, heading))| heading.as_str()))
            .collect();
        all.join(PATH_SEPARATOR)
    }
}

fn shortened(heading: &str) -> String {
    clean(heading).replace('\n', " ").chars().take(MAX_HEADING_CHARS).collect()
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n').flat_map(|line| line.split_sentence_bounds())
}

/// Splits a sentence that is longer than a chunk.
fn bounded_parts(sentence: &str) -> impl Iterator<Item = &str> {
    let mut rest = sentence;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut size = 0;
        let mut end = rest.len();
        for (at, word) in rest.split_inclusive(char::is_whitespace).scan(0, |at, word| {
            let start = *at;
            *at += word.len();
            Some((start, word))
        }) {
            size += weight(word);
            if size > TARGET_WORDS {
                // A single word of that size is cut by its characters.
                end = if at > 0 { at } else { nth_char(word, TARGET_WORDS * CHARS_PER_WORD) };
                break;
            }
        }
        let (part, after) = rest.split_at(end);
        rest = after;
        Some(part)
    })
}

fn nth_char(text: &str, count: usize) -> usize {
    text.char_indices().nth(count).map_or(text.len(), |(at, _)| at)
}

/// Number of characters that count as a word in scripts without spaces.
const CHARS_PER_WORD: usize = 3;

/// Counts the words of a text. Long runs of characters, as in scripts without spaces, count as
/// several words.
fn word_count(text: &str) -> usize {
    text.split_whitespace().map(weight).sum()
}

fn weight(word: &str) -> usize {
    let chars = word.chars().count();
    if chars <= 24 { 1 } else { chars / CHARS_PER_WORD }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(level: u8, text: &str) -> Block {
        Block::Heading(level, text.into())
    }

    fn words(count: usize) -> String {
        (0..count).map(|n| format!("Word{n} is here. ")).collect::<String>().trim().to_owned()
    }

    #[test]
    fn cuts_at_headings_and_keeps_their_path() {
        let blocks = [
            heading(1, "Prices"),
            Block::Paragraph("In euro.".into()),
            heading(2, "Cleaning"),
            Block::Item("- 80".into()),
            Block::Item("- 90 with polish".into()),
            heading(2, "Closed on Sundays"),
            heading(1, "Contact"),
            heading(2, "Phone"),
            Block::Paragraph("123".into()),
        ];
        let contents: Vec<String> =
            cut("Prices", &blocks).unwrap().into_iter().map(|chunk| chunk.content).collect();
        assert_eq!(
            contents,
            [
                "Prices\nIn euro.",
                "Prices › Cleaning\n- 80\n- 90 with polish",
                "Prices › Closed on Sundays",
                "Prices › Contact › Phone\n123",
            ]
        );
    }

    #[test]
    fn keeps_tables_whole_and_bounds_chunks() {
        let rows: Vec<String> = (0..60).map(|row| format!("Service: s{row}; Price: {row} €")).collect();
        let blocks = [Block::Paragraph(words(50)), Block::Table(rows.clone()), Block::Paragraph(words(30))];
        let chunks = cut("T", &blocks).unwrap();
        let holds = |chunk: &&Chunk| chunk.content.contains(&rows.join("\n"));
        assert_eq!(chunks.iter().filter(holds).count(), 1);
        let long: Vec<String> = (0..500).map(|row| format!("Service: s{row}; Price: {row} €")).collect();
        for blocks in [
            vec![Block::Table(long)],
            vec![Block::Paragraph(words(900))],
            vec![Block::Paragraph("x ".repeat(5_000))],
            vec![Block::Item("歯".repeat(9_000))],
            vec![Block::Paragraph("あ。".repeat(9_000))],
        ] {
            let chunks = cut("T", &blocks).unwrap();
            assert!(chunks.len() > 4, "{}", chunks.len());
            assert!(chunks.iter().all(|chunk| word_count(&chunk.content) <= MAX_WORDS + 10));
        }
    }
}
