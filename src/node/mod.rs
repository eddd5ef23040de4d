//! The binding: converts, calls the core, converts back. The only Rust that knows of napi.
//!
//! Objects cross as JSON strings (`docs/architecture.md` says why); `ts/` gives them their types.

// The attribute macros of napi expand to unsafe code.
#![allow(unsafe_code)]

mod error;
mod function;
mod host;
mod js_embedder;
mod js_listener;
mod js_model;
mod js_storage;
mod js_tool;
mod js_vector_store;
mod log;
mod log_layer;
mod promise;
mod prompts;
mod receptionist;
mod storage;
mod text_stream;
mod user_code;
mod vector_store;
