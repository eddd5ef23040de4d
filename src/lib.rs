//! An AI receptionist whose memory is the user's own database.
//!
//! `docs/architecture.md` describes the modules. The core does not depend on JavaScript; the `node`
//! feature adds the binding.

pub mod agent;
pub mod async_context;
mod background_tasks;
mod case_folding;
pub mod channels;
mod compute;
pub mod config;
pub mod consolidation;
pub mod customers;
pub mod database;
pub mod email;
pub mod error;
pub mod extraction;
mod hex;
pub mod http;
pub mod inbox;
mod json;
pub mod knowledge;
pub mod llm;
pub mod memory;
pub mod phone;
pub mod privacy;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
pub mod providers;
pub mod receptionist;
mod redaction;
mod stopwatch;
mod task;
pub mod text_analysis;
mod tls;
pub mod tools;
pub mod types;
pub mod typescript_sdk;

#[cfg(feature = "node")]
mod node;
