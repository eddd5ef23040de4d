//! The lines a conversation comes in on.

pub mod claims;
pub mod form;
mod legacy_query;
pub mod signature;
pub mod split;
pub mod text;
pub mod twiml;
pub mod webhook;
