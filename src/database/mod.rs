//! The user's database: SQL, connections, schema and queries.

pub mod connection;
mod handle;
mod migrations;
mod recall;
pub mod schema;
mod shared;
pub mod sql;
pub mod tables;
mod write_queue;

pub use crate::database::connection::adapter::{DriverAdapter, DriverError, QueryRequest, SqlQuery};
pub(crate) use crate::database::handle::ConnectedDatabase;
pub use crate::database::handle::Database;
pub use crate::database::shared::SharedDatabase;
pub use crate::database::sql::dialect::Dialect;
pub use crate::database::sql::result_set::ResultSet;
pub(crate) use crate::database::sql::row_id::row_id_without_tenant;
pub use crate::database::sql::statement::{Mode, QueryResult};
pub use crate::database::tables::call_logs::CallLog;
pub use crate::database::tables::inbox::{Entry, EntryKind, EntryState, OPTED_OUT};
pub use crate::database::tables::leads::{Lead, Precedence};
pub use crate::database::tables::legacy_conversations::{LEGACY_TABLE, LegacyConversations, Skipped};
pub use crate::database::tables::personal_data::PersonIdentifiers;
pub use crate::database::tables::typescript_sdk::Participant;
