//! An AI receptionist whose memory is the user's own database.
//!
//! `docs/architecture.md` is the map. The core knows nothing of JavaScript; the `node` feature
//! adds the binding.

pub mod agent;
pub mod audience;
pub mod channels;
pub mod config;
pub mod customer;
pub mod database;
pub mod error;
pub mod events;
pub mod http;
pub mod inbox;
mod input;
mod keyword;
pub mod llm;
pub mod mail;
pub mod memory;
pub mod message;
mod output;
pub mod persons;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
pub mod recall;
pub mod receptionist;
mod stopwatch;
pub mod storage;
pub mod time_zone;
pub mod tools;
pub mod vectors;

#[cfg(feature = "node")]
mod node;
