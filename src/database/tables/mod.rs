//! Statements and row mapping of each table, and the group commit of writes.

pub(crate) mod allowlist;
pub(crate) mod call_logs;
pub(crate) mod group_commit;
pub(crate) mod inbox;
pub(crate) mod leads;
pub(crate) mod legacy_conversations;
pub(crate) mod memories;
pub(crate) mod memory_row;
pub(crate) mod personal_data;
pub(crate) mod recall;
pub(crate) mod typescript_sdk;
pub(crate) mod vectors;
