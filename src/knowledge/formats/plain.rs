//! Plain text: paragraphs between empty lines, and lists.

use crate::knowledge::formats::limits::Unreadable;
use crate::knowledge::formats::outline::Outline;

/// Reads plain text.
pub(crate) fn read(text: &str, out: &mut Outline) -> Result<(), Unreadable> {
    let mut paragraph = String::new();
    let mut item = String::new();
    for line in text.lines() {
        let words = line.trim();
        if words.is_empty() {
            out.paragraph(&std::mem::take(&mut paragraph))?;
            out.item(&std::mem::take(&mut item))?;
        } else if let Some(words) = item_text(words) {
            out.paragraph(&std::mem::take(&mut paragraph))?;
            out.item(&std::mem::take(&mut item))?;
            item.push_str(words);
        } else if !item.is_empty() && line.starts_with([' ', '\t']) {
            // An indented line goes on with the item.
            item.push(' ');
            item.push_str(words);
        } else {
            out.item(&std::mem::take(&mut item))?;
            paragraph.push_str(words);
            paragraph.push('\n');
        }
    }
    out.paragraph(&paragraph)?;
    out.item(&item)
}

/// Returns the text of a line that begins a list item.
fn item_text(line: &str) -> Option<&str> {
    ["- ", "* ", "• ", "– ", "+ "].iter().find_map(|mark| line.strip_prefix(mark))
}

#[cfg(test)]
mod tests {
    use crate::knowledge::formats::outline::Block;
    use crate::knowledge::formats::testing::blocks;

    #[test]
    fn reads_paragraphs_and_lists() {
        let text = "Open daily\nfrom 9.\n\n- Parking\n  behind the house\n* Lift\nCall us.";
        assert_eq!(
            blocks(text, super::read),
            [
                Block::Paragraph("Open daily\nfrom 9.".into()),
                Block::Item("- Parking behind the house".into()),
                Block::Item("- Lift".into()),
                Block::Paragraph("Call us.".into()),
            ]
        );
    }
}
