//! What a statement returned.

use std::ops::Range;

use serde::Deserialize;

use crate::database::executor::Row;

/// Rows of text. All cells are in one string: a hundred memories have twelve hundred.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<Row>")]
pub struct ResultSet {
    text: String,
    /// Where each cell is; NULL is nowhere.
    cells: Vec<Option<Range<usize>>>,
    /// Where the cells of each row end.
    rows: Vec<usize>,
}

impl ResultSet {
    /// Adds a row, unless one of its cells cannot be read.
    pub(crate) fn push<'a, E>(
        &mut self,
        row: impl IntoIterator<Item = Result<Option<&'a str>, E>>,
    ) -> Result<(), E> {
        // What was left of a row that could not be read belongs to none.
        self.cells.truncate(self.rows.last().copied().unwrap_or_default());
        for cell in row {
            let cell = cell?.map(|text| {
                let start = self.text.len();
                self.text.push_str(text);
                start..self.text.len()
            });
            self.cells.push(cell);
        }
        self.rows.push(self.cells.len());
        Ok(())
    }

    /// The cells of each row.
    pub(crate) fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = Option<&str>>> {
        let starts = std::iter::once(0).chain(self.rows.iter().copied());
        starts.zip(&self.rows).map(|(start, end)| {
            let cells = self.cells.get(start..*end).unwrap_or_default();
            cells.iter().map(|cell| self.text.get(cell.clone()?))
        })
    }

    /// The first cell, of a statement that asks for one value.
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
            let Ok(()) = set.push(row.iter().map(|cell| Ok::<_, std::convert::Infallible>(cell.as_deref())));
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_out_as_they_went_in() {
        let text = |text: &str| Some(text.to_owned());
        let rows = vec![vec![text("é"), None, text("")], vec![], vec![None], vec![text("b")]];
        let set = ResultSet::from(rows.clone());
        assert_eq!(set.value(), Some("é"));
        assert_eq!(set.into_iter().collect::<Vec<_>>(), rows);
        assert_eq!(ResultSet::default().value(), None);
        assert_eq!(ResultSet::from(vec![vec![None]]).value(), None);
    }

    #[test]
    fn a_row_that_cannot_be_read_is_none() {
        let mut set = ResultSet::default();
        assert_eq!(set.push([Ok(Some("a")), Err("torn")]), Err("torn"));
        assert_eq!(set.iter().count(), 0);
        assert_eq!(set.push([Ok::<_, &str>(Some("b"))]), Ok(()));
        assert_eq!(set.into_iter().collect::<Vec<_>>(), [[Some("b".to_owned())]]);
    }
}
