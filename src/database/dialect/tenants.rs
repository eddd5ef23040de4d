//! Whose rows are: conditions, and upserts that fail rather than touch another tenant's row.

use crate::database::dialect::Dialect;
use crate::database::schema::TENANT;

impl Dialect {
    /// Holds for the rows of a tenant: compared to the last letter's case, whatever a column of others ignores.
    pub(crate) fn is_of_tenant(self, placeholder: &str) -> String {
        let column = self.quote(TENANT.name);
        match self {
            Self::Postgres => format!("{column} = {placeholder}"),
            Self::MySql => {
                format!("{column} = CONVERT({placeholder} USING utf8mb4) COLLATE utf8mb4_bin")
            }
            Self::Sqlite => format!("{column} = {placeholder} COLLATE BINARY"),
        }
    }

    /// Holds for the rows of nobody in particular.
    pub(crate) fn is_of_nobody(self) -> String {
        format!("{} IS NULL", self.quote(TENANT.name))
    }

    /// Holds where two rows are of the same tenant, or both of nobody.
    pub(crate) fn same_tenant(self, a: &str, b: &str) -> String {
        match self {
            Self::Postgres => format!("{a} IS NOT DISTINCT FROM {b}"),
            Self::MySql => format!("{a} <=> {b}"),
            Self::Sqlite => format!("{a} IS {b}"),
        }
    }

    /// In an upsert: the tenant of the row that is there, which has to be that of the row to be inserted. If it is not, the
    /// statement fails in a way that no other of ours does, and `failure.rs` knows: a condition would write nothing without a word.
    pub(crate) fn guarded_tenant(self) -> String {
        let (stored, incoming) = (self.stored(TENANT.name), self.incoming(TENANT.name));
        let id = self.stored("id");
        let same = self.same_tenant(&stored, &incoming);
        // Each depends on the row, or it would fail before anybody looks at one.
        let failure = match self {
            Self::Postgres => format!("CAST(1 / (0 * LENGTH(CAST({id} AS text))) AS text)"),
            Self::MySql => format!("18446744073709551615 + CHAR_LENGTH({id})"),
            Self::Sqlite => format!("abs(-9223372036854775807 - ({id} IS NOT NULL))"),
        };
        format!("CASE WHEN {same} THEN {stored} ELSE {failure} END")
    }
}
