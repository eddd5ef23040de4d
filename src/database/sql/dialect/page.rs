//! Pages of a result.

use crate::database::sql::dialect::Dialect;
use crate::database::sql::statement::StatementBuilder;

impl Dialect {
    /// Adds `LIMIT` and `OFFSET`; without a limit, all rows. The limit is a literal, because
    /// PostgreSQL assumes a tenth of all rows for a parameter.
    pub(crate) fn page(self, builder: &mut StatementBuilder, limit: Option<u32>, offset: u32) {
        match (limit, self) {
            (Some(limit), _) => {
                builder.push(&format!(" LIMIT {limit}"));
            }
            (None, _) if offset == 0 => {}
            // Neither has an OFFSET without a LIMIT.
            (None, Self::MySql) => {
                builder.push(&format!(" LIMIT {}", u64::MAX));
            }
            (None, Self::Sqlite) => {
                builder.push(" LIMIT -1");
            }
            (None, Self::Postgres) => {}
        }
        if offset == 0 {
            return;
        }
        // MySQL accepts neither expressions nor text here.
        let offset = match self {
            Self::MySql => offset.to_string(),
            Self::Postgres | Self::Sqlite => {
                let offset = builder.bind(offset.to_string());
                self.integer(&offset)
            }
        };
        builder.push(&format!(" OFFSET {offset}"));
    }
}
