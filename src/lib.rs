//! An AI receptionist whose memory is the user's own database.
//!
//! `docs/architecture.md` is the map. The core knows nothing of JavaScript; the `node` feature
//! adds the binding.

pub mod config;
pub mod customer;
pub mod database;
pub mod error;
mod input;
mod keyword;
pub mod memory;
pub mod message;
pub mod recall;
pub mod storage;

#[cfg(feature = "node")]
mod node;
