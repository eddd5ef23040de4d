//! The lines a conversation comes in on.

pub mod text;
