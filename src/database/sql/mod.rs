//! Statements, results, types of tables, the tenant scope and the SQL dialects.

pub(crate) mod dialect;
pub(crate) mod result_set;
pub(crate) mod row_id;
pub(crate) mod scope;
pub(crate) mod statement;
pub(crate) mod table;
pub(crate) mod tenant;
