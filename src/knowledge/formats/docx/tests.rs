use crate::knowledge::formats::limits::{Limits, Unreadable};
use crate::knowledge::formats::outline::{Block, Outline};
use crate::knowledge::formats::testing::{blocks, zip};

const DOCUMENT: &str = r#"<?xml version="1.0"?><w:document xmlns:w="x"><w:body>
<w:p><w:pPr><w:pStyle w:val="berschrift1"/></w:pPr><w:r><w:t>Prices &amp; hours</w:t></w:r></w:p>
<w:p><w:r><w:t xml:space="preserve">All in </w:t></w:r><w:del><w:r><w:t>dollar</w:t></w:r></w:del><w:r><w:t>euro.</w:t><w:br/><w:t>Ask.</w:t></w:r></w:p>
<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/></w:numPr></w:pPr><w:r><w:t>Parking</w:t></w:r></w:p>
<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:p><w:r><w:t>Service</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Price</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:p><w:r><w:t>Crown</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>700</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
</w:body></w:document>"#;
const STYLES: &str = r#"<w:styles xmlns:w="x"><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>"#;

fn failure(file: &[u8]) -> Unreadable {
    let mut limits = Limits::new();
    super::read(file, &mut Outline::new(&mut limits)).unwrap_err()
}

#[test]
fn reads_headings_lists_and_tables() {
    for deflated in [true, false] {
        let file = zip(
            &[("word/document.xml", DOCUMENT.as_bytes()), ("word/styles.xml", STYLES.as_bytes())],
            deflated,
        );
        assert_eq!(
            blocks(file.as_slice(), super::read),
            [
                Block::Heading(1, "Prices & hours".into()),
                Block::Paragraph("All in euro.\nAsk.".into()),
                Block::Item("- Parking".into()),
                Block::Table(vec!["Service: Crown; Price: 700".into()]),
            ]
        );
    }
}

#[test]
fn refuses_hostile_files() {
    assert!(failure(b"PK").0.contains("damaged"));
    assert!(failure(&[0xd0, 0xcf, 0x11, 0xe0, 0]).0.contains("encrypted"));
    assert!(failure(&zip(&[("a", b"b")], true)).0.contains("no text of Word"));
    let bomb = vec![b' '; 20 * 1024 * 1024];
    assert!(failure(&zip(&[("word/document.xml", &bomb)], true)).0.contains("too much"));
    let deep = "<a>".repeat(100_000);
    assert!(failure(&zip(&[("word/document.xml", deep.as_bytes())], true)).0.contains("nested"));
    let file = zip(&[("word/document.xml", DOCUMENT.as_bytes())], true);
    for end in 0..file.len() {
        let mut limits = Limits::new();
        let _ = super::read(&file[..end], &mut Outline::new(&mut limits));
    }
}
