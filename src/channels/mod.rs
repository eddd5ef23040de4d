//! The lines a conversation comes in on.

pub mod claims;
pub mod conversations;
pub mod form;
pub mod gate;
mod legacy_query;
pub mod signature;
pub mod sms;
pub mod split;
pub mod text;
pub mod text_stream;
pub mod twiml;
pub mod webhook;
