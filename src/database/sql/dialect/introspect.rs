//! Introspection: existing tables, columns and indexes.

use crate::database::sql::dialect::Dialect;
use crate::database::sql::statement::{Statement, StatementBuilder};

impl Dialect {
    /// Returns the query that finds these tables, their columns and indexes in one round trip.
    ///
    /// Its rows are: `column`, table, name; `uuid`, table, name of a UUID column; `char36`, table,
    /// name of a column of 36 characters; `text`, table, name of a column that MySQL indexes by a
    /// prefix only; `index`, table, the indexed expressions with the condition of a partial index;
    /// `index_name`, table, name of an index; `broken`, table, name of an invalid index; `schema`,
    /// name, name.
    ///
    /// Without `schema`, which only PostgreSQL has, unqualified names are resolved.
    pub(crate) fn introspect(self, schema: Option<&str>, tables: &[String]) -> Statement {
        if self == Self::MySql {
            return introspect_mysql(tables);
        }
        let mut builder = StatementBuilder::new(self, "");
        let names: Vec<String> = tables.iter().map(|table| builder.bind(table.clone())).collect();
        let names = names.join(", ");
        let schema = schema.map(|schema| builder.bind(schema.to_owned()));
        let (here, schemas) = match schema {
            None => ("pg_table_is_visible(c.oid)".to_owned(), String::new()),
            Some(schema) => (
                format!("c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = {schema})"),
                format!(
                    " UNION ALL SELECT 'schema', CAST(nspname AS TEXT), CAST(nspname AS TEXT) \
                     FROM pg_namespace WHERE nspname = {schema}"
                ),
            ),
        };
        builder.push(&match self {
            Self::Postgres => format!(
                "SELECT 'column', CAST(c.relname AS TEXT), CAST(a.attname AS TEXT) \
                 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
                 WHERE c.relname IN ({names}) AND c.relkind IN ('r', 'p', 'v', 'f') AND {here} \
                 UNION ALL \
                 SELECT 'uuid', CAST(c.relname AS TEXT), CAST(a.attname AS TEXT) \
                 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped \
                 WHERE c.relname IN ({names}) AND a.atttypid = CAST('uuid' AS regtype) AND {here} \
                 UNION ALL \
                 SELECT 'index', CAST(c.relname AS TEXT), (SELECT string_agg(pg_get_indexdef(i.indexrelid, k, true), ',' ORDER BY k) \
                   FROM generate_series(1, i.indnkeyatts) AS k) || COALESCE(' WHERE ' || pg_get_expr(i.indpred, i.indrelid), '') \
                 FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
                 WHERE c.relname IN ({names}) AND {here} AND i.indisvalid \
                 UNION ALL \
                 SELECT 'index_name', CAST(c.relname AS TEXT), CAST(x.relname AS TEXT) \
                 FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid \
                 WHERE c.relname IN ({names}) AND {here} AND i.indisvalid \
                 UNION ALL \
                 SELECT 'broken', CAST(c.relname AS TEXT), CAST(x.relname AS TEXT) \
                 FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid \
                 WHERE c.relname IN ({names}) AND {here} AND NOT i.indisvalid{schemas}",
            ),
            _ => format!(
                "SELECT 'column' AS c0, m.name AS c1, p.name AS c2 FROM sqlite_master m JOIN pragma_table_xinfo(m.name) p \
                 WHERE m.type IN ('table', 'view') AND m.name IN ({names}) \
                 UNION ALL \
                 SELECT 'index', m.tbl_name, substr(m.sql, instr(m.sql, '(')) FROM sqlite_master m \
                 WHERE m.type = 'index' AND m.sql IS NOT NULL AND m.tbl_name IN ({names}) \
                 UNION ALL \
                 SELECT 'index_name', m.tbl_name, m.name FROM sqlite_master m WHERE m.type = 'index' AND m.tbl_name IN ({names})",
            ),
        });
        builder.finish()
    }
}

/// Returns the query for the availability of pgvector, as one word: `usable` if its type can be
/// named, `hidden` if it is in a schema outside of the search path, `available` if it is on the
/// server but not installed in the database, else `none`.
pub(crate) fn introspect_pgvector() -> Statement {
    Statement::plain(
        "SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'vector') \
         THEN CASE WHEN to_regtype('vector') IS NULL THEN 'hidden' ELSE 'usable' END \
         WHEN EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'vector') THEN 'available' \
         ELSE 'none' END AS text) AS c0",
    )
}

fn introspect_mysql(tables: &[String]) -> Statement {
    let mut builder = StatementBuilder::new(Dialect::MySql, "");
    for (n, (kind, source, name, condition)) in [
        ("column", "columns", "column_name", ""),
        ("uuid", "columns", "column_name", " AND data_type = 'uuid'"),
        ("char36", "columns", "column_name", " AND data_type LIKE '%char' AND character_maximum_length = 36"),
        ("text", "columns", "column_name", " AND data_type LIKE '%text'"),
        ("index", "statistics", "column_name", " AND seq_in_index = 1 AND column_name IS NOT NULL"),
        ("index_name", "statistics", "index_name", " AND seq_in_index = 1"),
    ]
    .into_iter()
    .enumerate()
    {
        let names: Vec<String> = tables.iter().map(|table| builder.bind(table.clone())).collect();
        let text = |expression: &str| Dialect::MySql.text(expression);
        builder.push(if n == 0 { "" } else { " UNION ALL " });
        builder.push(&format!(
            "SELECT {} AS c0, {} AS c1, {} AS c2 FROM information_schema.{source} \
             WHERE table_schema = DATABASE(){condition} AND table_name IN ({})",
            text(&format!("'{kind}'")),
            text("table_name"),
            text(name),
            names.join(", "),
        ));
    }
    builder.finish()
}
