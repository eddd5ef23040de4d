//! Code that several channels share.

pub mod allowlist;
pub mod call_screening;
pub mod context;
pub mod conversations;
pub mod legacy_conversations;
pub mod remote_party;
pub mod tool_names;
pub mod twilio_endpoint;
pub(crate) mod withheld_number;
