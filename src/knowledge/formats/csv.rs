//! CSV files: one table, whose rows name their columns.

use crate::knowledge::formats::limits::Unreadable;
use crate::knowledge::formats::outline::{Outline, column_name};

/// Separators of columns. In some countries the comma separates decimals.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Maximum number of columns.
const MAX_COLUMNS: usize = 10_000;

/// Reads a CSV file. The first row names the columns, unless it holds a number.
pub(crate) fn read(text: &str, out: &mut Outline) -> Result<(), Unreadable> {
    let text = text.trim_start_matches(['\r', '\n']);
    let separator = separator_of(text);
    if text.split('\n').any(|line| line.bytes().filter(|byte| *byte == separator).count() > MAX_COLUMNS) {
        return Err(Unreadable("it has more than 10000 columns; split it into several documents"));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut columns: Option<Vec<String>> = None;
    let mut lines = Vec::new();
    let mut is_first = true;
    loop {
        out.limits().step()?;
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => return Err(Unreadable("it is not CSV; save it again as CSV in UTF-8")),
        }
        if std::mem::take(&mut is_first) && record.len() > 1 && !record.iter().any(is_number) {
            columns = Some(record.iter().map(column_name).collect());
        } else {
            out.row(columns.as_deref(), record.iter(), &mut lines)?;
        }
    }
    if let (true, Some(columns)) = (lines.is_empty(), columns) {
        out.row(None, columns.iter().map(String::as_str), &mut lines)?;
    }
    out.lines(lines);
    Ok(())
}

/// Returns the separator that is most frequent in the first line, outside of quotes.
fn separator_of(text: &str) -> u8 {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut quoted = false;
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            byte if !quoted => {
                if let Some(at) = SEPARATORS.iter().position(|separator| *separator == byte) {
                    counts[at] += 1;
                }
            }
            _ => {}
        }
    }
    let best = (0..SEPARATORS.len()).rev().max_by_key(|at| counts[*at]);
    SEPARATORS[best.unwrap_or_default()]
}

fn is_number(cell: &str) -> bool {
    cell.chars().any(|c| c.is_ascii_digit()) && !cell.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use crate::knowledge::formats::outline::Block;
    use crate::knowledge::formats::testing::blocks;

    fn rows(text: &str) -> Vec<String> {
        match blocks(text, super::read).as_slice() {
            [Block::Table(lines)] => lines.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn names_the_columns() {
        assert_eq!(
            rows("Service;Price\n\"Crown; gold\";1.200,00 €\nFilling;\n\n"),
            ["Service: Crown; gold; Price: 1.200,00 €", "Service: Filling"]
        );
        assert_eq!(rows("a,1\nb,2"), ["a | 1", "b | 2"]);
        assert_eq!(rows("\"multi\nline\",b\nx\ty,z,more"), ["multi line: x y; b: z; more"]);
        assert_eq!(rows("a,b"), ["a | b"]);
    }
}
