use crate::knowledge::formats::limits::{Limits, Unreadable};
use crate::knowledge::formats::outline::{Block, Outline};
use crate::knowledge::formats::testing::blocks;

/// Returns a stream object, deflated.
fn stream(number: u32, dictionary: &str, data: &[u8]) -> Vec<u8> {
    let data = miniz_oxide::deflate::compress_to_vec_zlib(data, 6);
    let head =
        format!("{number} 0 obj <<{dictionary} /Filter /FlateDecode /Length {}>> stream\n", data.len());
    [head.as_bytes(), &data, b"\nendstream endobj\n"].concat()
}

fn pdf(parts: &[Vec<u8>]) -> Vec<u8> {
    let trailer = b"trailer <</Root 1 0 R>> startxref 0 %%EOF".to_vec();
    [b"%PDF-1.7\n".to_vec(), parts.concat(), trailer].concat()
}

fn plain(text: &str) -> Vec<u8> {
    format!("{text} endobj\n").into_bytes()
}

const TREE: &str = "1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj 2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1 \
    /Resources <</Font <</F1 5 0 R /F2 6 0 R>> /XObject <</I 9 0 R>> >> >> endobj \
    3 0 obj <</Type /Page /Parent 2 0 R /Contents 4 0 R>>";
const FONTS: &str = "5 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>> endobj \
    6 0 obj <</Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [8 0 R] /ToUnicode 7 0 R>> endobj \
    8 0 obj <</Type /Font /Subtype /CIDFontType2 /DW 500>>";
const CONTENT: &[u8] = b"BT /F1 20 Tf 50 700 Td (Opening hours) Tj ET \
    BT /F1 10 Tf 50 670 Td (We are open all year, also on holi-) Tj 0 -12 Td (days. Please \\(always\\) call \\200.) Tj ET \
    BT /F1 10 Tf 50 600 Td (Monday) Tj 100 0 Td (9) Tj (\\226) Tj (17) Tj ET \
    BT /F1 10 Tf 50 588 Td (Tuesday) Tj 100 0 Td [(clo) -20 (sed) -400 (now)] TJ ET \
    BT /F2 10 Tf 50 500 Td <000100020003> Tj ET /I Do";
const CMAP: &[u8] =
    b"1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0001> <0003> <00e4> endbfrange";

fn sample() -> Vec<u8> {
    pdf(&[plain(TREE), stream(4, "", CONTENT), plain(FONTS), stream(7, "", CMAP)])
}

fn failure(bytes: &[u8]) -> Unreadable {
    let mut limits = Limits::new();
    super::read(bytes, &mut Outline::new(&mut limits)).unwrap_err()
}

#[test]
fn reads_headings_paragraphs_and_rows() {
    let expected = [
        Block::Heading(1, "Opening hours".into()),
        Block::Paragraph("We are open all year, also on holidays. Please (always) call €.".into()),
        Block::Table(vec!["Monday | 9–17".into(), "Tuesday | closed now".into()]),
        Block::Paragraph("äåæ".into()),
    ];
    assert_eq!(blocks(sample().as_slice(), super::read), expected);
}

#[test]
fn reads_object_streams_without_trailers() {
    let fonts = "5 0 6 80 ";
    let objects = "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding 10 0 R>>";
    let objects = format!("{objects:<80}{}", "<</Subtype /Type0 /Encoding /Identity-H /ToUnicode 7 0 R>>");
    let first = fonts.len();
    let container =
        stream(20, &format!("/Type /ObjStm /N 2 /First {first}"), format!("{fonts}{objects}").as_bytes());
    let encoding = plain("10 0 obj <</Differences [72 /adieresis]>>");
    let content = stream(4, "", b"BT /F1 10 Tf (Hi) Tj /F2 10 Tf <0001> Tj ET");
    let xref = stream(21, "/Type /XRef /Root 1 0 R", b"");
    let file = [b"%PDF-1.7\n".to_vec(), plain(TREE), content, encoding, container, stream(7, "", CMAP), xref]
        .concat();
    assert_eq!(blocks(file.as_slice(), super::read), [Block::Paragraph("äiä".into())]);
}

#[test]
fn refuses_hostile_files() {
    assert!(failure(b"hello").0.contains("not a PDF"));
    let encrypted = [sample(), b" trailer <</Encrypt 9 0 R /Root 1 0 R>>".to_vec()].concat();
    assert!(failure(&encrypted).0.contains("encrypted"));
    let image = plain("9 0 obj <</Subtype /Image>>");
    let scanned = pdf(&[plain(TREE), stream(4, "", b"q /I Do Q"), image]);
    assert!(failure(&scanned).0.contains("images"));
    let unknown = pdf(&[plain(TREE), stream(4, "", b"BT /F2 9 Tf <00010002> Tj ET"), plain(FONTS)]);
    assert!(failure(&unknown).0.contains("letters"));
    let bomb = pdf(&[plain(TREE), stream(4, "", &vec![b' '; 20 << 20]), plain(FONTS)]);
    assert!(failure(&bomb).0.contains("too much"));
}

#[test]
fn survives_damage_and_circles() {
    let circle = "1 0 obj <</Pages 2 0 R>> endobj 2 0 obj <</Kids [2 0 R 3 0 R] /Resources 2 0 R>> endobj 3 0 obj 3 0 R";
    let form = "9 0 obj <</Subtype /Form /Length 5>> stream\n/I Do\nendstream";
    for file in [
        pdf(&[plain(circle)]),
        pdf(&[plain(TREE), stream(4, "", b"/I Do"), plain(form)]),
        pdf(&[b"1 0 obj <<>> stream ".repeat(50_000)]),
        pdf(&[b"[".repeat(1_000_000)]),
    ] {
        let mut limits = Limits::new();
        let _ = super::read(&file, &mut Outline::new(&mut limits));
    }
    let file = sample();
    for end in (0..file.len()).step_by(7) {
        let mut limits = Limits::new();
        let _ = super::read(&file[..end], &mut Outline::new(&mut limits));
    }
}
