//! The marker: how far a tenant's index is filled, and by which analyser.

use serde::{Deserialize, Serialize};

use super::{IndexRow, read_rows};
use crate::database::schema::tables::RECALL;
use crate::database::sql::statement::Statement;
use crate::database::sql::table::ColumnType;
use crate::database::{ConnectedDatabase, Database};
use crate::error::{Error, Result};
use crate::text_analysis::ANALYSER_VERSION;
use crate::types::signature::SIGNATURE_FORMAT;

/// The state of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Marker {
    /// Version of the analyser.
    pub analyser: u32,
    /// Version of the record format.
    pub format: u32,
    /// `true` if every memory is indexed.
    pub complete: bool,
    /// Time of the last indexed memory in milliseconds since 1970, `None` before the first.
    pub after: Option<i64>,
    /// Number of indexed memories of that time, if there are so many that a page is too small.
    pub skip: u32,
    /// Number of indexed memories.
    pub memories: u64,
}

impl Marker {
    /// Creates the marker of an index that is being filled from the start.
    pub fn begin() -> Self {
        Self {
            analyser: ANALYSER_VERSION,
            format: SIGNATURE_FORMAT,
            complete: false,
            after: None,
            skip: 0,
            memories: 0,
        }
    }

    /// Creates the marker of an index that is complete.
    pub fn complete() -> Self {
        Self { complete: true, ..Self::begin() }
    }

    /// Reads the marker from its row. Returns `None` for one of another analyser or format, whose
    /// signatures are of no use.
    pub fn read(row: &IndexRow) -> Option<Self> {
        let marker: Self = serde_json::from_slice(row.body.as_deref()?).ok()?;
        let current = marker.analyser == ANALYSER_VERSION && marker.format == SIGNATURE_FORMAT;
        current.then_some(marker)
    }
}

/// A stored marker, and the version of its row.
#[derive(Debug)]
pub(super) struct StoredMarker {
    pub marker: Option<Marker>,
    pub version: i64,
}

impl Database {
    /// Returns the marker, `None` if there is none.
    pub(super) async fn marker(&self, ready: &ConnectedDatabase) -> Result<Option<StoredMarker>> {
        let native = ready.is_native();
        let scope = self.scope_of_marker();
        let select = self.select_index(ready.layout(), native).and(|builder| {
            builder.push_one_of_numbers(&self.dialect().quote("scope"), &[scope]);
        });
        let select = Statement { reads_bytes: native, ..select.finish() };
        let rows = ready.fetch("look at the lexical index", select).await?;
        let row = read_rows(self.dialect(), &rows).into_iter().next();
        Ok(row.map(|row| StoredMarker { marker: Marker::read(&row), version: row.version }))
    }

    /// Returns the statements that write the marker, over any other.
    pub(super) fn write_marker(&self, ready: &ConnectedDatabase, marker: &Marker) -> Result<Vec<Statement>> {
        let row = IndexRow {
            scope: self.scope_of_marker(),
            first: 0,
            version: self.stamp().timestamp_micros(),
            body: Some(encode(marker)?),
        };
        Ok(self.insert_index_rows(vec![row], true, ready.layout()))
    }

    /// Replaces the marker of a version, unless another process was faster.
    pub(super) async fn replace_marker(
        &self,
        ready: &ConnectedDatabase,
        version: i64,
        marker: &Marker,
    ) -> Result<()> {
        let dialect = self.dialect();
        let (body, next) = (encode(marker)?, self.stamp().timestamp_micros().to_string());
        let update = self.scope(&RECALL, ready.layout()).update(|builder| {
            builder.push_equal(&dialect.quote("version"), ColumnType::BigInteger, next);
            let body = builder.bind_bytes(body);
            builder.push(&format!(", {} = {body}", dialect.quote("body")));
        });
        let scope = self.scope_of_marker().to_string();
        let update = update.and(|builder| {
            builder.push_equal(&dialect.quote("scope"), ColumnType::KeyPart, scope).push(" AND ");
            builder.push_equal(&dialect.quote("version"), ColumnType::BigInteger, version.to_string());
        });
        ready.execute("note how far the lexical index is filled", update.finish()).await.map(drop)
    }
}

fn encode(marker: &Marker) -> Result<Vec<u8>> {
    serde_json::to_vec(marker).map_err(|error| Error::Internal(format!("a marker is no JSON: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_of_other_analysers_are_not_read() {
        let row = |marker: &Marker| IndexRow { scope: 1, first: 0, version: 1, body: encode(marker).ok() };
        let marker = Marker { after: Some(-5), skip: 7, memories: 1_007, ..Marker::begin() };
        assert_eq!(Marker::read(&row(&marker)), Some(marker.clone()));
        assert_eq!(Marker::read(&row(&Marker { analyser: ANALYSER_VERSION + 1, ..marker })), None);
        assert_eq!(Marker::read(&IndexRow { body: Some(b"{".to_vec()), ..row(&Marker::complete()) }), None);
    }
}
