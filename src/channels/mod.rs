//! The lines a conversation comes in on.

pub mod allowlist;
pub mod claims;
pub mod common;
pub mod conversations;
pub mod direct;
pub mod email;
pub mod form;
pub mod gate;
mod legacy_query;
pub mod line;
pub mod party;
pub mod phone_tools;
pub mod router;
pub mod signature;
pub mod sms;
pub mod spam;
pub mod split;
pub mod text;
pub mod text_stream;
pub mod twiml;
pub mod voice;
pub mod webhook;
