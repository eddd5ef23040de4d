//! The lines a conversation comes in on.

pub mod claims;
pub mod text;
