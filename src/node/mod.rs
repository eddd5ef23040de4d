//! The Node.js binding: converts arguments, calls the core, converts results. Only this module
//! depends on napi.
//!
//! Objects cross as JSON strings (`docs/architecture.md` gives the reasons); `ts/` adds the types.

// The attribute macros of napi expand to unsafe code.
#![allow(unsafe_code)]

mod async_contexts;
mod callback;
mod driver_adapter;
mod error;
mod instrumented;
mod js_context;
mod js_embedder;
mod js_event_listener;
mod js_extraction;
mod js_model;
mod js_storage;
mod js_tool;
mod js_vector_store;
mod log;
mod log_layer;
mod log_sink;
mod promise;
mod prompts;
mod receptionist;
mod shared_resources;
mod storage;
mod text_stream;
mod user_code;
mod vector_store;
