//! Rows that a statement returned.

use std::ops::Range;

use serde::Deserialize;

/// A row, every column as text.
pub(crate) type Row = Vec<Option<String>>;

/// A cell that is not NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    /// Text.
    Text(&'a str),
    /// Bytes, of a native connection only.
    Bytes(&'a [u8]),
}

/// Rows of cells. All texts share one string, because a hundred memories have twelve hundred cells.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<Row>")]
pub struct ResultSet {
    text: String,
    bytes: Vec<u8>,
    /// Each cell, `None` for NULL.
    cells: Vec<Option<CellRange>>,
    /// End of each row in `cells`.
    rows: Vec<usize>,
}

/// The place of a cell in a [`ResultSet`].
#[derive(Debug, Clone)]
enum CellRange {
    Text(Range<usize>),
    Bytes(Range<usize>),
}

impl ResultSet {
    /// Adds a row, unless one of its cells cannot be read.
    pub(crate) fn push<'a, E>(
        &mut self,
        row: impl IntoIterator<Item = Result<Option<Cell<'a>>, E>>,
    ) -> Result<(), E> {
        // Drops the cells of a previous row that could not be read.
        self.cells.truncate(self.rows.last().copied().unwrap_or_default());
        for cell in row {
            let cell = cell?.map(|cell| match cell {
                Cell::Text(text) => {
                    let start = self.text.len();
                    self.text.push_str(text);
                    CellRange::Text(start..self.text.len())
                }
                Cell::Bytes(bytes) => {
                    let start = self.bytes.len();
                    self.bytes.extend_from_slice(bytes);
                    CellRange::Bytes(start..self.bytes.len())
                }
            });
            self.cells.push(cell);
        }
        self.rows.push(self.cells.len());
        Ok(())
    }

    /// Returns an iterator over the rows, each an iterator over its cells.
    pub(crate) fn cells(&self) -> impl Iterator<Item = impl Iterator<Item = Option<Cell<'_>>>> {
        let starts = std::iter::once(0).chain(self.rows.iter().copied());
        starts.zip(&self.rows).map(|(start, end)| {
            let cells = self.cells.get(start..*end).unwrap_or_default();
            cells.iter().map(|cell| match cell.as_ref()? {
                CellRange::Text(range) => self.text.get(range.clone()).map(Cell::Text),
                CellRange::Bytes(range) => self.bytes.get(range.clone()).map(Cell::Bytes),
            })
        })
    }

    /// Returns an iterator over the rows of a result without bytes, each an iterator over its
    /// texts.
    pub(crate) fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = Option<&str>>> {
        self.cells().map(|row| {
            row.map(|cell| match cell? {
                Cell::Text(text) => Some(text),
                Cell::Bytes(_) => None,
            })
        })
    }

    /// Returns the first cell, for statements that return one value.
    pub(crate) fn value(&self) -> Option<&str> {
        self.iter().next()?.next()?
    }
}

impl IntoIterator for ResultSet {
    type Item = Row;
    type IntoIter = std::vec::IntoIter<Row>;

    fn into_iter(self) -> Self::IntoIter {
        let rows: Vec<Row> =
            self.iter().map(|row| row.map(|cell| cell.map(str::to_owned)).collect()).collect();
        rows.into_iter()
    }
}

impl From<Vec<Row>> for ResultSet {
    fn from(rows: Vec<Row>) -> Self {
        let mut set = Self::default();
        for row in &rows {
            let cells = row.iter().map(|cell| cell.as_deref().map(Cell::Text));
            let Ok(()) = set.push(cells.map(Ok::<_, std::convert::Infallible>));
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_rows_unchanged() {
        let text = |text: &str| Some(text.to_owned());
        let rows = vec![vec![text("é"), None, text("")], vec![], vec![None], vec![text("b")]];
        let set = ResultSet::from(rows.clone());
        assert_eq!(set.value(), Some("é"));
        assert_eq!(set.into_iter().collect::<Vec<_>>(), rows);
        assert_eq!(ResultSet::default().value(), None);
        assert_eq!(ResultSet::from(vec![vec![None]]).value(), None);
    }

    #[test]
    fn returns_bytes_beside_text() {
        let mut set = ResultSet::default();
        let rows = [[Some(Cell::Text("a")), None], [Some(Cell::Text("b")), Some(Cell::Bytes(&[0, 255]))]];
        for row in rows {
            assert_eq!(set.push(row.map(Ok::<_, &str>)), Ok(()));
        }
        let cells: Vec<Vec<_>> = set.cells().map(Iterator::collect).collect();
        assert_eq!(cells, rows);
    }

    #[test]
    fn skips_a_row_that_cannot_be_read() {
        let mut set = ResultSet::default();
        assert_eq!(set.push([Ok(Some(Cell::Text("a"))), Err("torn")]), Err("torn"));
        assert_eq!(set.iter().count(), 0);
        assert_eq!(set.push([Ok::<_, &str>(Some(Cell::Text("b")))]), Ok(()));
        assert_eq!(set.into_iter().collect::<Vec<_>>(), [[Some("b".to_owned())]]);
    }
}
